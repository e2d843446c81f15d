import { afterAll, describe, expect, test } from "vitest";
import type { AnalysisSource } from "../../src/analyses/analysis-input.js";
import { composition } from "../../src/analyses/composition.js";
import type { FilterOperator, FilterValue } from "../../src/analyses/filter.js";
import { funnel } from "../../src/analyses/funnel.js";
import { retention } from "../../src/analyses/retention.js";
import { revenue } from "../../src/analyses/revenue.js";
import { segmentation } from "../../src/analyses/segmentation.js";
import { sessions } from "../../src/analyses/sessions.js";
import { days, made } from "./made-events.js";
import { MadeSources } from "./made-source.js";

// What Amplitude's pages give at the edges of their rules, worked out by hand. docs/definitions.md names the pages.

const sources = new MadeSources();
afterAll(() => sources.close());

/** An event of user 1 with one property `p`. */
const withP = (time: string, p: unknown, event = "a") => made(event, time, { event_properties: { p } });

describe("filters", () => {
  const values: readonly unknown[] = [
    "Pro",
    "pro",
    5,
    5.0,
    "5",
    "5.0",
    5.5,
    true,
    "true",
    null,
    "",
    [],
    ["Pro", "x"],
    ["x", 5],
    {},
  ];
  const events = [
    ...values.map((p, i) => withP(`2026-01-05T10:00:${String(i).padStart(2, "0")}`, p)),
    made("a", "2026-01-05T11:00:00"),
  ];
  const count = async (op: FilterOperator, value?: FilterValue | readonly FilterValue[]) => {
    const source = await sources.of(events, days("2026-01-05", "2026-01-06"));
    const choice = { event: "a", filters: [{ property: "p", op, value }] };
    return (await segmentation(source, choice, { measure: "totals" })).totals[0]?.value;
  };

  // 16 events. No value: null, [], and the event without p. JSON writes 5.0 as 5.
  test.each<[FilterOperator, FilterValue | readonly FilterValue[] | undefined, number, string]>([
    ["is", "pro", 1, "letters of either case differ"],
    ["is", "Pro", 2, "the text, and the list with it"],
    ["is not", "Pro", 15, "all but the text: in the list x is not Pro"],
    ["contains", "PRO", 3, "in either case, and in the list"],
    ["does not contain", "pro", 14, "the list by x; what has no value contains nothing"],
    ["is", 5, 5, "5, 5, the text 5, the text 5.0 is worth it, the list"],
    ["is", "5", 4, "not the text 5.0"],
    ["is", "5.0", 1, "only that text"],
    ["greater", 5, 1, "5.5"],
    ["greater or equal", "5", 6, "numbers, texts and an item"],
    ["less", 6, 6, "an empty text is no number"],
    ["is", true, 2, "a boolean, and its text"],
    ["is", null, 3, "null, the empty list, not there; an empty text is a value"],
    ["is not", undefined, 13, "is set"],
    ["starts with", "", 13, "every value"],
    ["set is", ["x", "Pro"], 1, "in any order"],
    ["set contains", ["x"], 2, "both lists"],
    ["set does not contain", ["x"], 14, "also what has no value"],
    ["is not", ["Pro", null], 12, "neither Pro nor none; the list by x"],
  ])("%s %j: %i", async (op, value, expected) => {
    expect(await count(op, value)).toBe(expected);
  }); // biome-ignore format: a table
});

describe("numbers of a property", () => {
  const source = () =>
    sources.of(
      [10, 20, 30, 40].map((p, i) => withP(`2026-01-05T10:00:0${i}`, p)).concat(withP("2026-01-05T11:00:00", "$9"), withP("2026-01-05T11:00:01", -10), withP("2026-01-05T11:00:02", "1e1")),
      days("2026-01-05", "2026-01-06"),
    ); // biome-ignore format: a table
  const total = async (measure: NonNullable<Parameters<typeof segmentation>[2]>["measure"]) =>
    (await segmentation(await source(), "a", { measure })).totals[0]?.value;

  // -10, 10, 10, 20, 30, 40; $9 is no number, but a value.
  test("percentiles lie between neighbours in a straight line", async () => {
    expect(await total({ median: "p" })).toBe(15);
    expect(await total({ percentile: "p", p: 90 })).toBe(35);
    expect(await total({ percentile: "p", p: 0 })).toBe(-10);
    expect(await total({ percentile: "p", p: 100 })).toBe(40);
    expect(await total({ sum: "p" })).toBe(100);
    expect(await total({ distinct: "p" })).toBe(7);
  });

  test("a refund lowers revenue, and is a revenue event", async () => {
    const paid = (id: number, time: string, $revenue: number) =>
      made("Buy", time, { amplitude_id: id, event_properties: { $revenue } });
    const of = await sources.of(
      [paid(1, "2026-01-05T10:00:00", 30), paid(1, "2026-01-06T10:00:00", -30), paid(2, "2026-01-06T10:00:00", 0), made("Open", "2026-01-06T11:00:00", { amplitude_id: 3 })],
      days("2026-01-05", "2026-01-07"),
    ); // biome-ignore format: a table
    const found = await revenue(of);
    expect([...found.rows]).toMatchObject([
      { revenue: 30, payingUsers: 1, activeUsers: 1, arpu: 30, arppu: 30 },
      { revenue: -30, payingUsers: 2, activeUsers: 3, arpu: -10, arppu: -15 },
    ]);
  });
});

describe("sessions", () => {
  const open = (time: string, session_id: number, country: string, uuid: string, amplitude_id = 1) =>
    made("Open", time, { amplitude_id, session_id: BigInt(session_id), country, uuid });
  const countries = async (source: AnalysisSource) =>
    [...(await sessions(source, { groupBy: "country" })).rows].map(({ country, sessions, activeUsers }) => [
      country,
      sessions,
      activeUsers,
    ]);

  test("of two first events at one time the one with the smaller uuid has the group", async () => {
    const users = Array.from(
      { length: 12 },
      (_, i) => [i + 1, i % 3 === 0 ? ["AT", "DE"] : ["DE", "AT"]] as const,
    );
    const source = await sources.of(
      [
        ...users.flatMap(([id, [first = "", second = ""]]) => [
          ...[
            open("2026-01-05T10:00:00", 5, second, `b${id}`, id),
            open("2026-01-05T10:00:00", 5, first, `a${id}`, id),
          ],
          ...[open("2026-01-05T10:00:01", 5, "CH", `0${id}`, id)],
        ]),
        ...[open("2026-01-05T11:00:01", 6, "AT", "0"), open("2026-01-05T11:00:00", 6, "DE", "z")],
        open("2026-01-05T10:00:00", -1, "CH", "e"),
      ],
      days("2026-01-05", "2026-01-06"),
    );
    expect(await countries(source)).toEqual([["AT", 4, 12], ["CH", 0, 12], ["DE", 9, 12]]); // biome-ignore format: a table
  });

  test("on the day of 25 hours one of 24 hours is in, of a millisecond more is not", async () => {
    // In Berlin October 25th, 2026 begins on the 24th at 22:00 UTC and ends on the 25th at 23:00.
    const source = await sources.of(
      [
        ...[open("2026-10-24T22:00:00", 1, "DE", "a"), open("2026-10-25T22:00:00", 1, "DE", "b")],
        ...[open("2026-10-24T22:00:00", 2, "DE", "c", 2), open("2026-10-25T22:00:00.001", 2, "DE", "d", 2)],
        ...[open("2026-10-25T22:59:59", 3, "DE", "e"), open("2026-10-25T23:00:00", 4, "DE", "f")],
      ],
      days("2026-10-24", "2026-10-27"),
    );
    const { rows } = await sessions(source, {
      timeZone: "Europe/Berlin",
      from: "2026-10-25",
      to: "2026-10-26",
    });
    expect([...rows].map(({ time, sessions, timeSpent }) => [time, sessions, timeSpent])).toEqual([
      ["2026-10-25", 2, 86_400],
      ["2026-10-26", 1, 0],
    ]);
  });
});

describe("a funnel", () => {
  const reached = async (source: AnalysisSource, options: Parameters<typeof funnel>[2]) =>
    [...(await funnel(source, ["A", "B", "C"], options)).rows].map(({ users }) => users);

  test("an excluded event counts between its two steps alone, and not in the second of either", async () => {
    const user = (amplitude_id: number, ...events: [string, string][]) =>
      events.map(([type, time]) => made(type, `2026-01-05T10:00:${time}`, { amplitude_id }));
    const source = await sources.of(
      [
        ...user(1, ["A", "00.1"], ["X", "00.9"], ["B", "10"], ["C", "20"]), // in the second of A
        ...user(2, ["A", "00"], ["X", "10.9"], ["B", "10.1"], ["C", "20"]), // in the second of B
        ...user(3, ["A", "00"], ["X", "05"], ["B", "10"], ["C", "20"]), // between A and B
        ...user(4, ["A", "00"], ["B", "10"], ["X", "15"], ["C", "20"]), // between B and C
      ],
      days("2026-01-05", "2026-01-06"),
    ); // biome-ignore format: a table
    expect(await reached(source, { exclude: [{ event: "X", after: 1, before: 2 }] })).toEqual([4, 3, 3]);
    // Between the first and the last step: what is in the second of B is between A and C.
    expect(await reached(source, { exclude: [{ event: "X" }] })).toEqual([4, 3, 1]);
  });

  test("of a property that is held constant null is no value, and a number is not its text", async () => {
    const source = await sources.of(
      [
        ...[withP("2026-01-05T10:00:00", null, "A"), withP("2026-01-05T10:00:01", null, "B")],
        ...[withP("2026-01-05T10:00:02", 7, "A"), withP("2026-01-05T10:00:03", "7", "B"), made("C", "2026-01-05T10:00:04")],
        ...[withP("2026-01-05T10:00:05", ["x", null, "y"], "A"), withP("2026-01-05T10:00:06", "y", "B")],
      ],
      days("2026-01-05", "2026-01-06"),
    ); // biome-ignore format: a table
    // The values 7, x and y; JSON's 7 and "7" are the same text.
    expect(await reached(source, { holdConstant: "p" })).toEqual([3, 2, 0]);
  });

  test("groups are those of the first step of the attempt that counts", async () => {
    const at = (type: string, time: string, country: string) => made(type, `2026-01-05T${time}`, { country });
    const source = await sources.of(
      [
        at("A", "10:00:00", "DE"),
        at("A", "11:00:00", "AT"),
        at("B", "11:00:01", "CH"),
        at("C", "11:00:02", "CH"),
      ],
      days("2026-01-05", "2026-01-06"),
    );
    const { rows } = await funnel(source, ["A", "B", "C"], { groupBy: "country", window: "30m" });
    expect([...rows].map(({ country, users }) => [country, users])).toEqual([
      ["AT", 1],
      ["AT", 1],
      ["AT", 1],
    ]);
    // With a day, the first A is the earliest of the longest attempts.
    const whole = await funnel(source, ["A", "B", "C"], { groupBy: "country" });
    expect([...whole.rows].map(({ country }) => country)).toEqual(["DE", "DE", "DE"]);
  });
});

test("a bracket's first and last day count, to their last hour", async () => {
  // Floored to the hour, the start is at 10:00: day 1 begins 24 hours after it, day 4 is 96 to 120 hours after.
  const back = (amplitude_id: number, time: string) => [made("S", "2026-01-05T10:40:00", { amplitude_id }), made("R", time, { amplitude_id })];
  const source = await sources.of(
    [
      ...back(1, "2026-01-06T09:59:59"),
      ...back(2, "2026-01-06T10:00:00"),
      ...back(3, "2026-01-09T09:59:59.999999"),
      ...back(4, "2026-01-09T10:00:00"),
    ],
    days("2026-01-05", "2026-01-06", "2026-02-01"),
  );
  const { rows } = await retention(source, { start: "S", return: "R", brackets: [[0, 0], [1, 3], [4, 4]] });
  expect([...rows].filter(({ cohort }) => cohort !== null).map(({ returned }) => returned)).toEqual([1, 2, 1]);
}); // biome-ignore format: a table

describe("intervals", () => {
  test("a rolling window looks back before the range; each user counts once in it", async () => {
    const on = (amplitude_id: number, ...dates: string[]) =>
      dates.map((date) => made("a", `${date}T10:00:00`, { amplitude_id }));
    const events = [
      ...on(1, "2026-01-03", "2026-01-05", "2026-01-06"),
      ...on(2, "2026-01-04"),
      ...on(3, "2026-01-02"),
    ];
    const source = await sources.of(events, {
      ...days("2026-01-05", "2026-01-08"),
      dataFrom: days("2026-01-01", "2026-01-02").from,
    });
    const { rows, totals } = await segmentation(source, "a", { rolling: 3 });
    // The 3rd to the 5th: users 1 and 2. The 4th to the 6th: both. The 5th to the 7th: user 1.
    expect([...rows].map(({ value }) => value)).toEqual([2, 2, 1]);
    expect(totals[0]?.value).toBe(1);
  });

  test("a month is compared with the whole month before, whatever its length", async () => {
    const events = ["2026-01-01", "2026-01-31", "2026-02-28", "2026-03-01", "2026-03-31"].map((date) =>
      made("a", `${date}T23:59:59`),
    );
    const source = await sources.of(events, {
      ...days("2026-02-10", "2026-04-01"),
      dataFrom: days("2026-01-01", "2026-01-02").from,
    });
    const { rows } = await segmentation(source, "a", { measure: "totals", interval: "month", compare: 1 });
    expect([...rows].map(({ time, value, before, incomplete }) => [time, value, before, incomplete])).toEqual(
      [
        ["2026-02-01", 1, 2, true],
        ["2026-03-01", 2, 1, false],
      ],
    );
  });
});

test("a merged user counts once, in each group of his ids' events once", async () => {
  const at = (amplitude_id: number, time: string, country: string) => made("a", `2026-01-05T${time}`, { amplitude_id, country });
  const source = await sources.of(
    [at(1, "10:00:00", "DE"), at(2, "11:00:00", "DE"), at(2, "12:00:00", "AT"), at(3, "13:00:00", "AT")],
    days("2026-01-05", "2026-01-06"),
  );
  const identity = { merges: [{ amplitude_id: 1, merged_amplitude_id: 2 }] };
  const { totals } = await segmentation(source, "a", { identity, groupBy: "country" });
  expect([...totals].map(({ country, value }) => [country, value])).toEqual([["AT", 2], ["DE", 1]]);
  expect((await segmentation(source, "a", { identity })).totals[0]?.value).toBe(2);
  const { rows } = await composition(source, "country", { identity });
  expect([...rows].map(({ value, users }) => [value, users])).toEqual([["AT", 2]]);
}); // biome-ignore format: a table
