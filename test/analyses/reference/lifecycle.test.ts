import { describe, expect, it } from "vitest";
import { lifecycle } from "./lifecycle.js";
import { did, range } from "./written.js";

describe("lifecycle", () => {
  const short = (rows: ReturnType<typeof lifecycle>) =>
    rows.map((row) => [row.newUsers, row.currentUsers, row.resurrectedUsers, row.dormantUsers]);

  it("has the page's new, current, resurrected and dormant users", () => {
    const events = [
      // New on August 1st, current on the 2nd, dormant on the 3rd.
      did(1, "2026-08-01T08:00:00", "Play"),
      did(1, "2026-08-02T08:00:00", "Play"),
      // New to Amplitude on the 1st, did the event on the 2nd for the first time: resurrected.
      did(2, "2026-08-01T08:00:00", "Open"),
      did(2, "2026-08-02T08:00:00", "Play"),
      // Away for a day.
      did(3, "2026-08-01T08:00:00", "Play"),
      did(3, "2026-08-03T08:00:00", "Play"),
    ];
    const rows = lifecycle(events, range("2026-08-01", "2026-08-05"), "Play");
    expect(short(rows)).toEqual([
      [2, 0, 0, 0],
      [0, 1, 1, 1],
      [0, 0, 1, 2],
      [0, 0, 0, 1],
    ]);
    expect(rows.map((row) => row.pulse)).toEqual([null, 1, 0.5, 0]);
    expect(rows.map((row) => [row.dormantNew, row.dormantCurrent, row.dormantResurrected])).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 1],
      [0, 0, 1],
    ]);
  });

  it("takes who was first seen by an inactive event, on the same day, for new", () => {
    const events = [did(1, "2026-08-01T08:00:00", "Push"), did(1, "2026-08-01T09:00:00", "Open")];
    const options = { inactive: ["Push"] };
    expect(short(lifecycle(events, range("2026-08-01", "2026-08-02"), "_active", options))).toEqual([
      [1, 0, 0, 0],
    ]);
  });

  it("looks back before the range for the interval before", () => {
    const events = [
      did(1, "2026-07-31T23:00:00"),
      did(1, "2026-08-01T01:00:00"),
      did(2, "2026-07-31T10:00:00"),
    ];
    expect(short(lifecycle(events, range("2026-08-01", "2026-08-02"), "_active"))).toEqual([[0, 1, 0, 1]]);
  });

  it("marks what the unknown time before the data may have changed", () => {
    const data = ["2026-07-01", "2026-10-01"] as const;
    const flags = (interval: "day" | "month", history?: string) =>
      lifecycle([], range("2026-07-01", "2026-09-01", data), "_active", { interval, history }).map(
        (row) => row.censored,
      );
    expect(flags("day").filter(Boolean)).toHaveLength(30);
    expect(flags("day", "2d").filter(Boolean)).toHaveLength(2);
    expect(flags("day", "1h").filter(Boolean)).toHaveLength(1);
    expect(flags("month")).toEqual([true, false]);
    expect(flags("month", "0d")).toEqual([false, false]);
    const late = range("2026-08-01", "2026-09-01", ["2026-07-02", "2026-10-01"]);
    expect(lifecycle([], late, "_active", { interval: "month", history: "1d" })[0]?.censored).toBe(true);
  });
});
