import type { HistoryOptions } from "./active-users.js";
import type { EventChoice } from "./event-choice.js";
import type { AnalysisInterval, AnalysisOptions } from "./options.js";

/** Where revenue stands. Source: https://amplitude.com/docs/data/sources/instrument-track-revenue */
export interface RevenueSource {
  /**
   * The events that bring revenue. Default: any event (inactive ones too) with `$revenue` or `$price` but Amplitude's
   * `revenue_amount` without `$revenue`, which is there once more as `verified_revenue` or `unverified_revenue`.
   */
  readonly event?: EventChoice | undefined;
  /** The property with the amount. Default `$revenue`; where that is no number, `$price` times `$quantity` (1 if that is none). */
  readonly property?: string | undefined;
}

/** Revenue over time: `revenue(options)`. Currencies are not told apart. */
export interface RevenueOptions<G extends string = never> extends AnalysisOptions, RevenueSource {
  /** Default `day`. */
  readonly interval?: AnalysisInterval | undefined;
  /** Properties by whose values events are told apart, as they were at the event; `(none)` where there is none. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** One interval. */
export type RevenueRow<G extends string = never> = {
  readonly time: string;
  readonly start: Date;
  readonly segment: string;
  /** The sum of the amounts; refunds are negative. */
  readonly revenue: number;
  /** Different users with a revenue event in the interval. */
  readonly payingUsers: number;
  /** Different users with an active event in it. */
  readonly activeUsers: number;
  /**
   * `revenue / activeUsers`: Amplitude's ARPAU; null without active users.
   * Source: https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-custom-formulas#arpau
   */
  readonly arpu: number | null;
  /** `revenue / payingUsers`; null without paying users. */
  readonly arppu: number | null;
  /** True if the interval is not wholly within the data and the range. */
  readonly incomplete: boolean;
} & { readonly [K in G]: string };

/**
 * What new users bring from their first event on: `lifetimeValue(options)`, Amplitude's Revenue LTV.
 * Source: https://amplitude.com/docs/analytics/charts/revenue-ltv/revenue-ltv-interpret
 */
export interface LifetimeValueOptions<G extends string = never>
  extends AnalysisOptions,
    HistoryOptions,
    RevenueSource {
  /** Of the cohorts by the calendar of `timeZone`, and of the time since: 24 hours, 7 or 30 times that. Default `day`. */
  readonly interval?: "day" | "week" | "month" | undefined;
  /** The last interval since. Default 30 (days), 12 (weeks, months). */
  readonly intervals?: number | undefined;
  /** Properties by whose values users are told apart, as they were at the user's first event. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** One cohort of new users, up to one interval after their first event. */
export type LifetimeValueRow<G extends string = never> = {
  /** The first day of the interval in which they were new; null for all together. */
  readonly cohort: string | null;
  readonly segment: string;
  /** Days, weeks or months since the first event, from 0. */
  readonly interval: number;
  /** The new users. For all together: those for whom this interval is over at the end of the data. */
  readonly users: number;
  /** Those of them with a revenue event ever, also a later one. */
  readonly payingUsers: number;
  /** Those of them whose first revenue event is in just this interval: New Paying Users. */
  readonly newPayingUsers: number;
  /** What they brought from the first event to the end of this interval. */
  readonly revenue: number;
  /** `revenue / users`; null if there are none. */
  readonly arpu: number | null;
  /** `revenue / payingUsers`; null if there are none. */
  readonly arppu: number | null;
  /** True if the data ends before this interval does for some of the users. Never for all together. */
  readonly incomplete: boolean;
  /** True if some of the users may not be new: see `history`. */
  readonly censored: boolean;
} & { readonly [K in G]: string };
