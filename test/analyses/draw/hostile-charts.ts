import fc from "fast-check";
import type { Chart, ChartUnit } from "../../../src/analyses/chart.js";

const NASTY = [
  "\u001b[31mred\u001b]0;title\u0007",
  "\u009b2J",
  "a\r\nb\tc",
  "\u202eevil\u2066",
  "<script>alert(1)</script>",
  "\"&'><img src=x onerror=1>",
  "]]>",
  "\ud800",
  "\ufffe\uffff",
  "👩‍👩‍👧".repeat(30),
  "日本語".repeat(40),
  "e\u0301\u0301\u0301",
  "",
  " ",
  "__proto__",
  "var(--x)",
  "url(https://example.com/)",
  "x".repeat(2000),
];

const name = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ maxLength: 30 }),
);
const value = fc.oneof(
  fc.integer({ min: -50, max: 1000 }),
  fc.double(),
  fc.constantFrom(
    0,
    -0,
    1e308,
    -1e308,
    5e-324,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ),
);
const nullable = fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
const unit = fc.constantFrom<ChartUnit>("count", "percent", "seconds", "number", "dollars");
const time = fc.record({ label: name, start: fc.date({ noInvalidDate: true }), incomplete: fc.boolean() });
const times = fc.array(time, { maxLength: 12 });
const values = fc.array(nullable, { maxLength: 14 });

/** Any chart of any names and values, also of lists that are shorter or longer than they should be. */
export const hostileChart: fc.Arbitrary<Chart> = fc.oneof(
  fc.record({
    kind: fc.constant("lines" as const),
    ...{ title: name, unit, times },
    series: fc.array(fc.record({ name, values, faint: fc.boolean() }), { maxLength: 11 }),
  }),
  fc.record({
    kind: fc.constant("bars" as const),
    ...{ title: name, unit },
    bars: fc.array(fc.record({ name, value: nullable }), { maxLength: 45 }),
  }),
  fc.record({
    kind: fc.constant("stack" as const),
    ...{ title: name, unit, times },
    parts: fc.array(fc.record({ name, values }), { maxLength: 11 }),
  }),
  fc.record({
    kind: fc.constant("funnel" as const),
    title: name,
    steps: fc.array(name, { maxLength: 6 }),
    funnels: fc.array(fc.record({ name, users: fc.array(value, { maxLength: 7 }) }), { maxLength: 14 }),
  }),
  fc.record({
    kind: fc.constant("heat map" as const),
    ...{ title: name, unit, columns: fc.array(name, { maxLength: 15 }) },
    rows: fc.array(
      fc.record({
        ...{ name, size: value },
        cells: fc.array(fc.record({ value: nullable, incomplete: fc.boolean() }), { maxLength: 15 }),
      }),
      { maxLength: 8 },
    ),
  }),
  fc.record({
    kind: fc.constant("flows" as const),
    title: name,
    flows: fc.array(fc.record({ column: fc.nat({ max: 4 }), from: name, to: name, value }), {
      maxLength: 25,
    }),
  }),
);
