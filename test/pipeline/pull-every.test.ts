import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseFault } from "../../src/emulator/parse-fault.js";
import type { SyncState } from "../../src/lake/sync-file.js";
import type { PullEffects } from "../../src/pipeline/pull.js";
import { type PullEveryOptions, type PullRound, pullEvery } from "../../src/pipeline/pull-every.js";
import { nextRound, parseInterval } from "../../src/pipeline/sync-times.js";
import {
  type Clock,
  effects,
  emulated,
  expectWhole,
  keysOf,
  lakeUuids,
  newPlace,
  noon,
  served,
  uuidsOf,
} from "./scene.js";

const MINUTE = 60_000;

/** The test's clock, which goes on by what is slept; sleeps of a minute and more are between rounds. */
function passing(clock: Clock, waits: number[] = []): PullEffects {
  return {
    ...effects(clock),
    sleep: async (ms, signal) => {
      if (ms >= MINUTE) waits.push(ms);
      clock.now += ms;
      signal?.throwIfAborted();
    },
  };
}

const stateOf = (lake: string): SyncState =>
  JSON.parse(readFileSync(join(lake, "_ampframe/sync.json"), "utf8"));

interface Repeating extends Partial<PullEveryOptions> {
  readonly rounds: number;
  readonly emulator: Awaited<ReturnType<typeof emulated>>;
  readonly clock: Clock;
  readonly lake: string;
  readonly waits?: number[];
  readonly after?: (round: PullRound, state: SyncState) => unknown;
}

/** Repeats for some rounds; gives them, and what sync.json said after each. */
async function repeated({ rounds, emulator, clock, lake, waits, after, ...options }: Repeating) {
  const stop = new AbortController();
  const all: { round: PullRound; state: SyncState }[] = [];
  const repeating = pullEvery(
    {
      ...{ lake, ...keysOf(emulator), every: "1h", ...options, signal: stop.signal },
      onRound(round) {
        const state = stateOf(lake);
        all.push({ round, state });
        after?.(round, state);
        if (all.length === rounds) stop.abort();
      },
    },
    passing(clock, waits),
  );
  await repeating;
  return all;
}

test("each round brings the hours that have become final, and sync.json says how things stand", async () => {
  const clock = noon();
  const emulator = await emulated(clock, { days: 2, end: "2026-11-24T00" as never });
  const lake = await newPlace();
  const waits: number[] = [];
  const all = await repeated({ rounds: 3, emulator, clock, lake, waits, last: "24h" });
  expect(all.map(({ round }) => round)).toMatchObject([
    { round: 1, at: "2026-11-23T12:30:00.000Z", ok: true, failures: 0, error: null, report: { hours: 24 } },
    { round: 2, at: "2026-11-23T13:30:00.000Z", report: { hours: 1, requests: 1 } },
    { round: 3, at: "2026-11-23T14:30:00.000Z", next: "2026-11-23T15:30:00.000Z", report: { hours: 1 } },
  ]);
  expect(waits).toEqual([3_600_000, 3_600_000]);
  expect(all[1]?.state).toMatchObject({
    ...{ formatVersion: 1, pid: process.pid, every: "1h", state: "waiting", rounds: 2, failures: 0 },
    ...{ since: "2026-11-23T12:30:00.000Z", updated: "2026-11-23T13:30:00.000Z", lastError: null },
    ...{ lastSuccess: "2026-11-23T13:30:00.000Z", nextRound: "2026-11-23T14:30:00.000Z" },
    lastRound: { ok: true, hours: 1 },
    oldestMissing: null,
    oldestSettling: { hour: "2026-11-23T11", settledAt: "2026-11-23T14:00:00.000Z" },
  });
  expect(stateOf(lake)).toMatchObject({ state: "ended", nextRound: null, rounds: 3 });
  expect(await lakeUuids(lake)).toEqual(uuidsOf(await served(emulator, "20261122T10", "20261123T11")));
  await expectWhole(lake, clock);
});

test("failures are told, wait longer each time, and never end it; the first hour of an open range is not forgotten", async () => {
  const clock = noon();
  const emulator = await emulated(clock, { faults: [parseFault("503:times=63")] });
  const lake = await newPlace();
  const all = await repeated({ rounds: 3, emulator, clock, lake, concurrency: 1 });
  expect(all.map(({ round }) => round)).toMatchObject([
    { ok: false, failures: 1, error: null, report: { hours: 0, refused: { length: 8 } } },
    { ok: false, failures: 0, report: { hours: 154, refused: { length: 1 } } },
    { ok: true, failures: 0, report: { hours: 15, range: { from: "2026-11-16T10" }, refused: [] } },
  ]);
  const [first, second] = all;
  expect(Date.parse(first!.round.next) - Date.parse(first!.state.updated)).toBe(MINUTE);
  expect(Date.parse(second!.round.next) - Date.parse(second!.round.at)).toBe(60 * MINUTE);
  expect(first?.state).toMatchObject({
    ...{ failures: 1, lastSuccess: null, oldestMissing: null },
    lastError: { message: expect.stringContaining("503"), wayOut: expect.stringMatching(/\w/) },
  });
  expect(await lakeUuids(lake)).toEqual(uuidsOf(await served(emulator, "20261116T10", "20261122T23")));
});

test("refused keys are reported and tried again after half an hour and more", async () => {
  const clock = noon();
  const emulator = await emulated(clock, { faults: [parseFault("403:times=3")] });
  const lake = await newPlace();
  const waits: number[] = [];
  const all = await repeated({ rounds: 3, emulator, clock, lake, waits, last: "1h", concurrency: 1 });
  expect(all.map(({ round }) => round)).toMatchObject([
    { ok: false, report: null, error: { message: expect.stringContaining("403") }, failures: 1 },
    { failures: 2 },
    { failures: 3 },
  ]);
  expect(waits).toEqual([30 * MINUTE, 60 * MINUTE]);
});

test("a lake that breaks between two rounds is told of, and the rounds go on once it is whole", async () => {
  const clock = noon();
  const emulator = await emulated(clock);
  const lake = await newPlace();
  const entry = join(lake, "_delta_log/00000000000000000001.json");
  let whole = "";
  const all = await repeated({
    ...{ rounds: 3, emulator, clock, lake, last: "1d" },
    async after({ round }) {
      if (round === 1) whole = readFileSync(entry, "utf8");
      if (round === 1) await writeFile(entry, "{ broken");
      if (round === 2) await writeFile(entry, whole);
    },
  });
  expect(all.map(({ round }) => round.ok)).toEqual([true, false, true]);
  expect(all[1]?.round.error?.message).toMatch(/00000000000000000001/);
  await expectWhole(lake, clock);
});

test("a second one on the same lake is told who is at it, and pulls that do not repeat may run meanwhile", async () => {
  const clock = noon();
  const emulator = await emulated(clock);
  const lake = await newPlace();
  let second: unknown;
  const attempt = () =>
    pullEvery({ lake, ...keysOf(emulator), every: "1h" }, passing(clock)).catch((error) => error);
  const stop = new AbortController();
  await pullEvery(
    {
      ...{ lake, ...keysOf(emulator), every: "1h", last: "1d", signal: stop.signal },
      onProgress: ({ kind }) => {
        if (kind === "planned") second = attempt();
      },
      onRound: () => stop.abort(),
    },
    passing(clock),
  );
  expect(await second).toMatchObject({
    ...{ name: "LakeError", exitStatus: 1 },
    message: expect.stringMatching(/is in use by this process on .* since 2026-11-23T12:30/),
  });
});

test.each([
  [{ every: "1s" }, /"1s" is no interval/],
  [{ every: "0m" }, /no interval/],
  [{ every: "8d" }, /no interval/],
  [{ every: "1h", to: "2026-11-20" }, /--to/],
  [{ every: "1h", last: "soon" }, /no duration/],
])("%j is refused before a lake is made", async (wrong, words) => {
  const clock = noon();
  const emulator = await emulated(clock);
  const lake = await newPlace();
  await expect(pullEvery({ lake, ...keysOf(emulator), ...wrong }, effects(clock))).rejects.toMatchObject({
    ...{ name: "UsageError", message: expect.stringMatching(words) },
  });
  expect(() => stateOf(lake)).toThrow(/ENOENT/);
});

test("when the next round begins", () => {
  const hour = parseInterval("1h");
  const at = (end: "done" | "failed" | "keys", failures: number, ended = 0, random = 1) =>
    nextRound({ began: 0, ended, end, failures }, hour, () => random) / MINUTE;
  expect([at("done", 0), at("done", 0, 50 * MINUTE)]).toEqual([60, 60]);
  expect(at("done", 0, 90 * MINUTE)).toBeCloseTo(90, 1);
  expect([1, 2, 3, 4, 5, 6, 7, 8, 100].map((n) => at("failed", n))).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect([1, 2, 3, 4, 5, 6].map((n) => at("keys", n))).toEqual([30, 60, 120, 240, 360, 360]);
  expect(at("failed", 3, 0, 0)).toBe(2);
  expect(nextRound({ began: 0, ended: 0, end: "failed", failures: 9 }, MINUTE, () => 1)).toBe(30 * MINUTE);
});
