import type { AnalysisOptions } from "./options.js";

/**
 * On how many days of a week or month users do an event: `stickiness(event, options)`.
 * Source: https://amplitude.com/docs/analytics/charts/stickiness/stickiness-interpret
 */
export interface StickinessOptions<G extends string = never> extends AnalysisOptions {
  /** Default `week`. */
  readonly interval?: "week" | "month" | undefined;
  /** Properties by whose values events are told apart, as they were at the event; `(none)` where there is none. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** The users of one week or month who did the event on so many days. */
export type StickinessRow<G extends string = never> = {
  /** The first day of the week or month; null for all complete ones together, a user counted once for each. */
  readonly time: string | null;
  /** Its first instant. */
  readonly start: Date | null;
  readonly segment: string;
  /** Different calendar days: 1 to 7, or to the number of days of the month. */
  readonly days: number;
  /** Users who did the event on exactly so many days: Amplitude's non-cumulative stickiness. */
  readonly users: number;
  /** Of those who did it at all in the interval, from 0 to 1; null if nobody did. */
  readonly share: number | null;
  /** Users who did it on at least so many days: cumulative stickiness. */
  readonly usersAtLeast: number;
  /** 1 at the first day, if anybody did it. */
  readonly shareAtLeast: number | null;
  /** True if the week or month is not wholly within the data and the range. Never for all together. */
  readonly incomplete: boolean;
} & { readonly [K in G]: string };
