/**
 * What each analysis takes: `node bench/analyses.mjs LAKE [--runs N] [--only TEXT] [--last 150d]`, after `npm run build`. Each
 * is a fresh process that opens the lake; figures are the median of N runs (default 1), without Node's start. By default most
 * ask for the last thirty days.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { deleteCohort, openLake, saveCohort } from "../build/index.js";
import { COHORT, EVERYBODY, TASKS } from "./analysis-tasks.mjs";

/** In gigabytes, of each analysis. */
const MOST_MEMORY = 2;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    last: { type: "string" },
    task: { type: "string" },
  },
});
const [dir] = positionals;
if (dir === undefined) throw new TypeError("Name a lake: node bench/analyses.mjs LAKE");
if (values.task === undefined) await measureAll(dir, values.only, Number(values.runs));
else await measureOne(dir, values.task);

/** @param {string} lakeDir @param {string} name */
async function measureOne(lakeDir, name) {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const lake = await openLake(lakeDir);
  await TASKS[name]?.run(values.last === undefined ? lake : lake.frame({ last: values.last }));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  process.stdout.write(JSON.stringify({ seconds, cpu: (user + system) / 1e6, peak: peakBytes() }));
  await lake.close();
}

/** The most memory that this process had at once: since its own start on Linux, where `maxRSS` counts its parent's too. */
function peakBytes() {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

/** @param {string} lakeDir @param {string} only @param {number} runs */
async function measureAll(lakeDir, only, runs) {
  const names = Object.keys(TASKS).filter((name) => name.includes(only));
  const withCohort = names.some((name) => name.includes("static cohort"));
  const lake = await openLake(lakeDir);
  const rows = await lake.frame().count();
  if (withCohort) await saveCohort(lake, COHORT, EVERYBODY, { static: true });
  const [cpu] = cpus();
  const load = (loadavg()[0] ?? 0).toFixed(2);
  console.log(
    `${rows.toLocaleString("en")} events; ${cpu?.model.trim()}, ${availableParallelism()} cores, load ${load} at the start, Node ${process.versions.node}`,
  );
  console.log(`To repeat: npm run build && node bench/analyses.mjs LAKE --runs ${runs}\n`);
  console.log("| analysis | wall s | target | CPU s | peak GB | |\n|---|---:|---:|---:|---:|---|");
  try {
    for (const name of names) {
      const found = Array.from({ length: runs }, () => run(lakeDir, name)).sort(
        (a, b) => a.seconds - b.seconds,
      );
      const { seconds, cpu } = found[Math.floor(runs / 2)] ?? run(lakeDir, name);
      const peak = Math.max(...found.map((one) => one.peak)) / 1e9;
      const target = TASKS[name]?.seconds;
      const isMissed = peak > MOST_MEMORY || seconds > (target ?? Number.POSITIVE_INFINITY);
      console.log(
        `| ${name} | ${seconds.toFixed(2)} | ${target === undefined ? "" : `< ${target}`} | ${cpu.toFixed(1)} | ${peak.toFixed(2)} | ${isMissed ? "MISS" : ""} |`,
      );
    }
  } finally {
    if (withCohort) await deleteCohort(lake, COHORT);
    await lake.close();
  }
}

/** @param {string} lakeDir @param {string} name @returns {{ seconds: number, cpu: number, peak: number }} */
function run(lakeDir, name) {
  const range = values.last === undefined ? [] : ["--last", values.last];
  const child = [fileURLToPath(import.meta.url), lakeDir, "--task", name, ...range];
  const { stdout, status } = spawnSync(process.execPath, child, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status === 0) return JSON.parse(stdout);
  throw new Error(`${name} ended with status ${status}`);
}
