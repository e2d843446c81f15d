import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { warm } from "./inputs.mjs";
import { measure } from "./measure.mjs";
import { benchFile, CACHE, CLI } from "./paths.mjs";
import { medianOf } from "./rounds.mjs";
import { SIDES, wholeLake } from "./sides.mjs";

/**
 * @typedef {{ readonly runs: readonly import("./measure.mjs").Cost[],
 *   readonly median: import("./measure.mjs").Cost }} Costs
 * @typedef {{ readonly load: Costs, readonly pull: Costs }} PullResult
 */

/**
 * Runs `load` of the archives and `pull` of the same archives over loopback in turn, `rounds` times. The emulator is
 * a process of its own that has its archives ready before the first pull. Rejects if either has other rows than
 * were written.
 *
 * @param {{ inputs: import("./inputs.mjs").Inputs, python: string, rounds: number,
 *   limits: import("./measure.mjs").Limits }} setting
 * @returns {Promise<PullResult>}
 */
export async function comparePull({ inputs, python, rounds, limits }) {
  const work = join(CACHE, "work");
  const place = { inputs, work, python };
  const emulator = await startEmulatorProcess(inputs.members);
  const keys = { AMPLITUDE_API_KEY: emulator.apiKey, AMPLITUDE_SECRET_KEY: emulator.secretKey };
  const pull = [
    ...[process.execPath, CLI, "pull", "--endpoint", emulator.url, "--lake", join(work, "lake")],
    ...["--from", inputs.from, "--to", inputs.to, "--json", "--quiet"],
  ];
  const load = /** @type {import("./sides.mjs").Side} */ (SIDES.find(({ id }) => id === "ampframe")).command(
    place,
  );
  /** @type {Record<"load" | "pull", import("./measure.mjs").Cost[]>} */
  const costs = { load: [], pull: [] };
  try {
    await warm(inputs);
    for (let round = 1; round <= rounds; round++) {
      for (const [name, command] of /** @type {const} */ ([
        ["load", load],
        ["pull", pull],
      ])) {
        process.stderr.write(`  ${inputs.size} ${round}/${rounds} ${name} … `);
        await rm(work, { recursive: true, force: true });
        await mkdir(work, { recursive: true });
        const outcome = await measure(command, { python, limits, env: { ...process.env, ...keys } });
        if (outcome.kind === "stopped") throw new Error(`${name}: ${outcome.reason}`);
        console.error(`${outcome.cost.seconds.toFixed(2)} s`);
        await wholeLake(outcome.stdout, place);
        costs[name].push(outcome.cost);
      }
    }
  } finally {
    emulator.end();
    await rm(work, { recursive: true, force: true });
  }
  return {
    load: { runs: costs.load, median: medianOf(costs.load) },
    pull: { runs: costs.pull, median: medianOf(costs.pull) },
  };
}

/**
 * @param {string} members
 * @returns {Promise<{ url: string, apiKey: string, secretKey: string, end: () => void }>}
 */
async function startEmulatorProcess(members) {
  const child = spawn(process.execPath, [benchFile("emulator-process.mjs"), members, CACHE], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { ...JSON.parse(line), end: () => child.stdin.end() };
  }
  throw new Error("The emulator did not start.");
}
