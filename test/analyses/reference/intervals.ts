import type { AnalysisInterval } from "../../../src/analyses/options.js";
import type { Weekday } from "../../../src/frame/resample.js";

/** The project settings by which days, weeks and quarters begin. */
export interface Calendar {
  readonly timeZone?: string | undefined;
  readonly weekStart?: Weekday | undefined;
  readonly quarterStart?: number | undefined;
}

/** One interval: its label, and its instants in microseconds since 1970; `until` is not included. */
export interface Piece {
  readonly label: string;
  readonly from: bigint;
  readonly until: bigint;
}

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
/** Clocks are set, and time zones differ, by whole quarters of an hour. */
const QUARTER_HOUR = 900_000_000n;
const HOUR = 4n * QUARTER_HOUR;
const DAY_MS = 86_400_000;

/** The interval that an instant lies in. */
export function pieceAt(time: bigint, interval: AnalysisInterval, calendar: Calendar): Piece {
  const label = labelAt(time, interval, calendar);
  return { label, from: startOf(time, interval, calendar), until: endOf(time, interval, calendar) };
}

/** All intervals that share an instant with the range. */
export function piecesOf(
  from: bigint,
  until: bigint,
  interval: AnalysisInterval,
  calendar: Calendar,
): Piece[] {
  const pieces: Piece[] = [];
  for (let at = from; at < until; ) {
    const piece = pieceAt(at, interval, calendar);
    pieces.push(piece);
    at = piece.until;
  }
  return pieces;
}

/** The interval so many before. */
export function pieceBefore(
  piece: Piece,
  count: number,
  interval: AnalysisInterval,
  calendar: Calendar,
): Piece {
  let found = piece;
  for (let i = 0; i < count; i++) found = pieceAt(found.from - 1n, interval, calendar);
  return found;
}

/** The date that clocks show at an instant, as days since 1970. */
export function dayNumber(time: bigint, calendar: Calendar): number {
  return Math.floor(clockAt(time, calendar) / DAY_MS);
}

/** The instant at which the hour that clocks show began. */
export function hourFloor(time: bigint, calendar: Calendar): bigint {
  const sinceHour = clockAt(time, calendar) % 3_600_000;
  return floor(time, 1000n) - BigInt(sinceHour < 0 ? sinceHour + 3_600_000 : sinceHour) * 1000n;
}

export function floor(time: bigint, unit: bigint): bigint {
  const rest = time % unit;
  return time - (rest < 0n ? rest + unit : rest);
}

function labelAt(time: bigint, interval: AnalysisInterval, calendar: Calendar): string {
  if (interval === "hour") {
    const start = hourFloor(time, calendar);
    const clock = clockAt(start, calendar);
    const offset = (clock - Number(start / 1000n)) / 60_000;
    const two = (n: number) => String(n).padStart(2, "0");
    const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
    return `${new Date(clock).toISOString().slice(0, 16).replace("T", " ")}${zone}`;
  }
  const day = dayNumber(time, calendar);
  const date = new Date(day * DAY_MS);
  const dateOf = (number: number) => new Date(number * DAY_MS).toISOString().slice(0, 10);
  if (interval === "day") return dateOf(day);
  if (interval === "week") {
    const first = WEEKDAYS.indexOf(calendar.weekStart ?? "monday");
    return dateOf(day - ((date.getUTCDay() - first + 7) % 7));
  }
  const sinceFirst =
    interval === "month" ? 0 : (date.getUTCMonth() + 1 - (calendar.quarterStart ?? 1) + 12) % 3;
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - sinceFirst, 1))
    .toISOString()
    .slice(0, 10);
}

const starts = new Map<string, bigint>();
const ends = new Map<string, bigint>();

/** Goes back while the label stays the same: by days, then by quarters of an hour. */
function startOf(time: bigint, interval: AnalysisInterval, calendar: Calendar): bigint {
  if (interval === "hour") return hourFloor(time, calendar);
  const label = labelAt(time, interval, calendar);
  return remembered(starts, keyOf(label, interval, calendar), () => {
    let at = floor(time, QUARTER_HOUR);
    for (const step of [24n * HOUR, QUARTER_HOUR])
      while (labelAt(at - step, interval, calendar) === label) at -= step;
    return at;
  });
}

/** Goes forward until the label is another. */
function endOf(time: bigint, interval: AnalysisInterval, calendar: Calendar): bigint {
  const label = labelAt(time, interval, calendar);
  return remembered(ends, keyOf(label, interval, calendar), () => {
    let at = floor(time, QUARTER_HOUR);
    for (const step of interval === "hour" ? [QUARTER_HOUR] : [24n * HOUR, QUARTER_HOUR])
      while (labelAt(at + step, interval, calendar) === label) at += step;
    return at + QUARTER_HOUR;
  });
}

function keyOf(
  label: string,
  interval: AnalysisInterval,
  { timeZone, weekStart, quarterStart }: Calendar,
): string {
  return JSON.stringify([interval, label, timeZone, weekStart, quarterStart]);
}

function remembered(known: Map<string, bigint>, key: string, find: () => bigint): bigint {
  const value = known.get(key) ?? find();
  known.set(key, value);
  return value;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock on a wall shows at an instant, as `Date.UTC` would give it: milliseconds. */
function clockAt(time: bigint, { timeZone = "UTC" }: Calendar): number {
  const ms = Number(floor(time, 1000n) / 1000n);
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  formats.set(timeZone, format);
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((ms % 1000) + 1000) % 1000);
}
