import { expect, test } from "vitest";
import { barChart } from "../../src/cli/bars.js";
import { paintFor } from "../../src/cli/paint.js";

const PLAIN = paintFor({ isTTY: false }, {});

test("bars are as long as their values, names and figures aligned", () => {
  const bars = [
    { name: "Page Viewed", value: 2000 },
    { name: "Cart", value: 1000 },
    { name: "Order", value: 1 },
  ];
  expect(barChart(bars, 35, PLAIN)).toBe(
    "  Page Viewed  2,000  █████████████\n  Cart         1,000  ██████▌\n  Order            1  ▏",
  );
});

test("a long name is cut, and no line is wider than asked for", () => {
  const text = barChart([{ name: "x".repeat(60), value: 5 }], 60, PLAIN);
  expect(text).toContain("…");
  expect(text.length).toBeLessThanOrEqual(60);
});

test("no bars give no text", () => {
  expect(barChart([], 80, PLAIN)).toBe("");
});
