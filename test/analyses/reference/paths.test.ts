import { describe, expect, it } from "vitest";
import { paths } from "./paths.js";
import { did, range } from "./written.js";

const short = (rows: ReturnType<typeof paths>) =>
  rows.map((row) => [row.step, row.from, row.to, row.users, row.totals]);

describe("paths", () => {
  it("begins at each user's first event of the range, as the page's example does", () => {
    const events = [
      did(1, "2026-04-01T09:00:00", "A"),
      did(1, "2026-04-01T10:00:00", "A"),
      did(1, "2026-04-02T09:30:00", "B"),
    ];
    const setting = range("2026-04-01", "2026-05-01");
    expect(short(paths(events, setting, "A", { collapse: true }))).toEqual([[0, "A", "(dropped off)", 1, 1]]);
    expect(short(paths(events, setting, "A"))).toEqual([
      [0, "A", "A", 1, 1],
      [1, "A", "(dropped off)", 1, 1],
    ]);
    expect(short(paths(events, setting, "A", { count: "totals" }))).toEqual([
      [0, "A", "A", 1, 1],
      [0, "A", "B", 1, 1],
      [1, "A", "(dropped off)", 1, 1],
      [1, "B", "(dropped off)", 1, 1],
    ]);
  });

  it("takes the first event of the range and the segment, in whatever session", () => {
    const [first, second] = ["2026-04-01T09:00:00", "2026-04-01T10:00:00"];
    const events = [
      did(1, "2026-03-31T23:59:59", "A", { country: "Spain" }),
      did(1, "2026-04-01T08:00:00", "A"),
      did(1, "2026-04-01T09:00:00", "X", { session: first }),
      did(1, "2026-04-01T10:00:00", "A", { session: second, country: "Spain" }),
      did(1, "2026-04-01T10:01:00", "B", { session: second }),
      did(1, "2026-04-01T11:00:00", "A", { session: first, country: "Spain" }),
      did(1, "2026-04-01T11:01:00", "C", { session: first }),
    ];
    const segments = { spanish: { filters: [{ property: "country", value: "Spain" }] } };
    const rows = paths(events, range("2026-04-01", "2026-04-02"), "A", {
      window: "session",
      segments,
      steps: 1,
    });
    expect(short(rows)).toEqual([[0, "A", "B", 1, 1]]);
  });

  it("does not collapse the event with one of its type that is not it", () => {
    const events = [
      did(1, "2026-04-01T09:00:00", "A", { country: "Spain" }),
      did(1, "2026-04-01T09:01:00", "A", { country: "France" }),
      did(1, "2026-04-01T09:02:00", "A", { country: "France" }),
      did(1, "2026-04-01T09:03:00", "B"),
    ];
    const french = { event: "A", filters: [{ property: "country", value: "France" }] };
    const rows = paths(events, range("2026-04-01", "2026-04-02"), french, { collapse: true, steps: 1 });
    expect(short(rows)).toEqual([[0, "A (country is France)", "B", 1, 1]]);
  });

  it("includes the end of the window, and what comes after the range", () => {
    const events = [
      did(1, "2026-04-01T09:00:00", "A"),
      did(1, "2026-04-02T09:00:00", "B"),
      did(1, "2026-04-02T09:00:00.000001", "C"),
    ];
    expect(short(paths(events, range("2026-04-01", "2026-04-02"), "A"))).toEqual([
      [0, "A", "B", 1, 1],
      [1, "B", "(dropped off)", 1, 1],
    ]);
  });

  it("ends with the event, what came before counted back from it", () => {
    const events = [
      did(1, "2026-04-01T07:00:00", "C"),
      did(1, "2026-04-01T08:00:00", "B"),
      did(1, "2026-04-01T09:00:00", "A"),
      did(2, "2026-04-01T09:00:00", "A"),
    ];
    const rows = paths(events, range("2026-04-01", "2026-04-02"), "A", {
      direction: "ending with",
      steps: 2,
    });
    expect(short(rows)).toEqual([
      [-2, "C", "B", 1, 1],
      [-1, "(did not perform an event)", "A", 1, 1],
      [-1, "B", "A", 1, 1],
    ]);
    expect(rows.map((row) => row.share)).toEqual([0.5, 0.5, 0.5]);
  });

  it("stays within a session, however long, but not longer than the range", () => {
    const session = "2026-04-01T09:00:00";
    const events = [
      did(1, "2026-04-01T09:00:00", "A", { session }),
      did(1, "2026-04-01T10:00:00", "X", { session: -1n }),
      did(1, "2026-04-02T09:00:00", "B", { session }),
      did(1, "2026-04-02T09:00:01", "C", { session }),
      did(2, "2026-04-01T09:00:00", "A", { session: -1n }),
      did(2, "2026-04-01T09:00:01", "B", { session: -1n }),
    ];
    expect(short(paths(events, range("2026-04-01", "2026-04-02"), "A", { window: "session" }))).toEqual([
      [0, "A", "(dropped off)", 1, 1],
      [0, "A", "B", 1, 1],
      [1, "B", "(dropped off)", 1, 1],
    ]);
  });

  it("leaves hidden and inactive events out, but never the event itself", () => {
    const events = [
      did(1, "2026-04-01T09:00:00", "A"),
      did(1, "2026-04-01T09:01:00", "Push"),
      did(1, "2026-04-01T09:02:00", "Noise"),
      did(1, "2026-04-01T09:03:00", "B"),
      did(1, "2026-04-01T09:04:00", "C"),
    ];
    const setting = range("2026-04-01", "2026-04-02");
    const options = { inactive: ["Push", "A"], hide: ["Noise"], steps: 1 };
    expect(short(paths(events, setting, "A", options))).toEqual([[0, "A", "B", 1, 1]]);
    expect(short(paths(events, setting, "A", { only: ["C"], steps: 1 }))).toEqual([[0, "A", "C", 1, 1]]);
  });

  it("names the most frequent events of each step, of equal ones the first by name", () => {
    const events = ["B", "B", "D", "C", "E"].flatMap((type, user) => [
      did(user, "2026-04-01T09:00:00", "A"),
      did(user, "2026-04-01T09:01:00", type),
      did(user, "2026-04-01T09:02:00", "E"),
    ]);
    const rows = paths(events, range("2026-04-01", "2026-04-02"), "A", { top: 2, steps: 2 });
    expect(short(rows)).toEqual([
      [0, "A", "(other)", 2, 2],
      [0, "A", "B", 2, 2],
      [0, "A", "C", 1, 1],
      [1, "(other)", "E", 2, 2],
      [1, "B", "E", 2, 2],
      [1, "C", "E", 1, 1],
    ]);
    expect(rows[0]?.share).toBe(0.4);
  });

  it("orders events of one time by uuid, and puts segments on the event alone", () => {
    const events = [
      did(1, "2026-04-01T09:00:00", "B", { uuid: "2" }),
      did(1, "2026-04-01T09:00:00", "A", { uuid: "1", country: "Germany" }),
      did(1, "2026-04-01T09:00:00", "C", { uuid: "0", country: "Germany" }),
    ];
    const segments = { german: { filters: [{ property: "country", value: "Germany" }] } };
    const rows = paths(
      events,
      range("2026-04-01", "2026-04-02"),
      { event: "A", name: "Start" },
      { segments },
    );
    expect(rows).toEqual([
      { segment: "german", step: 0, from: "Start", to: "B", users: 1, totals: 1, share: 1 },
      { segment: "german", step: 1, from: "B", to: "(dropped off)", users: 1, totals: 1, share: 1 },
    ]);
  });
});
