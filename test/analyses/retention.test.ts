import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { activeUsers } from "../../src/analyses/active-users.js";
import { type RetentionOptions, retention } from "../../src/analyses/retention.js";
import { resolveShop } from "../../src/emulator/shop/shop.js";
import { tellTruth } from "../../src/emulator/shop/truth.js";
import { UsageError } from "../../src/errors/index.js";
import { openLake } from "../../src/pipeline/open-lake.js";
import { writeLake } from "../../src/pipeline/write-lake.js";
import { hour } from "../emulator/emulated.js";
import { expectAlike, runs, TIMEOUT } from "./alike.js";
import { dataSet } from "./generate-events.js";
import { retentionOptions } from "./generate-options.js";
import { at, days, made } from "./made-events.js";
import { MadeSources } from "./made-source.js";
import type { PlainEvent, Setting } from "./reference/plain-event.js";
import { retention as reference } from "./reference/retention.js";

const sources = new MadeSources();
afterAll(() => sources.close());

const asked = dataSet.chain((set) => fc.record({ set: fc.constant(set), options: retentionOptions(set) }));

test("retention gives what the plain one gives", { timeout: TIMEOUT }, async () => {
  await fc.assert(
    fc.asyncProperty(asked, async ({ set: { events, setting, timeZone }, options }) => {
      const source = await sources.of(events, setting, timeZone);
      const found = await retention(source, options);
      // A range ends no later than the data.
      const until = setting.until < setting.dataUntil ? setting.until : setting.dataUntil;
      expectAlike(found.rows, reference(events, { ...setting, until }, { timeZone, ...options }));
    }),
    { numRuns: runs(150) },
  );
});

test("of a lake of synthetic events it finds what they were made to hold", { timeout: 120_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), "ampframe-retention-"));
  try {
    const shop = { end: hour("2026-11-22T20"), days: 8, eventsPerDay: 2_000, users: 800, seed: 5 };
    await writeLake({ lake: dir, ...shop });
    const truth = tellTruth(resolveShop(shop));
    const lake = await openLake(dir);
    for (const mode of ["calendar", "rolling"] as const) {
      const { rows } = await retention(lake, {
        ...{ mode, return: "_all", intervals: 5, last: "9d", identity: { merges: truth.merges } },
      });
      const expected = mode === "calendar" ? truth.calendarRetention : truth.rollingRetention;
      expect(expected.length).toBeGreaterThan(5);
      for (const { date, users, returned } of expected) {
        const cells = rows.filter((row) => row.cohort === date);
        expect(cells.map((row) => row.returned)).toEqual([0, 1, 2, 3, 4, 5].map((k) => returned[k] ?? 0));
        expect(cells.every((row) => row.users === users)).toBe(true);
      }
    }
    const active = await activeUsers(lake, { last: "9d", identity: { merges: truth.merges } });
    const came = truth.calendarRetention.map(({ date, users }) => [date, users]);
    expect(active.rows.flatMap((row) => (row.newUsers > 0 ? [[row.time, row.newUsers]] : []))).toEqual(came);
    await lake.close();
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("the heat map has a row for all together and each cohort; a cell that has not begun is empty", async () => {
  const events = [made("start", "2026-01-01T10:00:00"), made("back", "2026-01-02T11:00:00")];
  const source = await sources.of(events, days("2026-01-01", "2026-01-03", "2026-01-03"));
  const { chart, explanation, rows } = await retention(source, {
    ...{ start: "start", return: "back", mode: "calendar", brackets: [[0, 0], [1, 1], [2, 3]] },
  }); // biome-ignore format: short enough
  expect(chart).toEqual({
    kind: "heat map",
    title: "start, then back",
    unit: "percent",
    // Of the third bracket nothing is known.
    columns: ["Day 0", "Day 1"],
    rows: [
      { name: "All together", size: 1, cells: [cell(0), cell(1)] },
      { name: "2026-01-01", size: 1, cells: [cell(0), cell(1)] },
      { name: "2026-01-02", size: 0, cells: [cell(null), cell(null, true)] },
    ],
  });
  expect(rows[2]).toEqual({
    ...{ cohort: null, segment: "all", interval: 2, users: 0, returned: 0, rate: null, incomplete: false },
  });
  expect(explanation.definition[0]).toBe(
    "Users with the event start in the range, in the day in which they began. Returned: with the event back in one of the bracket's intervals. Intervals are days of the calendar.",
  );
});

function cell(value: number | null, incomplete = false): { value: number | null; incomplete: boolean } {
  return { value, incomplete };
}

test("an event in the hour or date before the range in which that begins is a return", async () => {
  const events = [made("back", "2026-01-01T10:10:00"), made("start", "2026-01-01T10:50:00")];
  const setting = { ...days("2026-01-01", "2026-01-02"), from: at("2026-01-01T10:30:00") };
  const { rows } = await retention(await sources.of(events, setting), { start: "start", return: "back", intervals: 0 });
  expect(rows.map(({ returned, users }) => [returned, users])).toEqual([[0, 0], [1, 1]]);
}); // biome-ignore format: short enough

test("what is asked wrongly is told with the way out", async () => {
  const source = await sources.of([], days("2026-01-01", "2026-01-02"));
  const wrong = async (options: object) => {
    const error = await retention(source, options).catch((found: unknown) => found);
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  };
  expect(await wrong({ intervals: 401 })).toBe("intervals is 401.");
  expect(await wrong({ intervals: 1.5 })).toBe("intervals is 1.5.");
  expect(await wrong({ brackets: [[3, 1]] })).toBe("brackets is [[3,1]].");
  expect(await wrong({ brackets: [] })).toBe("brackets is [].");
  expect(await wrong({ brackets: [[0, 1]], method: "on or after" })).toContain("brackets was given together");
  expect(await wrong({ interval: "hour" })).toContain('There is no interval "hour"');
  expect(await wrong({ mode: "strict" })).toContain('There is no mode "strict"');
  expect(await wrong({ rolling: 7 })).toContain('There is no option "rolling"');
});

test("groups are those of the event that begins, of new users the first of all; the most users first", async () => {
  const events = [
    made("open", "2026-01-01T10:00:00", { amplitude_id: 1, country: "DE" }),
    made("start", "2026-01-01T10:30:00", { amplitude_id: 1, country: "AT" }),
    made("back", "2026-01-02T11:00:00", { amplitude_id: 1, country: "CH" }),
    made("start", "2026-01-01T10:00:00", { amplitude_id: 2, country: "DE" }),
    made("start", "2026-01-01T12:00:00", { amplitude_id: 2, country: "AT" }),
  ];
  const source = await sources.of(events, days("2026-01-01", "2026-01-02", "2026-02-01"));
  const cellsOf = async (options: RetentionOptions) => {
    const { rows } = await retention(source, { ...options, groupBy: "country", intervals: 1 });
    return rows.flatMap(({ cohort, country, interval, returned, users }) =>
      cohort === null && interval === 1 ? [`${country} ${returned}/${users}`] : [],
    );
  };
  expect(await cellsOf({ start: "start", return: "back" })).toEqual(["AT 1/2", "DE 0/1"]);
  expect(await cellsOf({ return: "back" })).toEqual(["DE 1/2"]);
  const { chart } = await retention(source, { groupBy: "country", intervals: 0 });
  expect(chart).toMatchObject({ rows: [{ name: "DE · All together" }, { name: "DE · 2026-01-01" }] });
  // Several are drawn to be compared, each all together.
  const of = { start: "start", return: "back", groupBy: "country", intervals: 0 } as const;
  expect((await retention(source, of)).chart).toMatchObject({ rows: [{ name: "AT" }, { name: "DE" }] });
});

describe("at edges that are seldom generated", () => {
  const began = async (events: readonly PlainEvent[], setting: Setting, options: RetentionOptions) => {
    const { rows } = await retention(await sources.of(events, setting), options);
    expectAlike(rows, reference(events, setting, options));
    return rows.filter(({ cohort }) => cohort !== null).map(({ returned, users }) => `${returned}/${users}`);
  };

  test("who begins in the first and the last hour of a day of 25 hours is counted once", async () => {
    const events = [made("a", "2026-10-24T22:30:00"), made("a", "2026-10-25T22:30:00")];
    const setting = {
      ...{ from: at("2026-10-24T22:00:00"), until: at("2026-10-25T23:00:00") },
      ...{ dataFrom: at("2026-10-01"), dataUntil: at("2026-11-01") },
    };
    const options = { start: "a", return: "a", intervals: 1, timeZone: "Europe/Berlin" };
    expect(await began(events, setting, options)).toEqual(["1/1", "1/1"]);
  });

  test("who begins on the first and the last day of a month is counted once", async () => {
    const events = [made("a", "2026-01-01T10:00:00"), made("a", "2026-01-31T10:00:00")];
    const options = { start: "a", return: "a", interval: "month", intervals: 1 } as const;
    expect(await began(events, days("2026-01-01", "2026-02-01", "2026-06-01"), options)).toEqual([
      "1/1",
      "1/1",
    ]);
  });

  test("a return before the start is none", async () => {
    const events = [made("back", "2026-01-01T08:00:00"), made("start", "2026-01-01T10:00:00")];
    for (const method of ["on", "on or after"] as const) {
      const options = { start: "start", return: "back", method, intervals: 1 } as const;
      expect(await began(events, days("2026-01-01", "2026-01-02", "2026-02-01"), options)).toEqual([
        "0/1",
        "0/1",
      ]);
    }
  });

  test("a new user fulfils filters in the first hour, also after the range, and not later", async () => {
    const events = [
      made("open", "2026-01-01T10:10:00", { amplitude_id: 1 }),
      made("open", "2026-01-01T10:50:00", { amplitude_id: 1, country: "DE" }),
      made("open", "2026-01-01T10:10:00", { amplitude_id: 2 }),
      made("open", "2026-01-01T11:00:00", { amplitude_id: 2, country: "DE" }),
    ];
    const setting = { ...days("2026-01-01", "2026-01-02", "2026-02-01"), until: at("2026-01-01T10:30:00") };
    const filters = [{ property: "country", value: "DE" }];
    const none = { segments: { none: {}, DE: { filters } }, intervals: 0 };
    expect(await began(events, setting, none)).toEqual(["2/2", "1/1"]);
    expect(await began(events, setting, { start: { event: "_new", filters }, intervals: 0 })).toEqual([
      "1/1",
    ]);
  });
});
