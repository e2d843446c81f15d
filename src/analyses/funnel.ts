import type { EventChoice } from "./event-choice.js";
import type { AnalysisInterval, AnalysisOptions } from "./options.js";

/** How far a funnel's steps must be in order. Source: https://amplitude.com/docs/analytics/charts/funnel-analysis/funnel-analysis-how-amplitude-computes */
export type FunnelOrder = "this order" | "any order" | "exact order";

/**
 * Events that must not come between two steps, their numbers from 1. Default: between the first and the last. In `any order`
 * always between the first and the last event of the attempt.
 */
export interface FunnelExclusion {
  readonly event: EventChoice;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
}

/** How users go from step to step. */
export interface FunnelOptions<G extends string = never> extends AnalysisOptions {
  /** Default `this order`. */
  readonly order?: FunnelOrder | undefined;
  /**
   * The most time from the first step to the last, included: `30s`, `15m`, `6h`, `1d`, `2w`; from 1 second to 366 days. Default
   * `1d`, as in Amplitude's charts. A day is 24 hours. In `any order` it is cut to whole days, at least one.
   */
  readonly window?: string | undefined;
  /**
   * Within which time two events have no order: `second` (Amplitude's default: different event types of one second satisfy
   * either order, equal ones count once) or `millisecond`. Default `second`.
   */
  readonly resolution?: "second" | "millisecond" | undefined;
  /** Whether users or ways are counted: `uniques` (a user's longest attempt, of those the earliest) or `totals`. Default `uniques`. */
  readonly count?: "uniques" | "totals" | undefined;
  /**
   * A property that must have the same value at all steps: not users are counted then, but users with a value. Events without
   * the property are not looked at.
   */
  readonly holdConstant?: string | undefined;
  readonly exclude?: readonly FunnelExclusion[] | undefined;
  /** At most two properties, as they were at the first step. */
  readonly groupBy?: G | readonly G[] | undefined;
  /** Rows for each interval in which users entered, by the first step. Default: one for the whole range. */
  readonly interval?: AnalysisInterval | undefined;
}

/** One step of one funnel. */
export type FunnelRow<G extends string = never> = {
  /** With `interval`: where the interval of the entry begins, as a clock shows it; else null. */
  readonly time: string | null;
  readonly segment: string;
  /** From 1. */
  readonly step: number;
  readonly event: string;
  /** Users (or ways, or users with a value) who came as far as this step. */
  readonly users: number;
  /** Of those at step 1, a share from 0 to 1; null if nobody was. */
  readonly conversion: number | null;
  /** Of those at the step before. 1 at the first. */
  readonly stepConversion: number | null;
  /** Those who came to the step before but not to this one. 0 at the first. */
  readonly droppedOff: number;
  /**
   * Seconds from having done all steps before to having done this one too, of those who came here: exact, where Amplitude's median
   * is from a histogram. Null at the first step.
   */
  readonly medianSeconds: number | null;
  readonly averageSeconds: number | null;
} & { readonly [K in G]: string };
