import { beforeAll, describe, expect, test } from "vitest";
import { resolveShop } from "../../src/emulator/shop/shop.js";
import { type Truth, tellTruth } from "../../src/emulator/shop/truth.js";
import { hour, type Line, linesOf } from "./emulated.js";

const DAY = 86_400_000;
const shop = resolveShop({
  end: hour("2026-11-22T20"),
  days: 6,
  eventsPerDay: 6_000,
  users: 2_500,
  seed: 3,
  duplicateRate: 0.002,
});

/** What a reader makes of the lines who knows nothing of the plan. */
interface Counted {
  lines: number;
  events: Line[];
  twice: Set<unknown>;
  merges: Map<number, number>;
  byPerson: Map<number, Line[]>;
}

const id = (row: Line) => row.amplitude_id as number;
const time = (row: Line) => Date.parse(`${String(row.event_time).replace(" ", "T").slice(0, 23)}Z`);

/** An anonymous id on a device on which somebody with another id logs in is merged into that other id. */
function inferMerges(events: readonly Line[]): Map<number, number> {
  const anonymous = new Map<unknown, Set<number>>();
  for (const row of events) {
    if (row.user_id !== null) continue;
    const ids = anonymous.get(row.device_id) ?? new Set();
    anonymous.set(row.device_id, ids.add(id(row)));
  }
  const merges = new Map<number, number>();
  for (const row of events) {
    if (row.user_id === null) continue;
    for (const from of anonymous.get(row.device_id) ?? []) if (from !== id(row)) merges.set(from, id(row));
  }
  return merges;
}

function count(rows: readonly Line[]): Counted {
  const seen = new Map<unknown, Line>();
  const twice = new Set<unknown>();
  for (const row of rows) {
    if (seen.has(row.uuid)) twice.add(row.uuid);
    else seen.set(row.uuid, row);
  }
  const events = [...seen.values()];
  const merges = inferMerges(events);
  const byPerson = new Map<number, Line[]>();
  for (const row of events) {
    const person = merges.get(id(row)) ?? id(row);
    byPerson.set(person, [...(byPerson.get(person) ?? []), row]);
  }
  for (const own of byPerson.values()) own.sort((a, b) => time(a) - time(b));
  return { lines: rows.length, events, twice, merges, byPerson };
}

function converts(own: readonly Line[], windowMs: number): number {
  const at = (type: string) => own.filter((row) => row.event_type === type).map(time);
  const [viewed, added, ordered] = [at("Product Viewed"), at("Product Added"), at("Order Completed")];
  let best = viewed.length > 0 ? 1 : 0;
  for (const first of viewed) {
    const second = added.find((t) => t > first && t - first <= windowMs);
    if (second === undefined) continue;
    best = Math.max(best, ordered.some((t) => t > second && t - first <= windowMs) ? 3 : 2);
  }
  return best;
}

let truth: Truth;
let read: Counted;

beforeAll(async () => {
  truth = tellTruth(shop);
  read = count((await linesOf(shop)).map(({ text }) => JSON.parse(text) as Line));
});

describe("the truth told from the plan is what a naive reader counts in the lines", () => {
  test("lines, events, and what was sent twice", () => {
    expect(truth.lines).toBe(read.lines);
    expect(truth.events).toBe(read.events.length);
    expect(new Set(truth.sentTwice)).toEqual(read.twice);
    expect(truth.sentTwice.length).toBeGreaterThan(20);
    expect(truth.lines).toBe(truth.events + truth.sentTwice.length);
  });

  test("people before and after merging, and the merges", () => {
    expect(truth.amplitudeIds).toBe(new Set(read.events.map(id)).size);
    expect(new Map(truth.merges.map((merge) => [merge.amplitude_id, merge.merged_amplitude_id]))).toEqual(
      read.merges,
    );
    expect(truth.users).toBe(read.byPerson.size);
    expect(truth.merges.length).toBeGreaterThan(20);
    expect(truth.users).toBe(truth.amplitudeIds - [...read.merges].filter(merged).length);
    function merged([, into]: [number, number]): boolean {
      return read.events.some((row) => id(row) === into);
    }
  });

  test("events and people of each type", () => {
    const types: Record<string, { events: number; users: number }> = {};
    for (const own of read.byPerson.values()) {
      for (const row of own) {
        const type = types[String(row.event_type)] ?? { events: 0, users: 0 };
        types[String(row.event_type)] = { ...type, events: type.events + 1 };
      }
      for (const name of new Set(own.map((row) => String(row.event_type)))) types[name]!.users++;
    }
    expect(truth.eventTypes).toEqual(types);
    expect(Object.keys(types).length).toBe(16);
  });

  test("revenue", () => {
    const cents = read.events.reduce((sum, row) => {
      const revenue = (row.event_properties as Record<string, unknown>).$revenue;
      return sum + (typeof revenue === "number" ? Math.round(revenue * 100) : 0);
    }, 0);
    expect(truth.revenueCents).toBe(cents);
    expect(cents).toBeGreaterThan(0);
  });

  test.each([DAY, 3_600_000, 6 * DAY])("the funnel in %i ms", (windowMs) => {
    const { funnel } = tellTruth(shop, { funnelWindowMs: windowMs });
    const depths = [...read.byPerson].map(([person, own]) => [person, converts(own, windowMs)] as const);
    expect(funnel.users).toEqual([1, 2, 3].map((step) => depths.filter(([, depth]) => depth >= step).length));
    expect(new Set(funnel.converted)).toEqual(
      new Set(depths.filter(([, depth]) => depth === 3).map(([person]) => person)),
    );
    expect(funnel.users[2]).toBeGreaterThan(20);
    expect(funnel.users[0]).toBeGreaterThan(funnel.users[1]);
    expect(funnel.users[1]).toBeGreaterThan(funnel.users[2]);
  });

  test("who returned on which day, by calendar and by 24 hours", () => {
    for (const [way, cohorts] of [
      ["calendar", truth.calendarRetention],
      ["rolling", truth.rollingRetention],
    ] as const) {
      const counted = new Map<string, number[]>();
      for (const own of read.byPerson.values()) {
        const first = time(own[0]!);
        const date = new Date(first).toISOString().slice(0, 10);
        const start = way === "calendar" ? Date.parse(date) : first - (first % 3_600_000);
        const days = new Set(own.map((row) => Math.floor((time(row) - start) / DAY)));
        const returned = counted.get(date) ?? [];
        for (const day of days) returned[day] = (returned[day] ?? 0) + 1;
        counted.set(date, returned);
      }
      const dense = (returned: number[]) => Array.from(returned, (n: number | undefined) => n ?? 0);
      expect(cohorts.map((cohort) => [cohort.date, cohort.returned])).toEqual(
        [...counted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([date, returned]) => [date, dense(returned)]),
      );
      expect(cohorts.reduce((sum, cohort) => sum + cohort.users, 0)).toBe(truth.users);
    }
  });
});

test("the truth up to an hour is that of the lines up to it", async () => {
  const to = hour("2026-11-20T07");
  const early = tellTruth(shop, { to });
  const lines = (await linesOf(shop)).filter((line) => line.hour <= to);
  const counted = count(lines.map(({ text }) => JSON.parse(text) as Line));
  expect(early.to).toBe(to);
  expect(early.lines).toBe(counted.lines);
  expect(early.events).toBe(counted.events.length);
  expect(early.users).toBe(counted.byPerson.size);
  expect(early.merges.length).toBe(counted.merges.size);
});

test("it looks like life: newcomers return less and less, and few who look buy", () => {
  const [look, add, buy] = truth.funnel.users;
  expect(add / look).toBeLessThan(0.75);
  expect(buy / look).toBeLessThan(0.35);
  const first = truth.calendarRetention[0]!;
  expect(first.returned[1]).toBeLessThan(first.users * 0.7);
});
