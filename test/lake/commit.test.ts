import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { diskFiles } from "../../src/lake/files.js";
import { LakeTable } from "../../src/lake/table.js";
import { failingFiles } from "./failing-files.js";
import { bring, checkpoints, door, draft, hour, newLake, newPlace, query, stage, stateOf } from "./making.js";

test("a commit holds the data, its account and its marks in one entry of the log", async () => {
  const table = await newLake();
  const outcome = await bring(table, "2026-11-20T05", 3);
  expect(outcome).toMatchObject({ kind: "committed", version: 1, checkpoint: { kind: "notDue" } });

  const text = await readFile(table.filePath("_delta_log/00000000000000000001.json"), "utf8");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => Object.keys(line)[0])).toEqual(["commitInfo", "txn", "txn", "add"]);
  const [info, account, mark, add] = lines;
  expect(info.commitInfo).toMatchObject({ operation: "ampframe pull", ampframe: { formatVersion: 1 } });
  expect(account.txn).toMatchObject({
    appId: `ampframe-account/${info.commitInfo.ampframe.account}`,
    version: 1,
  });
  expect(mark.txn).toMatchObject({ appId: "ampframe/us-1/2026-11-20T05", version: 1 });
  expect(add.add).toMatchObject({
    path: expect.stringMatching(/^app=7\/upload_date=2026-11-20\/part-[0-9a-f-]{36}\.parquet$/),
    partitionValues: { app: "7", upload_date: "2026-11-20" },
    dataChange: true,
  });
  expect(JSON.parse(add.add.stats)).toEqual({
    numRecords: 3,
    minValues: { event_time: "2026-11-20T05:00:00.000Z", server_upload_time: "2026-11-20T05:00:00.000Z" },
    maxValues: { event_time: "2026-11-20T05:00:00.002Z", server_upload_time: "2026-11-20T05:00:00.002Z" },
  });
  expect(await query(`SELECT count(*) FROM '${table.filePath(add.add.path)}'`)).toEqual([[3n]]);
});

test("the account on the disk is the one that the commit returned, with the file's own hash", async () => {
  const table = await newLake();
  const outcome = await bring(table, "2026-11-20T05", 3);
  if (outcome.kind !== "committed") throw new Error(outcome.reason);
  const [file] = outcome.account.files;
  const bytes = await readFile(table.filePath(file?.path ?? ""));
  expect(file).toMatchObject({ rows: 3, bytes: bytes.length, eventTime: { min: 1795150800000123n } });
  expect(file?.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
  const again = await LakeTable.open(table.dir, door());
  const kept = [];
  for await (const one of again.accounts()) kept.push(one);
  expect(kept).toEqual([{ version: 1, account: outcome.account }]);
});

test("rows without a project lie in Hive's null partition", async () => {
  const table = await newLake();
  await bring(table, "2026-11-20T05", 1, { app: null });
  const [file] = [...table.snapshot.files.values()];
  expect(file).toMatchObject({ app: null, add: { partitionValues: { app: null } } });
  expect(file?.path).toMatch(/^app=__HIVE_DEFAULT_PARTITION__\/upload_date=2026-11-20\/part-/);
});

test("replacing an hour takes its old file out and puts the new one in, in one version", async () => {
  const table = await newLake();
  await bring(table, "2026-11-20T05", 3);
  const [old] = [...table.snapshot.files.keys()];
  const outcome = await bring(table, "2026-11-20T05", 5, { remove: [old ?? ""] });
  expect(outcome).toMatchObject({ kind: "committed", version: 2, account: { removed: [old] } });
  const reopened = (await LakeTable.open(table.dir, door())).snapshot;
  expect(stateOf(reopened)).toEqual(stateOf(table.snapshot));
  expect([...reopened.files.values()].map(({ add }) => JSON.parse(add.stats ?? "").numRecords)).toEqual([5]);
  expect([...reopened.removed.keys()]).toEqual([old]);
});

test("an empty hour has an account and no file", async () => {
  const table = await newLake();
  await bring(table, "2026-11-20T05", 0);
  expect(table.snapshot.files.size).toBe(0);
  const range = { from: hour("2026-11-20T05"), to: hour("2026-11-20T06") };
  const states = await table.hourStates("us-1", range);
  expect([...states.values()].map(({ state }) => state)).toEqual(["empty", "missing"]);
});

test("nothing of a run is left in staging after close, and the next commit makes it anew", async () => {
  const table = await newLake();
  await bring(table, "2026-11-20T05", 1);
  await table.close();
  expect(await readdir(join(table.dir, "_ampframe", "staging"))).toEqual([]);
  expect(await bring(table, "2026-11-20T06", 1)).toMatchObject({ kind: "committed" });
});

test("figures that do not agree are never committed", async () => {
  const table = await newLake();
  const add = [await stage(table, hour("2026-11-20T05"), 3)];
  const account = draft({ "2026-11-20T05": 2 });
  await expect(table.commit({ account, add, basedOn: table.snapshot })).rejects.toMatchObject({
    name: "LakeError",
    message: expect.stringContaining("Hour 2026-11-20T05: 2 rows stated, but 3 in the files."),
  });
  expect((await table.refresh()).version).toBe(0);
});

test("a cancelled commit changes nothing and leaves its staged files where they were", async () => {
  const table = await newLake();
  const add = [await stage(table, hour("2026-11-20T05"), 3)];
  const change = { account: draft({ "2026-11-20T05": 3 }), add, basedOn: table.snapshot };
  await expect(table.commit({ ...change, signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: "CancelledError",
  });
  expect(await table.commit(change)).toMatchObject({ kind: "committed", version: 1 });
});

test("creating where a lake is, is refused; openOrCreate opens it", async () => {
  const dir = await newPlace();
  await expect(LakeTable.open(dir, door())).rejects.toThrow(`There is no lake at ${dir}`);
  const table = await LakeTable.openOrCreate(dir, door());
  await bring(table, "2026-11-20T05", 1);
  await expect(LakeTable.create(dir, door())).rejects.toThrow("already");
  expect((await LakeTable.openOrCreate(dir, door())).snapshot.version).toBe(1);
});

test("each step of a commit is on the disk before the next begins", async () => {
  const table = await newLake();
  const failing = failingFiles(0, "once", checkpoints);
  const watched = await LakeTable.open(table.dir, door(failing));
  const add = [await stage(watched, hour("2026-11-20T05"), 3)];
  const before = failing.count();
  await watched.commit({ account: draft({ "2026-11-20T05": 3 }), add, basedOn: watched.snapshot });
  const short = (name: string) =>
    name
      .replace(`${table.dir}/`, "")
      .replace(/staging\/[^/]+\/(?:[0-9a-f-]{36}-)?/, "staging/")
      .replace(/(part|intent)-[0-9a-f-]{36}/, "$1")
      .replace(/-[0-9a-f]{16}\.json/, "-ID.json");
  const day = "app=7/upload_date=2026-11-20";
  const account = "_ampframe/accounts/00000000000000000001-ID.json";
  const steps = failing.log.slice(before).map(short);
  expect(steps.filter((step) => /^(write|sync|syncFolder|rename|link) /.test(step))).toEqual([
    expect.stringMatching(/^sync _ampframe\/staging\/\d+\.parquet$/),
    "write _ampframe/staging/intent.json",
    `syncFolder ${table.dir}`,
    "syncFolder app=7",
    `rename ${day}/part.parquet`,
    `syncFolder ${day}`,
    "write _ampframe/staging/account.json",
    `rename ${account}`,
    "syncFolder _ampframe/accounts",
    "write _ampframe/staging/1.json",
    "link _delta_log/00000000000000000001.json",
    "syncFolder _delta_log",
  ]);
});

test("a commit that the disk would not confirm is told as such, and its files stay", async () => {
  const table = await newLake();
  const syncFolder = (folder: string) =>
    folder.endsWith("_delta_log")
      ? Promise.reject(Object.assign(new Error("EIO: simulated"), { code: "EIO" }))
      : diskFiles.syncFolder(folder);
  const shaky = await LakeTable.open(table.dir, door({ files: { ...diskFiles, syncFolder } }));
  await expect(bring(shaky, "2026-11-20T05", 3)).rejects.toThrow("would not confirm version 1");
  await shaky.close();
  const { files, version } = await table.refresh();
  expect(version).toBe(1);
  for (const path of files.keys()) expect(await diskFiles.stat(table.filePath(path))).toBeDefined();
  expect(await table.summaries()).toHaveLength(1);
});

test("a link that reports failure but was made is known again by the commit's own id", async () => {
  const table = await newLake();
  for (const [hour, code] of [
    ["2026-11-20T05", "EIO"],
    ["2026-11-20T06", "EEXIST"],
  ] as const) {
    const link = async (from: string, to: string) => {
      await diskFiles.link(from, to);
      throw Object.assign(new Error(`${code}: simulated`), { code });
    };
    const shaky = await LakeTable.open(table.dir, door({ files: { ...diskFiles, link } }));
    expect(await bring(shaky, hour, 3)).toMatchObject({ kind: "committed" });
    await shaky.close();
  }
  const { files, version } = await table.refresh();
  expect(version).toBe(2);
  for (const path of files.keys()) expect(await diskFiles.stat(table.filePath(path))).toBeDefined();
});
