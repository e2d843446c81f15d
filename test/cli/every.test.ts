import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/index.js";
import { ampframe, emptyFolder, type Ran } from "./run.js";

const MAIN = join(import.meta.dirname, "../../dist/main.js");
let emulator: Emulator;
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await emulator.close();
});

async function setUp() {
  emulator = await startEmulator({ eventsPerDay: 200, days: 2 });
  const env = { AMPLITUDE_API_KEY: emulator.apiKey, AMPLITUDE_SECRET_KEY: emulator.secretKey };
  const lake = join(emptyFolder(), "lake");
  const args = ["pull", "--endpoint", emulator.url, "--lake", lake, "--last", "12h", "--min-free", "0"];
  const pull = (more: readonly string[]): Promise<Ran> => ampframe([...args, ...more], { env });
  /** Starts one that repeats; resolves with what it has printed once its first round is over. */
  const start = async (more: readonly string[] = []) => {
    const child = spawn(process.execPath, [MAIN, ...args, "--every", "1h", ...more], {
      env: { PATH: process.env.PATH, ...env },
    });
    children.push(child);
    const printed = { stdout: "", stderr: "" };
    const over = new Promise<number | null>((resolve) => child.on("close", (status) => resolve(status)));
    await new Promise<void>((resolve) => {
      for (const name of ["stdout", "stderr"] as const) {
        child[name].setEncoding("utf8").on("data", (text: string) => {
          printed[name] += text;
          if (printed[name].includes("\n")) resolve();
        });
      }
    });
    return { child, printed, over };
  };
  const sync = () => JSON.parse(readFileSync(join(lake, "_ampframe/sync.json"), "utf8"));
  return { lake, pull, start, sync };
}

test("a line a round; SIGTERM ends it cleanly between rounds; a second one is told who is at it", async () => {
  const { lake, pull, start, sync } = await setUp();
  const { child, printed, over } = await start();
  expect(printed.stderr).toMatch(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}12 hours, \d+ events, \d+ duplicates?, [\d.]+ s {2}next \d{4}-\d\d-\d\dT\d\d:\d\dZ\n$/,
  );
  const second = await pull(["--every", "1h"]);
  expect(second).toMatchObject({ status: 1, stdout: "" });
  expect(second.stderr).toMatch(new RegExp(`is in use by process ${child.pid} on .* since \\d{4}-`));
  expect((await pull([])).status).toBe(0);
  const running = await ampframe(["status", "--lake", lake]);
  expect(running.stdout).toMatch(new RegExp(`sync {2}every 1h by process ${child.pid} on .*, next round `));
  child.kill("SIGTERM");
  expect(await over).toBe(0);
  expect(sync()).toMatchObject({ state: "ended", rounds: 1, nextRound: null });
  const ended = await ampframe(["status", "--lake", lake]);
  expect(ended.stdout).toMatch(/sync {2}every 1h by process \d+ on .* ended at /);
});

test("one that was killed is seen by status and succeeded; --json prints one object a round", async () => {
  const { lake, start, sync } = await setUp();
  const first = await start(["--json"]);
  const { stdout, stderr } = first.printed;
  expect(stderr).toBe("");
  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  expect(JSON.parse(stdout)).toMatchObject({
    round: 1,
    ok: true,
    failures: 0,
    error: null,
    report: { hours: 12 },
  });
  first.child.kill("SIGKILL");
  await first.over;
  const killed = await ampframe(["status", "--lake", lake]);
  expect(killed.stdout).toMatch(/sync {2}stopped: every 1h by process \d+ .* is gone without ending/);
  const status = JSON.parse((await ampframe(["status", "--lake", lake, "--json"])).stdout);
  expect(status).toMatchObject({ sync: { process: "dead", rounds: 1 }, disk: { data: status.bytes } });
  const next = await start();
  expect(sync()).toMatchObject({ pid: next.child.pid, state: "waiting", lastError: null });
  next.child.kill("SIGINT");
  expect(await next.over).toBe(0);
});

test("--every does not go with --dry-run, --to or --refresh, and an interval must be one", async () => {
  const { pull } = await setUp();
  for (const [more, words] of [
    [["--dry-run"], /--dry-run was given together with --every/],
    [["--refresh", "2026-11-01..2026-11-02"], /--refresh/],
  ] as const) {
    const ran = await pull(["--every", "1h", ...more]);
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toMatch(words);
  }
  expect((await pull(["--every", "soon"])).stderr).toMatch(/"soon" is no interval/);
});
