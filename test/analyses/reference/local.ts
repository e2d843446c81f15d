import type { EventChoice } from "../../../src/analyses/event-choice.js";
import type { FilterValue, PropertyFilter } from "../../../src/analyses/filter.js";
import type { AnalysisInterval, AnalysisOptions } from "../../../src/analyses/options.js";
import type { PlainEvent, Setting } from "./plain-event.js";

// Stand-ins, to be replaced by identity.ts, filters.ts, groups.ts and intervals.ts, which know every case.

export const HOUR = 3_600_000_000n;
export const DAY = 24n * HOUR;

/** An event with the time by which charts count it, and its user. */
export interface Done {
  readonly at: bigint;
  readonly user: bigint;
  readonly event: PlainEvent;
}

/** What is known: the events within the data, in the order of `event_time`, then `uuid`. */
export function inOrder(events: readonly PlainEvent[], setting: Setting, options: AnalysisOptions): Done[] {
  return events
    .filter((event) => event.event_time >= setting.dataFrom && event.event_time < setting.dataUntil)
    .map((event) => ({ at: event.event_time, user: userOf(event.amplitude_id, options), event }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : byText(a.event.uuid, b.event.uuid)));
}

export function byText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function userOf(id: bigint, { identity = "raw" }: AnalysisOptions): bigint {
  if (identity === "raw") return id;
  if (typeof identity === "string" || typeof identity.merges === "string") {
    throw new Error("The stand-in knows raw identities and lists of merges.");
  }
  const next = identity.merges.find((merge) => BigInt(merge.amplitude_id) === id)?.merged_amplitude_id;
  return next === undefined ? id : userOf(BigInt(next), { identity });
}

/** The first event of all of each user. */
export function firstEvents(all: readonly Done[]): Map<bigint, Done> {
  const first = new Map<bigint, Done>();
  for (const done of all) if (!first.has(done.user)) first.set(done.user, done);
  return first;
}

export function isActive({ event }: Done, { inactive = [] }: AnalysisOptions): boolean {
  return !inactive.includes(event.event_type);
}

export function fitsChoice(done: Done, choice: EventChoice, options: AnalysisOptions): boolean {
  const { event, filters = [] } = typeof choice === "string" ? { event: choice } : choice;
  const named = [event].flat().some((type) => {
    if (type === "_all") return true;
    return type === "_active" ? isActive(done, options) : type === done.event.event_type;
  });
  return named && filters.every((filter) => holds(done.event, filter));
}

export function nameOf(choice: EventChoice): string {
  return typeof choice === "string" ? choice : (choice.name ?? [choice.event].flat().join(" or "));
}

export interface PlainSegment {
  readonly name: string;
  fits(done: Done): boolean;
}

export function segmentsOf(options: AnalysisOptions): PlainSegment[] {
  return Object.entries(options.segments ?? { all: {} }).map(([name, { filters = [], cohort }]) => {
    if (typeof cohort === "string") throw new Error("The stand-in knows cohorts by their ids.");
    const users = cohort && new Set(cohort.map((id) => userOf(BigInt(id), options)));
    return {
      name,
      fits: ({ user, event }) =>
        (users === undefined || users.has(user)) && filters.every((filter) => holds(event, filter)),
    };
  });
}

function holds(event: PlainEvent, { property, op = "is", value = null }: PropertyFilter): boolean {
  const wanted = ([value].flat() as FilterValue[]).map(textOf);
  const found = valuesOf(event, property);
  if (op === "is") return found.some((item) => wanted.includes(textOf(item)));
  if (op === "is not") return !found.some((item) => wanted.includes(textOf(item)));
  throw new Error(`The stand-in does not know ${op}.`);
}

/** The value of a property; of a list each item. */
export function valuesOf(event: PlainEvent, property: string): unknown[] {
  const value = propertyOf(event, property);
  if (!Array.isArray(value)) return [value];
  return value.length === 0 ? [null] : [...new Set(value)];
}

export function propertyOf(event: PlainEvent, property: string): unknown {
  const columns: Record<string, unknown> = { ...event };
  if (property in columns) return columns[property] ?? null;
  const [, kind = "event", name = ""] = /^(?:(event|user)_properties\.)?(.*)$/s.exec(property) ?? [];
  const json: Record<string, unknown> = JSON.parse(
    kind === "user" ? event.user_properties : event.event_properties,
  );
  return Object.hasOwn(json, name) ? (json[name] ?? null) : null;
}

export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "(none)";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A group: the texts of the properties by which events are told apart. */
export type Group<G extends string> = { readonly [K in G]: string };

/** The groups that an event is in: one, or with a list one for each item. */
export function groupsOf<G extends string>(
  event: PlainEvent,
  groupBy: G | readonly G[] | undefined,
): Group<G>[] {
  let groups: Record<string, string>[] = [{}];
  for (const property of [groupBy ?? []].flat() as G[]) {
    const texts = [...new Set(valuesOf(event, property).map(textOf))];
    groups = groups.flatMap((group) => texts.map((text) => ({ ...group, [property]: text })));
  }
  return groups as Group<G>[];
}

/** All groups of these events, in the order of their texts; without `groupBy` the one that all events are in. */
export function allGroups<G extends string>(
  all: readonly Done[],
  groupBy: G | readonly G[] | undefined,
): Group<G>[] {
  if ([groupBy ?? []].flat().length === 0) return [{} as Group<G>];
  const groups = new Map<string, Group<G>>();
  for (const { event } of all) {
    for (const group of groupsOf(event, groupBy)) groups.set(JSON.stringify(group), group);
  }
  return [...groups.values()].sort((a, b) => {
    for (const property of Object.keys(a) as G[]) {
      const order = byText(a[property], b[property]);
      if (order !== 0) return order;
    }
    return 0;
  });
}

export function isIn<G extends string>(
  { event }: Done,
  group: Group<G>,
  groupBy: G | readonly G[] | undefined,
): boolean {
  return groupsOf(event, groupBy).some((each) => JSON.stringify(each) === JSON.stringify(group));
}

export function usersOf(all: readonly Done[]): Set<bigint> {
  return new Set(all.map(({ user }) => user));
}

export function inRange({ at }: Done, { from, until }: { from: bigint; until: bigint }): boolean {
  return at >= from && at < until;
}

/** An interval of the calendar; `until` is not included. */
export interface Piece {
  readonly label: string;
  readonly from: bigint;
  readonly until: bigint;
}

/** The interval that the instant is in. */
export function pieceOf(at: bigint, interval: AnalysisInterval, options: AnalysisOptions): Piece {
  const zone = options.timeZone ?? "UTC";
  const clock = clockAt(at, zone);
  if (interval === "hour") {
    const from = at - (((clock % HOUR) + HOUR) % HOUR);
    return { label: hourLabel(from, zone), from, until: from + HOUR };
  }
  const date = new Date(Number(clock / 1000n));
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
  const weekday = (date.getUTCDay() - weekdays.indexOf(options.weekStart ?? "monday") + 7) % 7;
  const intoQuarter = (month + 1 - (options.quarterStart ?? 1) + 12) % 3;
  const [first, next] = {
    day: [Date.UTC(year, month, date.getUTCDate()), Date.UTC(year, month, date.getUTCDate() + 1)],
    week: [
      Date.UTC(year, month, date.getUTCDate() - weekday),
      Date.UTC(year, month, date.getUTCDate() - weekday + 7),
    ],
    month: [Date.UTC(year, month), Date.UTC(year, month + 1)],
    quarter: [Date.UTC(year, month - intoQuarter), Date.UTC(year, month - intoQuarter + 3)],
  }[interval] as [number, number];
  const label = new Date(first).toISOString().slice(0, 10);
  return { label, from: instantOf(first, zone), until: instantOf(next, zone) };
}

/** The intervals that the range touches. */
export function piecesOf(
  { from, until }: { from: bigint; until: bigint },
  interval: AnalysisInterval,
  options: AnalysisOptions,
): Piece[] {
  const pieces: Piece[] = [];
  for (let at = from; at < until; at = pieces.at(-1)!.until) pieces.push(pieceOf(at, interval, options));
  return pieces;
}

/** Whether an interval is not wholly within the data and the range. */
export function isIncomplete({ from, until }: Piece, setting: Setting): boolean {
  return from < setting.from || from < setting.dataFrom || until > setting.until || until > setting.dataUntil;
}

export function dateOf(at: bigint): Date {
  return new Date(Number(at / 1000n));
}

/** `30s`, `15m`, `6h`, `1d`, `2w` in microseconds. */
export function durationOf(text: string): bigint {
  const [, number = "", unit = ""] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  const units: Record<string, bigint> = {
    s: 1_000_000n,
    m: 60_000_000n,
    h: HOUR,
    d: DAY,
    w: 7n * DAY,
  };
  return BigInt(number) * units[unit]!;
}

/** Whether a row that begins then may take users for new who are not. */
export function isCensored(from: bigint, { dataFrom }: Setting, history = "30d"): boolean {
  return durationOf(history) > 0n && from < dataFrom + durationOf(history);
}

const formats = new Map<string, Intl.DateTimeFormat>();
const instants = new Map<string, bigint>();

/** What a clock shows, as if it were UTC. */
function clockAt(at: bigint, zone: string): bigint {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  formats.set(zone, format);
  const part = Object.fromEntries(
    format.formatToParts(Number(at / 1000n)).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day, hour, minute, second } = part;
  return BigInt(Date.UTC(year, month - 1, day, hour, minute, second)) * 1000n + (at % 1_000_000n);
}

/** The first instant at which the clock shows this midnight or more. Clocks change at quarters of an hour. */
function instantOf(midnight: number, zone: string): bigint {
  const key = `${zone} ${midnight}`;
  let at = instants.get(key) ?? BigInt(midnight) * 1000n - 16n * HOUR;
  while (clockAt(at, zone) < BigInt(midnight) * 1000n) at += HOUR / 4n;
  instants.set(key, at);
  return at;
}

function hourLabel(at: bigint, zone: string): string {
  const clock = clockAt(at, zone);
  const minutes = Number((clock - at) / 60_000_000n);
  const two = (n: number) => String(Math.trunc(n)).padStart(2, "0");
  const offset = `${minutes < 0 ? "-" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  return `${new Date(Number(clock / 1000n)).toISOString().slice(0, 16).replace("T", " ")}${offset}`;
}
