import { axisText } from "./moment.js";

/** A range of time as a selection has it: `to` is not included, what is absent is open. */
export interface TimeRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const DAY = 86_400_000;
const MIDNIGHT = /T00:00(:00(\.0+)?)?Z?$/;

/** `Nov 1 – Nov 23, 2026`, `Nov 23, 2026`, `Nov 23, 2026, 14:00 – 15:30`, `from Nov 1, 2026`; days where nothing says more. All in UTC. */
export function rangeText({ from, to }: TimeRange): string {
  if (from === undefined && to === undefined) return "All time";
  const days = [from, to].every((time) => time === undefined || MIDNIGHT.test(time));
  const end = to === undefined || !days ? to : new Date(Date.parse(utc(to)) - DAY).toISOString();
  if (from === undefined) return `until ${momentText(utc(end ?? ""), days)}`;
  if (end === undefined) return `from ${momentText(utc(from), days)}`;
  const [first, last] = [new Date(utc(from)).toISOString(), new Date(utc(end)).toISOString()];
  if (first.slice(0, 10) === last.slice(0, 10)) {
    return days ? momentText(first, true) : `${momentText(first, false)} – ${last.slice(11, 16)}`;
  }
  const sameYear = first.slice(0, 4) === last.slice(0, 4);
  return `${momentText(first, days, !sameYear)} – ${momentText(last, days)}`;
}

/** From the midnight before the first event to the one after the last. */
export function wholeDays({ from, to }: { from: string | null; to: string | null }): TimeRange {
  if (from === null || to === null) return {};
  const [first, last] = [Date.parse(utc(from)), Date.parse(utc(to))].map((ms) => Math.floor(ms / DAY) * DAY);
  return { from: isoText(first ?? 0), to: isoText((last ?? 0) + DAY) };
}

/** The last `days` days that end with the last event, from midnight to midnight, as far as there are events. */
export function lastDays(extent: { from: string | null; to: string | null }, days: number): TimeRange {
  if (extent.to === null) return {};
  const end = Date.parse(wholeDays({ from: extent.to, to: extent.to }).to ?? "");
  return { from: isoText(end - days * DAY), to: isoText(end) };
}

/** Milliseconds as `2026-11-23T00:00:00Z`. */
export function isoText(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

/** Times without a zone are in UTC. */
export function utc(time: string): string {
  const dated = /^\d{4}-\d\d-\d\d$/.test(time) ? `${time}T00:00:00` : time.replace(" ", "T");
  return /Z$|[+-]\d\d:?\d\d$/.test(dated) ? dated : `${dated}Z`;
}

function momentText(time: string, days: boolean, year = true): string {
  const iso = new Date(time).toISOString();
  return [axisText(iso.slice(0, 10)), year && iso.slice(0, 4), !days && iso.slice(11, 16)]
    .filter(Boolean)
    .join(", ");
}
