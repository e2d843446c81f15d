import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { benchFile, CACHE } from "./paths.mjs";
import { runPlain } from "./run-plain.mjs";

/** pandas 3 asks for it. */
const LEAST = { major: 3, minor: 11 };

/**
 * Makes the virtual environment with what ampframe is compared to, unless it is there, and gives its interpreter.
 * The interpreter that it is made with is `python3`, or what the variable PYTHON names.
 */
export async function preparePython() {
  if (process.platform === "win32") {
    throw new Error("The benchmark measures by wait4, which Windows has not: run it on Linux, WSL or macOS.");
  }
  const venv = join(CACHE, "venv");
  const python = join(venv, "bin", "python");
  const mark = join(venv, "installed.txt");
  const wanted = await readFile(benchFile("requirements.txt"), "utf8");
  if (existsSync(mark) && (await readFile(mark, "utf8")) === wanted) return python;

  const maker = process.env.PYTHON ?? "python3";
  const said = await runPlain(maker, ["-c", "import sys; print(*sys.version_info[:2])"]).catch(() => "none");
  const [major = 0, minor = 0] = said.trim().split(" ").map(Number);
  if (major < LEAST.major || (major === LEAST.major && minor < LEAST.minor)) {
    throw new Error(
      `The benchmark needs Python ${LEAST.major}.${LEAST.minor} or newer, with venv; ${maker} is ${said.trim()}. ` +
        "Set PYTHON to one.",
    );
  }
  console.error("Making a virtual environment with pandas, polars and DuckDB …");
  await mkdir(CACHE, { recursive: true });
  await runPlain(maker, ["-m", "venv", "--clear", venv]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  await runPlain(python, [...pip, "-r", benchFile("requirements.txt")]);
  await writeFile(mark, wanted);
  return python;
}
