import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { resolveShop } from "../build/emulator/shop/shop.js";
import { tellTruth } from "../build/emulator/shop/truth.js";
import { writeArchives } from "../build/emulator/write-archives.js";
import { FIELDS } from "../build/event.js";
import { hourAt } from "../build/hour.js";
import { benchFile, CACHE, ROOT } from "./paths.mjs";
import { runPlain } from "./run-plain.mjs";
import { END, SEED, SIZES } from "./sizes.mjs";

/**
 * A size's inputs on disk, and what is true of them.
 *
 * @typedef {object} Inputs
 * @property {string} size
 * @property {string} archives folder of zips, one a day
 * @property {string} members folder of the same zips' `.json.gz` members
 * @property {string} fields JSON file with the name and kind of every field
 * @property {string} from the first upload date
 * @property {string} to the last upload date
 * @property {number} lines events, each copy of one that was sent twice counted
 * @property {number} events distinct by uuid
 * @property {number} archiveCount
 * @property {number} memberCount
 * @property {number} archiveBytes
 * @property {number} ndjsonBytes
 */

/**
 * Makes the archives of a size with the emulator's generator and unpacks them, unless both are there from an
 * earlier run of the same generator and parameters.
 *
 * @param {string} size
 * @param {string} python
 * @returns {Promise<Inputs>}
 */
export async function prepareInputs(size, python) {
  const { days, eventsPerDay } = /** @type {import("./sizes.mjs").Size} */ (SIZES[size]);
  const options = { seed: SEED, days, eventsPerDay, end: hourAt(Date.parse(`${END}:00Z`)) };
  const key = createHash("sha256").update(JSON.stringify(options));
  for (const path of await filesOf(join(ROOT, "build", "emulator"))) key.update(await readFile(path));
  const name = `${size}-${key.digest("hex").slice(0, 12)}`;
  const dir = join(CACHE, "inputs", name);
  const manifest = join(dir, "inputs.json");
  const known = await readFile(manifest, "utf8").catch(() => undefined);
  if (known !== undefined) return { ...JSON.parse(known), ...placesIn(dir) };

  await mkdir(join(CACHE, "inputs"), { recursive: true });
  for (const other of await readdir(join(CACHE, "inputs"))) {
    if (other.startsWith(`${size}-`)) await rm(join(CACHE, "inputs", other), { recursive: true });
  }
  const part = `${dir}.part`;
  const written = await writeArchives({
    ...options,
    dir: join(part, "archives"),
    onProgress: (lines, hour) => {
      if (hour.endsWith("T23")) console.error(`  ${size}: ${lines.toLocaleString("en")} events written`);
    },
  });
  await runPlain(python, [benchFile("unpack.py"), join(part, "archives"), join(part, "members")]);
  const shop = resolveShop(options);
  const truth = tellTruth(shop);
  if (truth.lines !== written.lines) {
    throw new Error(`The generator wrote ${written.lines} lines, but its plan has ${truth.lines}.`);
  }
  await writeFile(join(part, "fields.json"), JSON.stringify(FIELDS));
  const facts = {
    size,
    from: shop.from.slice(0, 10),
    to: END.slice(0, 10),
    lines: truth.lines,
    events: truth.events,
    archiveCount: written.files.length,
    memberCount: written.members,
    archiveBytes: written.bytes,
    ndjsonBytes: written.ndjsonBytes,
  };
  await writeFile(join(part, "inputs.json"), JSON.stringify(facts, null, 2));
  await rename(part, dir);
  return { ...facts, ...placesIn(dir) };
}

/**
 * Reads all inputs once, so that the first side finds them in memory as every later one does.
 *
 * @param {Inputs} inputs
 */
export async function warm({ archives, members }) {
  for (const path of [...(await filesOf(archives)), ...(await filesOf(members))]) {
    for await (const _ of createReadStream(path, { highWaterMark: 2 ** 20 }));
  }
}

/** @param {string} dir */
function placesIn(dir) {
  return { archives: join(dir, "archives"), members: join(dir, "members"), fields: join(dir, "fields.json") };
}

/** @param {string} dir */
async function filesOf(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}
