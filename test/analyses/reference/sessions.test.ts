import { describe, expect, it } from "vitest";
import { sessionLengths, sessions } from "./sessions.js";
import { did, range } from "./written.js";

describe("sessions", () => {
  it("counts a session in the interval of its start alone, with all that comes after", () => {
    // The page's example: from May 17th, 8 PM, to May 18th, 1:30 AM.
    const session = "2026-05-17T20:00:00";
    const events = [
      did(1, "2026-05-17T20:00:00", "Open", { session }),
      did(1, "2026-05-18T01:30:00", "Close", { session }),
    ];
    expect(sessions(events, range("2026-05-17", "2026-05-18"))).toMatchObject([
      { time: "2026-05-17", sessions: 1, activeUsers: 1, timeSpent: 19_800, averageLength: 19_800 },
    ]);
    expect(sessions(events, range("2026-05-18", "2026-05-19"))).toMatchObject([
      { sessions: 0, activeUsers: 1, averageLength: null, sessionsPerUser: 0, timePerUser: 0 },
    ]);
    // Nor in the day of its start, if the range begins later on it.
    expect(sessions(events, range("2026-05-17T20:00:01", "2026-05-18"))).toMatchObject([
      { sessions: 0, incomplete: true },
    ]);
  });

  it("measures by the device's clock, from the first event or from the id", () => {
    const session = "2026-05-17T08:00:00";
    const events = [
      did(1, "2026-05-17T09:00:00", "B", { session, client: "2026-05-17T08:00:10" }),
      did(1, "2026-05-17T09:00:20", "C", { session, client: "2026-05-17T08:00:40.500000" }),
    ];
    const of = (lengthFrom: "first event" | "session_id") =>
      sessions(events, range("2026-05-17", "2026-05-18"), { lengthFrom })[0]?.timeSpent;
    expect(of("first event")).toBe(30.5);
    expect(of("session_id")).toBe(40.5);
    const early = [did(1, "2026-05-17T09:00:00", "B", { session, client: "2026-05-17T07:00:00" })];
    const [row] = sessions(early, range("2026-05-17", "2026-05-18"), { lengthFrom: "session_id" });
    expect(row).toMatchObject({ sessions: 1, timeSpent: 0 });
  });

  it("leaves inactive events, events without a session, and sessions longer than a day out", () => {
    const session = "2026-05-17T08:00:00";
    const events = [
      did(1, "2026-05-17T08:00:00", "A", { session }),
      did(1, "2026-05-17T08:01:00", "B", { session }),
      // The page's example: hidden and inactive events at the end do not make a session longer.
      did(1, "2026-05-17T08:02:00", "C", { session }),
      did(2, "2026-05-17T08:02:00", "C", { session }),
      did(3, "2026-05-17T08:02:00", "A", { session: -1n }),
      did(4, "2026-05-17T08:02:00", "A", { session: null }),
      did(5, "2026-05-17T08:00:00", "A", { session }),
      did(5, "2026-05-18T08:00:00", "A", { session }),
      did(6, "2026-05-17T08:00:00", "A", { session }),
      did(6, "2026-05-18T08:00:00.000001", "A", { session }),
    ];
    const [row] = sessions(events, range("2026-05-17", "2026-05-18"), { inactive: ["C"] });
    expect(row).toMatchObject({
      sessions: 2,
      activeUsers: 5,
      timeSpent: 86_460,
      averageLength: 43_230,
      sessionsPerUser: 0.4,
      timePerUser: 17_292,
    });
  });

  it("groups by user and id, merged users together, and filters events before sessions", () => {
    const session = "2026-05-17T08:00:00";
    const events = [
      did(1, "2026-05-17T08:00:00", "A", { session, country: "Germany" }),
      did(2, "2026-05-17T08:01:00", "A", { session, country: "France" }),
      did(2, "2026-05-17T08:03:00", "A", { session, country: "France" }),
    ];
    const setting = range("2026-05-17", "2026-05-18");
    const identity = { merges: [{ amplitude_id: 2, merged_amplitude_id: 1 }] };
    expect(sessions(events, setting)[0]).toMatchObject({ sessions: 2, timeSpent: 120 });
    expect(sessions(events, setting, { identity })[0]).toMatchObject({ sessions: 1, timeSpent: 180 });
    const segments = { french: { filters: [{ property: "country", value: "France" }] } };
    expect(sessions(events, setting, { identity, segments })[0]).toMatchObject({
      sessions: 1,
      timeSpent: 120,
    });
    const grouped = sessions(events, setting, { identity, groupBy: "country" });
    expect(grouped.map((row) => [row.country, row.sessions, row.timeSpent, row.activeUsers])).toEqual([
      ["France", 0, 0, 1],
      ["Germany", 1, 180, 1],
    ]);
  });
});

describe("sessionLengths", () => {
  const withLength = (user: number, last: string) => {
    const session = "2026-05-17T08:00:00";
    return [did(user, session, "A", { session }), did(user, last, "A", { session })];
  };
  const events = [
    ...withLength(1, "2026-05-17T08:00:00"),
    ...withLength(2, "2026-05-17T08:00:02.999999"),
    ...withLength(3, "2026-05-17T08:00:03"),
    ...withLength(4, "2026-05-18T08:00:00"),
  ];

  it("has the bins of the REST API, a whole day in the last", () => {
    const rows = sessionLengths(events, range("2026-05-17", "2026-05-18"));
    expect(rows.map((row) => [row.from, row.to, row.sessions])).toEqual([
      [0, 3, 2],
      [3, 10, 1],
      [10, 30, 0],
      [30, 60, 0],
      [60, 180, 0],
      [180, 600, 0],
      [600, 1800, 0],
      [1800, 3600, 0],
      [3600, 86_400, 1],
    ]);
    expect(rows[0]).toMatchObject({ segment: "all", share: 0.5 });
  });

  it("leaves what is outside custom bins out of them, but in the shares", () => {
    const rows = sessionLengths(events, range("2026-05-17", "2026-05-18"), { bins: [1, 2, 3] });
    expect(rows.map((row) => [row.sessions, row.share])).toEqual([
      [0, 0],
      [1, 0.25],
    ]);
  });
});
