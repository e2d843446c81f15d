import type { AnalysisInterval, AnalysisOptions } from "./options.js";

/**
 * A number made of a property's values, of those events that have a number there (or a text that holds one). Of a list each
 * item is a value.
 */
export type PropertyMeasure =
  | { readonly sum: string }
  | { readonly average: string }
  | { readonly median: string }
  | { readonly min: string }
  | { readonly max: string }
  /** Different values of any kind, told apart as `groupBy` does. */
  | { readonly distinct: string }
  /** The different values of each user, averaged over the users who have any: PROPCOUNTAVG(A). */
  | { readonly distinctPerUser: string }
  /** The sum for each user who did the event, averaged: PROPSUM(A) / UNIQUES(A). */
  | { readonly sumPerUser: string }
  /** `p` from 0 to 100, between neighbours in a straight line. */
  | { readonly percentile: string; readonly p: number };

/**
 * What is counted: `uniques` (different users), `totals` (events), `average` (events for each user who did one), `active %`
 * (how many users did it for each 100 users with any active event in the interval), or a number of a property.
 */
export type Measure = "uniques" | "totals" | "average" | "active %" | PropertyMeasure;

/** How events are counted over time. */
export interface SegmentationOptions<G extends string = never> extends AnalysisOptions {
  /** Default `uniques`. */
  readonly measure?: Measure | undefined;
  /**
   * In place of `measure`: numbers of the events A, B, … in the order given, with + - * / ( ) between them:
   * `UNIQUES(A) / UNIQUES(B) * 100`. Functions: UNIQUES, TOTALS, AVG, ACTIVE, PROPSUM(A, property), PROPAVG, PROPMIN, PROPMAX,
   * PROPCOUNT, PROPCOUNTAVG, PERCENTILE(A, property, p) with p from 0 to 1, and over time, of any one of these,
   * ROLLAVG(TOTALS(A), n), ROLLWIN(UNIQUES(A), n), CUMSUM(UNIQUES(A)). ACTIVE is a share from 0 to 1, as Amplitude's.
   */
  readonly formula?: string | undefined;
  /** Default `day`. */
  readonly interval?: AnalysisInterval | undefined;
  /** Properties by whose values events are told apart, as they were at the event; `(none)` where there is none. */
  readonly groupBy?: G | readonly G[] | undefined;
  /** The measure over the last so many whole intervals that end with each, those before the range too: Amplitude's rolling window. */
  readonly rolling?: number | undefined;
  /** Adds for each interval the value of the whole interval so many before, in `before`. */
  readonly compare?: number | undefined;
}

/** One interval of one series. */
export type SegmentationRow<G extends string = never> = {
  /** Where the interval begins as a clock shows it: `2026-11-23`, or `2026-11-23 05:00+01:00`. */
  readonly time: string;
  /** The same as an instant. */
  readonly start: Date;
  /** The event's name, or the formula. */
  readonly event: string;
  /** The segment's name; `all` without segments. */
  readonly segment: string;
  /** Null where there is nothing to divide by, or no value. */
  readonly value: number | null;
  /** With `compare`: the value of the interval before. */
  readonly before?: number | null;
  /** True if the data or the range covers only a part of the interval. */
  readonly incomplete: boolean;
} & { readonly [K in G]: string };

/** The value of a series over the whole range, as a bar chart shows it: of uniques, each user once. */
export type SegmentationTotal<G extends string = never> = Omit<
  SegmentationRow<G>,
  "time" | "start" | "before" | "incomplete"
>;
