import type { Dialect } from "../engine/dialect.js";
import { UsageError } from "../errors/index.js";
import type { Weekday } from "../frame/resample.js";
import { unknownName } from "../frame/selection.js";
import type { TimeZone } from "../frame/time-zone.js";
import type { AnalysisInterval } from "./options.js";

/** One interval of a calendar. Microseconds since 1970, UTC; `until` is not included. */
export interface CalendarInterval {
  /** Consecutive intervals have consecutive numbers. */
  readonly number: number;
  /** As a clock shows its beginning: `2026-11-23`, of an hour `2026-11-23 05:00+01:00`. */
  readonly label: string;
  readonly from: bigint;
  readonly until: bigint;
}

/** A project's settings of time. */
export interface CalendarSettings {
  readonly timeZone: TimeZone;
  readonly weekStart?: Weekday | undefined;
  readonly quarterStart?: number | undefined;
}

interface OffsetPiece {
  /** Microseconds since 1970; not included. */
  readonly until: bigint;
  /** Microseconds that clocks are ahead of UTC. */
  readonly offset: bigint;
}

/** The days of a week, in order. */
export const WEEKDAYS: readonly Weekday[] = [
  ...(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const),
];
const INTERVALS: readonly AnalysisInterval[] = ["hour", "day", "week", "month", "quarter"];
const HOUR = 3_600_000_000n;
const DAY = 24n * HOUR;
/** Added before dividing and taken off after it, so that what is divided is not negative. A multiple of 7. */
const DAYS_ADDED = 70_000;
const HOURS_ADDED = DAYS_ADDED * 24;
/** 1970-01-01 was a Thursday, three days after a Monday. */
const DAYS_AFTER_MONDAY = 3;

/** Hours, days, weeks, months or quarters of a time zone: numbered, in TypeScript and in SQL alike. */
export class Calendar {
  readonly #zone: TimeZone;
  readonly #weekShift: number;
  readonly #quarterShift: number;

  /** Throws UsageError if a setting is wrong. */
  constructor(
    readonly interval: AnalysisInterval,
    settings: CalendarSettings,
  ) {
    if (!INTERVALS.includes(interval)) throw unknownName("interval", interval, INTERVALS);
    const { weekStart = "monday", quarterStart = 1 } = settings;
    this.#zone = settings.timeZone;
    this.#weekShift = WEEKDAYS.indexOf(weekStart);
    if (this.#weekShift === -1) throw unknownName("weekday", weekStart, WEEKDAYS);
    if (!Number.isInteger(quarterStart) || quarterStart < 1 || quarterStart > 12) {
      throw new UsageError(`quarterStart is ${String(quarterStart)}.`, "Give a month from 1 to 12.");
    }
    this.#quarterShift = quarterStart - 1;
  }

  /** The number of the interval in which `micros` lies. */
  numberAt(micros: bigint): number {
    const clock = micros + this.#offsetAt(micros);
    if (this.interval === "hour") return Number(floor(micros + fractionOf(this.#offsetAt(micros)), HOUR));
    const day = Number(floor(clock, DAY));
    if (this.interval === "day") return day;
    if (this.interval === "week") return Math.floor((day + DAYS_AFTER_MONDAY - this.#weekShift) / 7);
    const date = new Date(day * 86_400_000);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    return this.interval === "month" ? month : Math.floor((month - this.#quarterShift) / 3);
  }

  /** Interval number `number`. */
  at(number: number): CalendarInterval {
    if (this.interval === "hour") return this.#hour(number);
    const [day, next] = [this.#firstDay(number), this.#firstDay(number + 1)];
    const label = new Date(day * 86_400_000).toISOString().slice(0, 10);
    return { number, label, from: this.#startOf(day), until: this.#startOf(next) };
  }

  /** The intervals that have any moment from `from` up to `until`, in order. */
  within(from: bigint, until: bigint): CalendarInterval[] {
    if (from >= until) return [];
    const [first, last] = [this.numberAt(from), this.numberAt(until - 1n)];
    return Array.from({ length: last - first + 1 }, (_, i) => this.at(first + i));
  }

  /** The number of the interval of `micros`, an SQL expression whose values lie from `from` up to `until`. */
  numberSql(dialect: Dialect, micros: string, from: bigint, until: bigint): string {
    const pieces = this.#pieces(from, until);
    const divided = (value: string, by: bigint, added: number): string =>
      `(${dialect.divide(`(${value} + ${BigInt(added) * by})`, String(by))} - ${added})`;
    if (this.interval === "hour") return divided(shifted(micros, pieces, fractionOf), HOUR, HOURS_ADDED);
    const day = divided(
      shifted(micros, pieces, (offset) => offset),
      DAY,
      DAYS_ADDED,
    );
    if (this.interval === "day") return day;
    if (this.interval === "week") {
      const weeks = `(${day} + ${DAYS_AFTER_MONDAY - this.#weekShift + DAYS_ADDED})`;
      return `(${dialect.divide(weeks, "7")} - ${DAYS_ADDED / 7})`;
    }
    const month = dialect.monthNumber(day);
    return this.interval === "month" ? month : dialect.divide(`(${month} - ${this.#quarterShift})`, "3");
  }

  #firstDay(number: number): number {
    if (this.interval === "day") return number;
    if (this.interval === "week") return number * 7 - DAYS_AFTER_MONDAY + this.#weekShift;
    const month = this.interval === "month" ? number : number * 3 + this.#quarterShift;
    return Date.UTC(Math.floor(month / 12), ((month % 12) + 12) % 12) / 86_400_000;
  }

  #startOf(day: number): bigint {
    return BigInt(this.#zone.instantOf(day * 86_400_000, "first")) * 1000n;
  }

  #hour(number: number): CalendarInterval {
    const full = BigInt(number) * HOUR;
    const start = full - fractionOf(this.#offsetAt(full));
    const offset = this.#offsetAt(start);
    const clock = new Date(Number((start + offset) / 1000n)).toISOString();
    const minutes = Number(offset / 60_000_000n);
    const two = (value: number): string => String(value).padStart(2, "0");
    const zone = `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
    const label = `${clock.slice(0, 10)} ${clock.slice(11, 16)}${zone}`;
    return { number, label, from: start, until: start + HOUR };
  }

  #offsetAt(micros: bigint): bigint {
    const ms = Number(floor(micros, 1000n));
    return BigInt(this.#zone.clockAt(ms) - ms) * 1000n;
  }

  /** The pieces of time from `from` up to `until` in which clocks were not changed. */
  #pieces(from: bigint, until: bigint): OffsetPiece[] {
    const pieces: OffsetPiece[] = [];
    let at = from;
    while (at < until) {
      const next = at + DAY < until ? at + DAY : until;
      const [offset, after] = [this.#offsetAt(at), this.#offsetAt(next)];
      if (offset !== after) pieces.push({ until: this.#changeBetween(at, next), offset });
      at = next;
    }
    return [...pieces, { until, offset: this.#offsetAt(until) }];
  }

  /** The first microsecond after `low`, up to `high`, at which clocks are ahead as at `high`; found to the second. */
  #changeBetween(low: bigint, high: bigint): bigint {
    const offset = this.#offsetAt(low);
    let [before, after] = [floor(low, 1_000_000n), floor(high, 1_000_000n)];
    while (after - before > 1n) {
      const middle = (before + after) / 2n;
      if (this.#offsetAt(middle * 1_000_000n) === offset) before = middle;
      else after = middle;
    }
    return after * 1_000_000n;
  }
}

/** An instant as a Date, cut to its millisecond. */
export function dateOf(micros: bigint): Date {
  return new Date(Number(floor(micros, 1000n)));
}

/** `micros` with each piece's offset added, made something of by `of`. */
function shifted(micros: string, pieces: readonly OffsetPiece[], of: (offset: bigint) => bigint): string {
  const last = pieces.at(-1)!;
  const cases = pieces
    .slice(0, -1)
    .map(({ until, offset }) => `WHEN ${micros} < ${until} THEN ${of(offset)}`);
  if (cases.length > 0) return `(${micros} + CASE ${cases.join(" ")} ELSE ${of(last.offset)} END)`;
  return of(last.offset) === 0n ? micros : `(${micros} + ${of(last.offset)})`;
}

/** What an offset has beyond whole hours: half an hour in India. */
function fractionOf(offset: bigint): bigint {
  return offset - floor(offset, HOUR) * HOUR;
}

function floor(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
