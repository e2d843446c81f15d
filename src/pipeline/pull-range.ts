import { UsageError } from "../errors/index.js";
import {
  addHours,
  type Hour,
  type HourRange,
  hourAt,
  lastSettledHour,
  parseDuration,
  parseHourRange,
} from "../hour.js";
import type { PullOptions } from "./pull-plan.js";

const DEFAULT_HOURS = 7 * 24;

/**
 * The upload hours that a pull is about: what the options say, else from `known`, the first that an earlier pull
 * was about, to the last final one (`fresh`: the last that has passed); in an empty lake the last seven days. Null if
 * no hour of it has passed. Throws UsageError for ranges that are none, lie in the future or contradict each other.
 */
export function pullRange(options: PullOptions, known: Hour | null, now: number): HourRange | null {
  const { last, from, to, settleHours, refresh, fresh } = options;
  const [settled, passed] = [lastSettledHour(now, settleHours), addHours(hourAt(now), -1)];
  const end = fresh && passed > settled ? passed : settled;
  if (refresh !== undefined) {
    if (last !== undefined || from !== undefined || to !== undefined) {
      throw new UsageError(
        "--refresh was given together with --last, --from or --to.",
        "Give --refresh FROM..TO alone; it is a range of its own.",
      );
    }
    return statedRange(refresh.from, refresh.to, now);
  }
  if (last !== undefined) {
    if (from !== undefined || to !== undefined) {
      throw new UsageError("--last and --from or --to were given together.", "Give either.");
    }
    return { from: addHours(end, 1 - durationHours(last)), to: end };
  }
  if (from === undefined && to === undefined) {
    const first = known ?? addHours(end, 1 - DEFAULT_HOURS);
    return first <= end ? { from: first, to: end } : null;
  }
  const first = from ?? known;
  if (first === null) {
    throw new UsageError(
      "--to was given without --from, and the lake holds no hour yet.",
      "Give --from as well.",
    );
  }
  return statedRange(first, to ?? (end < first ? first : end), now);
}

function statedRange(from: string, to: string, now: number): HourRange {
  const range = parseHourRange(from, to);
  if (!range) {
    throw new UsageError(
      `From ${from} to ${to} is no range of upload hours.`,
      "Give each end as 2026-11-23 or 2026-11-23T05 (UTC), the first not after the last.",
    );
  }
  const current = hourAt(now);
  if (range.from > current) {
    throw new UsageError(`${range.from} lies in the future; it is ${current} in UTC.`, "Give a past range.");
  }
  return { from: range.from, to: range.to < current ? range.to : current };
}

function durationHours(text: string): number {
  const hours = parseDuration(text);
  if (hours !== undefined) return hours;
  throw new UsageError(`"${text}" is no duration.`, "Write hours, days or weeks: 36h, 7d, 2w.");
}
