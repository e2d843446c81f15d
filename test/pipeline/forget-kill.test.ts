import { cp, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { saveCohort } from "../../src/analyses/saved-cohorts.js";
import { isAmpframeError } from "../../src/errors/index.js";
import { parseOwner } from "../../src/lake/owner.js";
import { LakeTable } from "../../src/lake/table.js";
import { compact } from "../../src/pipeline/compact.js";
import { forget, forgetInTable } from "../../src/pipeline/forget.js";
import { load } from "../../src/pipeline/load.js";
import { openLake } from "../../src/pipeline/open-lake.js";
import { personIds } from "../../src/pipeline/person-ids.js";
import { verify } from "../../src/pipeline/verify.js";
import { type FailureMode, failingFiles } from "../lake/failing-files.js";
import { checkpoints } from "../lake/making.js";
import { filesHolding } from "./forgetting.js";
import { eventAt, ndjson, newFolder, newPlace, rowsOf, write } from "./scene.js";

const FULL = process.env.AMPFRAME_SWEEP === "full";

/** `AMPFRAME_SWEEP=full` breaks every operation in every mode; else every eighty-third in two, beginning elsewhere in each. */
const MODES: readonly FailureMode[] = FULL ? ["dead", "deadDone", "once", "onceDone"] : ["dead", "onceDone"];
const STRIDE = FULL ? 1 : 83;
const NOW = Date.parse("2026-11-23T12:00:00Z");
const ANNA = "anna@example.com";
const IDS = { userIds: [ANNA] };

const ANNAS = 71000000000001;
const BORIS = 71000000000002;

const event = (hour: string, user: string) =>
  eventAt(`${hour}:00:00`, { user_id: user, amplitude_id: user === ANNA ? ANNAS : BORIS });

/**
 * A compacted day whose old files still lie there, and one that is not; lines in quarantine; two persons in each, and in a
 * static cohort.
 */
async function prepare(): Promise<{ lake: string; again: string }> {
  const [lake, folder] = [await newPlace(), await newFolder()];
  const all: object[] = [];
  for (const [i, hour] of ["2026-11-20 01", "2026-11-20 02", "2026-11-22 01"].entries()) {
    const events = [event(hour, "boris"), event(hour, ANNA), event(hour, "boris")];
    all.push(...events);
    const torn = `{"user_id":"${ANNA}",${i}\n{"user_id":"boris",${i}\n`;
    await load({
      lake,
      paths: [await write(join(folder, `${i}.json`), `${ndjson(events)}${i > 0 ? torn : ""}`)],
    });
    if (i === 1) await compact({ lake }, () => Date.parse("2026-11-22T12:00:00Z"));
  }
  const opened = await openLake(lake);
  await saveCohort(opened, "both", { did: "view", last: "30d" }, { static: true });
  await opened.close();
  return { lake, again: await write(join(folder, "again.json"), `\n${ndjson(all)}`) };
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

test.each(MODES)(
  "forgetting that the disk fails at any operation (%s) leaves a whole lake, and the next ends the work",
  { timeout: FULL ? 7_200_000 : 300_000 },
  async (mode) => {
    const { lake, again } = await prepare();
    const others = await rowsOf(lake, "*", "WHERE user_id = 'boris' ORDER BY ALL");
    expect((await filesHolding(lake, [ANNA, String(ANNAS)])).length).toBe(7);
    let [old, fresh] = [0, 0];
    for (let at = FULL ? 1 : 1 + MODES.indexOf(mode); ; at += STRIDE) {
      const copy = `${lake}-${mode}-${at}`;
      await cp(lake, copy, { recursive: true });
      const failing = failingFiles(at, mode, checkpoints);
      const door = {
        files: failing.files,
        checkpoints: failing.checkpoints,
        now: () => NOW,
        checkpointEvery: 3,
      };
      const ids = personIds(IDS);
      const outcome = await LakeTable.open(copy, door)
        .then((table) => forgetInTable(table, { ids, unknown: ids, fromAmplitude: null }, {}))
        .catch((error: unknown) => error);
      if (failing.count() < at) {
        expect(outcome).toMatchObject({ rows: 3, refused: [] });
        expect(await filesHolding(copy, [ANNA, String(ANNAS)])).toEqual([]);
        break;
      }
      const where = failing.log[at - 1] ?? "";
      expect(!(outcome instanceof Error) || isAmpframeError(outcome), `${where}: ${outcome}`).toBe(true);
      expect((await verify({ lake: copy })).faults, where).toEqual([]);
      expect(await rowsOf(copy, "*", "WHERE user_id = 'boris' ORDER BY ALL"), where).toEqual(others);
      const left = (await rowsOf(copy, "uuid", `WHERE user_id = '${ANNA}'`)).length;
      if (left === 3) old += 1;
      if (left === 0) fresh += 1;

      await bury(copy);
      const next = await forget({ lake: copy, ...IDS }, () => NOW);
      expect(next, where).toMatchObject({ refused: [], rows: left });
      expect(await filesHolding(copy, [ANNA, String(ANNAS)]), where).toEqual([]);
      expect((await verify({ lake: copy })).faults, where).toEqual([]);
      const kept = await readFile(join(copy, "_ampframe/cohorts/both.json"), "utf8");
      expect(JSON.parse(kept).computed.ids, where).toEqual([String(BORIS)]);
      expect(await rowsOf(copy, "*"), where).toEqual(others);
      expect(await load({ lake: copy, paths: [again] }), where).toMatchObject({
        forgotten: 3,
        duplicates: 6,
      });
      expect(await rowsOf(copy, "*"), where).toEqual(others);
      expect(await readdir(join(copy, "_ampframe/staging")), where).toEqual([]);
    }
    expect(old).toBeGreaterThan(20 / STRIDE);
    expect(fresh).toBeGreaterThan(10 / STRIDE);
  },
);
