import fc from "fast-check";
import type { EventChoice } from "../../src/analyses/event-choice.js";
import type { FilterOperator, FilterValue, PropertyFilter } from "../../src/analyses/filter.js";
import type { FunnelOptions } from "../../src/analyses/funnel.js";
import type { Identity } from "../../src/analyses/identity.js";
import type { AnalysisOptions, Segment } from "../../src/analyses/options.js";
import type { RetentionOptions } from "../../src/analyses/retention.js";
import type { SegmentationOptions } from "../../src/analyses/segmentation.js";
import { type DataSet, EVENT_TYPES, PROPERTIES } from "./generate-events.js";

const OPERATORS: readonly FilterOperator[] = [
  "is", "is not", "contains", "does not contain", "starts with", "does not start with", "less", "less or equal", "greater",
  "greater or equal", "set is", "set is not", "set contains", "set does not contain", "glob match", "glob does not match",
]; // biome-ignore format: a table

const value: fc.Arbitrary<FilterValue> = fc.constantFrom<FilterValue>(
  ...["x", "X", "1", "1.0", "red", "blue", "pro", "DE", "10", "", "*", "x*", "?", "[!x]*", "**y"],
  ...[1, 10, 2.25, -5, true, null],
);

const numeral: fc.Arbitrary<FilterValue> = fc.constantFrom<FilterValue>("1", "1.0", "10", 1, 10, 2.25, -5);
const COMPARING: readonly FilterOperator[] = ["less", "less or equal", "greater", "greater or equal"];
const OF_NONE: readonly FilterOperator[] = [
  "is",
  "is not",
  ...OPERATORS.filter((op) => op.startsWith("set")),
];

/** Any operator with any of the properties and values that occur, so that many hold, and that it can be asked of. */
export const filter: fc.Arbitrary<PropertyFilter> = fc.constantFrom(...OPERATORS).chain((op) => {
  const usual = OF_NONE.includes(op) ? value : value.filter((one) => one !== null);
  const one = COMPARING.includes(op) ? numeral : usual;
  return fc.record({
    property: fc.constantFrom(...PROPERTIES),
    op: fc.constant(op),
    value: fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 })),
  });
});

const named = fc.constantFrom(...EVENT_TYPES, "a", "b", "_active", "_all");

/** Undefined four times of five, so that most results are not empty. */
function seldom<T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: some });
}

export const eventChoice: fc.Arbitrary<EventChoice> = fc.oneof(
  { weight: 16, arbitrary: named },
  { weight: 1, arbitrary: fc.constant("never") },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        event: fc.oneof(
          named,
          fc.uniqueArray(fc.constantFrom(...EVENT_TYPES, "_active"), { minLength: 1, maxLength: 2 }),
        ),
        filters: fc.array(filter, { maxLength: 1 }),
        name: fc.constantFrom("named"),
      },
      { requiredKeys: ["event"] },
    ),
  },
);

const segment: fc.Arbitrary<Segment> = fc.record({
  filters: seldom(fc.array(filter, { minLength: 1, maxLength: 2 })),
  cohort: seldom(fc.constantFrom([1], [2, 3n], [])),
});

/** What all analyses take, without the range, which is the data set's. */
export function analysisOptions({ timeZone, merges }: DataSet): fc.Arbitrary<AnalysisOptions> {
  return fc.record(
    {
      timeZone: fc.constantFrom(timeZone, "UTC"),
      weekStart: fc.constantFrom("monday", "sunday", "saturday"),
      quarterStart: fc.constantFrom(1, 2, 12),
      identity: fc.constantFrom<Identity[]>("raw", "estimated", { merges }),
      inactive: fc.constantFrom([], ["ping"], ["ping", "a"]),
      segments: fc.oneof(fc.record({ one: segment }), fc.record({ second: segment, first: segment })),
    },
    { requiredKeys: [] },
  );
}

const properties = fc.constantFrom(...PROPERTIES);
const groupBy = fc.oneof(properties, fc.uniqueArray(properties, { maxLength: 2 }));
const interval = fc.constantFrom("hour", "day", "week", "month", "quarter");

export function funnelOptions(set: DataSet): fc.Arbitrary<FunnelOptions<string>> {
  const exclusion = fc.record({ event: eventChoice }).chain(({ event }) =>
    fc.constantFrom({ event }, { event, after: 1, before: 2 }, { event, after: 2, before: 3 }, { event, after: 1, before: 3 }),
  ); // biome-ignore format: short enough
  const own = fc.record(
    {
      order: fc.constantFrom("this order", "any order", "exact order"),
      window: fc.constantFrom("1s", "30s", "60m", "1d", "36h", "2w"),
      resolution: fc.constantFrom("second", "millisecond"),
      count: fc.constantFrom("uniques", "totals"),
      holdConstant: seldom(properties),
      exclude: seldom(fc.array(exclusion, { maxLength: 2 })),
      groupBy,
      interval: fc.constantFrom("hour", "day", "week"),
    },
    { requiredKeys: [] },
  );
  return fc.tuple(analysisOptions(set), own).map(([all, more]) => ({ ...all, ...more }));
}

/** Three steps, so that exclusions may name any. */
export const steps: fc.Arbitrary<readonly EventChoice[]> = fc.array(eventChoice, {
  minLength: 3,
  maxLength: 3,
});

export function segmentationOptions(set: DataSet): fc.Arbitrary<SegmentationOptions<string>> {
  const own = fc.record(
    {
      measure: fc.oneof(
        fc.constantFrom("uniques", "totals", "average", "active %"),
        fc.constantFrom(...PROPERTIES, "price", "price", "price").chain((property) =>
          fc.constantFrom(
            ...[
              { sum: property },
              { average: property },
              { median: property },
              { min: property },
              { max: property },
            ],
            ...[{ distinct: property }, { distinctPerUser: property }, { sumPerUser: property }],
            ...[
              { percentile: property, p: 90 },
              { percentile: property, p: 12.5 },
            ],
          ),
        ),
      ),
      interval,
      groupBy,
      rolling: fc.constantFrom(1, 2, 7),
      compare: fc.constantFrom(1, 2),
    },
    { requiredKeys: [] },
  );
  return fc.tuple(analysisOptions(set), own).map(([all, more]) => ({ ...all, ...more }));
}

/** Of one or two events, A and B. */
export const formula: fc.Arbitrary<string> = fc.constantFrom(
  "UNIQUES(A) / UNIQUES(B) * 100",
  "TOTALS(A) - (AVG(B) + 1) * -2",
  "ACTIVE(A)",
  "PROPSUM(A, price) / UNIQUES(B)",
  "PROPAVG(A, price) - PROPMIN(B, price) + PROPMAX(B, event_properties.price)",
  "PROPCOUNT(A, kind) + PROPCOUNTAVG(B, kind)",
  "PERCENTILE(A, price, 0.9)",
  "ROLLAVG(TOTALS(A), 3)",
  "ROLLWIN(UNIQUES(A), 2) - UNIQUES(A)",
  "UNIQUES(A) + ROLLWIN(TOTALS, B, 3) - UNIQUES(B)",
  "CUMSUM(UNIQUES(A)) / CUMSUM(TOTALS(B))",
  "ROLLAVG(AVG(B), 2) + ROLLWIN(PROPSUM(A, price), 2)",
  "%:UNIQUES(A1) / UNIQUES(B1)",
  "TOTALS(A1) + UNIQUES(B)",
  "$:ARPAU(A, price)",
  "$:REVENUETOTAL(B, price) - PROPSUM(A1, price)",
  "FREQPERCENTILE(A, 0.9)",
  "ROLLWIN(FREQPERCENTILE, A, 0.5, 2) + CUMSUM(FREQPERCENTILE(B, 1))",
  "SEMANTICTOTALS(A, UNIQUE_ARRAY_VALUES) - SEMANTICTOTALS(A, ALL_VALUES)",
  "ROLLWIN(SEMANTICTOTALS, A, UNIQUE_ARRAY_VALUES, 2)",
  "ROLLWIN(UNIQUES, A, 7) + ROLLWINBEFORE(TOTALS, B, 2)",
  "ROLLAVG(PERCENTILE, A, price, 0.25, 3) + CUMSUM(ACTIVE, A)",
  "TRENDLINE(UNIQUES(A))",
  "TRENDLINE(PROPAVG(A, price)) * 2 - TRENDLINE(ROLLAVG(TOTALS, B, 2))",
  "EXP(UNIQUES(A)) + LN(TOTALS(B)) + LOG(PROPSUM(A, price), 3)",
  "LOG10(TOTALS(A)) * SQRT(PROPSUM(B, price)) + POWER(UNIQUES(A) - 1, -2) + POWER(PROPSUM(A, price), 0.5)",
);

export function retentionOptions(set: DataSet): fc.Arbitrary<RetentionOptions<string>> {
  const own = fc.record(
    {
      start: fc.oneof(fc.constant("_new"), eventChoice),
      return: eventChoice,
      method: fc.constantFrom("on", "on or after"),
      interval: fc.constantFrom("day", "week", "month"),
      mode: fc.constantFrom("rolling", "calendar"),
      groupBy,
    },
    { requiredKeys: [] },
  );
  const length = fc.oneof(
    fc.record({ intervals: fc.constantFrom(0, 1, 3) }),
    fc.constant({ method: "on" as const, brackets: [[0, 0], [1, 2], [2, 5]] as const }), // biome-ignore format: short
  );
  return fc
    .tuple(analysisOptions(set), own, length)
    .map(([all, more, bound]): RetentionOptions<string> => ({ ...all, ...more, ...bound }));
}
