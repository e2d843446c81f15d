import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { diskFiles, type LakeFiles } from "../../src/lake/files.js";
import { LakeTable } from "../../src/lake/table.js";
import { compiledLake } from "./compiled.js";
import { bring, door, draft, hour, newLake, stage } from "./making.js";

test("two tables in one process commit different hours one after the other, none lost", async () => {
  const one = await newLake();
  const two = await LakeTable.open(one.dir, door());
  const hours = ["00", "01", "02", "03", "04", "05"].map((h) => `2026-11-20T${h}`);
  const outcomes = await Promise.all(hours.map((at, i) => bring(i % 2 ? one : two, at, i + 1)));
  expect(outcomes.map(({ kind }) => kind)).toEqual(hours.map(() => "committed"));
  const { snapshot } = await LakeTable.open(one.dir, door());
  expect(snapshot).toMatchObject({ version: 6, files: { size: 6 } });
});

test("of two that bring the same hour one wins; the other's files go back to its staging folder", async () => {
  const one = await newLake();
  const two = await LakeTable.open(one.dir, door());
  const base = { one: one.snapshot, two: two.snapshot };
  const at = hour("2026-11-20T05");
  const add = [await stage(two, at, 4)];
  expect(await bring(one, at, 3, { basedOn: base.one })).toMatchObject({ kind: "committed" });
  const outcome = await two.commit({ account: draft({ [at]: 4 }), add, basedOn: base.two });
  expect(outcome).toMatchObject({
    kind: "conflict",
    reason: "Hour 2026-11-20T05 was brought by another run, in version 1.",
  });
  expect(await diskFiles.stat(add[0]?.path ?? "")).toBeDefined();
  expect((await two.refresh()).files.size).toBe(1);
});

/** Lets another writer commit just before the first entry is linked. */
function overtaken(other: () => Promise<unknown>): LakeFiles {
  let first = true;
  return {
    ...diskFiles,
    async link(from, to) {
      if (first && to.endsWith(".json")) {
        first = false;
        await other();
      }
      return diskFiles.link(from, to);
    },
  };
}

test("a writer that is overtaken at the last moment takes the next version", async () => {
  const one = await newLake();
  const files = overtaken(() => bring(one, "2026-11-20T05", 3));
  const two = await LakeTable.open(one.dir, door({ files }));
  expect(await bring(two, "2026-11-20T06", 2)).toMatchObject({ kind: "committed", version: 2 });
  expect((await one.refresh()).files.size).toBe(2);
  const names = (await readdir(one.filePath("_ampframe/accounts"))).filter((name) => name.endsWith(".json"));
  expect(names.map((name) => Number(name.slice(0, 20))).sort()).toEqual([1, 2]);
  expect((await one.summaries()).map(({ version }) => version)).toEqual([1, 2]);
});

test("a writer that is overtaken is asked whether its change still holds", async () => {
  const one = await newLake();
  const seen: number[] = [];
  const files = overtaken(() => bring(one, "2026-11-20T05", 3));
  const two = await LakeTable.open(one.dir, door({ files }));
  const add = [await stage(two, hour("2026-11-20T06"), 2)];
  const outcome = await two.commit({
    ...{ account: draft({ "2026-11-20T06": 2 }), add, basedOn: two.snapshot },
    recheck: (latest) => {
      seen.push(latest.version);
      return "Its events are there already.";
    },
  });
  expect(outcome).toMatchObject({ kind: "conflict", reason: "Its events are there already." });
  expect(seen).toEqual([1]);
  expect(await diskFiles.stat(add[0]?.path ?? "")).toBeDefined();
  expect((await one.summaries()).length).toBe(1);
});

test("an input that another run has loaded meanwhile, and a file that it replaced, are conflicts", async () => {
  const one = await newLake();
  await bring(one, "2026-11-20T05", 3);
  const two = await LakeTable.open(one.dir, door());
  const basedOn = two.snapshot;
  const [old = ""] = basedOn.files.keys();
  const account = draft({ "2026-11-20T07": 1 }, { mark: "loaded", source: "files", input: "same" });
  const load = async (table: LakeTable) =>
    table.commit({ account, add: [await stage(table, hour("2026-11-20T07"), 1)], basedOn });
  expect(await load(one)).toMatchObject({ kind: "committed" });
  expect(await load(two)).toMatchObject({
    kind: "conflict",
    reason: "The input same.zip was loaded by another run.",
  });
  await bring(one, "2026-11-20T05", 2, { remove: [old] });
  const replace = { account: draft({ "2026-11-20T06": 0 }), add: [], basedOn, remove: [old] };
  expect(await two.commit(replace)).toMatchObject({
    kind: "conflict",
    reason: `The file ${old} was replaced by another run.`,
  });
});

test("three processes commit to one lake at once, none lost, and one alone brings each contested hour", async () => {
  const table = await newLake();
  const built = await compiledLake();
  const worker = fileURLToPath(new URL("./racing-process.mjs", import.meta.url));
  const runs = ["a", "b", "c"].map((name) =>
    spawn(process.execPath, [worker, built, table.dir, name], { stdio: ["pipe", "pipe", "inherit"] }),
  );
  await Promise.all(runs.map((run) => once(run.stdout, "data")));
  const ends = runs.map(async (run) => {
    run.stdin.write("go\n");
    const [line] = await once(run.stdout, "data");
    const [code] = await once(run, "close");
    expect(code).toBe(0);
    return JSON.parse(String(line)) as { own: number; contested: number };
  });
  const results = await Promise.all(ends);
  expect(results.map(({ own }) => own)).toEqual([12, 12, 12]);
  expect(results.reduce((sum, { contested }) => sum + contested, 0)).toBe(6);
  await table.close();
  const { snapshot } = await LakeTable.open(table.dir, door());
  expect(snapshot).toMatchObject({ version: 42, files: { size: 42 } });
  expect(await readdir(table.filePath("_ampframe/staging"))).toEqual([]);
});
