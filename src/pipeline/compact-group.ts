import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../engine/engine.js";
import { measurePart } from "../engine/parts.js";
import type { Content, Piece } from "../engine/sorted-rows.js";
import { hourStart } from "../hour.js";
import type { Account, Compacted } from "../lake/account.js";
import type { StagedFile } from "../lake/change.js";
import type { Snapshot } from "../lake/snapshot.js";
import type { LakeTable } from "../lake/table.js";
import { copyAccounts, type LakeCopy } from "./compaction-copies.js";
import { type CompactionGroup, type RowsOfFile, rowsByKind } from "./compaction-groups.js";
import { provenContent, requireSame } from "./compaction-proof.js";
import { mergeRows } from "./merge-rows.js";

/** What groups are compacted with. */
export interface CompactionPlace {
  readonly table: LakeTable;
  /** One that keeps the order of rows. */
  readonly engine: Engine;
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
  const { table, engine, signal } = place;
  // What another run has compacted meanwhile need not be read.
  const { files } = await table.refresh();
  if (!group.files.every(({ file }) => files.has(file.path))) return undefined;
  const folder = await table.stagingDir();
  const paths: string[] = [];
  const newPath = () => {
    const path = join(folder, `${randomUUID()}-sorted.parquet`);
    paths.push(path);
    return path;
  };
  try {
    const before = group.files.map(({ file }) => pieceOf(table, { path: file.path, bytes: 0 }, copies));
    const old = await provenContent(table, engine, group, before, copies.length, signal);
    const staged = await writeAnew(place, group, copies, old, newPath);
    const written = staged.map(({ path }) => path);
    await requireSame(engine, group, before, old, written, signal);
    return await commitGroup(place, group, copies, staged, keptAre);
  } finally {
    for (const path of paths) await rm(path, { force: true }).catch(() => {});
  }
}

async function writeAnew(
  { table, engine, fileBytes, signal }: CompactionPlace,
  group: CompactionGroup,
  copies: readonly LakeCopy[],
  { rows, memoryBytes }: Content,
  newPath: () => string,
): Promise<StagedFile[]> {
  const { app, uploadDate } = group;
  const staged: StagedFile[] = [];
  for (const [compacted, rowsOf] of Object.entries(rowsByKind(group)) as [Compacted, RowsOfFile[]][]) {
    if (rowsOf.length === 0) continue;
    const bytes = rowsOf.reduce((sum, rows) => sum + rows.bytes, 0);
    const shape = { files: Math.ceil(bytes / fileBytes), rows, memoryBytes, newPath, signal };
    const pieces = rowsOf.map((rows) => pieceOf(table, rows, copies));
    for (const path of await mergeRows(engine, pieces, shape)) {
      const { hours, ...figures } = await measurePart(engine, path);
      if (figures.rows === 0) continue;
      staged.push({ path, app, uploadDate, ...figures, hours: Object.fromEntries(hours), compacted });
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

function pieceOf(table: LakeTable, { path, hours }: RowsOfFile, copies: readonly LakeCopy[]): Piece {
  const without = copies.filter(({ file }) => file === path).map(({ row }) => row);
  return {
    path: table.filePath(path),
    ...(hours ? { hours: hours.map(hourStart) } : {}),
    ...(without.length > 0 ? { without } : {}),
  };
}
