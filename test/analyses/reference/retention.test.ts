import { describe, expect, test } from "vitest";
import type { RetentionOptions, RetentionRow } from "../../../src/analyses/retention.js";
import { at, days, made } from "../made-events.js";
import type { PlainEvent, Setting } from "./plain-event.js";
import { intervalsBetween, retention } from "./retention.js";

const START_AND_BACK = { start: "start", return: "back" } as const;
const cells = (rows: readonly RetentionRow[], cohort: string | null) =>
  rows
    .filter((row) => row.cohort === cohort)
    .map(({ returned, users, incomplete }) => `${returned}/${users}${incomplete ? "*" : ""}`);
const run = (events: readonly PlainEvent[], setting: Setting, options: RetentionOptions, cohort: string | null) =>
  cells(retention(events, setting, options), cohort); // biome-ignore format: short enough

// https://amplitude.com/docs/analytics/charts/retention-analysis/retention-analysis-time: December 1st, 2021 was a Wednesday
describe("the three users of Amplitude's page", () => {
  const later = (start: string, back: string, options: RetentionOptions) =>
    intervalsBetween(at(`2021-12-${start}`), at(`2021-12-${back}`), options);

  test("24-hour windows", () => {
    expect(later("01T17:59:00", "02T17:00:00", { interval: "day" })).toBe(1);
    expect(later("01T12:00:00", "06T12:00:00", { interval: "week" })).toBe(0);
    expect(later("01T12:00:00", "07T23:59:59", { interval: "week" })).toBe(0);
    expect(later("01T12:00:00", "08T00:00:00", { interval: "week" })).toBe(1);
    expect(later("01T12:00:00", "14T23:59:59", { interval: "week" })).toBe(1);
    expect(later("06T12:00:00", "12T12:00:00", { interval: "month" })).toBe(0);
  });

  test("strict calendar dates", () => {
    const mode = "calendar";
    expect(later("01T17:59:00", "02T17:00:00", { interval: "day", mode })).toBe(1);
    expect(later("01T17:59:00", "01T23:59:00", { interval: "day", mode })).toBe(0);
    expect(later("01T12:00:00", "06T12:00:00", { interval: "week", mode })).toBe(1);
    expect(later("06T12:00:00", "12T12:00:00", { interval: "month", mode })).toBe(0);
  });
});

test("day 1 begins 24 hours after the floored hour and ends before the 48th", () => {
  const later = (back: string) => intervalsBetween(at("2026-01-01T16:59:00"), at(back), {});
  expect(["2026-01-02T15:59:59", "2026-01-02T16:00:00", "2026-01-03T15:59:59", "2026-01-03T16:00:00"].map(later)).toEqual([0, 1, 1, 2]);
  expect(later("2026-01-01T16:00:00")).toBe(0);
  expect(later("2026-01-01T15:59:59")).toBe(-1);
}); // biome-ignore format: short enough

test("a month is 30 days, a calendar month as long as it is", () => {
  const later = (back: string, mode: "rolling" | "calendar") =>
    intervalsBetween(at("2026-01-31T12:00:00"), at(back), { interval: "month", mode });
  expect(["2026-03-01T23:59:59", "2026-03-02T00:00:00"].map((back) => later(back, "rolling"))).toEqual([0, 1]);
  expect(["2026-01-01T00:00:00", "2026-02-01T00:00:00", "2026-03-01T00:00:00"].map((back) => later(back, "calendar"))).toEqual([0, 1, 2]);
}); // biome-ignore format: short enough

test("on a day of 23 hours a rolling day is 24 hours, a calendar day is not", () => {
  const later = (back: string, mode: "rolling" | "calendar") =>
    intervalsBetween(at("2026-03-28T11:00:00"), at(back), { mode, timeZone: "Europe/Berlin" });
  // 12:00 on 28 March in Berlin; 12:00 on the 29th is 23 hours later.
  expect(later("2026-03-29T10:00:00", "rolling")).toBe(0);
  expect(later("2026-03-29T11:00:00", "rolling")).toBe(1);
  expect(later("2026-03-29T10:00:00", "calendar")).toBe(1);
  expect(later("2026-03-28T22:59:59", "calendar")).toBe(0);
  expect(later("2026-03-28T23:00:00", "calendar")).toBe(1);
  expect(later("2026-03-29T22:00:00", "calendar")).toBe(2);
});

test("who begins twice can be back on day 1 and day 2 by one event, and is in two cohorts", () => {
  const events = [made("start", "2026-01-01T10:00:00"), made("start", "2026-01-02T10:00:00"), made("back", "2026-01-03T11:00:00")];
  const setting = days("2026-01-01", "2026-01-04", "2026-02-01");
  const options = { ...START_AND_BACK, intervals: 2 };
  expect(run(events, setting, options, "2026-01-01")).toEqual(["0/1", "0/1", "1/1"]);
  expect(run(events, setting, options, "2026-01-02")).toEqual(["0/1", "1/1", "0/1"]);
  expect(run(events, setting, options, "2026-01-03")).toEqual(["0/0", "0/0", "0/0"]);
  // https://amplitude.com/docs/faq/retention-analysis: this user will only be counted once for the overall user total
  expect(run(events, setting, options, null)).toEqual(["0/1", "1/1", "1/1"]);
}); // biome-ignore format: short enough

test("who begins twice in a day is counted once, and is back if so from either", () => {
  const events = [made("start", "2026-01-01T02:00:00"), made("start", "2026-01-01T20:00:00"), made("back", "2026-01-03T03:00:00")];
  const options = { ...START_AND_BACK, intervals: 2 };
  expect(run(events, days("2026-01-01", "2026-01-02", "2026-02-01"), options, "2026-01-01")).toEqual(["0/1", "1/1", "1/1"]);
}); // biome-ignore format: short enough

// https://amplitude.com/docs/faq/retention-analysis: a user who returns on day two is also in days one and zero
test("on or after: in all intervals before too", () => {
  const events = [made("start", "2026-01-01T10:00:00"), made("back", "2026-01-03T11:00:00")];
  const options = { ...START_AND_BACK, method: "on or after", intervals: 3 } as const;
  expect(run(events, days("2026-01-01", "2026-01-02", "2026-02-01"), options, null)).toEqual([
    "1/1",
    "1/1",
    "1/1",
    "0/1",
  ]);
});

test("brackets hold their first and last day", () => {
  const back = (amplitude_id: number, day: string) => [
    made("start", "2026-01-01T10:00:00", { amplitude_id }),
    made("back", `2026-01-${day}T10:30:00`, { amplitude_id }),
  ];
  const events = [...back(1, "01"), ...back(2, "02"), ...back(3, "04"), ...back(4, "05"), ...back(5, "08")];
  const brackets = [[0, 0], [1, 3], [4, 6], [7, 11]] as const; // biome-ignore format: short enough
  const rows = retention(events, days("2026-01-01", "2026-01-02", "2026-02-01"), {
    ...START_AND_BACK,
    brackets,
  });
  expect(cells(rows, "2026-01-01")).toEqual(["1/5", "2/5", "1/5", "1/5"]);
  expect(rows.map(({ interval }) => interval)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
});

describe("new users", () => {
  const setting = days("2026-01-02", "2026-01-03", "2026-02-01");

  test("are new with their first event of all, an inactive one too", () => {
    const events = [
      made("ping", "2026-01-01T23:59:59", { amplitude_id: 1 }),
      made("open", "2026-01-02T10:00:00", { amplitude_id: 1 }),
      made("ping", "2026-01-02T10:00:00", { amplitude_id: 2 }),
      made("open", "2026-01-03T10:00:00", { amplitude_id: 2 }),
    ];
    expect(run(events, setting, { intervals: 1, inactive: ["ping"] }, "2026-01-02")).toEqual(["0/1", "1/1"]);
    expect(run(events, setting, { intervals: 1 }, "2026-01-02")).toEqual(["1/1", "1/1"]);
  });

  test("must fulfil the filters of the start in that hour too", () => {
    const events = [
      made("open", "2026-01-02T10:00:00"),
      made("open", "2026-01-02T10:30:00", { country: "DE" }),
    ];
    const start = (value: string) => ({ event: "_new", filters: [{ property: "country", value }] });
    expect(run(events, setting, { start: start("DE"), intervals: 0 }, "2026-01-02")).toEqual(["1/1"]);
    expect(run(events, setting, { start: start("AT"), intervals: 0 }, "2026-01-02")).toEqual(["0/0"]);
  });

  test("must fulfil a segment in their first hour, or calendar day", () => {
    const events = [
      made("open", "2026-01-02T10:00:00", { country: null }),
      made("open", "2026-01-02T10:59:59", { country: "DE" }),
      made("open", "2026-01-02T11:00:00", { country: "AT" }),
    ];
    const segments = {
      DE: { filters: [{ property: "country", value: "DE" }] },
      AT: { filters: [{ property: "country", value: "AT" }] },
    };
    const began = (options: RetentionOptions) =>
      retention(events, setting, { ...options, segments, intervals: 0 }).filter(({ cohort }) => cohort !== null).map(({ users }) => users);
    expect(began({})).toEqual([1, 0]);
    expect(began({ mode: "calendar" })).toEqual([1, 1]);
    expect(began({ interval: "week" }).reduce((a, b) => a + b)).toBe(2);
  }); // biome-ignore format: short enough
});

test("a start is in the range from its first moment to before its end", () => {
  const starts = ["2025-12-31T23:59:59.999999", "2026-01-01T00:00:00", "2026-01-01T12:00:00"].map((time, i) =>
    made("start", time, { amplitude_id: i }),
  );
  const half = { ...days("2026-01-01", "2026-01-02", "2026-02-01"), until: at("2026-01-01T12:00:00") };
  expect(run(starts, half, { ...START_AND_BACK, intervals: 0 }, "2026-01-01")).toEqual(["0/1"]);
});

test("a segment is looked at when users begin, not when they return", () => {
  const events = [made("start", "2026-01-01T10:00:00", { country: "DE" }), made("back", "2026-01-02T10:00:00", { country: "AT" })];
  const segments = { DE: { filters: [{ property: "country", value: "DE" }] }, AT: { filters: [{ property: "country", value: "AT" }] } };
  const rows = retention(events, days("2026-01-01", "2026-01-02", "2026-02-01"), { ...START_AND_BACK, intervals: 1, segments });
  expect(rows.map(({ segment, cohort, returned, users }) => `${segment} ${cohort} ${returned}/${users}`)).toEqual([
    "DE null 0/1", "DE null 1/1", "DE 2026-01-01 0/1", "DE 2026-01-01 1/1",
    "AT null 0/0", "AT null 0/0", "AT 2026-01-01 0/0", "AT 2026-01-01 0/0",
  ]);
}); // biome-ignore format: a table

describe("incomplete", () => {
  test("a range that ends within the day lets nobody begin after", () => {
    const setting = {
      ...days("2026-01-01", "2026-01-02", "2026-01-02T11:00:00"),
      until: at("2026-01-01T12:00:00"),
    };
    expect(run([], setting, { intervals: 0 }, "2026-01-01")).toEqual(["0/0"]);
    expect(
      run([], { ...setting, dataUntil: at("2026-01-02T10:59:59") }, { intervals: 0 }, "2026-01-01"),
    ).toEqual(["0/0*"]);
  });

  const start = (day: string, amplitude_id: number) =>
    made("start", `2026-01-${day}T10:00:00`, { amplitude_id });
  const events = [start("01", 1), start("02", 2), made("back", "2026-01-02T10:00:00")];

  test("rolling: until it is over for who began in the last hour; left out of all together", () => {
    const options = { ...START_AND_BACK, intervals: 1 };
    // Day 1 of 23:00 on 1 January ends at 23:00 on the 3rd.
    const setting = days("2026-01-01", "2026-01-03", "2026-01-03T23:00:00");
    expect(run(events, setting, options, "2026-01-01")).toEqual(["0/1", "1/1"]);
    expect(run(events, setting, options, "2026-01-02")).toEqual(["0/1", "0/1*"]);
    expect(run(events, setting, options, null)).toEqual(["0/2", "1/1"]);
    const less = days("2026-01-01", "2026-01-03", "2026-01-03T22:59:59.999999");
    expect(run(events, less, options, "2026-01-01")).toEqual(["0/1", "1/1*"]);
    expect(run(events, less, options, null)).toEqual(["0/1", "0/0"]);
  });

  // https://amplitude.com/docs/faq/retention-analysis: day 6 of July 15 is July 21, incomplete until it ends
  test("calendar: until the day is over", () => {
    const options = { ...START_AND_BACK, mode: "calendar", intervals: 6 } as const;
    const july = (dataUntil: string) =>
      run(
        [made("start", "2026-07-15T10:00:00")],
        days("2026-07-15", "2026-07-16", dataUntil),
        options,
        "2026-07-15",
      )[6];
    expect([july("2026-07-21T23:59:59"), july("2026-07-22")]).toEqual(["0/1*", "0/1"]);
  });

  test("weeks and months by days", () => {
    const ends = (interval: "week" | "month", dataUntil: string) =>
      run([], days("2026-01-05", "2026-01-06", dataUntil), { interval, intervals: 0 }, interval === "week" ? "2026-01-05" : "2026-01-01");
    expect([ends("week", "2026-01-11T23:00:00"), ends("week", "2026-01-12")]).toEqual([["0/0*"], ["0/0"]]);
    expect([ends("month", "2026-02-03T23:00:00"), ends("month", "2026-02-04")]).toEqual([["0/0*"], ["0/0"]]);
  }); // biome-ignore format: short enough
});

test("without events each cohort has its empty cells", () => {
  const rows = retention([], days("2026-01-01", "2026-01-03", "2026-03-01"), { intervals: 1 });
  expect(rows.map(({ cohort, rate }) => [cohort, rate])).toEqual([
    [null, null], [null, null], ["2026-01-01", null], ["2026-01-01", null], ["2026-01-02", null], ["2026-01-02", null],
  ]);
}); // biome-ignore format: a table

test("30 days and 12 weeks are looked at", () => {
  const setting = days("2026-01-01", "2026-01-02", "2026-03-01");
  expect(run([], setting, {}, null)).toHaveLength(31);
  expect(run([], setting, { interval: "week" }, null)).toHaveLength(13);
});
