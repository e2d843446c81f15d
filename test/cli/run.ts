import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterThisTest } from "../undo.js";

const MAIN = join(import.meta.dirname, "../../dist/main.js");

/** What a run of the built command line left behind. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run it. */
export interface RunOptions {
  /** Added to a bare environment, in which neither keys nor colours are set, and whose home folder is empty. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: an empty folder of this test. */
  readonly cwd?: string;
  /** Written to stdin, which is then closed. */
  readonly input?: string;
  /** The user that runs it; default this one. */
  readonly uid?: number | undefined;
  /** Called with the process as soon as it runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** A new empty folder, removed after the test unless it is to be kept. */
export function emptyFolder(keep?: "keep"): string {
  const folder = mkdtempSync(join(tmpdir(), "ampframe-cli-"));
  if (!keep) afterThisTest(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `ampframe ...args` as a process of its own. */
export async function ampframe(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  if (!existsSync(MAIN))
    throw new Error("dist/ is missing: run `npm run build` before the tests of the CLI.");
  const { PATH = "", TZ } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd ?? emptyFolder(),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    env: { PATH, HOME: emptyFolder(), ...(TZ === undefined ? {} : { TZ }), ...options.env },
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    texts.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    texts.stderr += text;
  });
  child.stdin.end(options.input ?? "");
  options.onStart?.(child);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { status, ...texts };
}
