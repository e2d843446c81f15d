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
 * The paths of files that hold exactly the rows which answers for `hours` have brought for `source`. Rows of
 * these hours that came in answers for others stay: nothing may bring them again. Where a file holds other rows
 * as well it is first split in two, in a commit of its own that changes no row.
 */
export async function takeOutHours(
  table: LakeTable,
  engine: Engine,
  source: Source,
  hours: ReadonlySet<Hour>,
): Promise<string[]> {
  for (;;) {
    const paths: (string | undefined)[] = [];
    for (const { file, wanted } of await filesWith(table, source, hours)) {
      const whole = wanted.length === Object.keys(file.hours).length;
      paths.push(whole ? file.path : await split(table, engine, source, file, wanted));
    }
    const all = paths.filter((path) => path !== undefined);
    if (all.length === paths.length) return all;
  }
}

/** The files in which answers for some of `hours` lie, and which of the hours those are. */
async function filesWith(
  table: LakeTable,
  source: Source,
  hours: ReadonlySet<Hour>,
): Promise<{ file: FileAccount; wanted: Hour[] }[]> {
  const snapshot = await table.refresh();
  const answered = new Map<string, { file: FileAccount; hours: ReadonlySet<Hour> }>();
  for await (const { account } of table.accounts()) {
    if (account.source.id !== source.id) continue;
    const before = account.removed.map((path) => answered.get(path)?.hours ?? []);
    const asked = account.hours.filter(({ mark }) => mark === "held").map(({ hour }) => hour);
    const own = new Set(account.operation === "compact" ? before.flatMap((of) => [...of]) : asked);
    for (const file of account.files) {
      answered.set(file.path, { file, hours: file.compacted === "others" ? new Set() : own });
    }
  }
  return [...answered.values()]
    .filter(({ file }) => snapshot.files.has(file.path))
    .map(({ file, hours: own }) => {
      const held = Object.keys(file.hours) as Hour[];
      return { file, wanted: held.filter((hour) => hours.has(hour) && own.has(hour)) };
    })
    .filter(({ wanted }) => wanted.length > 0);
}

/** Splits a file in two and gives the path of the one with the rows of `hours`; nothing if it was replaced meanwhile. */
async function split(
  table: LakeTable,
  engine: Engine,
  source: Source,
  file: FileAccount,
  hours: readonly Hour[],
): Promise<string | undefined> {
  const starts = hours.map(hourStart);
  const wanted = await stage(table, engine, file, { hours: starts });
  const rest = await stage(table, engine, file, { withoutHours: starts });
  if (wanted.rows + rest.rows !== file.rows) {
    throw new LakeError(
      `The file ${file.path} was split into ${wanted.rows} and ${rest.rows} rows; its account says ${file.rows}.`,
      "Nothing was changed. Run ampframe verify: the file may be damaged.",
    );
  }
  const outcome = await table.commit({
    account: { operation: "compact", source, requests: [], inputs: [], hours: [], quarantine: null },
    add: [wanted, rest],
    remove: [file.path],
    basedOn: table.snapshot,
    dataChange: false,
  });
  return outcome.kind === "committed" ? outcome.account.files[0]?.path : undefined;
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
