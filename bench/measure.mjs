import { spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { benchFile, CACHE } from "./paths.mjs";

/**
 * What a run may take before it is ended.
 *
 * @typedef {{ readonly seconds: number, readonly bytes: number }} Limits
 *
 * What a run took: wall time, CPU time of user and system, and peak resident memory of the process.
 * @typedef {{ readonly seconds: number, readonly cpuSeconds: number, readonly peakBytes: number }} Cost
 *
 * @typedef {{ readonly kind: "done", readonly cost: Cost, readonly stdout: string }
 *   | { readonly kind: "stopped", readonly reason: string }} Outcome
 */

/**
 * Runs a command as a fresh process and measures it. Rejects if it fails by itself.
 *
 * @param {readonly string[]} command
 * @param {{ python: string, limits: Limits, env?: NodeJS.ProcessEnv }} setting
 * @returns {Promise<Outcome>}
 */
export async function measure(command, { python, limits, env = process.env }) {
  const result = join(CACHE, `measured-${process.pid}.json`);
  await rm(result, { force: true });
  const measured = [benchFile("measure.py"), result, String(limits.seconds), String(limits.bytes)];
  const child = spawn(python, [...measured, ...command], {
    env: { ...env, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, status] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise((resolve, reject) => child.once("error", reject).once("close", resolve)),
  ]);
  if (status !== 0) throw new Error(`Measuring failed: ${stderr.slice(-2000)}`);
  const { exit, stopped, ...cost } = JSON.parse(await readFile(result, "utf8"));
  await rm(result);
  if (stopped === "time") return { kind: "stopped", reason: `not finished in ${limits.seconds} s` };
  if (stopped === "memory")
    return { kind: "stopped", reason: `did not fit in ${gigabytes(limits.bytes)} GB` };
  if (exit === -constants.signals.SIGKILL)
    return { kind: "stopped", reason: "did not fit: the system ended it" };
  if (exit !== 0) throw new Error(`Exit status ${exit}: ${stderr.slice(-2000)}`);
  return { kind: "done", cost, stdout };
}

/** @param {number} bytes */
function gigabytes(bytes) {
  return (bytes / 1e9).toFixed(1);
}

/** @param {import("node:stream").Readable} stream */
async function textOf(stream) {
  let text = "";
  for await (const piece of stream.setEncoding("utf8")) text += piece;
  return text;
}
