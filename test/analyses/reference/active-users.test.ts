import { describe, expect, it } from "vitest";
import { activeUsers, rollingActiveUsers } from "./active-users.js";
import { did, range } from "./written.js";

describe("activeUsers", () => {
  const events = [
    did(1, "2026-11-01T10:00:00"),
    did(1, "2026-11-02T10:00:00"),
    did(1, "2026-11-02T11:00:00"),
    did(2, "2026-11-02T23:59:59.999999", "Push"),
    did(2, "2026-11-03T00:00:00"),
  ];

  it("counts who did anything but inactive events, and who is new by any event", () => {
    const rows = activeUsers(events, range("2026-11-02", "2026-11-05"), { inactive: ["Push"] });
    expect(rows.map((row) => [row.time, row.activeUsers, row.newUsers])).toEqual([
      ["2026-11-02", 1, 1],
      ["2026-11-03", 1, 0],
      ["2026-11-04", 0, 0],
    ]);
    expect(rows[0]).toMatchObject({
      segment: "all",
      start: new Date("2026-11-02T00:00:00Z"),
      incomplete: false,
      censored: false,
    });
  });

  it("looks before the range for the other intervals of a rolling window", () => {
    const rows = activeUsers(events, range("2026-11-02", "2026-11-05"), { rolling: 2 });
    expect(rows.map((row) => [row.time, row.activeUsers, row.newUsers])).toEqual([
      ["2026-11-02", 2, 2],
      ["2026-11-03", 2, 1],
      ["2026-11-04", 1, 0],
    ]);
  });

  it("marks what the range cuts at either end, and what is near the beginning of the data", () => {
    const setting = range("2026-11-02T12:00:00", "2026-11-05", ["2026-10-04", "2026-11-04T06:00:00"]);
    const rows = activeUsers(events, setting);
    expect(rows.map((row) => [row.incomplete, row.censored])).toEqual([
      [true, true],
      [false, false],
      [true, false],
    ]);
    expect(rows[0]).toMatchObject({ activeUsers: 1, newUsers: 1 });
    expect(activeUsers(events, setting, { history: "0d" })[0]?.censored).toBe(false);
  });

  it("has a day of 25 hours when clocks are set back, and an hour twice", () => {
    const late = [
      did(1, "2026-10-24T22:00:00"),
      did(2, "2026-10-25T22:59:59"),
      did(3, "2026-10-25T23:00:00"),
      did(4, "2026-10-25T00:30:00"),
      did(5, "2026-10-25T01:30:00"),
    ];
    const timeZone = "Europe/Berlin";
    const day = range("2026-10-24T22:00:00", "2026-10-25T23:00:00");
    expect(activeUsers(late, day, { timeZone })).toMatchObject([
      { time: "2026-10-25", activeUsers: 4, incomplete: false },
    ]);
    const hours = activeUsers(late, day, { timeZone, interval: "hour" });
    expect(hours).toHaveLength(25);
    expect(hours.slice(2, 4).map((row) => [row.time, row.activeUsers])).toEqual([
      ["2026-10-25 02:00+02:00", 1],
      ["2026-10-25 02:00+01:00", 1],
    ]);
  });

  it("begins a day at its first instant, also if clocks show midnight twice or never", () => {
    const of = (timeZone: string, from: string, until: string) =>
      activeUsers([did(1, from)], range(from, until), { timeZone }).map((row) => [
        row.time,
        row.start.toISOString().slice(0, 16),
        row.activeUsers,
        row.incomplete,
      ]);
    expect(of("America/Havana", "2026-11-01T04:00:00", "2026-11-02T05:00:00")).toEqual([
      ["2026-11-01", "2026-11-01T04:00", 1, false],
    ]);
    expect(of("Africa/Cairo", "2026-04-23T22:00:00", "2026-04-24T21:00:00")).toEqual([
      ["2026-04-24", "2026-04-23T22:00", 1, false],
    ]);
  });

  it("counts events before the data where they are found, and none after it", () => {
    const data = ["2026-11-01T12:00:00", "2026-11-02T10:30:00"] as const;
    const setting = range("2026-11-01", "2026-11-04", data);
    const short = (options: object) =>
      activeUsers(events, setting, options).map((row) => [row.activeUsers, row.newUsers, row.incomplete]);
    expect(short({})).toEqual([
      [1, 1, true],
      [1, 0, true],
      [0, 0, true],
    ]);
    const whole = range("2026-11-02", "2026-11-03", ["2026-11-01T12:00:00", "2026-12-01"]);
    const flag = (rolling: number) => activeUsers(events, whole, { rolling })[0]?.incomplete;
    expect([flag(1), flag(2)]).toEqual([false, true]);
  });

  it("begins weeks and quarters where the project says", () => {
    const setting = range("2026-11-01", "2026-11-08");
    const times = (options: object) => activeUsers(events, setting, options).map((row) => row.time);
    expect(times({ interval: "week" })).toEqual(["2026-10-26", "2026-11-02"]);
    expect(times({ interval: "week", weekStart: "sunday" })).toEqual(["2026-11-01"]);
    expect(times({ interval: "quarter" })).toEqual(["2026-10-01"]);
    expect(times({ interval: "quarter", quarterStart: 2 })).toEqual(["2026-11-01"]);
  });

  it("tells groups and segments apart by the event's values at its time", () => {
    const moved = [
      did(1, "2026-11-02T10:00:00", "Open", { country: "Germany" }),
      did(1, "2026-11-02T12:00:00", "Open", { country: "France" }),
      did(2, "2026-11-02T13:00:00", "Open"),
    ];
    const setting = range("2026-11-02", "2026-11-03");
    const rows = activeUsers(moved, setting, { groupBy: "country" });
    expect(rows.map((row) => [row.country, row.activeUsers, row.newUsers])).toEqual([
      ["(none)", 1, 1],
      ["France", 1, 1],
      ["Germany", 1, 1],
    ]);
    // An inactive user who is not new has no row.
    const silent = [
      did(3, "2026-11-01T10:00:00"),
      did(3, "2026-11-02T10:00:00", "Push", { country: "Spain" }),
    ];
    expect(activeUsers(silent, setting, { groupBy: "country", inactive: ["Push"] })).toEqual([]);
    const segments = {
      french: { filters: [{ property: "country", value: "France" }] },
      two: { cohort: [2] },
    };
    expect(activeUsers(moved, setting, { segments }).map((row) => [row.segment, row.activeUsers])).toEqual([
      ["french", 1],
      ["two", 1],
    ]);
  });

  it("takes merged ids for one user", () => {
    const identity = { merges: [{ amplitude_id: 2, merged_amplitude_id: 1 }] };
    const rows = activeUsers(events, range("2026-11-02", "2026-11-03"), { identity });
    expect(rows).toMatchObject([{ activeUsers: 1, newUsers: 0 }]);
  });
});

describe("rollingActiveUsers", () => {
  it("counts the 7 and 30 days that end with each day", () => {
    const events = [
      did(1, "2026-03-01T12:00:00"),
      did(2, "2026-03-24T12:00:00"),
      did(3, "2026-03-30T12:00:00"),
      did(3, "2026-03-30T13:00:00"),
    ];
    const rows = rollingActiveUsers(events, range("2026-03-30", "2026-04-01"));
    expect(rows.map(({ time, dau, wau, mau, incomplete }) => [time, dau, wau, mau, incomplete])).toEqual([
      ["2026-03-30", 1, 2, 3, false],
      ["2026-03-31", 0, 1, 2, false],
    ]);
    const [early] = rollingActiveUsers(events, range("2026-01-29", "2026-01-31"));
    expect(early).toMatchObject({ time: "2026-01-29", mau: 0, incomplete: true });
    expect(rollingActiveUsers(events, range("2026-01-29", "2026-01-31"))[1]?.incomplete).toBe(false);
  });
});
