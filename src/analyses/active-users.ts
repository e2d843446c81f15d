import type { AnalysisInterval, AnalysisOptions } from "./options.js";

/**
 * How far the data must reach back for users to be called new. What came before the data's beginning is not known: a user
 * who comes back after a longer absence looks new.
 */
export interface HistoryOptions {
  /**
   * Rows that begin less than this after the beginning of the data are marked `censored`: `30d`, `12w`, `72h`; a day is 24
   * hours. `0d`: the data begins with the project, nothing came before. Default `30d`.
   */
  readonly history?: string | undefined;
}

/** How active and new users are counted: `activeUsers(options)`. */
export interface ActiveUsersOptions<G extends string = never> extends AnalysisOptions, HistoryOptions {
  /** Default `day`. */
  readonly interval?: AnalysisInterval | undefined;
  /**
   * Users of the last so many intervals that end with each, the ones before the range looked at too: with days 7 gives weekly
   * and 30 monthly active users on each day. Default 1.
   * Source: https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-custom-formulas#rollwin
   */
  readonly rolling?: number | undefined;
  /** Properties by whose values users are told apart, as they were at their events; `(none)` where there is none. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** The users of one interval. Source: https://amplitude.com/docs/get-started/helpful-definitions */
export type ActiveUsersRow<G extends string = never> = {
  /** Where the interval begins as a clock shows it: `2026-11-23`, or `2026-11-23 05:00+01:00`. */
  readonly time: string;
  /** The same as an instant. */
  readonly start: Date;
  /** The segment's name; `all` without segments. */
  readonly segment: string;
  /** Different users with an event that is not marked inactive. */
  readonly activeUsers: number;
  /** Users whose first event of all, inactive ones too, is in the interval. Not all of them need be active. */
  readonly newUsers: number;
  /** True if the interval (with `rolling` the intervals before it too) is not wholly within the data and the range. */
  readonly incomplete: boolean;
  /** True if some of the new users may not be new: see `history`. */
  readonly censored: boolean;
} & { readonly [K in G]: string };

/** Daily, weekly and monthly active users on each day: `rollingActiveUsers(options)`. */
export interface RollingActiveUsersOptions<G extends string = never> extends AnalysisOptions {
  /** As with `activeUsers`. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** One day. */
export type RollingActiveUsersRow<G extends string = never> = {
  /** `2026-11-23` */
  readonly time: string;
  /** The day's first instant. */
  readonly start: Date;
  readonly segment: string;
  /** Active users of this day. */
  readonly dau: number;
  /** Active users of the 7 days that end with it. */
  readonly wau: number;
  /** Active users of the 30 days that end with it. */
  readonly mau: number;
  /** True if the day is not wholly within the data and the range, or its 30 days begin before the data. */
  readonly incomplete: boolean;
} & { readonly [K in G]: string };
