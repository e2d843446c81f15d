import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { expect } from "vitest";

const MAIN = join(import.meta.dirname, "../../dist/main.js");

/** What a command came to; `status` is null if it was killed. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command line, run in processes of its own in the folder `home`, with a cache there. */
export class CommandLine {
  /** `env` is added to what every command needs. */
  constructor(
    readonly home: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Runs a command; `onStart` may kill it. */
  run(args: readonly string[], onStart?: (child: ChildProcess) => void): Promise<Ran> {
    const env = {
      ...{ PATH: process.env.PATH ?? "", HOME: this.home, AMPFRAME_CACHE: join(this.home, "cache") },
      ...this.env,
    };
    const child = spawn(process.execPath, [MAIN, ...args], { env, cwd: this.home });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (piece: Buffer) => {
      stdout += piece;
    });
    child.stderr.on("data", (piece: Buffer) => {
      stderr += piece;
    });
    onStart?.(child);
    return new Promise((resolve, reject) => {
      child.on("error", reject).on("close", (status) => resolve({ status, stdout, stderr }));
    });
  }

  /** Runs a command that must succeed with `--json`; its one object. */
  async json(...args: string[]): Promise<Record<string, unknown>> {
    const ran = await this.run([...args, "--json"]);
    expect(ran, ran.stderr).toMatchObject({ status: 0 });
    return JSON.parse(ran.stdout);
  }

  /** The rows of a statement. */
  async rows(lake: string, sql: string): Promise<Record<string, unknown>[]> {
    const ran = await this.run(["sql", "--lake", lake, "--format", "json", sql]);
    expect(ran, ran.stderr).toMatchObject({ status: 0 });
    return JSON.parse(ran.stdout);
  }
}

/** A generator with the period 2^31 (Park and Miller), so that a run can be repeated. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
