import { expect, test } from "vitest";
import type { ChartUnit } from "../../../src/analyses/chart.js";
import { drawable, numberText } from "../../../src/analyses/draw/numbers.js";
import { scaleOf, tickText } from "../../../src/analyses/draw/scale.js";

test.each<[number | null, ChartUnit, string, string]>([
  [null, "count", "–", "–"],
  [Number.NaN, "count", "–", "–"],
  [Number.POSITIVE_INFINITY, "count", "∞", "∞"],
  [0, "count", "0", "0"],
  [-0, "count", "0", "0"],
  [12345, "count", "12,345", "12.3 k"],
  [1011, "count", "1,011", "1,011"],
  [-1234567, "count", "-1,234,567", "-1.2 M"],
  [999_960, "count", "999,960", "1 M"],
  [1e300, "count", "1.00e300", "1.00e300"],
  [0.421, "percent", "42.1 %", "42 %"],
  [1234.5, "dollars", "$1,234.50", "$1,234.50"],
  [-12345.678, "dollars", "-$12,345.68", "-$12.3 k"],
  [7, "dollars", "$7", "$7"],
  [0.001, "dollars", "$0.001", "$0.001"],
  [0.42, "percent", "42 %", "42 %"],
  [1, "percent", "100 %", "100 %"],
  [0.00012, "percent", "0.012 %", "0 %"],
  [-0.05, "percent", "-5 %", "-5 %"],
  [2.34159, "number", "2.34", "2.34"],
  [0.0314159, "number", "0.031", "0.031"],
  [123.456, "number", "123.5", "123.5"],
  [0.25, "seconds", "0.25 s", "0.25 s"],
  [45, "seconds", "45 s", "45 s"],
  [59.7, "seconds", "1 min", "59.7 s"],
  [65, "seconds", "1 min 5 s", "1.1 min"],
  [3599.9, "seconds", "1 h", "60 min"],
  [3900, "seconds", "1 h 5 min", "1.1 h"],
  [183_600, "seconds", "2 d 3 h", "2.1 d"],
])("%d in %s is %s, short %s", (value, unit, long, short) => {
  expect([numberText(value, unit), numberText(value, unit, true)]).toEqual([long, short]);
});

test.each<[number[], ChartUnit, number[]]>([
  [[], "count", [0, 1]],
  [[3], "count", [0, 1, 2, 3]],
  [[0.9], "percent", [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [[7000], "seconds", [0, 1800, 3600, 5400, 7200]],
  [[-90, 800], "count", [-200, 0, 200, 400, 600, 800]],
])("an axis for %j of %s has the ticks %j", (values, unit, ticks) => {
  const found = scaleOf(values, unit, 4).ticks.map((tick) => Number(tick.toPrecision(12)));
  expect(found).toEqual(ticks);
});

test("ticks of times are exact", () => {
  expect([4500, 900, 0].map((tick) => tickText(tick, "seconds"))).toEqual(["1 h 15 min", "15 min", "0 s"]);
  expect(tickText(20_000, "count")).toBe("20 k");
});

test("what is no number is not drawn, and what is too large is drawn smaller", () => {
  expect([drawable(Number.NaN), drawable(undefined), drawable(-1e308)]).toEqual([null, null, -1e290]);
  expect(scaleOf([1e-320, 1e290], "number", 4).high).toBeGreaterThanOrEqual(1e290);
});
