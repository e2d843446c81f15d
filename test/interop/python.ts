import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What reads the lake: exact versions, so that a failure is ours. */
const PACKAGES = [
  ...[
    "deltalake==1.6.6",
    "pyarrow==26.0.1",
    "pandas==3.1.1",
    "polars==2.1.0",
    "duckdb==2.0.1",
    "chdb==4.4.0",
  ],
];

const root = fileURLToPath(new URL("../..", import.meta.url));
const venv = join(root, ".cache", "interop-venv");
const python = join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** Makes the virtual environment with delta-rs in `.cache/interop-venv`, unless it is there already. */
export async function prepareDeltaRs(): Promise<void> {
  const mark = join(venv, `${PACKAGES.join("+").replaceAll("=", "-")}.ready`);
  if (existsSync(mark)) return;
  await mkdir(join(root, ".cache"), { recursive: true });
  await run(process.platform === "win32" ? "python" : "python3", ["-m", "venv", "--clear", venv]);
  await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PACKAGES]);
  await writeFile(mark, "");
}

/** Runs one command of delta_rs.py on the lake at `dir` and returns its JSON. */
export async function deltaRs<T>(command: string, dir: string, ...more: string[]): Promise<T> {
  const script = fileURLToPath(new URL("./delta_rs.py", import.meta.url));
  const { stdout } = await run(python, [script, command, dir, ...more], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}

/** Ends a program at once: Arrow's threads may outlast its interpreter, which then aborts. */
const LEAVE = "\nimport os, sys\nsys.stdout.flush()\nos._exit(0)\n";

/** Runs a Python program in the folder `cwd` and returns what it prints. */
export async function runPython(program: string, cwd: string): Promise<string> {
  const { stdout } = await run(python, ["-c", `${program}${LEAVE}`], { cwd });
  return stdout;
}

/** Runs a program of the standard library alone, with whatever Python 3 is there, and returns what it prints. */
export async function runScript(script: string, args: readonly string[]): Promise<string> {
  const name = process.platform === "win32" ? "python" : "python3";
  const { stdout } = await run(name, [script, ...args], { maxBuffer: 1 << 26 });
  return stdout;
}
