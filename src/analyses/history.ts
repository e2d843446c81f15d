import { durationOf } from "./duration.js";

/** How long after the beginning of the data users may look new who are not: `history` in microseconds. Throws UsageError. */
export function historyOf(history: string = "30d"): bigint {
  return durationOf("history", history);
}

/** True if an interval that begins at `from` may take users for new who are not. */
export function isCensored(from: bigint, dataFrom: bigint, history: bigint): boolean {
  return history > 0n && from < dataFrom + history;
}
