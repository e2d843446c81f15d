import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";
import { load } from "../../src/pipeline/load.js";
import { openTable } from "../../src/pipeline/open-table.js";
import { verify } from "../../src/pipeline/verify.js";
import { eventAt, ndjson, newFolder, newPlace, write } from "./scene.js";

async function loadedLake(loads: number): Promise<string> {
  const lake = await newPlace();
  for (let i = 0; i < loads; i += 1) await loadMore(lake, i);
  return lake;
}

async function loadMore(lake: string, i: number): Promise<void> {
  const events = Array.from({ length: 5 }, (_, k) => eventAt(`2026-11-20 0${(i + k) % 9}:00:00`));
  await load({ lake, paths: [await write(join(await newFolder(), `${i}.json`), ndjson(events))] });
}

test("verify is silent while others load, checkpoints and gathering included", async () => {
  const lake = await loadedLake(12);
  let loading = true;
  const loads = (async () => {
    for (let i = 0; i < 12; i += 1) await loadMore(lake, i);
    loading = false;
  })();
  const versions = new Set<number>();
  while (loading) {
    const proof = await verify({ lake });
    expect(proof.faults).toEqual([]);
    versions.add(proof.version);
  }
  await loads;
  expect(versions.size).toBeGreaterThan(2);
  expect((await verify({ lake })).version).toBe(24);
});

/** As another program compacts: the rows of all data files in one, in an entry that says nothing of ampframe. */
async function compactAsOthers(lake: string, change = "*"): Promise<string> {
  const { snapshot } = await openTable(lake);
  const paths = [...snapshot.files.keys()];
  const more = paths[0]!.replace(/part-.*/, "part-theirs.parquet");
  const engine = await openEngine({ threads: 1 });
  const list = paths.map((path) => `'${join(lake, path)}'`).join(", ");
  await engine.run(
    `COPY (SELECT ${change} FROM read_parquet([${list}], hive_partitioning = false)) TO '${join(lake, more)}' (FORMAT parquet)`,
  );
  engine.close();
  const { length: size } = await readFile(join(lake, more));
  const { partitionValues } = snapshot.files.get(paths[0]!)!.add;
  const actions = [
    { commitInfo: { timestamp: 1, operation: "OPTIMIZE" } },
    ...paths.map((path) => ({ remove: { path, deletionTimestamp: 1, dataChange: false } })),
    { add: { path: more, partitionValues, size, modificationTime: 1, dataChange: false } },
  ];
  const entry = `${String(snapshot.version + 1).padStart(20, "0")}.json`;
  await writeFile(join(lake, "_delta_log", entry), actions.map((one) => `${JSON.stringify(one)}\n`).join(""));
  return more;
}

test("files that another program compacted are counted, and told as not proven", async () => {
  const lake = await loadedLake(3);
  await compactAsOthers(lake);
  const proof = await verify({ lake, deep: true });
  expect(proof.faults).toEqual([]);
  expect(proof).toMatchObject({ ok: true, files: 1, rewritten: 1, rows: 15 });
  await loadMore(lake, 1);
  expect(await verify({ lake })).toMatchObject({ ok: true, files: 2, rewritten: 1, rows: 20 });

  const entry = join(lake, "_delta_log", `${"4".padStart(20, "0")}.json`);
  const text = await readFile(entry, "utf8");
  for (const [stats, words] of [
    [{ numRecords: 16 }, "16 rows in the log"],
    [
      { minValues: { event_time: "2026-11-20T03:00:00Z" }, maxValues: { event_time: "2026-11-21" } },
      "event_time from",
    ],
  ] as const) {
    const add = `"dataChange":false,"stats":${JSON.stringify(JSON.stringify(stats))}}}`;
    await writeFile(entry, text.replace(/"dataChange":false\}\}\s*$/, `${add}\n`));
    expect((await verify({ lake })).faults.map(({ found }) => found).join()).toContain(words);
  }
});

test("a compaction of another program that loses, doubles or moves rows is named", async () => {
  for (const [change, rest] of [
    ["*", "WHERE uuid <> (SELECT max(uuid) FROM FILE)"],
    ["*", "UNION ALL SELECT * FROM FILE WHERE uuid = (SELECT max(uuid) FROM FILE)"],
    ["* REPLACE (server_upload_time + INTERVAL 9 HOUR AS server_upload_time)", ""],
  ]) {
    const lake = await loadedLake(2);
    const path = await compactAsOthers(lake);
    const file = join(lake, path);
    const engine = await openEngine({ threads: 1 });
    const source = `SELECT ${change} FROM FILE ${rest}`.replaceAll("FILE", `'${file}'`);
    await engine.run(`COPY (${source}) TO '${file}.new' (FORMAT parquet)`);
    engine.close();
    await copyFile(`${file}.new`, file);
    const { length: size } = await readFile(file);
    const [last] = (await readdir(join(lake, "_delta_log"))).sort().reverse();
    const entry = join(lake, "_delta_log", last!);
    await writeFile(entry, (await readFile(entry, "utf8")).replace(/"size":\d+/, `"size":${size}`));
    const { faults } = await verify({ lake });
    expect(faults.map(({ what, found }) => `${what} ${found}`)).toContain(`${path} no account names it`);
  }
});
