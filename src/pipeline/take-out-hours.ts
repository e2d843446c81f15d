import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Engine } from "../engine/engine.js";
import { measurePart, writePart } from "../engine/parts.js";
import { LakeError } from "../errors/index.js";
import { type Hour, hourAt, hourStart } from "../hour.js";
import type { FileAccount, Source } from "../lake/account.js";
import type { StagedFile } from "../lake/change.js";
import type { LakeTable } from "../lake/table.js";

/**
 * The paths of files that hold exactly the rows which `source` brought for `hours`. Where a file holds other
 * hours as well it is first split in two, in a commit of its own that changes no row.
 */
export async function takeOutHours(
  table: LakeTable,
  engine: Engine,
  source: Source,
  hours: ReadonlySet<Hour>,
): Promise<string[]> {
  const snapshot = await table.refresh();
  const found = new Map<string, FileAccount>();
  for await (const { account } of table.accounts()) {
    if (account.source.id !== source.id) continue;
    for (const file of account.files) if (snapshot.files.has(file.path)) found.set(file.path, file);
  }
  const paths: string[] = [];
  for (const file of found.values()) {
    const held = Object.keys(file.hours) as Hour[];
    const wanted = held.filter((hour) => hours.has(hour));
    if (wanted.length === 0) continue;
    paths.push(wanted.length === held.length ? file.path : await split(table, engine, source, file, wanted));
  }
  return paths;
}

/** Splits a file in two and gives the path of the one with the rows of `hours`. */
async function split(
  table: LakeTable,
  engine: Engine,
  source: Source,
  file: FileAccount,
  hours: readonly Hour[],
): Promise<string> {
  const starts = hours.map(hourStart);
  const wanted = await stage(table, engine, file, { hours: starts });
  const rest = await stage(table, engine, file, { withoutHours: starts });
  const outcome = await table.commit({
    account: { operation: "compact", source, requests: [], inputs: [], hours: [], quarantine: null },
    add: [wanted, rest],
    remove: [file.path],
    basedOn: table.snapshot,
    dataChange: false,
  });
  const path = outcome.kind === "committed" ? outcome.account.files[0]?.path : undefined;
  if (path && wanted.rows + rest.rows === file.rows) return path;
  throw new LakeError(
    `The file ${file.path} could not be split: ${outcome.kind === "conflict" ? outcome.reason : "its rows do not add up"}.`,
    "Run the command again.",
  );
}

async function stage(
  table: LakeTable,
  engine: Engine,
  file: FileAccount,
  selection: Parameters<typeof writePart>[3],
): Promise<StagedFile> {
  const path = join(await table.stagingDir(), `${randomUUID()}-split.parquet`);
  await writePart(engine, table.filePath(file.path), path, selection, true);
  const { rows, hours, eventTime, serverUploadTime } = await measurePart(engine, path);
  return {
    ...{ path, app: file.app, uploadDate: file.uploadDate, rows, eventTime, serverUploadTime },
    hours: Object.fromEntries([...hours].map(([ms, count]) => [hourAt(ms), count])),
  };
}
