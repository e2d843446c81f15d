import { UsageError } from "../errors/index.js";
import { addHours, dateOf, type Hour, type HourRange, hourCount } from "../hour.js";

/** The longest period that one request may ask for: 365 days (Amplitude's documentation of the Export API). */
export const MAX_WINDOW_HOURS = 365 * 24;

const DAY = 24;

/**
 * The windows that cover exactly `hours`, in any order and given any number of times: neighbours together, no
 * hour twice, no window longer than `maxHours` (default 24), none of a day or less across a UTC midnight.
 * Both ends of a window are included. Throws UsageError if `maxHours` is not between 1 and 8,760.
 */
export function planWindows(hours: Iterable<Hour>, maxHours = DAY): HourRange[] {
  if (!Number.isInteger(maxHours) || maxHours < 1 || maxHours > MAX_WINDOW_HOURS) {
    throw new UsageError(
      `A window cannot have ${maxHours} hours.`,
      `Choose a whole number from 1 to ${MAX_WINDOW_HOURS}.`,
    );
  }
  const windows: HourRange[] = [];
  let last: HourRange | undefined;
  for (const hour of [...new Set(hours)].sort()) {
    const joins =
      last !== undefined &&
      addHours(last.to, 1) === hour &&
      hourCount(last) < maxHours &&
      (maxHours > DAY || dateOf(last.from) === dateOf(hour));
    if (joins) windows.pop();
    last = { from: joins && last ? last.from : hour, to: hour };
    windows.push(last);
  }
  return windows;
}

/** The two halves of `window`, the first not shorter; undefined if it is one hour. */
export function splitWindow(window: HourRange): [HourRange, HourRange] | undefined {
  const count = hourCount(window);
  if (count < 2) return undefined;
  const middle = addHours(window.from, Math.ceil(count / 2));
  return [
    { from: window.from, to: addHours(middle, -1) },
    { from: middle, to: window.to },
  ];
}
