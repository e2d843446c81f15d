import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type LifetimeValueOptions, lifetimeValue } from "../../src/analyses/lifetime-value.js";
import { type RevenueOptions, type RevenueSource, revenue } from "../../src/analyses/revenue.js";
import { expectAsReference } from "./against-reference.js";
import { type DataSet, dataSet, PROPERTIES } from "./generate-events.js";
import { analysisOptions, eventChoice } from "./generate-options.js";
import { MadeSources } from "./made-source.js";
import * as reference from "./reference/revenue.js";
import { did, range } from "./reference/written.js";

const sources = new MadeSources();
afterAll(() => sources.close());

const amounts = fc.record(
  {
    $revenue: fc.constantFrom<(number | string | null)[]>(1, 0, -2.5, "3", null),
    $price: fc.constantFrom<(number | string | null)[]>(2, 0.1, "4", null),
    $quantity: fc.constantFrom<(number | string | null)[]>(3, 0, "5", null),
  },
  { requiredKeys: [] },
);
/** With amounts, and the event that Amplitude makes another of. */
const sets = fc.tuple(dataSet, fc.array(amounts, { minLength: 16, maxLength: 16 })).map(
  ([set, bought]): DataSet => ({
    ...set,
    events: set.events.map((event, i) => ({
      ...event,
      event_type: event.event_type === "c" ? "revenue_amount" : event.event_type,
      event_properties: JSON.stringify({ ...JSON.parse(event.event_properties), ...bought[i % 16] }),
    })),
  }),
);

const properties = fc.constantFrom(...PROPERTIES);
const revenueSource: fc.Arbitrary<RevenueSource> = fc.record(
  {
    event: fc.oneof(eventChoice, fc.constant("revenue_amount")),
    property: fc.constantFrom("$revenue", "price", "$price", "event_properties.$price", "country"),
  },
  { requiredKeys: [] },
);
const groupBy = fc.oneof(properties, fc.uniqueArray(properties, { maxLength: 2 }));
/** Without a source of its own three times of four. */
const seldom = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: revenueSource });

test("revenue is what its reference says", async () => {
  const own = fc.record(
    { groupBy, interval: fc.constantFrom("hour", "day", "week", "month", "quarter") },
    { requiredKeys: [] },
  );
  await expectAsReference(
    sources,
    (set) =>
      fc
        .tuple(analysisOptions(set), seldom, own)
        .map(([all, source, more]): RevenueOptions<string> => ({ ...all, ...source, ...more })),
    revenue,
    reference.revenue,
    { sets },
  );
});

test("lifetimeValue is what its reference says", async () => {
  const own = fc.record(
    {
      groupBy,
      interval: fc.constantFrom("day", "week", "month"),
      intervals: fc.constantFrom(0, 1, 3),
      history: fc.constantFrom("0d", "61d", "9w"),
    },
    { requiredKeys: [] },
  );
  await expectAsReference(
    sources,
    (set) =>
      fc
        .tuple(analysisOptions(set), seldom, own)
        .map(([all, source, more]): LifetimeValueOptions<string> => ({ ...all, ...source, ...more })),
    lifetimeValue,
    reference.lifetimeValue,
    { sets },
  );
});

const events = [
  did(1, "2026-11-02T10:00:00", "Buy", { properties: { $revenue: 10 } }),
  did(1, "2026-11-03T11:00:00", "Buy", { properties: { $price: 2, $quantity: 3 } }),
  did(2, "2026-11-02T10:00:00"),
];
const setting = range("2026-11-02", "2026-11-04", ["2026-11-01", "2026-11-05"]);

test("charts are a line of revenue and cohorts of revenue per user", async () => {
  const source = await sources.of(events, setting);
  expect((await revenue(source)).chart).toMatchObject({
    kind: "lines",
    times: [{ label: "2026-11-02" }, { label: "2026-11-03" }],
    series: [{ name: "Revenue", values: [10, 6] }],
  });
  expect((await lifetimeValue(source, { intervals: 1 })).chart).toMatchObject({
    kind: "heat map",
    columns: ["Day 0", "Day 1"],
    rows: [
      { name: "All together", size: 2 },
      { name: "2026-11-02", size: 2, cells: [{ value: 5 }, { value: 8 }] },
      { name: "2026-11-03", size: 0, cells: [{ value: null }, { value: null }] },
    ],
  });
});

test("a key that JSON writes with an escape is found", async () => {
  const escaped = { ...events[0]!, event_properties: '{"\\u0024revenue":7}' };
  const [row] = (await revenue(await sources.of([escaped], setting))).rows;
  expect(row?.revenue).toBe(7);
});

test("refuses wrong options", async () => {
  const source = await sources.of(events, setting);
  await expect(lifetimeValue(source, { history: "a year" })).rejects.toThrow('history is "a year"');
  await expect(lifetimeValue(source, { interval: "hour" as "day" })).rejects.toThrow("hour");
  await expect(lifetimeValue(source, { intervals: -1 })).rejects.toThrow("intervals is -1");
});
