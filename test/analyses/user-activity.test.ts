import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  type ActiveUsersOptions,
  activeUsers,
  type RollingActiveUsersOptions,
  rollingActiveUsers,
} from "../../src/analyses/active-users.js";
import type { BarChart, LineChart, StackChart } from "../../src/analyses/chart.js";
import { cohort } from "../../src/analyses/cohort.js";
import type { EventChoice } from "../../src/analyses/event-choice.js";
import { type LifecycleOptions, lifecycle } from "../../src/analyses/lifecycle.js";
import { lifetimeValue } from "../../src/analyses/lifetime-value.js";
import { retention } from "../../src/analyses/retention.js";
import { type StickinessOptions, stickiness } from "../../src/analyses/stickiness.js";
import { UsageError } from "../../src/errors/index.js";
import { makeLake } from "../frame/made-lake.js";
import { expectAsReference } from "./against-reference.js";
import { runs, TIMEOUT } from "./alike.js";
import { type DataSet, dataSet, PROPERTIES } from "./generate-events.js";
import { analysisOptions, eventChoice } from "./generate-options.js";
import { at, days, made } from "./made-events.js";
import { MadeSources } from "./made-source.js";
import * as plainActiveUsers from "./reference/active-users.js";
import { lifecycle as plainLifecycle } from "./reference/lifecycle.js";
import { stickiness as plainStickiness } from "./reference/stickiness.js";

const sources = new MadeSources();
afterAll(() => sources.close());

/** A range ends no later than the data. */
const sets = dataSet.map((set): DataSet => {
  const { until, dataUntil } = set.setting;
  return { ...set, setting: { ...set.setting, until: until < dataUntil ? until : dataUntil } };
});
const groupBy = fc.oneof(
  fc.constantFrom(...PROPERTIES),
  fc.uniqueArray(fc.constantFrom(...PROPERTIES), { maxLength: 2 }),
);
const history = fc.constantFrom("0d", "30d", "60d", "9w", "1441h");

function options<Own extends object>(own: fc.Arbitrary<Own>) {
  return (set: DataSet) => fc.tuple(analysisOptions(set), own).map(([all, more]) => ({ ...all, ...more }));
}

function withEvent<Own extends object>(own: fc.Arbitrary<Own>) {
  return (set: DataSet) => fc.record({ event: eventChoice, options: options(own)(set) });
}

describe("as the reference does", { timeout: TIMEOUT }, () => {
  test("activeUsers", async () => {
    const interval = fc.constantFrom("hour", "day", "week", "month", "quarter");
    const own: fc.Arbitrary<ActiveUsersOptions<string>> = fc.record(
      { interval, groupBy, history, rolling: fc.constantFrom(1, 2, 3, 30) },
      { requiredKeys: [] },
    );
    await expectAsReference(sources, options(own), activeUsers, plainActiveUsers.activeUsers, {
      sets,
      numRuns: runs(60),
    });
  });

  test("rollingActiveUsers", async () => {
    const own: fc.Arbitrary<RollingActiveUsersOptions<string>> = fc.record({ groupBy }, { requiredKeys: [] });
    await expectAsReference(
      ...([
        sources,
        options(own),
        rollingActiveUsers,
        plainActiveUsers.rollingActiveUsers,
        { sets, numRuns: runs(60) },
      ] as const),
    );
  });

  test("lifecycle", async () => {
    const own: fc.Arbitrary<LifecycleOptions> = fc.record(
      { interval: fc.constantFrom("day", "week", "month"), history },
      { requiredKeys: [] },
    );
    await expectAsReference(
      sources,
      withEvent(own),
      (source, { event, options }: { event: EventChoice; options: LifecycleOptions }) =>
        lifecycle(source, event, options),
      (events, setting, { event, options }) => plainLifecycle(events, setting, event, options),
      { sets, numRuns: runs(60) },
    );
  });

  test("stickiness", async () => {
    const own: fc.Arbitrary<StickinessOptions<string>> = fc.record(
      { interval: fc.constantFrom("week", "month"), groupBy },
      { requiredKeys: [] },
    );
    await expectAsReference(
      sources,
      withEvent(own),
      (source, { event, options }: { event: EventChoice; options: StickinessOptions<string> }) =>
        stickiness(source, event, options),
      (events, setting, { event, options }) => plainStickiness(events, setting, event, options),
      { sets, numRuns: runs(60) },
    );
  });
});

test("who came earlier on the range's first day, before clocks changed, is new on it", async () => {
  const events = [made("open", "2026-10-24T22:30:00"), made("open", "2026-10-25T12:00:00")];
  const setting = { ...days("2026-10-20", "2026-10-26"), from: at("2026-10-25T11:00:00") };
  const { rows } = await activeUsers(await sources.of(events, setting), { timeZone: "Europe/Berlin" });
  expect(rows.map(({ time, newUsers }) => [time, newUsers])).toEqual([
    ["2026-10-25", 1],
    ["2026-10-26", 0],
  ]);
});

test("who was current the day before, and came on the first day only before the range, is dormant on it", async () => {
  const events = ["01", "02", "03", "04"].map((day) => made("open", `2026-01-${day}T10:00:00`));
  const setting = { ...days("2026-01-01", "2026-01-05"), from: at("2026-01-04T12:00:00") };
  const { rows } = await lifecycle(await sources.of(events, setting), "open");
  expect([...rows]).toEqual(plainLifecycle(events, setting, "open"));
  expect(rows[0]).toMatchObject({ dormantUsers: 1, dormantCurrent: 1, currentUsers: 0 });
});

describe("pictures and words", () => {
  const setting = days("2026-01-01", "2026-01-04", "2026-01-04");
  const events = [
    made("open", "2026-01-01T10:00:00", { amplitude_id: 1 }),
    made("open", "2026-01-01T11:00:00", { amplitude_id: 2 }),
    made("open", "2026-01-02T10:00:00", { amplitude_id: 1 }),
    made("open", "2026-01-03T10:00:00", { amplitude_id: 2 }),
  ];
  const valuesOf = (parts: readonly { name: string; values: readonly (number | null)[] }[]) =>
    Object.fromEntries(parts.map(({ name, values }) => [name, values]));

  test("active and new users are lines", async () => {
    const { chart, explanation } = await activeUsers(await sources.of(events, setting), { rolling: 2 });
    expect(chart).toMatchObject({ kind: "lines", title: "Active users", unit: "count" });
    expect(valuesOf((chart as LineChart).series)).toEqual({
      "Active users": [2, 2, 2],
      "New users": [2, 2, 0],
    });
    expect(explanation.definition[0]).toContain("over the last 2 days up to each");
    expect(explanation.differences.some((text) => text.includes("who seems new may be an old user"))).toBe(
      true,
    );
  });

  test("daily, weekly and monthly active users are three lines", async () => {
    const { chart } = await rollingActiveUsers(await sources.of(events, setting));
    expect(valuesOf((chart as LineChart).series)).toEqual({ DAU: [2, 1, 1], WAU: [2, 2, 2], MAU: [2, 2, 2] });
  });

  test("of a lifecycle the dormant are below zero", async () => {
    const { chart, rows } = await lifecycle(await sources.of(events, setting), "open", { history: "0d" });
    expect(chart.kind).toBe("stack");
    expect(valuesOf((chart as StackChart).parts)).toEqual({
      Current: [0, 1, 0],
      New: [2, 0, 0],
      Resurrected: [0, 0, 1],
      Dormant: [0, -1, -1],
    });
    expect(rows.map(({ pulse, dormantNew, dormantCurrent }) => [pulse, dormantNew, dormantCurrent])).toEqual([
      [null, 0, 0],
      [0, 1, 0],
      [1, 0, 1],
    ]);
  });

  test("stickiness shows the share with at least so many days, of complete weeks", async () => {
    const week = days("2025-12-29", "2026-01-05", "2026-01-05");
    const { chart } = await stickiness(await sources.of(events, week), "open");
    expect((chart as BarChart).bars.slice(0, 3)).toEqual([
      { name: "1+ day", value: 1 },
      { name: "2+ days", value: 1 },
      { name: "3+ days", value: 0 },
    ]);
  });

  test("what is asked wrongly is told with the way out", async () => {
    const source = await sources.of([], setting);
    const messageOf = async (asked: Promise<unknown>) => {
      const error = await asked.catch((found: unknown) => found);
      expect(error).toBeInstanceOf(UsageError);
      return (error as UsageError).message;
    };
    expect(await messageOf(activeUsers(source, { rolling: 0 }))).toBe("rolling is 0.");
    expect(await messageOf(activeUsers(source, { rolling: 401 }))).toBe("rolling is 401.");
    expect(await messageOf(activeUsers(source, { history: "month" }))).toContain('history is "month"');
    expect(await messageOf(rollingActiveUsers(source, { rolling: 7 } as object))).toContain(
      'no option "rolling"',
    );
    expect(await messageOf(lifecycle(source, "open", { interval: "hour" } as object))).toContain(
      'no interval "hour"',
    );
    expect(await messageOf(stickiness(source, "open", { interval: "day" } as object))).toContain(
      'no interval "day"',
    );
  });
});

test("who is new is told by all events of the lake, whatever a frame selects", async () => {
  const made = await makeLake();
  try {
    const event = (id: number, day: number, platform: string) => ({
      amplitude_id: String(id),
      event_type: "'open'",
      event_time: `TIMESTAMPTZ '2026-01-0${day} 10:00:00+00'`,
      server_upload_time: `TIMESTAMPTZ '2026-01-0${day} 10:00:00+00'`,
      platform: `'${platform}'`,
    });
    const events = [event(1, 1, "iOS"), event(1, 2, "iOS"), event(2, 1, "Web"), event(2, 2, "iOS")];
    await made.add({ app: "1", day: "2026-01-02" }, events);
    for (const sql of ["platform = ? AND '$1' = '$1'", "platform = $1", "platform = $1 OR platform = $1"]) {
      const params = ["iOS"];
      const { rows } = await activeUsers(made.lake.frame({ where: { sql, params } }), { from: "2026-01-01" });
      expect(rows.map((row) => [row.activeUsers, row.newUsers])).toEqual([[1, 1], [2, 0]]); // biome-ignore format: short
    }
    // User 2 began on the Web, a day before.
    const onIos = made.lake.frame({ platforms: "iOS" });
    const began = await retention(onIos, { from: "2026-01-01", intervals: 0 });
    expect(began.rows.map(({ users }) => users)).toEqual([0, 1, 0]);
    const came = await lifecycle(onIos, "open", { from: "2026-01-01" });
    expect(came.rows.map(({ newUsers, resurrectedUsers }) => [newUsers, resurrectedUsers])).toEqual([
      [1, 0],
      [0, 1],
    ]);
    const brought = await lifetimeValue(onIos, { from: "2026-01-01", intervals: 0 });
    expect(brought.rows.map(({ cohort, users }) => [cohort, users])).toEqual([
      [null, 1],
      ["2026-01-01", 1],
      ["2026-01-02", 0],
    ]);
    const newcomers = async (from: string) =>
      (await cohort(onIos, { new: true, from })).rows.map(({ amplitude_id }) => amplitude_id);
    expect(await newcomers("2026-01-01")).toEqual([1n, 2n]);
    expect(await newcomers("2026-01-02")).toEqual([]);
  } finally {
    await made.close();
  }
});
