import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EmulatedDeletion } from "../../src/emulator/deletions.js";
import { CredentialsError, DownloadError } from "../../src/errors/index.js";
import { amplitudeDeletions } from "../../src/pipeline/amplitude-deletions.js";
import { forget, planForget } from "../../src/pipeline/forget.js";
import { openTable } from "../../src/pipeline/open-table.js";
import { filesHolding } from "./forgetting.js";
import {
  bring,
  type Clock,
  effects,
  eventAt,
  expectWhole,
  keysOf,
  newPlace,
  noon,
  replayed,
  rowsOf,
  type Served,
} from "./scene.js";

const [DONE, SUBMITTED, STAGED, KEPT, RETURNED] = [881_001, 881_002, 881_003, 881_004, 881_005];

const users = (...ids: number[]) =>
  ids.map((amplitude_id) => ({
    ...{ amplitude_id, requester: "eva@example.com" },
    requested_on_day: "2026-11-10",
  }));

/** Jobs of the last days, which a test can change while the emulator runs. */
const jobsOfLate = (): EmulatedDeletion[] => [
  { day: "2026-11-15", status: "done", amplitude_ids: users(DONE) },
  { day: "2026-11-25", status: "submitted", amplitude_ids: users(SUBMITTED, DONE) },
  { day: "2026-12-04", status: "staging", amplitude_ids: users(STAGED, SUBMITTED) },
];

const eventsOf = (hour: string, ids: readonly number[]): Served[] =>
  ids.map((amplitude_id, i) =>
    eventAt(`${hour}:1${i}:00`, { amplitude_id, user_id: `user ${amplitude_id}` }),
  );

const EVENTS = () => [
  ...eventsOf("2026-11-21 01", [DONE, SUBMITTED, STAGED, KEPT]),
  ...eventsOf("2026-11-22 01", [DONE, KEPT]),
];
const DAYS = { from: "2026-11-21", to: "2026-11-22" };

async function scene(jobs: EmulatedDeletion[] = jobsOfLate(), events = EVENTS()) {
  const clock = noon();
  const emulator = await replayed(clock, events, { deletions: jobs });
  const lake = await newPlace();
  await bring(emulator, clock, lake, DAYS);
  return { clock, emulator, lake, jobs };
}

const idsIn = async (lake: string) => (await rowsOf(lake, "DISTINCT amplitude_id")).map(([id]) => Number(id));

const whom = (clock: Clock, emulator: Parameters<typeof keysOf>[0]) =>
  [{ fromAmplitude: keysOf(emulator) }, () => clock.now, effects(clock)] as const;

const versionsOf = async (lake: string) =>
  (await readdir(join(lake, "_delta_log"))).filter((name) => /^\d+\.json$/.test(name)).length;

test("users of jobs that are done or submitted are forgotten in one request; those in staging stay until theirs is submitted", async () => {
  const { clock, emulator, lake, jobs } = await scene();
  const [options, now, world] = whom(clock, emulator);
  const summary = {
    ...{ from: "2026-06-27", to: "2026-12-23" },
    jobs: [
      { day: "2026-11-15", status: "done", ids: 1 },
      { day: "2026-11-25", status: "submitted", ids: 2 },
      { day: "2026-12-04", status: "staging", ids: 2 },
    ],
    ...{ ids: 2, known: 0, waiting: 1 },
  };
  const plan = await planForget({ lake, ...options }, now, world);
  expect(plan).toMatchObject({ ids: 2, rows: 3, refused: [] });
  expect(plan.fromAmplitude).toEqual(summary);
  expect(await idsIn(lake)).toEqual([DONE, SUBMITTED, STAGED, KEPT]);

  const report = await forget({ lake, ...options }, now, world);
  expect(report).toMatchObject({ ids: 2, rows: 3, files: plan.files, refused: [] });
  expect(report.fromAmplitude).toEqual(summary);
  expect(await idsIn(lake)).toEqual([STAGED, KEPT]);
  expect(await filesHolding(lake, [String(DONE), String(SUBMITTED)])).toEqual([]);
  await expectWhole(lake, clock);
  expect(emulator.deletionRequests.map(({ start, end }) => `${start}..${end}`)).toEqual(
    Array(2).fill("2026-06-27..2026-12-23"),
  );

  jobs[2] = { ...jobs[2]!, status: "submitted" };
  const next = await forget({ lake, ...options }, now, world);
  expect(next).toMatchObject({ ids: 3, rows: 1, fromAmplitude: { ids: 3, known: 2, waiting: 0 } });
  expect(await idsIn(lake)).toEqual([KEPT]);
  await expectWhole(lake, clock);
  expect((await readdir(join(lake, "_ampframe/forgotten"))).length).toBe(3);
});

test("where all is done already nothing is written; a later pull does not bring the users back, but one who is new to Amplitude", async () => {
  const jobs = jobsOfLate();
  const returned = eventAt("2026-11-22 05:10:00", { amplitude_id: RETURNED, user_id: `user ${DONE}` });
  const { clock, emulator, lake } = await scene(jobs, [...EVENTS(), returned]);
  const [options, now, world] = whom(clock, emulator);
  await forget({ lake, ...options }, now, world);
  const before = [await versionsOf(lake), await readdir(join(lake, "_ampframe/forgotten"))];
  const again = await forget({ lake, ...options }, now, world);
  expect(again).toMatchObject({ ids: 2, rows: 0, files: [], fromAmplitude: { ids: 2, known: 2 } });
  expect(again.version).toBe((await openTable(lake)).snapshot.version);
  expect([await versionsOf(lake), await readdir(join(lake, "_ampframe/forgotten"))]).toEqual(before);

  const { report } = await bring(emulator, clock, lake, { refresh: DAYS });
  expect(report.forgotten).toBe(3);
  expect(await idsIn(lake)).toEqual([STAGED, KEPT, RETURNED]);
  await expectWhole(lake, clock);
});

test("rows that a run left behind which ended after its tombstones are found, though the ids are known", async () => {
  const { clock, emulator, lake } = await scene();
  const [options, now, world] = whom(clock, emulator);
  const table = await openTable(lake, now);
  const known = [DONE, SUBMITTED].map((id) => ({ field: "amplitude_id" as const, value: String(id) }));
  await table.writeTombstones(known);
  await table.close();
  const report = await forget({ lake, ...options }, now, world);
  expect(report).toMatchObject({ rows: 3, fromAmplitude: { ids: 2, known: 2 } });
  expect(await idsIn(lake)).toEqual([STAGED, KEPT]);
  await expectWhole(lake, clock);
});

test("no job, no work; and ids that were given are forgotten beside", async () => {
  const { clock, emulator, lake, jobs } = await scene([]);
  const [options, now, world] = whom(clock, emulator);
  const versions = await versionsOf(lake);
  expect(await forget({ lake, ...options }, now, world)).toMatchObject({ ids: 0, rows: 0, refused: [] });
  expect(await versionsOf(lake)).toBe(versions);
  const both = { lake, ...options, userIds: [`user ${KEPT}`] };
  expect(await forget(both, now, world)).toMatchObject({ ids: 1, rows: 2 });
  jobs.push(...jobsOfLate());
  expect(await planForget(both, now, world)).toMatchObject({ ids: 3, rows: 3 });
});

test("what was asked before is not asked again, and a status that nobody knows counts for nobody", async () => {
  const jobs = [...jobsOfLate(), { day: "2026-11-16", status: "Paused", amplitude_ids: users(KEPT) }];
  const { clock, emulator, lake } = await scene(jobs);
  const days = { from: "2026-11-15", to: "2026-11-30" };
  const asked = await amplitudeDeletions({ ...keysOf(emulator), days }, effects(clock));
  expect(asked).toMatchObject({ ...days, amplitudeIds: [String(DONE), String(SUBMITTED)], waiting: 1 });
  expect(asked.jobs.map(({ status }) => status)).toEqual(["done", "paused", "submitted"]);
  expect(await forget({ lake, fromAmplitude: asked }, () => clock.now)).toMatchObject({ rows: 3 });
  expect(emulator.deletionRequests).toHaveLength(1);
  expect(await idsIn(lake)).toEqual([STAGED, KEPT]);
});

test("if Amplitude cannot be asked, nothing is forgotten, not even the ids that were given", async () => {
  const { clock, emulator, lake } = await scene();
  const [options, now, world] = whom(clock, emulator);
  const given = { lake, amplitudeIds: [KEPT] };
  const versions = await versionsOf(lake);
  const wrong = {
    ...options.fromAmplitude,
    credentials: { apiKey: "demo-api-key", secretKey: "wrong-secret" },
  };
  await expect(forget({ ...given, fromAmplitude: wrong }, now, world)).rejects.toThrow(CredentialsError);
  emulator.inject({ fault: { kind: "status", status: 400, body: "Bad Request" } });
  await expect(forget({ ...given, ...options }, now, world)).rejects.toThrow(DownloadError);
  expect(await versionsOf(lake)).toBe(versions);
  expect(await idsIn(lake)).toEqual([DONE, SUBMITTED, STAGED, KEPT]);

  const waits: number[] = [];
  emulator.inject({ fault: { kind: "status", status: 429, retryAfter: "2" }, times: 2 });
  const report = await forget({ ...given, ...options }, now, effects(clock, waits));
  expect(report).toMatchObject({ ids: 3, rows: 5 });
  expect(waits).toEqual([2000, 2000]);
});
