import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { thisOwner } from "../../src/lake/owner.js";
import { LakeTable } from "../../src/lake/table.js";
import { compiledLake } from "./compiled.js";
import { bring, door, newLake } from "./making.js";

const runsIn = (table: LakeTable) => readdir(table.filePath("_ampframe/staging"));

test("the staging folder of another live run is left alone; after a kill it is cleared away", async () => {
  const table = await newLake();
  const built = await compiledLake();
  const script = `
    const { LakeTable } = await import(${JSON.stringify(`file://${built}/lake/table.js`)});
    const table = await LakeTable.open(${JSON.stringify(table.dir)}, { checkpoints: {} });
    console.log(await table.stagingDir());
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [theirs] = await once(child.stdout, "data");
  await table.stagingDir();
  expect(await runsIn(table)).toHaveLength(2);
  child.kill("SIGKILL");
  await once(child, "close");
  const again = await LakeTable.open(table.dir, door());
  const ours = await again.stagingDir();
  expect(await runsIn(again)).not.toContain(String(theirs).trim().split("/").at(-1));
  expect(await runsIn(again)).toContain(ours.split("/").at(-1));
  expect(await runsIn(again)).toHaveLength(2);
});

test("a dead run's note can only remove data files of the lake, and none that were committed", async () => {
  const table = await newLake();
  await bring(table, "2026-11-20T05", 1);
  const [committed = ""] = table.snapshot.files.keys();
  const [{ id = "" } = {}] = await table.summaries();
  const run = await table.stagingDir();
  await writeFile(join(run, "owner.json"), JSON.stringify({ ...thisOwner(0), boot: "an earlier one" }));
  const outside = join(dirname(table.dir), "part-1.parquet");
  const orphan = table.filePath(`${dirname(committed)}/part-orphan.parquet`);
  await writeFile(outside, "");
  await writeFile(orphan, "");
  const note = (account: string, files: string[]) => JSON.stringify({ account, files });
  const paths = ["../part-1.parquet", "_delta_log/00000000000000000000.json", "app=7/../../part-1.parquet"];
  await writeFile(join(run, "intent-1.json"), note(id, [committed]));
  await writeFile(
    join(run, "intent-2.json"),
    note("0000000000000000", [...paths, `${dirname(committed)}/part-orphan.parquet`]),
  );
  await writeFile(join(run, "intent-3.json"), "{");

  const again = await LakeTable.open(table.dir, door());
  await again.stagingDir();
  expect(await runsIn(again)).toHaveLength(1);
  expect(await readdir(dirname(table.dir))).toContain("part-1.parquet");
  expect(await readdir(dirname(orphan))).toEqual([committed.split("/").at(-1)]);
  expect((await LakeTable.open(table.dir, door())).snapshot.version).toBe(1);
});

test("a run's folder that does not say whose it is lives an hour", async () => {
  const table = await newLake();
  const nameless = join(dirname(await table.stagingDir()), "nameless");
  await mkdir(nameless);
  const noon = Date.parse("2026-11-23T12:00:00Z") / 1000;
  await utimes(nameless, noon - 3500, noon - 3500);
  await (await LakeTable.open(table.dir, door())).stagingDir();
  expect(await runsIn(table)).toContain("nameless");
  await utimes(nameless, noon - 3700, noon - 3700);
  await (await LakeTable.open(table.dir, door())).stagingDir();
  expect(await runsIn(table)).not.toContain("nameless");
});
