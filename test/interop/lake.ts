import { join } from "node:path";
import { deltaCheckpoints } from "../../src/engine/delta-checkpoint.js";
import { openEngine } from "../../src/engine/duckdb.js";
import { EXTRA, FIELDS } from "../../src/event.js";
import type { Hour } from "../../src/hour.js";
import type { AccountDraft } from "../../src/lake/account.js";
import type { StagedFile } from "../../src/lake/change.js";
import { type LakeDoor, LakeTable } from "../../src/lake/table.js";

export const engine = await openEngine();
export const door: LakeDoor = { checkpoints: deltaCheckpoints(engine), checkpointEvery: 5 };

/** Rows of one SELECT, the bigints as they are. */
export const query = async (sql: string) => (await engine.query(sql)).objects();

/** Values of each kind of column for row number `i`, among them the ones that readers get wrong. */
const VALUES = {
  text: "CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'Zoë 🎉' ELSE 'v' || i END",
  json: `CASE i % 3 WHEN 0 THEN NULL ELSE '{"a b":' || i || ',"ü":[1.50,{"A":1,"a":2}]}' END`,
  int: "CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN 9223372036854775807 - i WHEN 2 THEN -i ELSE 1263130950579 + i END",
  double: "CASE i % 3 WHEN 0 THEN NULL ELSE i * 0.25 - 7 END",
  boolean: "CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN true ELSE false END",
  time: "CASE i % 6 WHEN 0 THEN NULL ELSE upload - to_hours(i % 50) - to_microseconds(i * 7) END",
} as const;

let files = 0;

/** Parquet of one hour in the staging folder of `table`, as a load would leave it. */
async function stage(table: LakeTable, hour: Hour, rows: number, app: number | null): Promise<StagedFile> {
  files += 1;
  const path = join(await table.stagingDir(), `${files}.parquet`);
  const columns = FIELDS.filter(({ name }) => name !== "app").map(({ name, kind }) => {
    if (name === "uuid") return `'${files}-' || i AS uuid`;
    if (name === "event_type") return "'view' AS event_type";
    if (name === "server_upload_time") return "upload AS server_upload_time";
    if (name === "event_time") return "upload - to_microseconds(i * 7 + 1) AS event_time";
    return `${VALUES[kind]} AS "${name}"`;
  });
  columns.push(`${VALUES.json} AS "${EXTRA}"`);
  await engine.run(
    `COPY (SELECT ${columns.join(", ")} FROM (SELECT i, TIMESTAMPTZ '${hour}:59:59.999999Z' -
       to_microseconds(i * 1001) AS upload FROM range(${rows}) t(i)))
     TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  const [span] = await query(
    `SELECT epoch_us(min(event_time)) AS first, epoch_us(max(event_time)) AS last,
       epoch_us(min(server_upload_time)) AS up_first, epoch_us(max(server_upload_time)) AS up_last FROM '${path}'`,
  );
  const time = (name: string) => BigInt(String(span?.[name]));
  return {
    ...{ path, app, rows, uploadDate: hour.slice(0, 10), hours: { [hour]: rows } },
    eventTime: { min: time("first"), max: time("last") },
    serverUploadTime: { min: time("up_first"), max: time("up_last") },
  };
}

/** Brings one hour into the lake in a commit of its own. */
export async function bring(
  table: LakeTable,
  hour: string,
  rows: number,
  app: number | null = 434735,
  remove: readonly string[] = [],
): Promise<void> {
  const add = rows > 0 ? [await stage(table, hour as Hour, rows, app)] : [];
  const counts = { bytes: 1, crc32: 1, lines: rows, loaded: rows, quarantined: 0, blank: 0 };
  const account: AccountDraft = {
    operation: "pull",
    source: { id: `us-${app}`, project: `project ${app}` },
    requests: [],
    inputs: [{ name: `${hour}.zip`, bytes: 1, sha256: `${files}`, members: [{ name: "m", ...counts }] }],
    hours: [{ hour: hour as Hour, mark: rows > 0 ? "held" : "empty", loaded: rows, duplicates: 0, rows }],
    quarantine: null,
  };
  const outcome = await table.commit({ account, add, remove, basedOn: table.snapshot });
  if (outcome.kind === "conflict") throw new Error(outcome.reason);
  if (outcome.checkpoint.kind === "failed") throw outcome.checkpoint.error;
}

/**
 * A lake with two projects and rows of none, three upload dates, an empty hour, a replaced hour, and a
 * checkpoint before its end.
 */
export async function makeLake(dir: string): Promise<LakeTable> {
  const table = await LakeTable.create(dir, door);
  await bring(table, "2026-11-20T05", 900);
  await bring(table, "2026-11-20T06", 500);
  const [first = ""] = table.snapshot.files.keys();
  await bring(table, "2026-11-20T07", 0);
  await bring(table, "2026-11-21T00", 700);
  await bring(table, "2026-11-20T05", 950, 434735, [first]);
  await bring(table, "2026-11-21T23", 300, 7);
  await bring(table, "2026-11-22T12", 40, null);
  return table;
}
