import { UsageError } from "../errors/index.js";

const MOST_HOURS = 30 * 24;

/** Throws UsageError unless `settleHours` is left open or a whole number of hours from 0 to 720. */
export function checkSettleHours(settleHours: number | undefined): void {
  if (settleHours === undefined) return;
  if (Number.isInteger(settleHours) && settleHours >= 0 && settleHours <= MOST_HOURS) return;
  throw new UsageError(
    `Upload hours cannot settle after ${settleHours} hours.`,
    `Give --settle a whole number of hours from 0 to ${MOST_HOURS}; the default is 3.`,
  );
}
