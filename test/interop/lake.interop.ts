import { cp, mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Hour } from "../../src/hour.js";
import { parseSchema, schemaString } from "../../src/lake/schema.js";
import { parseStats } from "../../src/lake/stats.js";
import { LakeTable } from "../../src/lake/table.js";
import { bring, door, engine, makeLake, query } from "./lake.js";
import { deltaRs, prepareDeltaRs } from "./python.js";

// The lake under test is made here, or is a copy of the one in AMPFRAME_INTEROP_LAKE.
const given = process.env.AMPFRAME_INTEROP_LAKE;
let room: string;
let lake: string;

beforeAll(async () => {
  await prepareDeltaRs();
  room = await mkdtemp(join(tmpdir(), "interop-"));
  lake = join(room, "lake");
  if (given) await cp(given, lake, { recursive: true });
  else await (await makeLake(lake)).close();
});

afterAll(async () => {
  engine.close();
  await rm(room, { recursive: true, force: true });
});

interface Facts {
  version: number;
  schema: Record<string, string>;
  arrow: Record<string, string>;
  rows: number;
  [name: string]: unknown;
}

const copyOf = async (name: string) => {
  const dir = join(room, name);
  await cp(lake, dir, { recursive: true });
  return dir;
};

/** What delta-rs must say of the lake at `dir`, from our own log and DuckDB on its files. */
async function ours(dir: string) {
  const table = await LakeTable.open(dir, door);
  const { snapshot } = table;
  const files = [...snapshot.files.values()];
  const parquet = `read_parquet([${files.map(({ path }) => `'${table.filePath(path)}'`).join(", ")}], hive_partitioning = false)`;
  const times = snapshot.schema.filter(({ type }) => type === "timestamp").map(({ name }) => name);
  const [sums] = await query(
    `SELECT count(*) AS rows, count(DISTINCT uuid) AS uuids, sum(amplitude_id::HUGEINT)::VARCHAR AS ids,
       sum(location_lat) AS latitudes, sum(paying::INT)::BIGINT AS paying, sum(length(event_properties))::BIGINT AS letters
     FROM ${parquet}`,
  );
  const spans = await query(
    `SELECT ${times.map((name) => `[epoch_us(min("${name}"))::VARCHAR, epoch_us(max("${name}"))::VARCHAR] AS "${name}"`).join(", ")} FROM ${parquet}`,
  );
  const folders: Record<string, number> = {};
  for (const { path, app, uploadDate } of files) {
    const [count] = await query(`SELECT count(*) AS n FROM '${table.filePath(path)}'`);
    const key = `${app === null ? "None" : app}/${uploadDate}`;
    folders[key] = (folders[key] ?? 0) + Number(count?.n);
  }
  const number = (name: string) => (sums?.[name] == null ? null : Number(sums[name]));
  return {
    version: snapshot.version,
    schema: Object.fromEntries(snapshot.schema.map(({ name, type }) => [name, type])),
    partitionColumns: ["app", "upload_date"],
    files: files.length,
    ...{ rows: number("rows"), uuids: number("uuids"), amplitudeIds: sums?.ids ?? "0" },
    ...{ latitudes: number("latitudes"), paying: number("paying"), letters: number("letters") },
    ...{ times: spans[0], folders },
  };
}

test("delta-rs reads every row and value that was written", async () => {
  const theirs = await deltaRs<Facts>("facts", lake);
  expect(theirs).toMatchObject(await ours(lake));
  expect(theirs.rows).toBeGreaterThan(0);
  expect(theirs.uuids).toBe(theirs.rows);
  expect(theirs.stats).toBe(theirs.rows);
});

test("delta-rs sees the schema of the 55 fields, their types and meanings, and our settings", async () => {
  const theirs = await deltaRs<Facts>("facts", lake);
  expect(Object.entries(theirs.schema)).toEqual(
    parseSchema(schemaString()).map(({ name, type }) => [name, type]),
  );
  expect(theirs.arrow).toMatchObject({
    ...{
      app: "int64",
      upload_date: "date32[day]",
      amplitude_id: "int64",
      paying: "bool",
      location_lat: "double",
    },
    event_time: expect.stringMatching(/^timestamp\[us, tz=UTC\]$/),
  });
  expect(theirs.comment).toBe("the client's key by which Amplitude drops repeats");
  expect(theirs.configuration).toEqual({
    "ampframe.formatVersion": "1",
    "delta.enableExpiredLogCleanup": "false",
  });
});

test("delta-rs opens only the files whose stats meet a range of event_time", async () => {
  const table = await LakeTable.open(lake, door);
  const files = [...table.snapshot.files.values()];
  const spans = files.flatMap(({ add }) => parseStats(add.stats).eventTime ?? []);
  const first = spans.reduce((least, { max }) => (max < least ? max : least), spans[0]?.max ?? 0n);
  const [from, to] = [first - 60_000_000n, first + 1n];
  const skipping = await deltaRs<Facts>("skipping", lake, String(from), String(to));
  const meeting = spans.filter(({ min, max }) => max >= from && min < to).length;
  const paths = files.map(({ path }) => `'${table.filePath(path)}'`).join(", ");
  const [count] = await query(
    `SELECT count(*) AS n FROM read_parquet([${paths}]) WHERE epoch_us(event_time) >= ${from} AND epoch_us(event_time) < ${to}`,
  );
  expect(skipping).toEqual({ files: files.length, opened: meeting, rows: Number(count?.n) });
  if (!given) expect(skipping.opened).toBeLessThan(files.length);
  expect(skipping.rows).toBeGreaterThan(0);
});

test("delta-rs finds the last version that touched an hour of a source", async () => {
  const table = await LakeTable.open(lake, door);
  const [last] = [...table.snapshot.transactions.values()].filter(({ appId }) =>
    appId.startsWith("ampframe/"),
  );
  expect(await deltaRs("transaction", lake, last?.appId ?? "")).toEqual({ version: last?.version });
});

const DAYS = { from: "2026-11-20T00" as Hour, to: "2026-11-22T23" as Hour };

/** States and accounts, which nothing that another writer does may change. */
async function memory(dir: string) {
  const table = await LakeTable.open(dir, door);
  const accounts = [];
  for await (const account of table.accounts()) accounts.push(account);
  const states = [];
  for (const { id } of await table.sources()) states.push([id, [...(await table.hourStates(id, DAYS))]]);
  return { accounts, states };
}

test("after delta-rs's checkpoint and log clean-up, accounts and hours are unchanged and we commit on", async () => {
  const dir = await copyOf("cleaned");
  const before = await memory(dir);
  expect(before.accounts.length).toBeGreaterThan(0);
  await deltaRs("checkpoint", dir);
  const log = join(dir, "_delta_log");
  for (const name of await readdir(log)) await utimes(join(log, name), 1_000_000_000, 1_000_000_000);
  await deltaRs("checkpoint", dir);
  await deltaRs("cleanup", dir);
  const left = (await readdir(log)).filter((name) => name.endsWith(".json"));
  expect(left.length).toBeLessThan(2);
  expect(await memory(dir)).toEqual(before);

  const table = await LakeTable.open(dir, door);
  await bring(table, "2026-11-22T15", 25);
  await table.close();
  expect(await deltaRs("facts", dir)).toMatchObject(await ours(dir));
});

test("a table that delta-rs compacted and vacuumed is read, committed to and checkpointed by us", async () => {
  const dir = await copyOf("compacted");
  const before = await memory(dir);
  const { rows, uuids } = await ours(dir);
  const first = await LakeTable.open(dir, door);
  await bring(first, "2026-11-20T09", 20);
  await bring(first, "2026-11-20T10", 40);
  await first.close();
  const metrics = await deltaRs<{ numFilesRemoved: number }>("compact", dir);
  expect(metrics.numFilesRemoved).toBeGreaterThan(1);
  const { removed } = await deltaRs<{ removed: string[] }>("vacuum", dir);
  expect(removed.filter((path) => path.includes("_ampframe"))).toEqual([]);
  const after = await ours(dir);
  expect(after).toMatchObject({ rows: Number(rows) + 60, uuids: Number(uuids) + 60 });
  expect((await memory(dir)).accounts.slice(0, -2)).toEqual(before.accounts);

  const table = await LakeTable.open(dir, { ...door, checkpointEvery: 1 });
  await bring(table, "2026-11-20T11", 33);
  await table.close();
  expect(await readdir(join(dir, "_delta_log"))).toContain(
    `${String(table.snapshot.version).padStart(20, "0")}.checkpoint.parquet`,
  );
  const theirs = await deltaRs<Facts>("facts", dir);
  expect(theirs).toMatchObject(await ours(dir));
  expect(theirs.rows).toBe(Number(after.rows) + 33);
});

test("delta-rs reads a lake from our checkpoint alone", async () => {
  const dir = await copyOf("checkpointed");
  const table = await LakeTable.open(dir, { ...door, checkpointEvery: 1 });
  await bring(table, "2026-11-22T18", 12);
  await table.close();
  const log = join(dir, "_delta_log");
  for (const name of await readdir(log)) if (name.endsWith(".json")) await rm(join(log, name));
  expect(await deltaRs("facts", dir)).toMatchObject(await ours(dir));
});
