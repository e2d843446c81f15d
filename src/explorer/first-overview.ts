// What the page asks first, so that the query process can count it before the page is there: the file that both know beside api.ts.
import type { Api, LakeFacts } from "./api.js";

/** The columns that the overview counts by before any property. */
export const OVERVIEW_COLUMNS: readonly string[] = ["event_type", "platform", "country", "version_name"];

const HOUR = 3600;
const DAY = 24 * HOUR;
const STEPS = [HOUR / 4, HOUR, 6 * HOUR, DAY, 7 * DAY, 28 * DAY];
const MOST_STEPS = 100;

/** The step, in seconds, at which a span in milliseconds is at most 100 steps. */
export function stepOf({ from, to }: { readonly from: number; readonly to: number }): number {
  const seconds = (to - from) / 1000;
  return (
    STEPS.find((step) => seconds / step <= MOST_STEPS) ??
    Math.ceil(seconds / MOST_STEPS / (28 * DAY)) * 28 * DAY
  );
}

/** The overview's first question of a lake; undefined if it has no event with a time. */
export function firstOverview({
  from,
  to,
}: Pick<LakeFacts, "from" | "to">): Api["overview"]["in"] | undefined {
  if (from === null || to === null) return undefined;
  const step = stepOf({ from: Date.parse(from), to: Date.parse(to) });
  return { selection: {}, step, dimensions: OVERVIEW_COLUMNS };
}
