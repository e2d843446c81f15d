import type { AnalysisInterval, AnalysisOptions } from "./options.js";

/**
 * How often users do an event: `engagement(event, options)`, the measure Frequency of Amplitude's Event Segmentation.
 * Source: https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-choose-measurement
 */
export interface EngagementOptions<G extends string = never> extends AnalysisOptions {
  /** Whether the times are counted or the different calendar days. Default `times`. */
  readonly count?: "times" | "days" | undefined;
  /** Default: one distribution for the whole range. */
  readonly interval?: AnalysisInterval | undefined;
  /** From and to, both included; null: without end. Default: each number that occurs. */
  readonly buckets?: readonly (readonly [number, number | null])[] | undefined;
  /** Properties by whose values events are told apart, as they were at the event; `(none)` where there is none. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** The users who did the event so often in one interval. */
export type EngagementRow<G extends string = never> = {
  /** With `interval`: where it begins, as a clock shows it; else null. */
  readonly time: string | null;
  readonly start: Date | null;
  readonly segment: string;
  /** Times (or days), included. */
  readonly from: number;
  /** Included; null: without end. */
  readonly to: number | null;
  readonly users: number;
  /** Of those who did it in the interval, from 0 to 1; null if nobody did. */
  readonly share: number | null;
  /** True if the interval is not wholly within the data and the range. */
  readonly incomplete: boolean;
} & { readonly [K in G]: string };

/**
 * How many days lie between the days on which users do an event: `usageInterval(event, options)`.
 * Source: https://amplitude.com/docs/analytics/charts/retention-analysis/retention-analysis-interpret-usage
 */
export type UsageIntervalOptions = AnalysisOptions;

/** The users whose usage interval is so many days. */
export interface UsageIntervalRow {
  readonly segment: string;
  /** From 1 to the longest. */
  readonly days: number;
  /** Users whose median gap between two days with the event is so many days, rounded up. */
  readonly users: number;
  /** Of all with the event on two days or more, from 0 to 1. */
  readonly share: number;
  /** Users with a median gap of so many days or fewer. */
  readonly usersAtMost: number;
  readonly shareAtMost: number;
}
