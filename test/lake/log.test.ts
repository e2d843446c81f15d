import { appendFile, cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Action } from "../../src/lake/actions.js";
import { type CheckpointStore, checkpointActions } from "../../src/lake/checkpoint.js";
import { versionName } from "../../src/lake/paths.js";
import { LakeTable } from "../../src/lake/table.js";
import { failingFiles } from "./failing-files.js";
import { bring, checkpoints, door, hour, newLake, newPlace, query, stateOf } from "./making.js";

const range = { from: hour("2026-11-20T00"), to: hour("2026-11-20T23") };
const hoursOf = (i: number) => `2026-11-20T${String(i).padStart(2, "0")}`;

/** A lake with `count` hours of one row each and a checkpoint after every fourth version. */
async function bigger(count: number, checkpointEvery = 4): Promise<LakeTable> {
  const table = await newLake({ checkpointEvery });
  for (let i = 0; i < count; i += 1) await bring(table, hoursOf(i), i % 5 === 4 ? 0 : 1);
  return table;
}

const logOf = (table: LakeTable) => readdir(table.filePath("_delta_log"));
const logFile = (table: LakeTable, version: number) =>
  table.filePath(`_delta_log/${versionName(version)}.json`);

/** Adds a version as another writer would. */
async function foreign(table: LakeTable, version: number, ...actions: (Action | object)[]): Promise<void> {
  const text = actions.map((action) => `${JSON.stringify(action)}\n`).join("");
  await writeFile(logFile(table, version), text);
}

test("a checkpoint holds the whole state, and opening reads it and the versions after it only", async () => {
  const table = await bigger(10);
  expect((await logOf(table)).filter((name) => name.includes("checkpoint"))).toEqual(
    expect.arrayContaining(["_last_checkpoint", `${versionName(8)}.checkpoint.parquet`]),
  );
  const failing = failingFiles(0, "once", checkpoints);
  const again = await LakeTable.open(table.dir, door(failing));
  expect(stateOf(again.snapshot)).toEqual(stateOf(table.snapshot));
  expect(failing.log.filter((name) => name.startsWith("read")).length).toBe(2);
  expect(failing.log.length).toBe(4);
  expect(JSON.parse(await readFile(table.filePath("_delta_log/_last_checkpoint"), "utf8"))).toMatchObject({
    version: 8,
  });
});

test("the checkpoint's Parquet has the columns and types of the Delta protocol", async () => {
  const table = await bigger(4);
  const path = table.filePath(`_delta_log/${versionName(4)}.checkpoint.parquet`);
  expect(
    await query(`SELECT protocol.minWriterVersion, metaData.partitionColumns::VARCHAR FROM '${path}'
    WHERE protocol IS NOT NULL OR metaData IS NOT NULL`),
  ).toEqual([
    [2, null],
    [null, "[app, upload_date]"],
  ]);
  expect(
    await query(`SELECT count(*), bool_or(add.dataChange), min(add.partitionValues['app']) FROM '${path}'
    WHERE add IS NOT NULL`),
  ).toEqual([[4n, false, "7"]]);
  expect(await query(`SELECT count(*) FROM '${path}' WHERE txn.appId LIKE 'ampframe/us-1/%'`)).toEqual([
    [4n],
  ]);
});

test("refresh reads only what is new", async () => {
  const table = await bigger(3);
  const failing = failingFiles(0, "once", checkpoints);
  const other = await LakeTable.open(table.dir, door(failing));
  await bring(table, hoursOf(3), 1);
  const before = failing.count();
  expect(await other.refresh()).toMatchObject({ version: 4 });
  expect(failing.log.slice(before).map((name) => name.split(" ")[0])).toEqual([
    "read",
    "read",
    "read",
    "stat",
  ]);
  const same = other.snapshot;
  expect(await other.refresh()).toBe(same);
});

test("a damaged newest checkpoint is passed over for an older one", async () => {
  const table = await bigger(9);
  await writeFile(table.filePath(`_delta_log/${versionName(8)}.checkpoint.parquet`), "PAR1 torn");
  const again = await LakeTable.open(table.dir, door());
  expect(stateOf(again.snapshot)).toEqual(stateOf(table.snapshot));
});

test("a checkpoint in several parts is read, an incomplete one is not", async () => {
  const table = await bigger(7, 100);
  const actions = checkpointActions(table.snapshot, 0);
  for (const [i, part] of [actions.slice(0, 3), actions.slice(3)].entries()) {
    const ndjson = join(table.dir, `part-${i}.ndjson`);
    await writeFile(ndjson, part.map((action) => JSON.stringify(action)).join("\n"));
    const name = `${versionName(7)}.checkpoint.000000000${i + 1}.0000000002.parquet`;
    await checkpoints.write(ndjson, table.filePath(`_delta_log/${name}`));
  }
  for (let version = 0; version <= 7; version += 1) await rm(logFile(table, version));
  const again = await LakeTable.open(table.dir, door());
  expect(stateOf(again.snapshot)).toEqual(stateOf(table.snapshot));
  await rm(table.filePath(`_delta_log/${versionName(7)}.checkpoint.0000000002.0000000002.parquet`));
  await expect(LakeTable.open(table.dir, door())).rejects.toThrow("There is no lake");
});

test("after a foreign checkpoint and log clean-up, accounts and hours are unchanged", async () => {
  const table = await bigger(11, 6);
  const at = { now: Date.parse("2026-11-23T12:00:00Z") };
  const states = await table.hourStates("us-1", range, at);
  const accounts = [];
  for await (const one of table.accounts()) accounts.push(one);
  expect(accounts.length).toBe(11);
  await foreignCheckpoint(table);

  const again = await LakeTable.open(table.dir, door());
  expect(await again.hourStates("us-1", range, at)).toEqual(states);
  const kept = [];
  for await (const one of again.accounts()) kept.push(one);
  expect(kept).toEqual(accounts);
  expect(await bring(again, hoursOf(12), 1)).toMatchObject({ kind: "committed", version: 12 });
});

test("the account of a killed run is never taken for that of the commit which took its version", async () => {
  const table = await bigger(3, 100);
  const accounts = table.filePath("_ampframe/accounts");
  const [name = ""] = (await readdir(accounts)).filter((name) => name.startsWith(versionName(3)));
  const orphan = (await readFile(join(accounts, name), "utf8")).replace(/"rows":1/g, '"rows":999');
  await writeFile(join(accounts, `${versionName(3)}-0123456789abcdef.json`), orphan);
  await writeFile(join(accounts, `${versionName(4)}-0123456789abcdef.json`), orphan);
  const states = await table.hourStates("us-1", range);
  await foreignCheckpoint(table);
  const again = await LakeTable.open(table.dir, door());
  expect(await again.hourStates("us-1", range)).toEqual(states);
  expect((await again.summaries()).map(({ version }) => version)).toEqual([1, 2, 3]);
});

/** What another engine does to the log: a checkpoint of the newest version, then all entries up to it go. */
async function foreignCheckpoint(table: LakeTable): Promise<void> {
  const { snapshot } = await LakeTable.open(table.dir, door());
  const ndjson = join(table.dir, "foreign.ndjson");
  const actions = checkpointActions(snapshot, 0);
  await writeFile(ndjson, actions.map((action) => JSON.stringify(action)).join("\n"));
  for (const name of await logOf(table)) await rm(table.filePath(`_delta_log/${name}`));
  await checkpoints.write(
    ndjson,
    table.filePath(`_delta_log/${versionName(snapshot.version)}.checkpoint.parquet`),
  );
}

test("versions that another writer checkpointed and removed while we looked on are caught up with", async () => {
  const table = await bigger(2, 100);
  const late = await LakeTable.open(table.dir, door());
  await bring(table, hoursOf(5), 1);
  await bring(table, hoursOf(6), 1);
  await foreignCheckpoint(table);
  expect(await bring(late, hoursOf(7), 1)).toMatchObject({ kind: "committed", version: 5 });
  expect(late.snapshot.files.size).toBe(5);
});

test("entries after ours that another writer removed are noticed by its _last_checkpoint", async () => {
  const table = await bigger(2, 100);
  const late = await LakeTable.open(table.dir, door());
  const own = await readFile(logFile(table, 2));
  await bring(table, hoursOf(5), 1);
  await bring(table, hoursOf(6), 1);
  await foreignCheckpoint(table);
  await writeFile(logFile(table, 2), own);
  await writeFile(table.filePath("_delta_log/_last_checkpoint"), '{"version":4,"size":12}');
  expect(await bring(late, hoursOf(7), 1)).toMatchObject({ kind: "committed", version: 5 });
  expect(late.snapshot.files.size).toBe(5);
});

test("compaction by another engine is read, and written on", async () => {
  const table = await bigger(3, 4);
  const [one, two] = [...table.snapshot.files.values()];
  const merged = {
    ...one!.add,
    path: "app=7/upload_date=2026-11-20/part-00001%20x.c000.snappy.parquet",
    stats: null,
  };
  const gone = (path: string) => ({ path, dataChange: false, deletionTimestamp: Date.now() });
  await foreign(
    table,
    4,
    { commitInfo: { operation: "OPTIMIZE" } },
    { add: { ...merged, dataChange: false, tags: { INSERTION_TIME: "1" } } },
    { remove: gone(one!.add.path) },
    { remove: gone(two!.add.path) },
    { cdc: { path: "_change_data/x.parquet" }, unknownAction: {} },
  );
  expect(await bring(table, hoursOf(4), 2)).toMatchObject({ version: 5, checkpoint: { kind: "written" } });
  const again = await LakeTable.open(table.dir, door());
  expect([...again.snapshot.files.keys()]).toHaveLength(3);
  expect(
    again.snapshot.files.get("app=7/upload_date=2026-11-20/part-00001 x.c000.snappy.parquet"),
  ).toMatchObject({
    uploadDate: "2026-11-20",
    add: { tags: { INSERTION_TIME: "1" } },
  });
  const states = await again.hourStates("us-1", range);
  expect(states.get(hour(hoursOf(0)))).toMatchObject({ state: "held", rows: 1 });
});

test.each([
  ["a foreign table", { configuration: {} }, "is a Delta table, but not a lake of ampframe"],
  [
    "a newer format",
    { configuration: { "ampframe.formatVersion": "2" } },
    "has format version 2; this ampframe knows versions up to 1",
  ],
  [
    "no format at all",
    { configuration: { "ampframe.formatVersion": "one" } },
    'has the format version "one"; a whole number from 1 was expected',
  ],
])("%s is refused in words", async (_, change, message) => {
  const table = await newLake();
  await foreign(table, 1, { metaData: { ...table.snapshot.metaData, ...change } });
  await expect(LakeTable.open(table.dir, door())).rejects.toMatchObject({
    name: "LakeError",
    message: expect.stringContaining(message),
    wayOut: expect.stringMatching(/\w/),
  });
});

test("what another engine switched on is refused by name, to readers and to writers", async () => {
  const protocol = {
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: ["columnMapping"],
    writerFeatures: [],
  };
  const one = await newLake();
  await foreign(one, 1, { protocol });
  await expect(LakeTable.open(one.dir, door())).rejects.toThrow(
    "asks its readers for Delta protocol 3 (columnMapping)",
  );

  const two = await newLake();
  await foreign(two, 1, { protocol: { minReaderVersion: 1, minWriterVersion: 3 } });
  const table = await LakeTable.open(two.dir, door());
  await expect(bring(table, hoursOf(1), 1)).rejects.toThrow("asks its writers for Delta protocol 3");

  const three = await newLake();
  await foreign(three, 1, {
    add: { path: "x.parquet", partitionValues: {}, size: 1, deletionVector: { cardinality: 1 } },
  });
  await expect(LakeTable.open(three.dir, door())).rejects.toThrow("uses deletion vectors");

  const four = await bigger(1);
  const configuration = { ...four.snapshot.configuration, "delta.appendOnly": "true" };
  await foreign(four, 2, { metaData: { ...four.snapshot.metaData, configuration } });
  const remove = [...four.snapshot.files.keys()];
  await expect(bring(four, hoursOf(1), 1, { remove })).rejects.toThrow("has delta.appendOnly set");
});

test("files outside the lake are refused", async () => {
  for (const path of ["s3://bucket/x.parquet", "/etc/x.parquet", "../x.parquet", "%2e%2e/x.parquet"]) {
    const table = await newLake();
    await foreign(table, 1, {
      add: { path, partitionValues: {}, size: 1, modificationTime: 1, dataChange: true },
    });
    await expect(LakeTable.open(table.dir, door())).rejects.toThrow("which lies outside the lake");
  }
});

test("a V2 checkpoint is refused in words where only it holds the log", async () => {
  const table = await bigger(2, 100);
  await writeFile(
    table.filePath(`_delta_log/${versionName(2)}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json`),
    "{}",
  );
  expect((await LakeTable.open(table.dir, door())).snapshot.version).toBe(2);
  await rm(logFile(table, 0));
  await expect(LakeTable.open(table.dir, door())).rejects.toThrow("is a Delta checkpoint of the V2 form");
});

test("a missing version, a torn entry and an ended log are named", async () => {
  const table = await bigger(3, 100);
  const copy = await newPlace();
  await cp(table.dir, copy, { recursive: true });
  await rm(logFile(table, 2));
  await expect(LakeTable.open(table.dir, door())).rejects.toThrow(`${versionName(2)}.json is missing`);
  await rm(logFile(table, 3));
  await expect(table.refresh()).rejects.toThrow("ends at version 1, but version 3 was there before");
  await appendFile(join(copy, "_delta_log", `${versionName(1)}.json`), '{"add":');
  await expect(LakeTable.open(copy, door())).rejects.toThrow(
    /0001\.json, line 5 is not an entry of a Delta log/,
  );
});

test("a failing checkpoint does not fail the commit and is tried again at the next", async () => {
  const broken: CheckpointStore = { ...checkpoints, write: () => Promise.reject(new Error("no engine")) };
  const table = await newLake({ checkpointEvery: 1, checkpoints: broken });
  expect(await bring(table, hoursOf(0), 1)).toMatchObject({
    kind: "committed",
    checkpoint: {
      kind: "failed",
      error: { name: "LakeError", message: expect.stringContaining("no engine") },
    },
  });
  const again = await LakeTable.open(table.dir, door({ checkpointEvery: 1 }));
  expect(await bring(again, hoursOf(1), 1)).toMatchObject({ checkpoint: { kind: "written" } });
});

test("without hard links a commit is refused in words, and nothing is changed", async () => {
  const table = await bigger(1);
  const { files, checkpoints: store } = failingFiles(0, "once", checkpoints);
  const link = () => Promise.reject(Object.assign(new Error("EPERM: link"), { code: "EPERM" }));
  const other = await LakeTable.open(table.dir, door({ files: { ...files, link }, checkpoints: store }));
  await expect(bring(other, hoursOf(1), 1)).rejects.toThrow("cannot make hard links");
  expect((await table.refresh()).version).toBe(1);
});
