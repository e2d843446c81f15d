import { UsageError } from "../errors/index.js";

/** A range of days, each `2026-11-23`, both ends included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/**
 * Days that one request asks for. "The largest permitted time range is six months" (Amplitude's documentation of the
 * User Privacy API); the shortest six months have 181 days.
 */
export const MOST_DAYS = 180;
/** A job is scheduled up to so many days after it was asked for (the same). */
const DAYS_AHEAD = 30;
/** The User Privacy API came in 2018. */
const FIRST_YEAR = 2018;
const MOST_YEARS = 50;
const DAY_MS = 86_400_000;

/** As many days as one request may ask for, the last of them 30 days after `now` (milliseconds since 1970, UTC). */
export function defaultDays(now: number): DayRange {
  const to = now + DAYS_AHEAD * DAY_MS;
  return { from: dayAt(to - (MOST_DAYS - 1) * DAY_MS), to: dayAt(to) };
}

/** Throws UsageError if an end of `days` is no day, they are in the wrong order, or no job can lie there. */
export function checkDays(days: DayRange): void {
  for (const day of [days.from, days.to]) {
    if (!isDay(day)) {
      throw new UsageError(`"${day}" is not a day.`, "Write days of deletion jobs as 2026-11-23.");
    }
  }
  const { from, to } = days;
  if (to < from) {
    throw new UsageError(
      `The days from ${from} to ${to} end before they begin.`,
      "Give the first day first.",
    );
  }
  if (from < `${FIRST_YEAR}` || Date.parse(to) - Date.parse(from) > MOST_YEARS * 366 * DAY_MS) {
    throw new UsageError(
      `The days from ${from} to ${to} begin before ${FIRST_YEAR}, when there were no deletion jobs, or are more than ` +
        `${MOST_YEARS} years.`,
      `Begin at ${FIRST_YEAR}-01-01 or later.`,
    );
  }
}

/** The ranges, each of at most 180 days, that cover exactly `days`, in order. */
export function splitDays({ from, to }: DayRange): DayRange[] {
  const ranges: DayRange[] = [];
  for (let first = from; first <= to; first = dayAfter(ranges.at(-1)!.to)) {
    const last = dayAt(Date.parse(first) + (MOST_DAYS - 1) * DAY_MS);
    ranges.push({ from: first, to: last < to ? last : to });
  }
  return ranges;
}

/** True if `text` is a day that exists, written `2026-11-23`. */
export function isDay(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && dayAt(Date.parse(text)) === text
  );
}

function dayAfter(day: string): string {
  return dayAt(Date.parse(day) + DAY_MS);
}

function dayAt(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
