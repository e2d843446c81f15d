import { afterAll, describe, expect, test } from "vitest";
import { composition } from "../../src/analyses/composition.js";
import { distribution } from "../../src/analyses/distribution.js";
import { engagement, usageInterval } from "../../src/analyses/engagement.js";
import { funnel } from "../../src/analyses/funnel.js";
import { paths } from "../../src/analyses/paths.js";
import { retention } from "../../src/analyses/retention.js";
import { segmentation } from "../../src/analyses/segmentation.js";
import { sessions } from "../../src/analyses/sessions.js";
import { at, days, made } from "./made-events.js";
import { MadeSources } from "./made-source.js";

// What docs/definitions.md says, worked out by hand, one rule a case.

const sources = new MadeSources();
afterAll(() => sources.close());

/** Events of a user, each its type and its time. */
const user = (amplitude_id: number, ...events: readonly (readonly [type: string, time: string])[]) =>
  events.map(([type, time]) => made(type, time, { amplitude_id }));

describe("a funnel's window", () => {
  const users = async (options: Parameters<typeof funnel>[2], ...last: readonly string[]) => {
    const events = last.flatMap((time, i) => user(i, ["A", "2026-01-05T10:00:00.900"], ["B", time]));
    const source = await sources.of(events, days("2026-01-05", "2026-01-06", "2026-01-12"));
    return [...(await funnel(source, ["A", "B"], options)).rows].at(-1)?.users;
  };
  const edge = ["2026-01-07T10:00:00.999", "2026-01-07T10:00:01"];

  test("of two days has the second that is 48 hours later, and not the next", async () => {
    expect(await users({ window: "2d" }, ...edge)).toBe(1);
    expect(await users({ window: "48h" }, ...edge)).toBe(1);
    expect(await users({ window: "2d", resolution: "millisecond" }, "2026-01-07T10:00:00.9009", "2026-01-07T10:00:00.901")).toBe(1);
  }); // biome-ignore format: short enough

  test("is of whole days in any order: of 36 hours one day, of an hour one too", async () => {
    const times = ["2026-01-06T10:00:00", "2026-01-06T10:00:01", "2026-01-06T16:00:00"];
    expect(await users({ window: "36h", order: "any order" }, ...times)).toBe(1);
    expect(await users({ window: "1h", order: "any order" }, ...times)).toBe(1);
    expect(await users({ window: "36h" }, ...times)).toBe(3);
  });
});

test("an excluded event in the second of both steps does not matter, by the millisecond it does", async () => {
  const second = "2026-01-05T10:00:00";
  const source = await sources.of(
    [
      ...user(1, ["A", `${second}.100`], ["X", `${second}.200`], ["B", `${second}.300`]),
      ...user(2, ["B", `${second}.100`], ["X", `${second}.200`], ["A", `${second}.300`]),
      ...user(3, ["A", `${second}.100`], ["X", `${second}.100`], ["B", `${second}.300`]),
    ],
    days("2026-01-05", "2026-01-06"),
  );
  const converted = async (resolution: "second" | "millisecond") =>
    [...(await funnel(source, ["A", "B"], { resolution, exclude: [{ event: "X" }] })).rows].at(-1)?.users;
  expect(await converted("second")).toBe(3);
  expect(await converted("millisecond")).toBe(1);
});

test("of equal steps each needs a second of its own, of different ones none", async () => {
  const source = await sources.of(
    [
      ...user(1, ["A", "2026-01-05T10:00:00.1"], ["A", "2026-01-05T10:00:00.9"]),
      ...user(2, ["A", "2026-01-05T10:00:00.9"], ["A", "2026-01-05T10:00:01"]),
    ],
    days("2026-01-05", "2026-01-06"),
  );
  const users = async (...steps: string[]) => [...(await funnel(source, steps)).rows].map((row) => row.users);
  expect(await users("A", "A")).toEqual([2, 1]);
});

describe("on the day of 23 hours in Berlin, March 29th, 2026", () => {
  // It begins on the 28th at 23:00 UTC and ends on the 29th at 22:00.
  const returns = async (mode: "rolling" | "calendar") => {
    const source = await sources.of(
      [
        ...user(1, ["S", "2026-03-28T22:30:00"], ["R", "2026-03-29T21:10:00"]), // 23:30 on the 28th, 23:10 on the 29th
        ...user(2, ["S", "2026-03-28T22:30:00"], ["R", "2026-03-29T22:10:00"]), // 00:10 on the 30th, 24 hours after 22:00
      ],
      { ...days("2026-03-28", "2026-03-31", "2026-04-10") },
    ); // biome-ignore format: a table
    const options = { timeZone: "Europe/Berlin", from: "2026-03-28", to: "2026-03-28", intervals: 2 };
    const { rows } = await retention(source, { ...options, start: "S", return: "R", mode });
    return [...rows].filter(({ cohort }) => cohort !== null).map(({ returned }) => returned);
  };

  test("24 hours may be the day after tomorrow, and 23 still today", async () => {
    expect(await returns("rolling")).toEqual([1, 1, 0]);
    expect(await returns("calendar")).toEqual([0, 1, 1]);
  });

  test("has 23 hours, none of them 02:00", async () => {
    const source = await sources.of(
      user(1, ["a", "2026-03-29T00:59:59"], ["a", "2026-03-29T01:00:00"]),
      days("2026-03-28", "2026-03-31"),
    );
    const options = { timeZone: "Europe/Berlin", from: "2026-03-29", to: "2026-03-29" } as const;
    const { rows } = await segmentation(source, "a", { ...options, interval: "hour", measure: "totals" });
    expect(rows).toHaveLength(23);
    expect([...rows].filter(({ value }) => value === 1).map(({ time }) => time)).toEqual([
      "2026-03-29 01:00+01:00",
      "2026-03-29 03:00+02:00",
    ]);
  });
});

describe("calendars", () => {
  const counts = async (options: Parameters<typeof segmentation>[2], ...dates: readonly string[]) => {
    const source = await sources.of(
      user(1, ...dates.map((date) => ["a", `${date}T12:00:00`] as const)),
      days(String(options?.from), "2027-06-01"),
    );
    const { rows } = await segmentation(source, "a", { ...options, measure: "totals" });
    return [...rows].map(({ time, value, incomplete }) => `${time} ${value}${incomplete ? "*" : ""}`);
  };

  test("a week goes on over the year's end, from Monday or Sunday", async () => {
    const dates = ["2026-12-27", "2026-12-28", "2027-01-02", "2027-01-03"];
    const range = { from: "2026-12-27", to: "2027-01-03", interval: "week" } as const;
    expect(await counts(range, ...dates)).toEqual(["2026-12-21 1*", "2026-12-28 3"]);
    expect(await counts({ ...range, weekStart: "sunday" }, ...dates)).toEqual(["2026-12-27 3", "2027-01-03 1*"]);
  }); // biome-ignore format: short enough

  test("quarters begin with the project's year, in February", async () => {
    const dates = ["2027-01-31", "2027-02-01", "2027-04-30", "2027-05-01"];
    const range = { from: "2027-01-01", to: "2027-05-31", interval: "quarter", quarterStart: 2 } as const;
    expect(await counts(range, ...dates)).toEqual(["2026-11-01 1*", "2027-02-01 2", "2027-05-01 1*"]);
    expect(await counts({ ...range, quarterStart: 1 }, ...dates)).toEqual(["2027-01-01 2", "2027-04-01 2*"]);
  });
});

test("a cell is complete when the interval is over for who may have begun last", async () => {
  const incomplete = async (mode: "rolling" | "calendar", until: string) => {
    const setting = { ...days("2026-01-05", "2026-01-06"), dataUntil: at(until) };
    const source = await sources.of(user(1, ["S", "2026-01-05T00:10:00"]), setting);
    const { rows } = await retention(source, { start: "S", return: "S", mode, intervals: 1 });
    return [...rows].filter(({ cohort }) => cohort !== null).map((row) => row.incomplete);
  };
  expect(await incomplete("calendar", "2026-01-07T00:00:00")).toEqual([false, false]);
  expect(await incomplete("calendar", "2026-01-06T23:00:00")).toEqual([false, true]);
  // The last possible start is floored to 23:00: day 1 ends 48 hours after it.
  expect(await incomplete("rolling", "2026-01-07T23:00:00")).toEqual([false, false]);
  expect(await incomplete("rolling", "2026-01-07T22:00:00")).toEqual([false, true]);
});

test("brackets that touch share no day, and a return on the last of one is in that one", async () => {
  const start = ["S", "2026-01-05T10:00:00"] as const;
  const source = await sources.of(
    [
      ...user(1, start, ["R", "2026-01-05T10:00:00"]),
      ...user(2, start, ["R", "2026-01-07T09:00:00"]),
      ...user(3, start, ["R", "2026-01-07T10:00:00"]),
      ...user(4, start, ["R", "2026-01-09T10:00:00"]),
    ],
    days("2026-01-05", "2026-01-06", "2026-02-01"),
  );
  const { rows } = await retention(source, { start: "S", return: "R", brackets: [[0, 1], [2, 3]] });
  expect([...rows].filter(({ cohort }) => cohort !== null).map(({ returned }) => returned)).toEqual([2, 1]);
}); // biome-ignore format: short enough

describe("numbers", () => {
  const source = async () => {
    const bought = [[1, 1], [1, 1], [1, 5], [2, 1], [3, 9]] as const;
    const events = bought.map(([amplitude_id, p], i) =>
      made("A", `2026-01-05T10:00:0${i}`, { amplitude_id, event_properties: { p } }),
    );
    return sources.of(events, days("2026-01-05", "2026-01-06"));
  }; // biome-ignore format: short enough
  const total = async (formula: string) =>
    (await segmentation(await source(), ["A", "B"], { formula })).totals[0]?.value;

  test("percentiles of equal values lie between neighbours all the same", async () => {
    // 1, 1, 1, 5, 9: place 4 × 0.6 = 2.4 is 1 + 0.4 × 4, place 4 × 0.9 = 3.6 is 5 + 0.6 × 4.
    expect(await total("PERCENTILE(A, p, 0.5)")).toBe(1);
    expect(await total("PERCENTILE(A, p, 0.6)")).toBeCloseTo(2.6, 12);
    expect(await total("PERCENTILE(A, p, 0.9)")).toBeCloseTo(7.4, 12);
    // Three times, once, once.
    expect(await total("FREQPERCENTILE(A, 0.5)")).toBe(1);
    expect(await total("FREQPERCENTILE(A, 0.75)")).toBe(2);
  });

  test("what is divided by zero is null, and all that is made of it; zero by a number is zero", async () => {
    expect(await total("UNIQUES(A) / UNIQUES(B)")).toBeNull();
    expect(await total("1 + TOTALS(A) / (TOTALS(B) - TOTALS(B))")).toBeNull();
    expect(await total("TOTALS(B) * (TOTALS(A) / TOTALS(B))")).toBeNull();
    expect(await total("UNIQUES(B) / UNIQUES(A)")).toBe(0);
    expect(await total("PROPAVG(B, p) + 1")).toBeNull();
    expect(await total("PROPSUM(B, p) + 1")).toBe(1);
  });

  test("a bin has its beginning and not its end", async () => {
    const { rows } = await distribution(await source(), "A", "p", { bins: [0, 1, 5, 9] });
    expect([...rows].map(({ totals, users }) => [totals, users])).toEqual([[0, 0], [3, 2], [1, 1]]);
  }); // biome-ignore format: short enough
});

test("a session of one event has no length and counts; -1, null and inactive events make none", async () => {
  const event = (type: string, time: string, session_id: bigint | null, amplitude_id = 1) =>
    made(type, `2026-01-05T${time}`, { session_id, amplitude_id });
  const source = await sources.of(
    [
      event("Open", "10:00:00", 5n),
      ...[event("Open", "11:00:00", 6n), event("Open", "11:00:30", 6n), event("ping", "11:05:00", 6n)],
      ...[event("ping", "12:00:00", 7n), event("Open", "13:00:00", -1n, 2), event("Open", "13:00:00", null, 3)],
      event("Open", "10:00:00", 5n, 4),
    ],
    days("2026-01-05", "2026-01-06"),
  ); // biome-ignore format: a table
  const { rows } = await sessions(source, { inactive: ["ping"] });
  // Of user 1 two, of 0 and 30 seconds, of user 4 one; four users are active.
  expect(rows[0]).toMatchObject({
    ...{ sessions: 3, timeSpent: 30, averageLength: 10, activeUsers: 4 },
    ...{ sessionsPerUser: 0.75, timePerUser: 7.5 },
  });
});

test("who merges converts, returns and is one, whichever id did it", async () => {
  const source = await sources.of(
    [
      ...user(1, ["A", "2026-01-05T10:00:00"]),
      ...user(2, ["B", "2026-01-06T09:59:00"]),
      ...user(3, ["A", "2026-01-05T11:00:00"], ["B", "2026-01-06T11:00:00"]),
    ],
    days("2026-01-05", "2026-01-06", "2026-02-01"),
  );
  const merges = [{ amplitude_id: 1, merged_amplitude_id: 7 }, { amplitude_id: 7, merged_amplitude_id: 2 }]; // biome-ignore format: short enough
  const both = async (identity?: { merges: typeof merges }) => {
    const steps = await funnel(source, ["A", "B"], { identity });
    const back = await retention(source, { start: "A", return: "B", mode: "calendar", intervals: 1, identity });
    return [
      steps.rows.map(({ users }) => users),
      back.rows.flatMap(({ cohort, returned }) => (cohort === null ? [] : [returned])),
    ];
  }; // biome-ignore format: short enough
  expect(await both()).toEqual([
    [2, 1],
    [0, 1],
  ]);
  expect(await both({ merges })).toEqual([
    [2, 2],
    [0, 2],
  ]);
});

test("days are those of the time zone; half a day of a usual interval counts up", async () => {
  const source = await sources.of(
    [
      // In Berlin on the 5th, 6th and 8th: gaps of 1 and 2 days.
      ...user(1, ["a", "2026-01-05T22:59:00"], ["a", "2026-01-05T23:01:00"], ["a", "2026-01-08T10:00:00"]),
      ...user(2, ["a", "2026-01-05T10:00:00"], ["a", "2026-01-05T11:00:00"]),
    ],
    days("2026-01-05", "2026-01-09"),
  );
  const options = { timeZone: "Europe/Berlin" };
  const often = await engagement(source, "a", { ...options, count: "days" });
  expect([...often.rows].map(({ from, users }) => [from, users])).toEqual([
    [1, 1],
    [3, 1],
  ]);
  const utc = await engagement(source, "a", { count: "days" });
  expect([...utc.rows].map(({ from, users }) => [from, users])).toEqual([
    [1, 1],
    [2, 1],
  ]);
  const { rows } = await usageInterval(source, "a", options);
  expect([...rows].map(({ days, usersAtMost }) => [days, usersAtMost])).toEqual([
    [1, 0],
    [2, 1],
  ]);
});

test("a path's window has its end; then the path drops off", async () => {
  const source = await sources.of(
    user(1, ["A", "2026-01-05T10:00:00"], ["B", "2026-01-05T11:00:00"], ["C", "2026-01-05T11:00:00.000001"]),
    days("2026-01-05", "2026-01-06"),
  );
  const { rows } = await paths(source, "A", { steps: 2, window: "1h" });
  expect([...rows].map(({ from, to }) => `${from} > ${to}`)).toEqual(["A > B", "B > (dropped off)"]);
});

test("the others of a composition are each once, with all values of the rest", async () => {
  const had = (amplitude_id: number, ...countries: readonly string[]) =>
    countries.map((country, i) => made("a", `2026-01-05T10:00:0${i}`, { amplitude_id, country }));
  const source = await sources.of(
    [...had(1, "DE", "AT", "CH"), ...had(2, "DE"), ...had(3, "AT", "CH")],
    days("2026-01-05", "2026-01-06"),
  );
  const users = async (values: "all" | "most recent") =>
    [...(await composition(source, "country", { values, top: 1 })).rows].map((row) => [row.value, row.users]);
  // Two users each: the first by its name.
  expect(await users("all")).toEqual([["AT", 2], ["(other)", 3]]);
  expect(await users("most recent")).toEqual([["CH", 2], ["(other)", 1]]);
}); // biome-ignore format: short enough
