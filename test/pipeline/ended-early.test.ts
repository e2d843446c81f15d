import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/start-emulator.js";
import type { Hour } from "../../src/hour.js";
import type { Progress } from "../../src/pipeline/report.js";
import { compiledPackage } from "./compiled.js";
import {
  asked,
  bring,
  Clock,
  emulated,
  expectWhole,
  keysOf,
  lakeUuids,
  newPlace,
  served,
  uuidsOf,
} from "./scene.js";

// The real time, for a process of its own knows no other; seven days of which the last has long settled.
const clock = new Clock(new Date().toISOString());
const daysAgo = (days: number) => new Date(clock.now - days * 86_400_000).toISOString().slice(0, 10);
const range = { from: daysAgo(8), to: daysAgo(2) };
const week = (more = {}) =>
  emulated(clock, { days: 7, end: `${range.to}T23` as Hour, eventsPerDay: 100, users: 20, ...more });
const truth = async (emulator: Emulator) => {
  const [from, to] = [range.from, range.to].map((day) => day.replaceAll("-", ""));
  return uuidsOf(await served(emulator, `${from}T00`, `${to}T23`));
};

test.each<[string, (progress: Progress) => boolean, number]>([
  ["before anything", ({ kind }) => kind === "planned", 0],
  ["at the first request", ({ kind }) => kind === "requested", 0],
  ["when a body has come", ({ kind }) => kind === "received", 0],
  ["after the first archive is decoded", ({ kind }) => kind === "decoded", 0],
  ["after the first commit", ({ kind }) => kind === "committed", 1],
])("a pull that is cancelled %s leaves a whole lake, and the next goes on", async (_, when, least) => {
  const emulator = await week();
  const lake = await newPlace();
  const cancelling = new AbortController();
  const onProgress = (progress: Progress) => {
    if (when(progress)) cancelling.abort(new Error("enough"));
  };
  const failed = bring(emulator, clock, lake, { ...range, signal: cancelling.signal, onProgress });
  await expect(failed).rejects.toMatchObject({
    ...{ name: "CancelledError", exitStatus: 1, wayOut: expect.stringMatching(/go(es)? on/) },
  });
  const { sources } = await expectWhole(lake, clock);
  const held = sources[0]?.hours.filter(({ state }) => state === "held" || state === "empty").length ?? 0;
  expect(held % 24).toBe(0);
  expect(held / 24).toBeGreaterThanOrEqual(least);
  expect(held / 24).toBeLessThan(7);
  expect(await readdir(join(lake, "_ampframe/staging"))).toEqual([]);
  const { requests } = await bring(emulator, clock, lake, range);
  expect(requests).toHaveLength(7 - held / 24);
  expect(await lakeUuids(lake)).toEqual(await truth(emulator));
  await expectWhole(lake, clock);
});

test("a signal that is aborted already asks for nothing", async () => {
  const emulator = await week();
  const lake = await newPlace();
  const failed = bring(emulator, clock, lake, { ...range, signal: AbortSignal.abort() });
  await expect(failed).rejects.toMatchObject({ name: "CancelledError" });
  expect(emulator.requests).toEqual([]);
});

test("a wait for the server is ended by the signal", async () => {
  const emulator = await week({ faults: [{ fault: { kind: "status", status: 429, retryAfter: "600" } }] });
  const lake = await newPlace();
  const cancelling = new AbortController();
  const sleep = (_ms: number, signal: AbortSignal | undefined) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
      setTimeout(() => cancelling.abort(), 20);
    });
  const failed = bring(emulator, clock, lake, { ...range, signal: cancelling.signal }, { sleep });
  await expect(failed).rejects.toMatchObject({ name: "CancelledError" });
  await expectWhole(lake, clock);
});

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
});

/** A kind of progress, and how often it has been told. */
type Moment = readonly [Progress["kind"], number];

/** Runs a pull in a process of its own that kills itself at a moment, before it does anything more; gives how it ended. */
async function killedPull(dist: string, emulator: Emulator, lake: string, moment: Moment) {
  const options = JSON.stringify({ lake, ...keysOf(emulator), ...range });
  const script = join(import.meta.dirname, "pulling-process.mjs");
  const child = spawn(process.execPath, [script, dist, options, ...moment.map(String)], {
    stdio: "ignore",
  });
  children.push(child);
  const [, signal] = await once(child, "exit");
  return signal;
}

/** One moment before the first commit and one after several; `AMPFRAME_SWEEP=full` kills at two more. */
const MOMENTS: readonly Moment[] = [
  ["decoded", 1],
  ["committed", 4],
  ...(process.env.AMPFRAME_SWEEP === "full"
    ? ([
        ["received", 1],
        ["committed", 1],
      ] as const)
    : []),
];

test("after kill -9 at any stage the next pull completes, asks for no held hour, and clears what was left", async () => {
  const dist = await compiledPackage();
  const emulator = await week();
  const expected = await truth(emulator);
  for (const moment of MOMENTS) {
    const lake = await newPlace();
    expect(await killedPull(dist, emulator, lake, moment)).toBe("SIGKILL");
    expect((await readdir(join(lake, "_ampframe/staging"))).length).toBe(1);
    const { sources } = await expectWhole(lake, clock);
    const held = sources[0]?.hours.filter(({ state }) => state === "held" || state === "empty").length ?? 0;
    const before = emulator.requests.length;
    await bring(emulator, clock, lake, range);
    expect(asked(emulator, before)).toHaveLength(7 - held / 24);
    expect(await lakeUuids(lake)).toEqual(expected);
    await expectWhole(lake, clock);
    expect(await readdir(join(lake, "_ampframe/staging"))).toEqual([]);
  }
});
