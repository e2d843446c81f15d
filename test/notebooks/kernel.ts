import { type ExecFileException, execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What executes the notebooks: exact versions, so that a difference is ours. */
const DENO = "deno@2.9.6";
const PYTHON_PACKAGES = ["jupyter_client==8.10.0", "nbformat==5.11.1"];

const root = fileURLToPath(new URL("../..", import.meta.url));
const cache = join(root, ".cache", "notebooks");
const home = join(cache, "home");
const venv = join(cache, "venv");
const python = join(venv, "bin", "python");
const deno = join(cache, "deno", "node_modules", ".bin", "deno");

/** The kernel's list and Deno's cache lie in `.cache`, so that nothing of the user's changes. */
const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(JUPYTER|XDG|DENO|AMP)/.test(name)),
  ),
  HOME: home,
  DENO_DIR: join(cache, "deno-dir"),
  DENO_NO_UPDATE_CHECK: "1",
  NO_COLOR: "1",
};

/** Installs Deno with its kernel, and what talks to it, in `.cache/notebooks`, unless they are there already. */
export async function prepareKernel(): Promise<void> {
  const versions = [DENO, ...PYTHON_PACKAGES].join("+").replace(/[^\w.+]/g, "-");
  const mark = join(cache, `${versions}.ready`);
  if (existsSync(mark)) return;
  await rm(cache, { recursive: true, force: true });
  await mkdir(join(cache, "deno"), { recursive: true });
  await mkdir(home);
  await writeFile(join(cache, "deno", "package.json"), '{ "private": true }\n');
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  await needed(
    "Deno",
    run("npm", ["install", "--no-audit", "--no-fund", DENO], { cwd: join(cache, "deno") }),
  );
  await needed("a virtual environment of Python", run("python3", ["-m", "venv", venv]));
  await needed(PYTHON_PACKAGES.join(" and "), run(python, [...pip, ...PYTHON_PACKAGES]));
  await needed("Deno's Jupyter kernel", run(deno, ["jupyter", "--install"], { env }));
  await writeFile(mark, "");
}

/** Packs this package and installs it with `packages` into `folder`, as a project of somebody's has it. */
export async function installInto(folder: string, packages: readonly string[]): Promise<void> {
  await writeFile(join(folder, "package.json"), '{ "name": "someone", "type": "module", "private": true }\n');
  const packed = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: root });
  const [{ filename }] = JSON.parse(packed.stdout);
  const install = ["install", "--no-audit", "--no-fund", join(folder, filename), ...packages];
  await needed(["ampframe", ...packages].join(", "), run("npm", install, { cwd: folder }));
}

/** Runs Deno in `folder` and gives what it prints. */
export async function runDeno(folder: string, ...args: string[]): Promise<string> {
  return (await run(deno, args, { cwd: folder, env })).stdout;
}

/** Executes the notebook `file` with the kernel running in `folder`, and gives it with its outputs. */
export async function executeNotebook(file: string, folder: string): Promise<Notebook> {
  const script = fileURLToPath(new URL("./execute.py", import.meta.url));
  const { stdout } = await run(python, [script, file, folder], { env, maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}

/** A notebook's file, as far as the check looks at it. */
export interface Notebook {
  readonly cells: readonly Cell[];
}

/** A cell; outputs are those of code cells. */
export interface Cell {
  readonly cell_type: string;
  readonly source: readonly string[] | string;
  readonly outputs?: readonly Output[];
}

/** What running a cell gave. */
export interface Output {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, readonly string[] | string>>;
  /** Of a stream: `stdout` or `stderr`. */
  readonly name?: string;
}

async function needed(what: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const said = (error as ExecFileException).stderr?.trim() || String(error);
    throw new Error(`The check of the notebooks needs ${what}, which could not be installed:\n${said}`, {
      cause: error,
    });
  }
}
