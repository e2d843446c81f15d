import type { AnalysisInput } from "./analysis-input.js";
import { type Calendar, type CalendarInterval, dateOf } from "./calendar.js";
import type { LineChart } from "./chart.js";
import type { Range } from "./date-range.js";

/** The intervals of the date range, in order; none of an empty one. */
export function intervalsOf(
  { range: { from, until } }: AnalysisInput,
  calendar: Calendar,
): CalendarInterval[] {
  return calendar.within(from, until);
}

/** True if `interval` is not wholly within the data and the range. */
export function isIncomplete(interval: Range, { range, data }: AnalysisInput): boolean {
  return [range, data].some(({ from, until }) => interval.from < from || interval.until > until);
}

/** The intervals as a chart has them. */
export function chartTimes(intervals: readonly CalendarInterval[], input: AnalysisInput): LineChart["times"] {
  return intervals.map((interval) => ({
    label: interval.label,
    start: dateOf(interval.from),
    incomplete: isIncomplete(interval, input),
  }));
}
