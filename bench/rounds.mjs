import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { warm } from "./inputs.mjs";
import { measure } from "./measure.mjs";
import { CACHE } from "./paths.mjs";
import { middleOf } from "./statistics.mjs";

/**
 * What a side took in all its runs, the median of each figure; or why there is none.
 *
 * @typedef {{ readonly kind: "done", readonly runs: readonly import("./measure.mjs").Cost[],
 *     readonly median: import("./measure.mjs").Cost, readonly told: import("./sides.mjs").Told }
 *   | { readonly kind: "stopped", readonly reason: string }} SideResult
 *
 * @typedef {ReadonlyMap<string, SideResult>} SizeResult by the side's id
 */

/**
 * Runs the sides in turn, `runs` times, each as a fresh process in an empty folder. Rejects if a side fails or has
 * other rows than were written. A side that was ended for what it took is not run again.
 *
 * @param {readonly import("./sides.mjs").Side[]} sides
 * @param {{ inputs: import("./inputs.mjs").Inputs, python: string, runs: number,
 *   limits: import("./measure.mjs").Limits }} setting
 * @returns {Promise<SizeResult>}
 */
export async function runRounds(sides, { inputs, python, runs, limits }) {
  const work = join(CACHE, "work");
  /** @type {Map<string, SideResult>} */
  const results = new Map();
  await warm(inputs);
  for (let round = 1; round <= runs; round++) {
    for (const side of sides) {
      const before = results.get(side.id);
      if (before?.kind === "stopped") continue;
      process.stderr.write(`  ${inputs.size} ${round}/${runs} ${side.name} … `);
      await rm(work, { recursive: true, force: true });
      await mkdir(work, { recursive: true });
      const place = { inputs, work, python };
      try {
        const outcome = await measure(side.command(place), { python, limits });
        if (outcome.kind === "stopped") {
          console.error(outcome.reason);
          results.set(side.id, outcome);
          continue;
        }
        console.error(`${outcome.cost.seconds.toFixed(2)} s`);
        const told = await side.told(outcome.stdout, place);
        const costs = [...(before?.runs ?? []), outcome.cost];
        results.set(side.id, { kind: "done", runs: costs, median: medianOf(costs), told });
      } catch (cause) {
        throw new Error(`${side.name}, ${inputs.size}: ${cause instanceof Error ? cause.message : cause}`, {
          cause,
        });
      }
    }
  }
  await rm(work, { recursive: true, force: true });
  sameValues(results);
  return results;
}

/**
 * Throws unless all sides that counted their values have counted the same.
 *
 * @param {SizeResult} results
 */
function sameValues(results) {
  const counted = [...results].flatMap(([id, result]) =>
    result.kind === "done" && result.told.values !== undefined ? [{ id, values: result.told.values }] : [],
  );
  if (new Set(counted.map(({ values }) => values)).size < 2) return;
  throw new Error(`Not the same values: ${counted.map(({ id, values }) => `${id} ${values}`).join(", ")}.`);
}

/**
 * @param {readonly import("./measure.mjs").Cost[]} runs
 * @returns {import("./measure.mjs").Cost}
 */
export function medianOf(runs) {
  return {
    seconds: middleOf(runs.map(({ seconds }) => seconds)),
    cpuSeconds: middleOf(runs.map(({ cpuSeconds }) => cpuSeconds)),
    peakBytes: middleOf(runs.map(({ peakBytes }) => peakBytes)),
  };
}
