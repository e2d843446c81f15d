import { type Hour, hourAt, hourStart } from "../hour.js";

/**
 * Hours after an upload hour began until its export is complete: one to close and two to load, after
 * Amplitude's "available to export within 2 hours".
 */
export const SETTLE_HOURS = 3;

const HOUR_MS = 3_600_000;

/** The instant, in milliseconds since 1970, from which on `hour` is settled. */
export function settledAt(hour: Hour, settleHours = SETTLE_HOURS): number {
  return hourStart(hour) + settleHours * HOUR_MS;
}

/** True if at `now`, in milliseconds since 1970, at least `settleHours` have passed since `hour` began. */
export function isSettled(hour: Hour, now: number, settleHours = SETTLE_HOURS): boolean {
  return settledAt(hour, settleHours) <= now;
}

/** The latest hour that is settled at `now`, in milliseconds since 1970. */
export function lastSettledHour(now: number, settleHours = SETTLE_HOURS): Hour {
  return hourAt(now - settleHours * HOUR_MS);
}
