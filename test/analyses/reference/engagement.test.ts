import { describe, expect, it } from "vitest";
import { engagement, usageInterval } from "./engagement.js";
import { did, range } from "./written.js";

describe("engagement", () => {
  const events = [
    did(1, "2026-11-02T10:00:00"),
    did(1, "2026-11-02T11:00:00"),
    did(1, "2026-11-03T10:00:00"),
    did(2, "2026-11-03T10:00:00"),
    did(3, "2026-11-03T10:00:00"),
    did(4, "2026-11-03T10:00:00", "Close"),
  ];
  const setting = range("2026-11-02", "2026-11-04");
  const short = (options: object) =>
    engagement(events, setting, "Open", options).map((row) => [
      row.time,
      row.from,
      row.to,
      row.users,
      row.share,
    ]);

  it("counts users by how often they did it in the range", () => {
    expect(short({})).toEqual([
      [null, 1, 1, 2, 2 / 3],
      [null, 3, 3, 1, 1 / 3],
    ]);
    expect(short({ count: "days" })).toEqual([
      [null, 1, 1, 2, 2 / 3],
      [null, 2, 2, 1, 1 / 3],
    ]);
  });

  it("counts in each interval, and in buckets", () => {
    const buckets = [
      [1, 1],
      [2, null],
    ];
    expect(short({ interval: "day", buckets })).toEqual([
      ["2026-11-02", 1, 1, 0, 0],
      ["2026-11-02", 2, null, 1, 1],
      ["2026-11-03", 1, 1, 3, 1],
      ["2026-11-03", 2, null, 0, 0],
    ]);
  });
});

describe("usageInterval", () => {
  it("takes the median of the gaps between days, of those who came on two days", () => {
    const on = (user: number, ...days: number[]) =>
      days.map((day) => did(user, `2026-11-${String(day).padStart(2, "0")}T10:00:00`, "Buy"));
    const events = [
      ...on(1, 1, 1, 1, 5),
      ...on(2, 1, 2, 3, 10),
      ...on(3, 1, 2, 4),
      ...on(4, 7, 7),
      did(5, "2026-11-01T23:59:00", "Buy"),
      did(5, "2026-11-02T00:01:00", "Buy"),
    ];
    const rows = usageInterval(events, range("2026-11-01", "2026-11-16"), "Buy");
    expect(rows.map((row) => [row.days, row.users, row.usersAtMost, row.shareAtMost])).toEqual([
      [1, 2, 2, 0.5],
      [2, 1, 3, 0.75],
      [3, 0, 3, 0.75],
      [4, 1, 4, 1],
    ]);
    expect(rows[3]?.share).toBe(0.25);
  });
});
