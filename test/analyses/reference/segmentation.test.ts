import { describe, expect, test } from "vitest";
import type { EventChoice } from "../../../src/analyses/event-choice.js";
import type { Measure, SegmentationOptions } from "../../../src/analyses/segmentation.js";
import { at, days, made } from "../made-events.js";
import { readFormula } from "./formula.js";
import type { PlainEvent, Setting } from "./plain-event.js";
import { line, segmentation, segmentationTotals } from "./segmentation.js";

const WEEK = days("2026-01-05", "2026-01-12");

/** Event `type` of a user at noon of a day of January. */
const noon = (type: string, day: number, amplitude_id = 1, event_properties: object = {}) =>
  made(type, `2026-01-${String(day).padStart(2, "0")}T12:00:00`, { amplitude_id, event_properties });
const values = (
  events: readonly PlainEvent[],
  choices: readonly EventChoice[],
  options: SegmentationOptions<string> = {},
  setting: Setting = WEEK,
) => segmentation(events, setting, choices, options).map(({ value }) => value);
const total = (events: readonly PlainEvent[], choices: readonly EventChoice[], options: SegmentationOptions<string> = {}, setting: Setting = WEEK) =>
  segmentationTotals(events, setting, choices, options).map(({ value }) => value); // biome-ignore format: short enough

test("a row for every interval, also those without events", () => {
  const rows = segmentation([noon("a", 6), noon("a", 6, 2)], days("2026-01-05", "2026-01-08"), ["a"]);
  expect(rows).toEqual([
    {
      time: "2026-01-05",
      start: new Date("2026-01-05"),
      event: "a",
      segment: "all",
      value: 0,
      incomplete: false,
    },
    {
      time: "2026-01-06",
      start: new Date("2026-01-06"),
      event: "a",
      segment: "all",
      value: 2,
      incomplete: false,
    },
    {
      time: "2026-01-07",
      start: new Date("2026-01-07"),
      event: "a",
      segment: "all",
      value: 0,
      incomplete: false,
    },
  ]);
});

// https://amplitude.com/docs/faq/event-segmentation: Why don't my line chart data points add up to my bar chart total?
test("a user on November 2nd and 6th is two in days and one over the range", () => {
  const events = [made("a", "2026-11-02T12:00:00"), made("a", "2026-11-06T12:00:00")];
  const november = days("2026-11-01", "2026-12-01");
  expect(values(events, ["a"], {}, november).reduce((sum, value) => (sum ?? 0) + (value ?? 0), 0)).toBe(2);
  expect(total(events, ["a"], {}, november)).toEqual([1]);
});

test("what the range or the data cuts", () => {
  const setting = { from: at("2026-01-05T13:00:00"), until: at("2026-01-08T12:00:00"), dataFrom: at("2026-01-01"), dataUntil: at("2026-01-07T12:00:00") };
  const events = [5, 6, 7, 8].map((day) => noon("a", day));
  const rows = segmentation([...events, made("a", "2026-01-07T11:00:00")], setting, ["a"], { measure: "totals" });
  expect(rows.map(({ time, value, incomplete }) => [time, value, incomplete])).toEqual([
    ["2026-01-05", 0, true], ["2026-01-06", 1, false], ["2026-01-07", 1, true], ["2026-01-08", 0, true],
  ]);
}); // biome-ignore format: a table

test("an interval is incomplete if it begins before the data", () => {
  const setting = { ...days("2026-01-05", "2026-01-07"), dataFrom: at("2026-01-05T00:00:00.000001") };
  expect(segmentation([], setting, ["a"]).map(({ incomplete }) => incomplete)).toEqual([true, false]);
});

test("the range holds its first moment, not the one after its last", () => {
  const edge = [made("a", "2026-01-05T00:00:00"), made("a", "2026-01-11T23:59:59.999999"), made("a", "2026-01-12T00:00:00")];
  expect(total(edge, ["a"], { measure: "totals" })).toEqual([2]);
}); // biome-ignore format: short enough

const BOUGHT = [
  noon("buy", 5, 1, { price: 10, items: ["x", "y"] }),
  noon("buy", 5, 1, { price: "30", items: ["x"] }),
  noon("buy", 5, 2, { price: 20.5, items: ["x", "x"] }),
  noon("buy", 5, 3, { price: "$5" }),
  noon("see", 5, 4),
  noon("ping", 5, 5),
];

test.each<[Measure, number | null]>([
  ["uniques", 3],
  ["totals", 4],
  ["average", 4 / 3],
  ["active %", (3 / 4) * 100],
  [{ sum: "price" }, 60.5],
  [{ average: "price" }, 60.5 / 3],
  [{ median: "price" }, 20.5],
  [{ min: "price" }, 10],
  [{ max: "price" }, 30],
  [{ percentile: "price", p: 25 }, 15.25],
  [{ percentile: "price", p: 100 }, 30],
  [{ sumPerUser: "price" }, 60.5 / 3],
  [{ distinct: "price" }, 4],
  [{ distinct: "items" }, 2],
  [{ distinctPerUser: "items" }, 1.5],
  [{ sum: "items" }, 0],
  [{ max: "items" }, null],
  [{ distinctPerUser: "nothing" }, null],
])("%j is %d", (measure, expected) => {
  expect(total(BOUGHT, ["buy"], { measure, inactive: ["ping"] })).toEqual([expected]);
});

test("of no events there are none, nothing to divide by, and no values", () => {
  const of = (measure: Measure) => total([], ["buy"], { measure })[0];
  expect((["uniques", "totals", "average", "active %", { sum: "p" }, { median: "p" }] as const).map(of)).toEqual([0, 0, null, null, 0, null]);
}); // biome-ignore format: short enough

// https://amplitude.com/docs/faq/event-segmentation: Why is my Active % metric more than 100%?
test("active % of an inactive event can be more than 100", () => {
  const events = [noon("ping", 5, 1), noon("ping", 5, 2), noon("a", 5, 1)];
  expect(total(events, ["ping"], { measure: "active %", inactive: ["ping"] })).toEqual([200]);
});

test("several types in one choice, any and any active event", () => {
  const events = [noon("a", 5, 1), noon("b", 5, 2), noon("ping", 5, 3)];
  const choices = [{ event: ["a", "b"], name: "either" }, "_all", "_active", { event: "a", filters: [{ property: "country", value: null }] }];
  expect(total(events, choices, { inactive: ["ping"] })).toEqual([2, 3, 2, 1]);
}); // biome-ignore format: short enough

describe("groups", () => {
  const events = [
    noon("a", 5, 1, { p: ["x", "y"] }),
    noon("a", 6, 2, { p: "y" }),
    noon("a", 6, 3),
    noon("a", 13, 9, { p: "later" }),
  ];

  test("largest first, then by name; each item of a list; none", () => {
    const rows = segmentationTotals(events, WEEK, ["a"], { groupBy: "p" });
    expect(rows.map(({ p, value }) => [p, value])).toEqual([["y", 2], ["(none)", 1], ["x", 1]]);
    const byDay = segmentation(events, days("2026-01-05", "2026-01-07"), ["a"], { groupBy: "p" });
    expect(byDay.map(({ p, time, value }) => [p, time.slice(8), value])).toEqual([
      ["y", "05", 1], ["y", "06", 1], ["(none)", "05", 0], ["(none)", "06", 1], ["x", "05", 1], ["x", "06", 0],
    ]);
  }); // biome-ignore format: a table

  // https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-custom-formulas: counting items
  test("an item twice in a list counts twice in totals", () => {
    const twice = [noon("a", 5, 1, { p: ["x", "x"] })];
    expect(total(twice, ["a"], { groupBy: "p", measure: "totals" })).toEqual([2]);
    expect(total(twice, ["a"], { groupBy: "p" })).toEqual([1]);
  });

  test("two properties, every combination", () => {
    const rows = segmentationTotals([noon("a", 5, 1, { p: [2, 1], q: [true, "z"] })], WEEK, ["a"], { groupBy: ["p", "q"] });
    expect(rows.map(({ p, q }) => `${p} ${q}`)).toEqual(["1 true", "1 z", "2 true", "2 z"]);
  }); // biome-ignore format: short enough

  test("all active users are what active % is of, whatever their group", () => {
    expect(total(events, ["a"], { groupBy: "p", measure: "active %" })).toEqual([
      (2 / 3) * 100,
      (1 / 3) * 100,
      (1 / 3) * 100,
    ]);
  });
});

test("segments, in the order given, hold for the denominator too", () => {
  const events = [made("a", "2026-01-05", { country: "DE" }), made("b", "2026-01-05", { country: "DE", amplitude_id: 2 }), made("a", "2026-01-06", { country: "AT" })];
  const german = { filters: [{ property: "country", value: "DE" }] };
  const segments = { second: { cohort: [2] }, german };
  expect(total(events, ["a"], { segments, measure: "active %" })).toEqual([0, 50]);
  const rows = segmentationTotals(events, WEEK, ["b", "a"], { segments });
  expect(rows.map(({ event, segment, value }) => `${event} ${segment} ${value}`)).toEqual(["b second 1", "b german 1", "a second 0", "a german 1"]);
}); // biome-ignore format: short enough

describe("rolling", () => {
  // https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-interpret-2: April 21st is the users of April 15th to 21st
  test("users of the last days, each once, those before the range too", () => {
    const events = [noon("a", 1, 1), noon("a", 4, 2), noon("a", 5, 2), noon("a", 7, 3)];
    expect(values(events, ["a"], { rolling: 3 })).toEqual([1, 1, 2, 1, 1, 0, 0]);
    expect(values(events, ["a"], { rolling: 7 })).toEqual([2, 2, 3, 2, 2, 2, 2]);
    expect(values(events, ["a"], { rolling: 2, measure: "totals" })).toEqual([2, 1, 1, 1, 0, 0, 0]);
    expect(total(events, ["a"], { rolling: 7 })).toEqual([2]);
  });

  test("looks at whole intervals at the range's start, and stops at its end", () => {
    const setting = { ...WEEK, from: at("2026-01-05T13:00:00"), until: at("2026-01-06T12:00:00") };
    const events = [noon("a", 4, 1), noon("a", 5, 2), noon("a", 6, 3)];
    expect(values(events, ["a"], { rolling: 2 }, setting)).toEqual([2, 1]);
    expect(values(events, ["a"], { rolling: 1 }, setting)).toEqual([1, 0]);
    expect(values(events, ["a"], {}, setting)).toEqual([0, 0]);
  });
});

test("compare: the whole interval so many before", () => {
  const events = [noon("a", 3, 1), noon("a", 3, 2), noon("a", 5, 1), noon("a", 7, 1)];
  const rows = segmentation(events, days("2026-01-05", "2026-01-08"), ["a"], { compare: 2 });
  expect(rows.map(({ value, before }) => [value, before])).toEqual([[1, 2], [0, 0], [1, 1]]);
}); // biome-ignore format: short enough

describe("formulas", () => {
  const events = [
    noon("a", 5, 1),
    noon("a", 5, 1),
    noon("a", 5, 2),
    noon("b", 5, 1),
    noon("b", 6, 3, { p: 4 }),
    noon("b", 6, 3, { p: 8 }),
  ];
  const of = (formula: string) => total(events, ["a", "b"], { formula })[0];

  test.each([
    ["UNIQUES(A) / UNIQUES(B) * 100", 100],
    ["uniques(a) - totals(b) * 2", -4],
    ["(UNIQUES(A) - TOTALS(B)) * 2", -2],
    ["8 / 2 / 2 - 1 - 1", 0],
    ["-UNIQUES(A) + 0.5", -1.5],
    ["AVG(A)", 1.5],
    ["ACTIVE(A)", 2 / 3],
    ["PROPSUM(B, p)", 12],
    ["PROPAVG(B, event_properties.p)", 6],
    ["PROPMIN(B, 'p') + PROPMAX(B,p)", 12],
    ["PROPCOUNT(B, p)", 2],
    ["PROPCOUNTAVG(B, p)", 2],
    ["PERCENTILE(B, p, 0.25)", 5],
    ["REVENUETOTAL(B, p)", 12],
    ["$:ARPAU(B, p)", 4],
    ["FREQPERCENTILE(A, 0.5)", 1.5],
    ["FREQPERCENTILE(A, 1)", 2],
    ["EXP(UNIQUES(A) - 2)", 1],
    ["EXP(TOTALS(A) * 234)", null],
    ["LN(TOTALS(A) - 2)", 0],
    ["LN(UNIQUES(A) - 2)", null],
    ["LOG(8, 2)", 3],
    ["LOG10(1000)", 3],
    ["POWER(TOTALS(A), 2) + POWER(UNIQUES(A), -1)", 9.5],
    ["POWER(UNIQUES(A) - 2, -1)", null],
    ["SQRT(TOTALS(A) + 1)", 2],
    ["SQRT(-1)", null],
    ["TRENDLINE(TOTALS(A))", 3],
    ["CUMSUM(UNIQUES, A) + ROLLWIN(TOTALS, B, 2)", 5],
    ["TOTALS(A) / (UNIQUES(A) - 2)", null],
    ["PROPAVG(A, p) + 1", null],
    ["CUMSUM(UNIQUES(A)) + ROLLWIN(TOTALS(B), 2) + ROLLAVG(UNIQUES(A), 3)", 2 + 3 + 2],
  ])("%s is %s", (formula, expected) => {
    expect(of(formula)).toBe(expected);
  });

  test.each(["UNIQUES", "UNIQUES(A", "UNIQUES(A))", "WHAT(A)", "UNIQUES(AB)", "A + 1", "", "ROLLAVG(UNIQUES(A), 0)", "CUMSUM(CUMSUM(UNIQUES(A)))", "UNIQUES(A) UNIQUES(B)"])(
    "%s is none",
    (formula) => expect(() => readFormula(formula)).toThrow(SyntaxError),
  ); // biome-ignore format: short enough

  test("the trend line of 1, 4, none, 1 is through 2, level where there is one point", () => {
    // Means 4 / 3 and 2; slope (-4 / 3 * -1 + -1 / 3 * 2 + 5 / 3 * -1) / (16 / 9 + 1 / 9 + 25 / 9) = -3 / 14
    const at = (x: number) => expect.closeTo(2 - (3 / 14) * (x - 4 / 3));
    expect(line([1, 4, null, 1])).toEqual([at(0), at(1), at(2), at(3)]);
    expect(line([null, 5])).toEqual([5, 5]);
    expect(line([null, null])).toEqual([null, null]);
  });

  // https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-interpret-2
  test("cumulative: April 5th A, 11th A and B, 19th C and D makes four, each once", () => {
    const bought = [["05", 1], ["11", 1], ["11", 2], ["19", 3], ["19", 4]] as const; // biome-ignore format: short enough
    const april = bought.map(([day, amplitude_id]) =>
      made("buy", `2026-04-${day}T12:00:00`, { amplitude_id }),
    );
    const counted = values(
      april,
      ["buy"],
      { formula: "CUMSUM(UNIQUES(A))" },
      days("2026-04-05", "2026-04-20"),
    );
    expect([0, 6, 14].map((day) => counted[day])).toEqual([1, 2, 4]);
  });

  test("a rolling average is the mean of the last intervals, those before the range too", () => {
    const some = [noon("a", 4, 1), noon("a", 5, 1), noon("a", 5, 2), noon("a", 6, 1)];
    expect(values(some, ["a"], { formula: "ROLLAVG(UNIQUES(A), 2)" }, days("2026-01-05", "2026-01-08"))).toEqual([1.5, 1.5, 0.5]);
    const half = { ...days("2026-01-05", "2026-01-06"), from: at("2026-01-05T13:00:00") };
    expect(values(some, ["a"], { formula: "ROLLAVG(UNIQUES(A), 2)" }, half)).toEqual([1.5]);
    // Of averages, days without one are left out.
    expect(values(some, ["a"], { formula: "ROLLAVG(AVG(A), 2)" }, days("2026-01-05", "2026-01-09"))).toEqual([1, 1, 1, null]);
  }); // biome-ignore format: short enough

  test("before, in a cumulative sum, sums from as many intervals before", () => {
    const some = [noon("a", 1), noon("a", 2), noon("a", 3), noon("a", 5)];
    const rows = segmentation(some, days("2026-01-05", "2026-01-07"), ["a"], { formula: "CUMSUM(TOTALS(A))", compare: 3 });
    expect(rows.map(({ value, before }) => [value, before])).toEqual([[1, 1], [1, 2]]);
  }); // biome-ignore format: short enough

  test("groups of any of the events; the events of the other are none there", () => {
    const some = [noon("a", 5, 1, { p: "x" }), noon("b", 5, 1, { p: "y" }), noon("b", 5, 2, { p: "x" })];
    const rows = segmentationTotals(some, WEEK, ["a", "b"], {
      formula: "TOTALS(A) - TOTALS(B) * 2",
      groupBy: "p",
    });
    expect(rows).toEqual([
      { event: "TOTALS(A) - TOTALS(B) * 2", segment: "all", value: -1, p: "x" },
      { event: "TOTALS(A) - TOTALS(B) * 2", segment: "all", value: -2, p: "y" },
    ]);
  });
});

test("hours on a day on which clocks go back", () => {
  const events = [made("a", "2026-10-25T00:30:00"), made("a", "2026-10-25T01:30:00"), made("a", "2026-10-25T01:40:00")];
  const setting = days("2026-10-25T00:00:00", "2026-10-25T02:00:00");
  const rows = segmentation(events, setting, ["a"], { interval: "hour", measure: "totals", timeZone: "Europe/Berlin" });
  expect(rows.map(({ time, value }) => [time, value])).toEqual([["2026-10-25 02:00+02:00", 1], ["2026-10-25 02:00+01:00", 2]]);
}); // biome-ignore format: short enough

// https://amplitude.com/docs/faq/unexpected-values-in-user-counts: User A and Audience
test("a user whose property came later is once in its group and once in (none)", () => {
  const events = [
    made("Send Message", "2026-01-01T12:00:00"),
    made("Send Message", "2026-02-01T12:00:00", { event_properties: { Audience: "Default" } }),
    made("Send Message", "2026-02-02T12:00:00", { event_properties: { Audience: "Default" } }),
  ];
  const rows = segmentationTotals(events, days("2026-01-01", "2026-03-01"), ["Send Message"], { groupBy: "Audience" });
  expect(rows.map(({ Audience, value }) => [Audience, value])).toEqual([["(none)", 1], ["Default", 1]]);
}); // biome-ignore format: short enough
