import { createHash } from "node:crypto";
import { copyFile, cp, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isAmpframeError } from "../../src/errors/index.js";
import type { StagedFile } from "../../src/lake/change.js";
import { parseOwner } from "../../src/lake/owner.js";
import { LakeTable } from "../../src/lake/table.js";
import { committedAccounts } from "../../src/lake/transactions.js";
import { type FailureMode, failingFiles } from "./failing-files.js";
import { bring, checkpoints, door, draft, hour, newPlace, stage } from "./making.js";

const MODES: readonly FailureMode[] = ["dead", "deadDone", "once", "onceDone"];

/** `AMPFRAME_SWEEP=full` breaks every operation in every mode; else a third of them by a kill, and a sixth in the others. */
const strideOf = (mode: FailureMode) => (process.env.AMPFRAME_SWEEP === "full" ? 1 : mode === "dead" ? 3 : 6);

/** A lake of two versions, and files that replace its hour 05 and bring 06 of the same and 00 of the next day. */
async function prepare() {
  const dir = await newPlace();
  const table = await LakeTable.create(dir, door());
  await bring(table, "2026-11-20T05", 3);
  await bring(table, "2026-11-20T04", 2);
  const parquet: StagedFile[] = [];
  for (const [at, rows] of Object.entries(HOURS)) {
    const file = await stage(table, hour(at), rows);
    const kept = `${dir}-${at}.parquet`;
    await copyFile(file.path, kept);
    parquet.push({ ...file, path: kept });
  }
  await table.close();
  return { dir, parquet };
}

const HOURS = { "2026-11-20T05": 4, "2026-11-20T06": 5, "2026-11-21T00": 6 };

/** The change under test: three hours, one of them in place of an older one; a checkpoint is due after it. */
async function step(table: LakeTable, parquet: readonly StagedFile[]) {
  const staging = await table.stagingDir();
  const add: StagedFile[] = [];
  for (const file of parquet) {
    const path = join(staging, `${file.uploadDate}-${file.rows}.parquet`);
    await copyFile(file.path, path);
    add.push({ ...file, path });
  }
  const old = [...table.snapshot.files.values()].find(({ add }) => add.stats?.includes("T05"));
  const account = draft(HOURS, { input: "the-archive" });
  return table.commit({ account, add, remove: [old?.path ?? ""], basedOn: table.snapshot });
}

/** Rows of each hour as the log has them, each file proven by its hash. */
async function proven(table: LakeTable): Promise<Record<string, number>> {
  const hours: Record<string, number> = {};
  for await (const { account } of table.accounts()) {
    for (const file of account.files) {
      if (!table.snapshot.files.has(file.path)) continue;
      const bytes = await readFile(table.filePath(file.path));
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(file.sha256);
      for (const [at, rows] of Object.entries(file.hours)) hours[at] = (hours[at] ?? 0) + rows;
    }
  }
  return hours;
}

/**
 * Makes all runs that left a staging folder look like processes of an earlier boot. Where the owner's file was
 * cut short, the folder's age decides.
 */
async function bury(dir: string): Promise<void> {
  const staging = join(dir, "_ampframe", "staging");
  for (const run of await readdir(staging).catch(() => [])) {
    const path = join(staging, run, "owner.json");
    const owner = parseOwner(await readFile(path, "utf8").catch(() => ""));
    if (owner) await writeFile(path, JSON.stringify({ ...owner, boot: "an earlier one" }));
    else await utimes(join(staging, run), 1, 1);
  }
}

const parquetIn = async (dir: string) =>
  (await readdir(dir, { recursive: true }))
    .filter((name) => name.startsWith("app=") && name.endsWith(".parquet"))
    .sort();

const OLD = { "2026-11-20T04": 2, "2026-11-20T05": 3 };
const NEW = { "2026-11-20T04": 2, ...HOURS };

test.each(MODES)(
  "a commit that fails at any operation (%s) leaves the old or the new state",
  async (mode) => {
    const { dir, parquet } = await prepare();
    let [old, fresh] = [0, 0];
    for (let at = 1; ; at += strideOf(mode)) {
      const copy = `${dir}-${mode}-${at}`;
      await cp(dir, copy, { recursive: true });
      const failing = failingFiles(at, mode, checkpoints);
      const outcome = await LakeTable.open(copy, door({ ...failing, checkpointEvery: 3 }))
        .then((table) => step(table, parquet))
        .catch((error: unknown) => error);
      if (failing.count() < at) break;

      const after = await LakeTable.open(copy, door());
      const told = !(outcome instanceof Error);
      expect(told || isAmpframeError(outcome), `${failing.log[at - 1]}: ${outcome}`).toBe(true);
      if (told) expect(after.snapshot.version, failing.log[at - 1] ?? "").toBe(3);
      expect(await proven(after), failing.log[at - 1] ?? "").toEqual(
        after.snapshot.version === 3 ? NEW : OLD,
      );
      if (after.snapshot.version === 3) fresh += 1;
      else old += 1;

      await bury(copy);
      const next = await LakeTable.open(copy, door({ checkpointEvery: 1 }));
      if (next.snapshot.version === 2) expect(await step(next, parquet)).toMatchObject({ kind: "committed" });
      expect(await bring(next, "2026-11-20T07", 0)).toMatchObject({ checkpoint: { kind: "written" } });
      await next.close();
      const last = await LakeTable.open(copy, door());
      expect(await proven(last)).toEqual(NEW);
      expect(await parquetIn(copy), failing.log[at - 1] ?? "").toEqual(
        [...new Set([...last.snapshot.files.keys(), ...last.snapshot.removed.keys()])].sort(),
      );
      const accounts = (await readdir(join(copy, "_ampframe/accounts"))).filter((name) =>
        name.endsWith(".json"),
      );
      expect(accounts.map((name) => name.slice(21, 37)).sort()).toEqual(
        [...committedAccounts(last.snapshot).keys()].sort(),
      );
      expect(await readdir(join(copy, "_ampframe/staging"))).toEqual([]);
    }
    expect(old).toBeGreaterThan(40 / strideOf(mode));
    expect(fresh).toBeGreaterThan(16 / strideOf(mode));
  },
);

test.each(MODES)("making a lake that fails at any operation (%s) can be done again", async (mode) => {
  const dir = await newPlace();
  for (let at = 1; ; at += 1) {
    const place = `${dir}-${at}`;
    const failing = failingFiles(at, mode, checkpoints);
    await LakeTable.create(place, door(failing)).catch(() => undefined);
    if (failing.count() < at) break;
    const table = await LakeTable.openOrCreate(place, door());
    expect(await bring(table, "2026-11-20T05", 1)).toMatchObject({ kind: "committed", version: 1 });
  }
});
