/**
 * An upload hour: one hour of `server_upload_time`, in UTC, written `2026-11-23T05`.
 * Texts of this form sort in the order of time.
 */
export type Hour = string & { readonly __hour: unique symbol };

/** A range of upload hours, both ends included. */
export interface HourRange {
  readonly from: Hour;
  readonly to: Hour;
}

const HOUR_MS = 3_600_000;
const EXTENDED = /^(\d{4})-(\d{2})-(\d{2})T(\d{2})$/;
const BASIC = /^(\d{4})(\d{2})(\d{2})T(\d{2})$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The hour in `text` (`2026-11-23T05` or `20261123T05`), or undefined if it is not one. */
export function parseHour(text: string): Hour | undefined {
  const parts = EXTENDED.exec(text) ?? BASIC.exec(text);
  if (!parts) return undefined;
  const hour = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}`;
  const time = Date.parse(`${hour}:00:00Z`);
  return Number.isNaN(time) || hourAt(time) !== hour ? undefined : (hour as Hour);
}

/**
 * A range of hours from two texts, each an hour or a date (`2026-11-23`). A date means its hour 00 as the
 * first end and its hour 23 as the last. Undefined if a text is neither or the range is empty.
 */
export function parseHourRange(from: string, to: string): HourRange | undefined {
  const first = parseHour(DATE.test(from) ? `${from}T00` : from);
  const last = parseHour(DATE.test(to) ? `${to}T23` : to);
  return first && last && first <= last ? { from: first, to: last } : undefined;
}

/** The hour that holds the instant `ms` (milliseconds since 1970, UTC). */
export function hourAt(ms: number): Hour {
  return new Date(ms).toISOString().slice(0, 13) as Hour;
}

/** The instant at which `hour` begins, in milliseconds since 1970, UTC. */
export function hourStart(hour: Hour): number {
  return Date.parse(`${hour}:00:00Z`);
}

/** `hour` moved by `count` hours, back if negative. */
export function addHours(hour: Hour, count: number): Hour {
  return hourAt(hourStart(hour) + count * HOUR_MS);
}

/** How many hours `range` has, both ends counted. */
export function hourCount(range: HourRange): number {
  return (hourStart(range.to) - hourStart(range.from)) / HOUR_MS + 1;
}

/** Every hour of `range` in order. */
export function hoursIn(range: HourRange): Hour[] {
  return Array.from({ length: hourCount(range) }, (_, i) => addHours(range.from, i));
}

/** The UTC date of `hour`: `2026-11-23`. */
export function dateOf(hour: Hour): string {
  return hour.slice(0, 10);
}

/** `hour` as the Export API's `start` and `end` want it: `20261123T05`. */
export function toApiHour(hour: Hour): string {
  return hour.replaceAll("-", "");
}

/**
 * Hours after an upload hour began until its export is complete: one to close and two to load, after
 * Amplitude's "available to export within 2 hours".
 */
export const SETTLE_HOURS = 3;

/** The instant, in milliseconds since 1970, from which on `hour` is settled. */
export function settledAt(hour: Hour, settleHours: number = SETTLE_HOURS): number {
  return hourStart(hour) + settleHours * HOUR_MS;
}

/** The latest hour that is settled at `now`, in milliseconds since 1970. */
export function lastSettledHour(now: number, settleHours: number = SETTLE_HOURS): Hour {
  return hourAt(now - settleHours * HOUR_MS);
}

const DURATION = /^(\d{1,6})\s*(h|d|w)$/;
const HOURS_OF = { h: 1, d: 24, w: 168 } as const;

/** The hours in `text`, such as `36h`, `7d` or `2w`; undefined if it is no duration, or none at all. */
export function parseDuration(text: string): number | undefined {
  const parts = DURATION.exec(text.trim());
  const hours = parts ? Number(parts[1]) * HOURS_OF[parts[2] as keyof typeof HOURS_OF] : 0;
  return hours > 0 ? hours : undefined;
}
