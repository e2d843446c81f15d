import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { measure } from "./measure.mjs";
import { CLI, ROOT } from "./paths.mjs";
import { middleOf } from "./statistics.mjs";

const STARTS = 11;

/**
 * The median wall time of `ampframe --help`, in seconds.
 *
 * @param {{ python: string, limits: import("./measure.mjs").Limits }} setting
 */
export async function helpSeconds(setting) {
  const seconds = [];
  for (let start = 0; start < STARTS; start++) {
    const outcome = await measure([process.execPath, CLI, "--help"], setting);
    if (outcome.kind === "stopped") throw new Error(`--help: ${outcome.reason}`);
    if (!outcome.stdout.includes("load")) throw new Error("--help did not print the commands.");
    seconds.push(outcome.cost.seconds);
  }
  return middleOf(seconds);
}

/** Bytes of the packages that the lockfile names for production, as far as they are installed here. */
export function productionBytes() {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  let bytes = 0;
  for (const [path, { dev, devOptional, peer }] of Object.entries(lock.packages)) {
    if (path === "" || dev || devOptional || peer) continue;
    bytes += bytesIn(join(ROOT, path));
  }
  return bytes;
}

/**
 * Bytes of all files in a folder, nested packages left out: they have a line of their own. 0 if it is not there.
 *
 * @param {string} dir
 * @returns {number}
 */
function bytesIn(dir) {
  if (!statSync(dir, { throwIfNoEntry: false })) return 0;
  let bytes = 0;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory() && entry.name !== "node_modules") bytes += bytesIn(path);
    else if (entry.isFile()) bytes += statSync(path).size;
  }
  return bytes;
}
