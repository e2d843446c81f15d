import type { Content } from "../engine/sorted-rows.js";
import type { Account, Compacted } from "../lake/account.js";
import type { StagedFile } from "../lake/change.js";
import type { Snapshot } from "../lake/snapshot.js";
import type { LakeTable } from "../lake/table.js";
import { copyAccounts, type LakeCopy } from "./compaction-copies.js";
import { type CompactionGroup, type RowsOfFile, rowsByKind } from "./compaction-groups.js";
import { provenContent, requireSame } from "./compaction-proof.js";
import type { CompactionRows, GroupRows, LakePiece } from "./compaction-rows.js";

/** What groups are compacted with. */
export interface CompactionPlace {
  readonly table: LakeTable;
  readonly rows: CompactionRows;
  /** About the bytes of a file after which another is begun. */
  readonly fileBytes: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Writes the rows of a group anew, sorted and without `copies`, proves that the new files hold what the old ones
 * did, and puts them in their place in one commit. Gives the account; nothing if other runs have changed these
 * files meanwhile, or `keptAre(latest)` says that the rows which stay in place of the copies are not all there.
 *
 * Throws LakeError if an old file is not as its account says, or new differs from old; nothing is then changed.
 */
export async function compactGroup(
  place: CompactionPlace,
  group: CompactionGroup,
  copies: readonly LakeCopy[],
  keptAre: (latest: Snapshot) => boolean,
): Promise<Account | undefined> {
  const { table, signal } = place;
  // What another run has compacted meanwhile need not be read.
  const { files } = await table.refresh();
  if (!group.files.every(({ file }) => files.has(file.path))) return undefined;
  const rows = place.rows.of(group, signal);
  try {
    const before = group.files.map(({ file }) => pieceOf({ path: file.path, bytes: 0 }, copies));
    const old = await provenContent(table, rows, group, before, copies.length);
    const staged = await writeAnew(place, rows, group, copies, old);
    await requireSame(rows, group, before, old);
    return await commitGroup(place, group, copies, staged, keptAre);
  } finally {
    await rows.clear();
  }
}

async function writeAnew(
  { fileBytes }: CompactionPlace,
  rows: GroupRows,
  group: CompactionGroup,
  copies: readonly LakeCopy[],
  content: Content,
): Promise<StagedFile[]> {
  const { app, uploadDate } = group;
  const staged: StagedFile[] = [];
  for (const [compacted, rowsOf] of Object.entries(rowsByKind(group)) as [Compacted, RowsOfFile[]][]) {
    if (rowsOf.length === 0) continue;
    const bytes = rowsOf.reduce((sum, { bytes }) => sum + bytes, 0);
    const pieces = rowsOf.map((each) => pieceOf(each, copies));
    for (const file of await rows.write(pieces, Math.ceil(bytes / fileBytes), content)) {
      staged.push({ ...file, app, uploadDate, compacted });
    }
  }
  return staged;
}

async function commitGroup(
  { table, signal }: CompactionPlace,
  group: CompactionGroup,
  copies: readonly LakeCopy[],
  add: readonly StagedFile[],
  keptAre: (latest: Snapshot) => boolean,
): Promise<Account | undefined> {
  const remove = group.files.map(({ file }) => file.path);
  const basedOn = await table.refresh();
  if (!remove.every((path) => basedOn.files.has(path)) || !keptAre(basedOn)) return undefined;
  const hours = copyAccounts(group, copies);
  const outcome = await table.commit({
    account: {
      operation: "compact",
      source: group.source,
      requests: [],
      inputs: [],
      hours,
      quarantine: null,
    },
    ...{ add, remove, basedOn, dataChange: copies.length > 0 },
    recheck: (latest) => (keptAre(latest) ? null : "Rows that were to stay were replaced by another run."),
    ...(signal ? { signal } : {}),
  });
  return outcome.kind === "committed" ? outcome.account : undefined;
}

function pieceOf({ path, hours }: RowsOfFile, copies: readonly LakeCopy[]): LakePiece {
  const without = copies.filter(({ file }) => file === path).map(({ row }) => row);
  return { path, ...(hours ? { hours } : {}), ...(without.length > 0 ? { without } : {}) };
}
