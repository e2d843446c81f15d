import type { HistoryOptions } from "./active-users.js";
import type { AnalysisOptions } from "./options.js";

/**
 * How the users of an event come, stay, go and come back: `lifecycle(event, options)`.
 * Source: https://amplitude.com/docs/analytics/charts/lifecycle/lifecycle-interpret
 */
export interface LifecycleOptions extends AnalysisOptions, HistoryOptions {
  /** Amplitude's usage interval. Default `day`. */
  readonly interval?: "day" | "week" | "month" | undefined;
}

/** One interval. Who did the event is in exactly one of `newUsers`, `currentUsers`, `resurrectedUsers`. */
export interface LifecycleRow {
  /** The interval's first day. */
  readonly time: string;
  /** Its first instant. */
  readonly start: Date;
  readonly segment: string;
  /** Did the event, and their first event of all (any, inactive ones too) is in this interval. */
  readonly newUsers: number;
  /** Did the event in this interval and in the one before. */
  readonly currentUsers: number;
  /** Did the event in this interval, not in the one before, and are not new. */
  readonly resurrectedUsers: number;
  /** Did the event in the interval before and not in this one. */
  readonly dormantUsers: number;
  /** Of the dormant those who were new, current and resurrected in the interval before. */
  readonly dormantNew: number;
  readonly dormantCurrent: number;
  readonly dormantResurrected: number;
  /** `(newUsers + resurrectedUsers) / dormantUsers`; null if nobody is dormant. */
  readonly pulse: number | null;
  /** True if the interval is not wholly within the data and the range. */
  readonly incomplete: boolean;
  /**
   * True if the interval begins less than `history` after the beginning of the data, or the one before begins before the
   * data: users who were there earlier look new, or resurrected. Never with `history: "0d"`.
   */
  readonly censored: boolean;
}
