import { expect, it } from "vitest";
import { distribution, usualEnds } from "./distribution.js";
import { did, range } from "./written.js";

const price = (user: number, time: string, of: unknown) =>
  did(user, time, "Buy", { properties: { price: of } });
const events = [
  price(1, "2026-11-02T10:00:00", 5),
  price(1, "2026-11-02T11:00:00", "10"),
  price(2, "2026-11-02T12:00:00", [9.99, 10, "free"]),
  price(3, "2026-11-02T13:00:00", null),
  price(3, "2026-11-05T13:00:00", 7),
];

it("counts numbers from the least of a bin to below its end, of lists each", () => {
  const rows = distribution(events, range("2026-11-02", "2026-11-04"), "Buy", "price", { bins: [0, 10, 20] });
  expect(rows).toEqual([
    { segment: "all", from: 0, to: 10, totals: 2, share: 0.5, users: 2 },
    { segment: "all", from: 10, to: 20, totals: 2, share: 0.5, users: 2 },
  ]);
});

it.each([
  ["whole numbers by ones", [3, 5], [3, 4, 5, 6]],
  ["one number", [0.25], [0, 1]],
  ["twenty", [0, 19], Array.from({ length: 21 }, (_, i) => i)],
  ["more than twenty", [0, 20], Array.from({ length: 12 }, (_, i) => i * 2)],
  ["decimals", [0.1, 0.3], Array.from({ length: 12 }, (_, i) => Number((0.1 + i * 0.02).toFixed(2)))],
  ["below zero", [-1, 37], Array.from({ length: 21 }, (_, i) => i * 2 - 2)],
  ["none", [], []],
])("bins of %s", (_what, numbers, ends) => {
  expect(usualEnds(numbers)).toEqual(ends);
});
