import type { TimeBounds, TimeSpan } from "../engine/lake-view.js";
import { UsageError } from "../errors/index.js";
import { boundsOf } from "../frame/selection.js";
import { Calendar, type CalendarSettings } from "./calendar.js";
import type { AnalysisInterval, AnalysisOptions } from "./options.js";

/** A range of time in microseconds since 1970, UTC; `until` is not included. */
export interface Range {
  readonly from: bigint;
  readonly until: bigint;
}

const HOUR = 3_600_000_000n;
const UNITS: Readonly<Record<string, AnalysisInterval>> = {
  ...{ h: "hour", d: "day", w: "week", m: "month", q: "quarter" },
};
const DEFAULT_LAST = "30d";

/** From the beginning of the first hour of uploads to the end of the last. Without any: nothing, at `now` (milliseconds). */
export function dataRange(uploads: TimeSpan | null, now: number): Range {
  const end = (BigInt(Math.floor(now)) * 1000n) / HOUR;
  if (uploads === null) return { from: end * HOUR, until: end * HOUR };
  return { from: (uploads.min / HOUR) * HOUR, until: (uploads.max / HOUR + 1n) * HOUR };
}

/** The date range of an analysis, which ends no later than the data. Throws UsageError. */
export function dateRange(
  options: Pick<AnalysisOptions, "from" | "to" | "last">,
  selection: TimeBounds,
  data: Range,
  settings: CalendarSettings,
): Range {
  const { from, to, last } = options;
  if (last !== undefined && (from !== undefined || to !== undefined)) {
    throw new UsageError("last was given together with from or to.", "Give either.");
  }
  const own = from !== undefined || to !== undefined || last !== undefined;
  const bounds = own ? boundsOf(from, to, "from", "to", settings.timeZone) : selection;
  const until = bounds.until === undefined || bounds.until > data.until ? data.until : bounds.until;
  const first = bounds.from ?? firstOf(last, until, data, settings);
  return { from: first, until: until > first ? until : first };
}

/** Without `last`: the usual, but nothing before the data. */
function firstOf(last: string | undefined, until: bigint, data: Range, settings: CalendarSettings): bigint {
  if (last !== undefined) return startOf(last, until, settings);
  const usual = startOf(DEFAULT_LAST, until, settings);
  return usual < data.from ? data.from : usual;
}

/** Where the last so many intervals begin, of which the last has the moment before `until`. */
function startOf(last: string, until: bigint, settings: CalendarSettings): bigint {
  const [, count = "", unit = ""] = /^(\d{1,4})([hdwmq])$/.exec(last) ?? [];
  const interval = UNITS[unit];
  if (interval === undefined || Number(count) < 1) {
    throw new UsageError(
      `last is ${JSON.stringify(last)}, which is no duration.`,
      "Write hours, days, weeks, months or quarters: 24h, 30d, 8w, 3m, 2q.",
    );
  }
  const calendar = new Calendar(interval, settings);
  return calendar.at(calendar.numberAt(until - 1n) - Number(count) + 1).from;
}
