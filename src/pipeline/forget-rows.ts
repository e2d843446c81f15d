import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { measurePart } from "../engine/parts.js";
import type { PersonRow } from "../engine/person-rows.js";
import { contentOf, copyRows } from "../engine/sorted-rows.js";
import { LakeError } from "../errors/index.js";
import { type Hour, hourAt } from "../hour.js";
import type { HourAccount, Source } from "../lake/account.js";
import type { StagedFile } from "../lake/change.js";
import { fileSha256 } from "../lake/sha256.js";
import { isSame } from "./compaction-proof.js";
import type { FileOrigin } from "./file-origins.js";
import { rowGroupOf } from "./merge-rows.js";
import type { Search } from "./person-files.js";

/** A data file of the table with rows of the person. */
export interface FileToRewrite extends FileOrigin {
  readonly rows: readonly PersonRow[];
}

/** Files that are written anew in one commit. */
export interface ForgetGroup {
  readonly source: Source;
  readonly files: readonly FileToRewrite[];
}

/** So that the old and the new files of a commit lie beside each other for a while only. */
const MOST_FILES = 64;

/**
 * Groups the files of each project's upload day by their source. The files of a group are such that hours for which
 * answers brought the rows of one are not hours of another's other rows: the account of a commit inherits them all.
 */
export function groupsToForget(files: readonly FileToRewrite[]): ForgetGroup[] {
  const groups = new Map<string, FileToRewrite[][]>();
  for (const file of files) {
    const key = `${file.file.uploadDate} ${file.file.app} ${file.source.id}`;
    const same = groups.get(key) ?? [];
    groups.set(key, same);
    const fitting = same.find((group) => group.length < MOST_FILES && isOneKind([...group, file]));
    if (fitting) fitting.push(file);
    else same.push([file]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, same]) => same.map((files) => ({ source: files[0]!.source, files })));
}

function isOneKind(files: readonly FileToRewrite[]): boolean {
  const inherited = new Set(files.flatMap(({ answered }) => [...answered]));
  return files.every(({ file, answered }) =>
    (Object.keys(file.hours) as Hour[]).every((hour) => inherited.has(hour) === answered.has(hour)),
  );
}

/**
 * Writes the files of a group without the person's rows, after proof that all other rows are the same in all
 * columns, and puts them in the place of the old ones in one commit. False if another run has changed one meanwhile.
 * Throws LakeError if a file is not as its account says; nothing is then changed.
 */
export async function forgetGroup(search: Search, { source, files }: ForgetGroup): Promise<boolean> {
  const { table, signal } = search;
  const basedOn = await table.refresh();
  if (!files.every(({ file }) => basedOn.files.has(file.path))) return false;
  const staged: StagedFile[] = [];
  try {
    for (const file of files) {
      const rest = await writeRest(search, file);
      if (rest) staged.push(rest);
    }
    const outcome = await table.commit({
      account: {
        ...{ operation: "forget", source, requests: [], inputs: [], quarantine: null },
        hours: hourAccounts(files),
      },
      ...{ add: staged, remove: files.map(({ file }) => file.path), basedOn },
      ...(signal ? { signal } : {}),
    });
    return outcome.kind === "committed";
  } finally {
    for (const { path } of staged) await rm(path, { force: true }).catch(() => {});
  }
}

/** The other rows of a file; nothing if there are none. */
async function writeRest(search: Search, { file, rows }: FileToRewrite): Promise<StagedFile | undefined> {
  const { table, engine, signal } = search;
  const old = table.filePath(file.path);
  const sha256 = await fileSha256(file.path, table.store);
  if (sha256 !== file.sha256) {
    throw new LakeError(
      `The data file ${file.path} has the SHA-256 ${sha256}; its account says ${file.sha256}.`,
      "Its rows stay. Restore it from a backup or bring its hours again with pull --refresh, then forget again.",
    );
  }
  if (rows.length === file.rows) return undefined;
  const path = join(await table.stagingDir(), `${randomUUID()}-rest.parquet`);
  const without = rows.map(({ row }) => row);
  const rest = { path: old, without };
  const due = await contentOf(engine, [rest], signal);
  await copyRows(engine, rest, path, rowGroupOf(due.memoryBytes / Math.max(1, due.rows)), signal);
  if (due.rows !== file.rows - rows.length || !isSame(due, await contentOf(engine, [{ path }], signal))) {
    throw new LakeError(
      `Writing ${file.path} without ${rows.length} rows would have changed others.`,
      "Nothing was changed. This is a fault of ampframe: please report it with this message.",
    );
  }
  const { hours, ...figures } = await measurePart(engine, path);
  const { app, uploadDate, compacted } = file;
  return {
    path,
    app,
    uploadDate,
    ...figures,
    hours: Object.fromEntries(hours),
    ...(compacted ? { compacted } : {}),
  };
}

/** The rows that go, as accounts have them: by hour, and by whether answers for that hour brought them. */
function hourAccounts(files: readonly FileToRewrite[]): HourAccount[] {
  const counts = new Map<string, number>();
  for (const { rows, answered } of files) {
    for (const { hour: ms } of rows) {
      const hour = hourAt(ms);
      const key = `${hour} ${answered.has(hour) ? "held" : "loaded"}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, forgotten]) => {
      const [hour, mark] = key.split(" ") as [Hour, "held" | "loaded"];
      return { hour, mark, loaded: 0, duplicates: 0, forgotten, rows: -forgotten };
    });
}
