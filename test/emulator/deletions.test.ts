import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmulatedDeletion } from "../../src/emulator/deletions.js";
import { type Emulator, startEmulator } from "../../src/emulator/start-emulator.js";
import { UsageError } from "../../src/errors/index.js";
import { hourStart } from "../../src/hour.js";
import { ask, hour, linesIn } from "./emulated.js";

const END = hour("2026-11-22T23");
const now = hourStart(END) + 30 * 3_600_000;
const SHOP = { end: END, days: 2, eventsPerDay: 500 };
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ ...SHOP, deletions: 9 }, { now: () => now });
});
afterAll(() => emulator.close());

const list = (query: string, keys?: string | null, of = emulator) =>
  ask(of, "", "", keys, { path: `/api/2/deletions/users?${query}` });
const jobsIn = (body: Buffer): EmulatedDeletion[] => JSON.parse(body.toString());

test("the shop's jobs are one of each status, of people who visit it", async () => {
  const { status, headers, body } = await list("start_day=2026-07-01&end_day=2026-12-31");
  expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
  const jobs = jobsIn(body);
  expect(jobs.map(({ day, status }) => [day, status])).toEqual([
    ["2026-11-16", "done"],
    ["2026-11-26", "submitted"],
    ["2026-12-04", "staging"],
  ]);
  const lines = await linesIn((await ask(emulator, "20261121T00", "20261122T23")).body);
  const seen = new Set(lines.map((line) => JSON.parse(line).amplitude_id));
  for (const { amplitude_ids } of jobs) {
    expect(amplitude_ids.length).toBeGreaterThanOrEqual(3);
    expect(amplitude_ids.some(({ amplitude_id }) => seen.has(amplitude_id))).toBe(true);
  }
  const all = jobs.flatMap(({ amplitude_ids }) => amplitude_ids.map(({ amplitude_id }) => amplitude_id));
  expect(new Set(all).size).toBe(all.length);
});

test("both ends of the days are included", async () => {
  const days = async (query: string) => jobsIn((await list(query)).body).map(({ day }) => day);
  expect(await days("start_day=2026-11-16&end_day=2026-11-26")).toEqual(["2026-11-16", "2026-11-26"]);
  expect(await days("start_day=2026-11-17&end_day=2026-11-25")).toEqual([]);
});

test("by default there are no jobs, and there cannot be more people in them than there are", async () => {
  const bare = await startEmulator(SHOP, { now: () => now });
  try {
    expect((await list("start_day=2026-11-01&end_day=2026-11-30", undefined, bare)).body.toString()).toBe(
      "[]",
    );
  } finally {
    await bare.close();
  }
  const { dirname: replay } = import.meta;
  await expect(startEmulator({ ...SHOP, deletions: 5_000 })).rejects.toThrow(/only \d+ visit its shop/);
  await expect(startEmulator({ replay, deletions: 1 })).rejects.toThrow(UsageError);
});

test.each([null, "demo-api-key:wrong", "wrong:demo-secret-key", ":"])(
  "with the keys %s: 401",
  async (keys) => {
    const answer = await list("start_day=2026-11-01&end_day=2026-11-30", keys);
    expect([answer.status, answer.body.toString()]).toEqual([401, "Unauthorized"]);
  },
);

test.each([
  ["", 400, /"start_day"/],
  ["start_day=2026-11-01", 400, /"end_day"/],
  ["start_day=20261101&end_day=2026-11-30", 400, /"20261101" is not a day/],
  ["start_day=2026-11-01&end_day=2026-11-31", 400, /"2026-11-31" is not a day/],
  ["start_day=2026-11-02&end_day=2026-11-01", 400, /before/],
  ["start_day=2026-01-31&end_day=2026-08-01", 400, /six months/],
  ["start_day=2026-08-31&end_day=2027-03-01", 400, /six months/],
  ["start_day=2026-01-31&end_day=2026-07-31", 200, /\[/],
  ["start_day=2026-08-31&end_day=2027-02-28", 200, /\[/],
])("%s: %i", async (query, status, words) => {
  const answer = await list(query);
  expect(answer.status).toBe(status);
  expect(answer.body.toString()).toMatch(words);
});

test("faults befall it too, other methods are refused, and requests are recorded apart", async () => {
  const before = [emulator.requests.length, emulator.deletionRequests.length] as const;
  emulator.inject({ fault: { kind: "status", status: 429, retryAfter: "3" } });
  const busy = await list("start_day=2026-11-01&end_day=2026-11-30");
  expect([busy.status, busy.headers["retry-after"]]).toEqual([429, "3"]);
  const posted = await ask(emulator, "", "", undefined, { path: "/api/2/deletions/users", method: "POST" });
  expect(posted.status).toBe(405);
  expect(emulator.requests).toHaveLength(before[0]);
  expect(emulator.deletionRequests.slice(before[1])).toMatchObject([
    { start: "2026-11-01", end: "2026-11-30", status: 429, fault: "status" },
  ]);
});
