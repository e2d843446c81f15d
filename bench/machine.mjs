import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { benchFile, ROOT } from "./paths.mjs";
import { runPlain } from "./run-plain.mjs";

/**
 * What the figures depend on besides the code.
 *
 * @param {string} python
 */
export async function describeMachine(python) {
  const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const duckdb = join(ROOT, "node_modules", "@duckdb", "node-api", "package.json");
  const requirements = await readFile(benchFile("requirements.txt"), "utf8");
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: memoryBytes(),
    system: `${type()} ${release()}`,
    loadAverage: loadavg()[0] ?? 0,
    ampframe: version,
    commit: await runPlain("git", ["-C", ROOT, "rev-parse", "--short", "HEAD"]).then(
      (commit) => commit.trim(),
      () => null,
    ),
    node: process.versions.node,
    duckdbInNode: JSON.parse(await readFile(duckdb, "utf8")).version,
    python: (await runPlain(python, ["-c", "import platform; print(platform.python_version())"])).trim(),
    packages: requirements.split("\n").filter((line) => line.includes("==")),
  };
}

/** Memory that this process may have: the machine's, or less where a container says so. */
export function memoryBytes() {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();
}

/**
 * @param {Awaited<ReturnType<typeof describeMachine>>} machine
 * @param {string} command by which this run can be repeated
 */
export function machineText(machine, command) {
  const { cpu, cores, memoryBytes: bytes, system, loadAverage, ampframe, commit } = machine;
  return [
    "### How to repeat",
    "",
    `    ${command}`,
    "",
    `- ${cpu}, ${cores} ${cores === 1 ? "core" : "cores"}, ${(bytes / 1e9).toFixed(1)} GB; ${system}; load average at the start ${loadAverage.toFixed(2)}`,
    `- ampframe ${ampframe}${commit ? ` (${commit})` : ""}, Node ${machine.node}, its DuckDB ${machine.duckdbInNode}`,
    `- Python ${machine.python}; ${machine.packages.join(", ")}`,
  ].join("\n");
}
