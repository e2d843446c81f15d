import { cp, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isAmpframeError } from "../../src/errors/index.js";
import { parseOwner } from "../../src/lake/owner.js";
import { LakeTable } from "../../src/lake/table.js";
import { compact, compactTable } from "../../src/pipeline/compact.js";
import { load } from "../../src/pipeline/load.js";
import { verify } from "../../src/pipeline/verify.js";
import { type FailureMode, failingFiles } from "../lake/failing-files.js";
import { checkpoints } from "../lake/making.js";
import { eventAt, ndjson, newFolder, newPlace, rowsOf, write } from "./scene.js";

const MODES: readonly FailureMode[] = ["dead", "deadDone", "once", "onceDone"];
const FULL = process.env.AMPFRAME_SWEEP === "full";

/** `AMPFRAME_SWEEP=full` breaks every operation in every mode; else every forty-seventh, beginning elsewhere in each mode. */
const strideOf = () => (FULL ? 1 : 47);
const EARLY = Date.parse("2026-11-22T12:00:00Z");
const NOW = Date.parse("2026-11-23T12:00:00Z");
const GRACE = "12h";

/** A lake with a day that was compacted long ago, whose old files may go, and one that is to be compacted. */
async function prepare(): Promise<string> {
  const [lake, folder] = [await newPlace(), await newFolder()];
  const hours = ["2026-11-20 01", "2026-11-20 02", "2026-11-22 01", "2026-11-22 02", "2026-11-22 03"];
  for (const [i, hour] of hours.entries()) {
    const events = Array.from({ length: 3 }, () => eventAt(`${hour}:00:00`));
    await load({ lake, paths: [await write(join(folder, `${i}.json`), ndjson(events))] });
  }
  const report = await compact({ lake }, () => EARLY);
  expect(report).toMatchObject({ days: 1, waiting: { files: 2 } });
  return lake;
}

/** Makes all runs that left a staging folder look like processes of an earlier boot. */
async function bury(lake: string): Promise<void> {
  const staging = join(lake, "_ampframe", "staging");
  for (const run of await readdir(staging).catch(() => [])) {
    const path = join(staging, run, "owner.json");
    const owner = parseOwner(await readFile(path, "utf8").catch(() => ""));
    if (owner) await writeFile(path, JSON.stringify({ ...owner, boot: "an earlier one" }));
    else await utimes(join(staging, run), 1, 1);
  }
}

const parquetIn = async (lake: string) =>
  (await readdir(lake, { recursive: true }))
    .filter((name) => name.startsWith("app=") && name.endsWith(".parquet"))
    .sort();

test.each(MODES)(
  "a compaction that the disk fails at any operation (%s) leaves all rows, and the next ends the work",
  { timeout: FULL ? 7_200_000 : 300_000 },
  async (mode) => {
    const lake = await prepare();
    const rows = await rowsOf(lake, "*");
    let [old, fresh] = [0, 0];
    for (let at = FULL ? 1 : 1 + MODES.indexOf(mode); ; at += strideOf()) {
      const copy = `${lake}-${mode}-${at}`;
      await cp(lake, copy, { recursive: true });
      const failing = failingFiles(at, mode, checkpoints);
      const door = {
        files: failing.files,
        checkpoints: failing.checkpoints,
        now: () => NOW,
        checkpointEvery: 3,
      };
      const outcome = await LakeTable.open(copy, door)
        .then((table) => compactTable(table, { grace: GRACE }, () => NOW))
        .catch((error: unknown) => error);
      if (failing.count() < at) break;
      const where = failing.log[at - 1] ?? "";
      expect(!(outcome instanceof Error) || isAmpframeError(outcome), `${where}: ${outcome}`).toBe(true);
      expect(await rowsOf(copy, "*"), where).toEqual(rows);
      const proof = await verify({ lake: copy });
      expect(proof.faults, where).toEqual([]);
      if (proof.files === 2) fresh += 1;
      else old += 1;

      await bury(copy);
      const next = await compact({ lake: copy, grace: GRACE }, () => NOW);
      expect(next, where).toMatchObject({ refused: [], days: proof.files === 2 ? 0 : 1 });
      expect(await verify({ lake: copy }), where).toMatchObject({ faults: [], files: 2 });
      expect(await rowsOf(copy, "*"), where).toEqual(rows);
      // Two of the table, three that it has replaced just now; those of the older compaction are gone.
      expect(await parquetIn(copy), where).toHaveLength(5);
      expect(await readdir(join(copy, "_ampframe/staging")), where).toEqual([]);
    }
    expect(old).toBeGreaterThan(30 / strideOf());
    expect(fresh).toBeGreaterThan(10 / strideOf());
  },
);
