import { describe, expect, test } from "vitest";
import type { EventChoice } from "../../../src/analyses/event-choice.js";
import type { FunnelOptions } from "../../../src/analyses/funnel.js";
import { at, days, made } from "../made-events.js";
import { windowOf } from "./attempts.js";
import { funnel, funnelUsers } from "./funnel.js";
import type { PlainEvent, Setting } from "./plain-event.js";

const DAY = days("2026-01-05", "2026-01-06", "2026-03-01");

/** Events of user 1 on 5 January, written `a 10:00:00`, with properties after it. */
function of(...rows: (string | readonly [string, object])[]): PlainEvent[] {
  return rows.map((row, i) => {
    const [text, event_properties] = typeof row === "string" ? [row, {}] : row;
    const [type = "", time = ""] = text.split(" ");
    return made(type, `2026-01-05T${time}`, { uuid: String(i), event_properties });
  });
}

/** How many came to each step. */
function counts(events: readonly PlainEvent[], steps: readonly EventChoice[], options: FunnelOptions<string> = {}, setting: Setting = DAY) {
  return funnel(events, setting, steps, options).map(({ users }) => users);
} // biome-ignore format: short enough

const AB = ["a", "b"];
const ABC = ["a", "b", "c"];

describe("this order", () => {
  test("others are allowed between", () => {
    expect(counts(of("a 10:00:00", "x 10:01:00", "b 10:02:00"), AB)).toEqual([1, 1]);
    expect(counts(of("b 10:00:00", "a 10:01:00"), AB)).toEqual([1, 0]);
    expect(counts(of("b 10:00:00"), AB)).toEqual([0, 0]);
  });

  // https://amplitude.com/docs/analytics/charts/funnel-analysis/funnel-analysis-how-amplitude-computes
  test("a step may come twice: a, a, b", () => {
    expect(counts(of("a 10:00:00", "a 10:01:00", "b 10:02:00"), ["a", "a", "b"])).toEqual([1, 1, 1]);
    expect(counts(of("a 10:00:00", "b 10:02:00"), ["a", "a", "b"])).toEqual([1, 0, 0]);
  });

  test("the window is from the first step to the last, and included", () => {
    const events = (last: string) => of("a 10:00:00", "b 10:00:20", `c ${last}`);
    expect(counts(events("10:00:30"), ABC, { window: "30s" })).toEqual([1, 1, 1]);
    expect(counts(events("10:00:31"), ABC, { window: "30s" })).toEqual([1, 1, 0]);
    // By the second: 30.9 s after 0.9 s of a second are 30 s.
    expect(counts(of("a 10:00:00", "b 10:00:30.999999"), AB, { window: "30s" })).toEqual([1, 1]);
    expect(counts(of("a 10:00:00", "b 10:00:30.001"), AB, { window: "30s", resolution: "millisecond" })).toEqual([1, 0]);
    expect(counts(of("a 10:00:00", "b 10:00:30.000999"), AB, { window: "30s", resolution: "millisecond" })).toEqual([1, 1]);
  }); // biome-ignore format: short enough

  test("a later entry may be the one that converts, in time or at all", () => {
    expect(counts(of("a 10:00:00", "a 10:01:00", "b 10:01:20"), AB, { window: "30s" })).toEqual([1, 1]);
    const [user] = funnelUsers(of("a 10:00:00", "a 10:01:00", "b 10:01:20", "a 10:02:00", "b 10:02:01"), DAY, AB, { window: "30s" });
    expect(user?.steps).toEqual([at("2026-01-05T10:01:00"), at("2026-01-05T10:01:20")]);
  }); // biome-ignore format: short enough

  test("the first step must be in the range, later ones need not be", () => {
    const steps = (first: string, second: string) => [made("a", first), made("b", second)];
    expect(counts(steps("2026-01-05T23:59:59.999999", "2026-01-06T10:00:00"), AB)).toEqual([1, 1]);
    expect(counts(steps("2026-01-04T23:59:59.999999", "2026-01-05T10:00:00"), AB)).toEqual([0, 0]);
    expect(counts(steps("2026-01-06T00:00:00", "2026-01-06T10:00:00"), AB)).toEqual([0, 0]);
    const known = days("2026-01-05", "2026-01-06", "2026-01-06T10:00:00");
    expect(counts(steps("2026-01-05T23:00:00", "2026-01-06T10:00:00"), AB, {}, known)).toEqual([1, 0]);
  });
});

// https://amplitude.com/docs/analytics/charts/funnel-analysis/funnel-analysis-how-amplitude-handles-simultaneous-events
describe("within a second", () => {
  test("different event types satisfy either order", () => {
    const events = of("b 10:00:00.100", "a 10:00:00.900");
    expect(counts(events, AB)).toEqual([1, 1]);
    expect(counts(events, ["b", "a"])).toEqual([1, 1]);
    expect(counts(events, AB, { resolution: "millisecond" })).toEqual([1, 0]);
    expect(counts(of("b 10:00:00.100000", "a 10:00:00.100900"), AB, { resolution: "millisecond" })).toEqual([
      1, 1,
    ]);
  });

  test("seconds are those of the clock, not any two within 1 s", () => {
    expect(counts(of("b 10:00:00.999", "a 10:00:01.001"), AB)).toEqual([1, 0]);
  });

  test("two of one event type count once", () => {
    const events = of("a 10:00:00.100", "a 10:00:00.900");
    expect(counts(events, ["a", "a"])).toEqual([1, 0]);
    expect(counts(events, ["a", "a"], { resolution: "millisecond" })).toEqual([1, 1]);
    expect(counts(of("a 10:00:00", "b 10:00:00"), ["a", "_all"])).toEqual([1, 0]);
    expect(counts(of("a 10:00:00", "b 10:00:00"), ["a", "_active"])).toEqual([1, 0]);
    expect(counts(of("a 10:00:00", "b 10:00:00"), ["a", "_active"], { inactive: ["a"] })).toEqual([1, 1]);
    // The third step is like the first, though not like the one between.
    expect(counts(of("a 10:00:00", "b 10:00:00"), ["a", "b", "a"])).toEqual([1, 1, 0]);
  });

  test("unless the conditions of the steps exclude each other", () => {
    const events = of(["a 10:00:00", { p: 1 }], ["a 10:00:00", { p: 2 }]);
    const where = (value: number) => ({ event: "a", filters: [{ property: "p", value }] });
    expect(counts(events, [where(2), where(1)])).toEqual([1, 1]);
    expect(counts(events, [where(2), "a"])).toEqual([1, 0]);
  });
});

describe("exact order", () => {
  const exact = { order: "exact order" } as const;

  test("nothing comes between, inactive or a step's own", () => {
    expect(counts(of("a 10:00:00", "b 10:02:00"), AB, exact)).toEqual([1, 1]);
    expect(counts(of("a 10:00:00", "x 10:01:00", "b 10:02:00"), AB, exact)).toEqual([1, 0]);
    expect(counts(of("a 10:00:00", "x 10:01:00", "b 10:02:00"), AB, { ...exact, inactive: ["x"] })).toEqual([
      1, 0,
    ]);
    expect(counts(of("a 10:00:00", "b 10:01:00", "b 10:02:00", "c 10:03:00"), ABC, exact)).toEqual([1, 1, 0]);
  });

  test("a later entry may be the one", () => {
    expect(counts(of("a 10:00:00", "x 10:01:00", "a 10:02:00", "b 10:03:00"), AB, exact)).toEqual([1, 1]);
    expect(counts(of("a 10:00:00", "a 10:01:00", "b 10:03:00"), AB, exact)).toEqual([1, 1]);
  });

  test("another event in the second of a step is not between", () => {
    expect(counts(of("a 10:00:00", "x 10:00:00", "b 10:02:00"), AB, exact)).toEqual([1, 1]);
    expect(counts(of("a 10:00:00.1", "x 10:00:00.2", "b 10:00:00.3"), AB, { ...exact, resolution: "millisecond" })).toEqual([1, 0]);
  }); // biome-ignore format: short enough
});

// https://amplitude.com/docs/faq/funnel-analysis
describe("any order", () => {
  const any = { order: "any order" } as const;

  test("the first step need not come first, but must be in the range", () => {
    expect(counts(of("c 10:00:00", "b 10:01:00", "a 10:02:00"), ABC, any)).toEqual([1, 1, 1]);
    expect(counts(of("b 10:00:00", "c 10:02:00"), ABC, any)).toEqual([0, 0, 0]);
    const early = [made("b", "2026-01-04T23:00:00"), made("a", "2026-01-05T01:00:00")];
    expect(counts(early, AB, any)).toEqual([1, 1]);
    expect(counts(early, ["b", "a"], any)).toEqual([0, 0]);
  });

  test("no step can be left out", () => {
    expect(counts(of("a 10:00:00", "c 10:01:00"), ABC, any)).toEqual([1, 0, 0]);
  });

  test("all lie within the window, which is whole days", () => {
    const spread = (last: string) => [made("b", "2026-01-04T12:00:00"), made("a", "2026-01-05T06:00:00"), made("c", last)];
    expect(counts(spread("2026-01-05T12:00:00"), ABC, any)).toEqual([1, 1, 1]);
    expect(counts(spread("2026-01-05T12:00:01"), ABC, any)).toEqual([1, 1, 0]);
    expect(counts(spread("2026-01-05T12:00:01"), ABC, { ...any, window: "47h" })).toEqual([1, 1, 0]);
    expect(counts(spread("2026-01-05T12:00:01"), ABC, { ...any, window: "48h" })).toEqual([1, 1, 1]);
    expect(windowOf("30s", "any order")).toBe(86_400_000_000n);
  }); // biome-ignore format: short enough

  test("one event is not two steps", () => {
    expect(counts(of("a 10:00:00", "b 10:01:00"), ["a", "b", "a"], any)).toEqual([1, 1, 0]);
    expect(counts(of("a 10:00:00", "b 10:01:00", "a 09:00:00"), ["a", "b", "a"], any)).toEqual([1, 1, 1]);
  });

  test("the seconds of a step are those until all so far were done", () => {
    const rows = funnel(of("c 10:00:00", "a 10:00:10", "b 10:00:40"), DAY, ABC, any);
    expect(rows.map(({ averageSeconds }) => averageSeconds)).toEqual([null, 30, 0]);
  });

  test("excluded is who did it anywhere between", () => {
    const exclude = [{ event: "x", after: 2, before: 3 }];
    expect(counts(of("b 10:00:00", "x 10:00:10", "a 10:00:40"), AB, { ...any, exclude })).toEqual([1, 0]);
    expect(counts(of("x 10:00:00", "b 10:00:10", "a 10:00:40"), AB, { ...any, exclude })).toEqual([1, 1]);
  });
});

describe("exclusion", () => {
  const exclude = [{ event: "x" }];

  test("between the first and the last step", () => {
    expect(counts(of("a 10:00:00", "x 10:00:01", "b 10:00:02", "c 10:00:03"), ABC, { exclude })).toEqual([
      1, 0, 0,
    ]);
    expect(counts(of("a 10:00:00", "b 10:00:02", "x 10:00:03", "c 10:00:04"), ABC, { exclude })).toEqual([
      1, 1, 0,
    ]);
    expect(counts(of("x 10:00:00", "a 10:00:01", "b 10:00:02", "x 10:00:03"), AB, { exclude })).toEqual([
      1, 1,
    ]);
  });

  test("between two steps only", () => {
    const later = [{ event: "x", after: 2, before: 3 }];
    expect(counts(of("a 10:00:00", "x 10:00:01", "b 10:00:02", "c 10:00:03"), ABC, { exclude: later })).toEqual([1, 1, 1]);
    expect(counts(of("a 10:00:00", "b 10:00:02", "x 10:00:03", "c 10:00:04"), ABC, { exclude: later })).toEqual([1, 1, 0]);
  }); // biome-ignore format: short enough

  test("in the second of a step it is not between", () => {
    expect(counts(of("a 10:00:00", "x 10:00:00.5", "b 10:00:02"), AB, { exclude })).toEqual([1, 1]);
    expect(counts(of("a 10:00:00", "x 10:00:02", "b 10:00:02.5"), AB, { exclude })).toEqual([1, 1]);
  });

  test("one attempt without it is enough, also one that is not the earliest of its entry", () => {
    expect(counts(of("a 10:00:00", "x 10:00:01", "a 10:00:02", "b 10:00:03"), AB, { exclude })).toEqual([
      1, 1,
    ]);
    const between = [{ event: "x", after: 2, before: 3 }];
    const events = of("a 10:00:00", "b 10:00:01", "x 10:00:02", "b 10:00:03", "c 10:00:04");
    expect(counts(events, ABC, { exclude: between })).toEqual([1, 1, 1]);
  });
});

describe("totals", () => {
  const totals = { count: "totals" } as const;

  // https://amplitude.com/docs/analytics/charts/funnel-analysis/funnel-analysis-how-amplitude-computes
  test("search, search, search, search, add: one conversion", () => {
    const events = of("a 10:00:00", "a 10:00:01", "a 10:00:02", "a 10:00:03", "b 10:00:04");
    expect(counts(events, AB, totals)).toEqual([4, 1]);
    expect(counts(events, AB)).toEqual([1, 1]);
  });

  test("each event is in one attempt", () => {
    expect(counts(of("a 10:00:00", "a 10:00:01", "b 10:00:02", "b 10:00:03"), AB, totals)).toEqual([2, 2]);
    expect(counts(of("a 10:00:00", "a 10:00:01", "a 10:00:02", "a 10:00:03"), ["a", "a"], totals)).toEqual([
      2, 2,
    ]);
    expect(counts(of("a 10:00:00", "a 10:00:00.5", "b 10:00:02", "b 10:00:03"), AB, totals)).toEqual([1, 1]);
  });
});

describe("hold constant", () => {
  const held = { holdConstant: "p" } as const;

  test("users with a value are counted", () => {
    const events = of(["a 10:00:00", { p: 1 }], ["a 10:00:01", { p: 2 }], ["b 10:00:02", { p: 2 }], ["b 10:00:03", { p: 3 }]);
    expect(counts(events, AB, held)).toEqual([2, 1]);
    expect(counts(events, AB)).toEqual([1, 1]);
  }); // biome-ignore format: short enough

  // https://amplitude.com/docs/faq/funnel-analysis: Can I use the holding constant feature if the property is an array?
  test("each item of a list is a value", () => {
    const events = of(["a 10:00:00", { p: [1, 2, 3] }], ["b 10:00:02", { p: 3 }]);
    expect(counts(events, AB, held)).toEqual([3, 1]);
    const rows = funnel(events, DAY, AB, { ...held, groupBy: "p" });
    expect(rows.map(({ p, users }) => [p, users])).toEqual([["1", 1], ["1", 0], ["2", 1], ["2", 0], ["3", 1], ["3", 1]]);
  }); // biome-ignore format: short enough

  test("no session is no value", () => {
    const both = (session_id: bigint) =>
      AB.map((type, i) => made(type, `2026-01-05T10:00:0${i}`, { session_id }));
    expect(counts([...both(-1n), ...both(7n)], AB, { holdConstant: "session_id" })).toEqual([1, 1]);
  });

  test("events without it are not looked at", () => {
    expect(counts(of("a 10:00:00", "b 10:00:02"), AB, held)).toEqual([0, 0]);
    const events = of(["a 10:00:00", { p: 1 }], "x 10:00:01", ["b 10:00:02", { p: 1 }]);
    expect(counts(events, AB, { ...held, order: "exact order", exclude: [{ event: "x" }] })).toEqual([1, 1]);
  });
});

// https://amplitude.com/docs/analytics/charts/funnel-analysis/funnel-analysis-how-amplitude-computes-conversions
describe("groups and segments are those of the first step", () => {
  const grouped = (events: readonly PlainEvent[], options: FunnelOptions<"page"> = {}) =>
    funnel(events, DAY, AB, { groupBy: "page", ...options }).map(({ page, users }) => `${page} ${users}`);
  const page = (name: string) => ({ page: name });

  test("page A, page B, then registration within A's window: A's", () => {
    const events = of(["a 10:00:00", page("A")], ["a 10:00:01", page("B")], "b 10:00:02");
    expect(grouped(events)).toEqual(["A 1", "A 1"]);
  });

  test("page A, page B, no registration: A's", () => {
    expect(grouped(of(["a 10:00:00", page("A")], ["a 10:00:01", page("B")]))).toEqual(["A 1", "A 0"]);
  });

  test("page A too early, page B in time: B's, since the longest comes first", () => {
    const events = of(["a 10:00:00", page("A")], ["a 10:01:00", page("B")], "b 10:01:01");
    expect(grouped(events, { window: "30s" })).toEqual(["B 1", "B 1"]);
  });

  test("a segment's filter is looked at before", () => {
    const events = of(["a 10:00:00", page("A")], ["a 10:00:01", page("B")], ["b 10:00:02", page("C")]);
    const segments = { B: { filters: [{ property: "page", value: "B" }] }, C: { filters: [{ property: "page", value: "C" }] } };
    expect(grouped(events, { segments })).toEqual(["B 1", "B 1"]);
    expect(counts(events, AB, { segments })).toEqual([1, 1, 0, 0]);
  }); // biome-ignore format: short enough

  test("of two in one second the earlier event's", () => {
    expect(grouped(of(["a 10:00:00.9", page("A")], ["a 10:00:00.1", page("B")]))).toEqual(["B 1", "B 0"]);
    const tied = of(["a 10:00:00", page("A")], ["a 10:00:00", page("B")]);
    expect(grouped(tied.toReversed())).toEqual(["A 1", "A 0"]);
  });

  test("most first, then by name; each item of a list; none", () => {
    const user = (amplitude_id: number, properties: object) =>
      made("a", "2026-01-05T10:00:00", { amplitude_id, event_properties: properties });
    const events = [user(1, page("B")), user(2, page("B")), user(3, {}), user(4, { page: ["A", "C", "C"] })];
    expect(grouped(events)).toEqual(["B 2", "B 0", "(none) 1", "(none) 0", "A 1", "A 0", "C 1", "C 0"]);
  });
});

// https://amplitude.com/docs/faq/funnel-analysis: Why is my conversion over time chart showing lower conversion rates …?
test("over time: step 1 on January 1, 5 and 20, step 2 on January 2 and 6", () => {
  const noon = (type: string, day: string) => made(type, `2026-01-${day}T12:00:00`);
  const events = [noon("a", "01"), noon("a", "05"), noon("a", "20"), noon("b", "02"), noon("b", "06")];
  const january = days("2026-01-01", "2026-02-01");
  expect(counts(events, AB, {}, january)).toEqual([1, 1]);
  const rows = funnel(events, january, AB, { interval: "day" });
  expect(rows).toHaveLength(62);
  const entered = rows.filter(({ step, users }) => step === 1 && users > 0).map(({ time }) => time);
  expect(entered).toEqual(["2026-01-01", "2026-01-05", "2026-01-20"]);
  const conversion = (day: string) => rows.find(({ time, step }) => time === day && step === 2)?.conversion;
  expect(["2026-01-01", "2026-01-05", "2026-01-20", "2026-01-21"].map(conversion)).toEqual([1, 1, 0, null]);
});

test("rows: rates, drop-off, times", () => {
  const user = (amplitude_id: number, seconds: number) =>
    [made("a", "2026-01-05T10:00:00", { amplitude_id }), made("b", `2026-01-05T10:00:${seconds}`, { amplitude_id })];
  const events = [...user(1, 10), ...user(2, 20), ...user(3, 50), made("a", "2026-01-05T10:00:00", { amplitude_id: 4 })];
  expect(funnel(events, DAY, ["a", { event: ["b", "c"], filters: [{ property: "p", value: null }] }, "c"])).toEqual([
    { time: null, segment: "all", step: 1, event: "a", users: 4, conversion: 1, stepConversion: 1, droppedOff: 0, medianSeconds: null, averageSeconds: null },
    { time: null, segment: "all", step: 2, event: "b or c (p is (none))", users: 3, conversion: 0.75, stepConversion: 0.75, droppedOff: 1, medianSeconds: 20, averageSeconds: 80 / 3 },
    { time: null, segment: "all", step: 3, event: "c", users: 0, conversion: 0, stepConversion: 0, droppedOff: 3, medianSeconds: null, averageSeconds: null },
  ]);
}); // biome-ignore format: a table

test("ids that are merged are one user, and one of a cohort", () => {
  const events = [made("a", "2026-01-05T10:00:00", { amplitude_id: 9 }), made("b", "2026-01-05T11:00:00", { amplitude_id: 8 })];
  const identity = { merges: [{ amplitude_id: 9, merged_amplitude_id: 8 }] };
  expect(counts(events, AB)).toEqual([1, 0]);
  expect(counts(events, AB, { identity })).toEqual([1, 1]);
  expect(counts(events, AB, { identity, segments: { nine: { cohort: [9] }, seven: { cohort: [7] } } })).toEqual([1, 1, 0, 0]);
}); // biome-ignore format: short enough

test("nobody: zeros without groups, no rows with", () => {
  expect(funnel([], DAY, AB).map((row) => [row.users, row.conversion, row.stepConversion])).toEqual([[0, null, 1], [0, null, null]]);
  expect(funnel([], DAY, AB, { groupBy: "page" })).toEqual([]);
}); // biome-ignore format: short enough
