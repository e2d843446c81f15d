import { describe, expect, it } from "vitest";
import { stickiness } from "./stickiness.js";
import { did, range } from "./written.js";

describe("stickiness", () => {
  // The page's example: once in the first week, on three days of the second.
  const events = [
    did(1, "2026-11-03T10:00:00"),
    did(1, "2026-11-09T10:00:00"),
    did(1, "2026-11-10T10:00:00"),
    did(1, "2026-11-10T20:00:00"),
    did(1, "2026-11-11T10:00:00"),
    did(2, "2026-11-10T10:00:00"),
    did(2, "2026-11-15T23:59:59.999999"),
    did(3, "2026-11-10T10:00:00", "Close"),
    did(2, "2026-11-16T00:00:00"),
  ];
  const setting = range("2026-11-02", "2026-11-18");

  it("counts users on exactly and on at least so many days of each week", () => {
    const rows = stickiness(events, setting, "Open");
    const of = (time: string | null) => rows.filter((row) => row.time === time);
    expect(of("2026-11-02").map((row) => row.users)).toEqual([1, 0, 0, 0, 0, 0, 0]);
    const second = of("2026-11-09");
    expect(second.map((row) => row.users)).toEqual([0, 1, 1, 0, 0, 0, 0]);
    expect(second.map((row) => row.usersAtLeast)).toEqual([2, 2, 1, 0, 0, 0, 0]);
    expect(second.map((row) => row.share)).toEqual([0, 0.5, 0.5, 0, 0, 0, 0]);
    expect(second.map((row) => row.shareAtLeast)).toEqual([1, 1, 0.5, 0, 0, 0, 0]);
    expect(of("2026-11-16").every((row) => row.incomplete)).toBe(true);
  });

  it("puts only complete weeks together, first, with a user in each of them", () => {
    const all = stickiness(events, setting, "Open").slice(0, 7);
    expect(all.map((row) => row.time)).toEqual(Array(7).fill(null));
    expect(all.map((row) => row.users)).toEqual([1, 1, 1, 0, 0, 0, 0]);
    expect(all.map((row) => row.shareAtLeast)).toEqual([1, 2 / 3, 1 / 3, 0, 0, 0, 0]);
  });

  it("counts a month's days, and gives null where nobody is", () => {
    const rows = stickiness([], range("2026-02-01", "2026-03-01"), "Open", { interval: "month" });
    expect(rows).toHaveLength(31 + 28);
    expect(rows.at(-1)).toMatchObject({
      time: "2026-02-01",
      days: 28,
      users: 0,
      share: null,
      shareAtLeast: null,
    });
  });

  it("tells days apart by the time zone", () => {
    const night = [did(1, "2026-11-03T06:00:00"), did(1, "2026-11-03T09:00:00")];
    const daysIn = (timeZone: string) =>
      stickiness(night, range("2026-11-02", "2026-11-09"), "Open", { timeZone }).filter(
        (row) => row.time === "2026-11-02" && row.users === 1,
      )[0]?.days;
    expect(daysIn("UTC")).toBe(1);
    expect(daysIn("America/Los_Angeles")).toBe(2);
  });
});
