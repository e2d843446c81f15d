import { describe, expect, it } from "vitest";
import type { LifetimeValueRow } from "../../../src/analyses/lifetime-value.js";
import { lifetimeValue, revenue } from "./revenue.js";
import { did, range } from "./written.js";

const paid = (user: number, time: string, amount: number, type = "Buy") =>
  did(user, time, type, { properties: { $revenue: amount } });

describe("revenue", () => {
  it("adds amounts up, and divides them by active and by paying users", () => {
    const events = [
      paid(1, "2026-11-02T10:00:00", 10),
      paid(1, "2026-11-02T11:00:00", -2.5),
      did(2, "2026-11-02T10:00:00", "Buy", { properties: { $price: 3, $quantity: 2 } }),
      did(3, "2026-11-02T10:00:00", "Buy", { properties: { $price: 1.5 } }),
      did(4, "2026-11-02T10:00:00"),
      did(5, "2026-11-02T10:00:00", "Push"),
      did(6, "2026-11-03T10:00:00", "Push", { properties: { $revenue: 1 } }),
      did(4, "2026-11-02T10:00:00", "Buy", { properties: { $revenue: "9.99" } }),
    ];
    const rows = revenue(events, range("2026-11-02", "2026-11-05"), { inactive: ["Push"] });
    expect(rows).toMatchObject([
      { time: "2026-11-02", revenue: 15, payingUsers: 3, activeUsers: 4, arpu: 3.75, arppu: 5 },
      { time: "2026-11-03", revenue: 1, payingUsers: 1, activeUsers: 0, arpu: null, arppu: 1 },
      { time: "2026-11-04", revenue: 0, payingUsers: 0, activeUsers: 0, arpu: null, arppu: null },
    ]);
  });

  it("does not count revenue_amount beside the event that Amplitude makes of it", () => {
    const bought = { $price: 5, $quantity: 1 };
    const events = [
      did(1, "2026-11-02T10:00:00", "revenue_amount", { properties: bought }),
      did(1, "2026-11-02T10:00:00", "unverified_revenue", { properties: { ...bought, $revenue: 5 } }),
    ];
    const setting = range("2026-11-02", "2026-11-03");
    expect(revenue(events, setting)[0]?.revenue).toBe(5);
    expect(revenue(events, setting, { event: "revenue_amount" })[0]?.revenue).toBe(5);
    expect(revenue(events, setting, { property: "$price" })[0]?.revenue).toBe(10);
  });
});

describe("lifetimeValue", () => {
  const events = [
    did(1, "2026-12-05T12:00:00"),
    paid(1, "2026-12-06T11:59:59.999999", 1),
    paid(1, "2026-12-06T12:00:00", 2),
    paid(1, "2026-12-07T12:00:00", 4),
    did(2, "2026-12-05T18:00:00", "Push"),
    did(3, "2026-12-06T00:00:00"),
    paid(3, "2026-12-07T10:00:00", 10),
    // Not new in the range.
    did(4, "2026-12-04T12:00:00"),
    paid(4, "2026-12-05T12:00:00", 100),
  ];
  const until = (end: string) => range("2026-12-05", "2026-12-07", ["2026-01-01", end]);
  const short = (rows: readonly LifetimeValueRow[]) =>
    rows.map((row) => [
      row.cohort,
      row.interval,
      row.users,
      row.payingUsers,
      row.newPayingUsers,
      row.revenue,
    ]);

  it("counts days of 24 hours from each user's first event of all", () => {
    const rows = lifetimeValue(events, until("2026-12-20"), { intervals: 2, inactive: ["Push"] });
    expect(short(rows)).toEqual([
      [null, 0, 3, 2, 1, 1],
      [null, 1, 3, 2, 1, 13],
      [null, 2, 3, 2, 0, 17],
      ["2026-12-05", 0, 2, 1, 1, 1],
      ["2026-12-05", 1, 2, 1, 0, 3],
      ["2026-12-05", 2, 2, 1, 0, 7],
      ["2026-12-06", 0, 1, 1, 0, 0],
      ["2026-12-06", 1, 1, 1, 1, 10],
      ["2026-12-06", 2, 1, 1, 0, 10],
    ]);
    expect(rows[1]).toMatchObject({ arpu: 13 / 3, arppu: 6.5, incomplete: false, censored: false });
  });

  it("leaves who has not had the time out of all together, and marks their cohorts", () => {
    const rows = lifetimeValue(events, until("2026-12-07T15:00:00"), { intervals: 2 });
    expect(short(rows)).toEqual([
      [null, 0, 3, 2, 1, 1],
      [null, 1, 1, 1, 0, 3],
      [null, 2, 0, 0, 0, 0],
      ["2026-12-05", 0, 2, 1, 1, 1],
      ["2026-12-05", 1, 2, 1, 0, 3],
      ["2026-12-05", 2, 2, 1, 0, 7],
      ["2026-12-06", 0, 1, 1, 0, 0],
      ["2026-12-06", 1, 1, 1, 1, 10],
    ]);
    expect(rows.map((row) => row.incomplete)).toEqual([false, false, false, false, true, true, false, true]);
    expect(rows[2]).toMatchObject({ arpu: null, arppu: null });
  });

  it("takes an interval for over at the very moment of its end", () => {
    const one = [did(1, "2026-12-05T00:00:00")];
    const setting = (end: string) => range("2026-12-05", "2026-12-06", ["2026-01-01", end]);
    expect(short(lifetimeValue(one, setting("2026-12-06T00:00:00"), { intervals: 1 }))).toEqual([
      [null, 0, 1, 0, 0, 0],
      [null, 1, 0, 0, 0, 0],
      ["2026-12-05", 0, 1, 0, 0, 0],
    ]);
    expect(lifetimeValue(one, setting("2026-12-05T23:59:59.999999"))[0]?.users).toBe(0);
  });

  it("puts users in segments and groups by their first event alone", () => {
    const moved = [
      did(1, "2026-12-05T12:00:00", "Open", { country: "Germany" }),
      did(1, "2026-12-05T13:00:00", "Buy", { country: "France", properties: { $revenue: 7 } }),
    ];
    const rows = lifetimeValue(moved, until("2026-12-20"), { intervals: 0, groupBy: "country" });
    expect(rows.map((row) => [row.cohort, row.country, row.revenue])).toEqual([
      [null, "Germany", 7],
      ["2026-12-05", "Germany", 7],
      ["2026-12-06", "Germany", 0],
    ]);
    const segments = { french: { filters: [{ property: "country", value: "France" }] } };
    expect(lifetimeValue(moved, until("2026-12-20"), { intervals: 0, segments })[0]?.users).toBe(0);
  });
});
