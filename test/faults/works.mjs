// The commands that are killed and whose power is cut, each with the lake that it begins with.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { openEngine } from "../../build/engine/duckdb.js";
import { startEmulator } from "../../dist/index.js";
import { filesHolding } from "../pipeline/files-holding.mjs";
import { API_KEY, must, proven, pulling, SECRET_KEY } from "./commands.mjs";

const DAYS = ["2026-11-20", "2026-11-21"];
/** Nine pieces of each day: of the next two commits one is the twentieth, which writes a checkpoint. */
const PIECES = ["00-02", "03-05", "06-08", "09-11", "12-14", "15-17", "18-20", "21-22", "23-23"];
/** Of this one the archive is kept. */
const KEPT = "21-22";

/**
 * A command and the lake that it begins with; all lakes hold the same two days.
 * @typedef {object} Work
 * @property {string} name
 * @property {string | undefined} base the folder of the lake that it begins with; undefined if with none
 * @property {(lake: string) => string[]} args
 * @property {string} expected what `proven` says of the lake of an undisturbed run
 * @property {number} entries log entries of the lake of an undisturbed run
 * @property {readonly string[]} gone texts that must be nowhere in the lake afterwards
 * @property {readonly string[]} promoted properties that are promoted before it and after it
 */

/** Two days of a small shop. */
export const startShop = () =>
  startEmulator({
    ...{ days: 2, eventsPerDay: 300, users: 40, duplicateRate: 0.05 },
    ...{ end: /** @type {any} */ ("2026-11-21T23"), apiKey: API_KEY, secretKey: SECRET_KEY },
  });

/** A pull of all that the shop has. @param {string} url @param {string} lake */
export const pullingAll = (url, lake) =>
  pulling(url, lake, "--from", DAYS[0] ?? "", "--to", DAYS[1] ?? "", "--keep-archives");

/** A refresh of the first day. @param {string} url @param {string} lake */
export const refreshingSome = (url, lake) => pulling(url, lake, "--refresh", `${DAYS[0]}..${DAYS[0]}`);

/**
 * Pull, refresh, compaction, promotion and forget. The lakes are made in `folder`, and one of an undisturbed run of each.
 * @param {string} folder @param {string} url
 * @returns {Promise<Work[]>}
 */
export async function prepareWorks(folder, url) {
  const [held, compacted] = [join(folder, "held"), join(folder, "compacted")];
  for (const day of DAYS) {
    for (const piece of PIECES) {
      const [from, to] = piece.split("-").map((hour) => `${day}T${hour}`);
      const keeping = piece === KEPT ? ["--keep-archives"] : [];
      await must(pulling(url, held, "--from", from, "--to", to, ...keeping));
    }
  }
  await cp(held, compacted, { recursive: true });
  await must(["compact", "--lake", compacted, "--json"]);
  await must(["promote", "--lake", compacted, "--json", "price"]);
  const forget = await forgetWork(compacted, folder);
  const works = [
    { name: "pull", base: undefined, args: (lake) => pullingAll(url, lake) },
    {
      name: "pull --refresh",
      base: held,
      args: (lake) => pulling(url, lake, "--refresh", `${DAYS[0]}..${DAYS[1]}`, "--keep-archives"),
    },
    { name: "compact", base: held, args: (lake) => ["compact", "--lake", lake, "--json", "--debug"] },
    {
      ...{ name: "promote", base: compacted, promoted: ["price"] },
      args: (lake) => ["promote", "--lake", lake, "--json", "--debug", "category"],
    },
    { ...forget, promoted: ["price"] },
  ];
  return Promise.all(works.map((work) => undisturbed(work, folder)));
}

/**
 * Forgets the person with most events in the lake `base`, which first gets lines of hers in quarantine.
 * @param {string} base @param {string} folder
 */
export async function forgetWork(base, folder) {
  const { id, uuids } = await busiestPerson(base);
  await quarantineLinesOf(id, base, folder);
  return {
    ...{ name: "forget", base, gone: [id, ...uuids] },
    args: (/** @type {string} */ lake) => [
      "forget",
      "--user-id",
      id,
      "--yes",
      "--lake",
      lake,
      "--json",
      "--debug",
    ],
  };
}

/** The work with what it must come to. */
async function undisturbed(work, folder) {
  const lake = join(folder, `undisturbed-${work.name}`);
  if (work.base) await cp(work.base, lake, { recursive: true });
  const { gone = [], promoted = [] } = work;
  const before = gone.length > 0 ? await holding(lake, gone) : [];
  const places = ["archives", "quarantine", "app=", ...(promoted.length > 0 ? ["promoted/"] : [])];
  if (gone.length > 0 && !places.every((of) => before.join().includes(of))) {
    throw new Error(`The person stands in too few places: ${before}`);
  }
  await must(work.args(lake));
  const whole = { ...work, gone, promoted, entries: entriesOf(lake), expected: await proven(lake) };
  await expectGone(whole, lake);
  await expectPromoted(whole, lake);
  return whole;
}

/** How many entries the log of `lake` has; 0 without a lake. @param {string} lake */
export function entriesOf(lake) {
  try {
    return readdirSync(join(lake, "_delta_log")).filter((name) => /^\d{20}\.json$/.test(name)).length;
  } catch {
    return 0;
  }
}

/** Throws if a file of `lake` still holds what must be gone. @param {Work} work @param {string} lake */
export async function expectGone({ gone }, lake) {
  const left = gone.length > 0 ? await holding(lake, gone) : [];
  if (left.length > 0) throw new Error(`what was to be forgotten stands in ${left.join(", ")}`);
}

/** Throws if a promoted property has other values than the events have. @param {Work} work @param {string} lake */
export async function expectPromoted({ promoted }, lake) {
  for (const name of promoted) {
    const told = async (/** @type {string} */ from) =>
      must([
        "sql",
        "--lake",
        lake,
        "--json",
        `SELECT event_type, v, count(*) AS n FROM (${from}) GROUP BY ALL ORDER BY ALL`,
      ]);
    const found = await told(`SELECT event_type, ${name}::VARCHAR AS v FROM promoted`);
    const expected = await told(`SELECT event_type, event_properties->>'${name}' AS v FROM events`);
    if (rowsIn(found) !== rowsIn(expected))
      throw new Error(`${name} is promoted as ${found}, expected ${expected}`);
  }
}

const rowsIn = (/** @type {string} */ json) => JSON.stringify(JSON.parse(json).rows);

/** Throws if a run that ended, or died, has left something in staging. @param {string} lake */
export function expectTidy(lake) {
  const staging = join(lake, "_ampframe/staging");
  for (const run of readdirSync(staging)) {
    let owner = "";
    try {
      owner = readFileSync(join(staging, run, "owner.json"), "utf8");
    } catch {}
    // One whose owner is not written yet may stay for an hour.
    if (owner.endsWith("}")) throw new Error(`left in staging: ${run}`);
  }
}

async function holding(lake, texts) {
  const engine = await openEngine({ threads: 1 });
  try {
    return await filesHolding(engine, lake, texts);
  } finally {
    engine.close();
  }
}

/** Whoever has most events, on both days. */
async function busiestPerson(lake) {
  const query =
    "SELECT user_id AS id, list(uuid) AS uuids FROM events WHERE user_id IS NOT NULL GROUP BY ALL " +
    "HAVING count(DISTINCT server_upload_time::DATE) = 2 AND bool_or(hour(server_upload_time) IN (21, 22)) ORDER BY count(*) DESC, user_id LIMIT 1";
  const { rows } = JSON.parse(await must(["sql", "--lake", lake, "--json", query]));
  return rows[0];
}

/** Two files of lines that cannot be read, one of a line of the person and one of another's each. */
async function quarantineLinesOf(id, lake, folder) {
  for (const n of [1, 2]) {
    const file = join(folder, `torn-${n}.json`);
    writeFileSync(file, `{"user_id":"${id}",${n}\n{"user_id":"another",${n}\n`);
    await must(["load", "--lake", lake, "--json", file]);
  }
}
