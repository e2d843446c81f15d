import type { EventChoice } from "./event-choice.js";
import type { AnalysisOptions } from "./options.js";

/** How users come back. Source: https://amplitude.com/docs/analytics/charts/retention-analysis/retention-analysis-interpret */
export interface RetentionOptions extends AnalysisOptions {
  /** The event that begins. `_new`: the user's first event of all, inactive ones too. Default `_new`. */
  readonly start?: EventChoice | undefined;
  /** The event that counts as a return. Default `_active`. */
  readonly return?: EventChoice | undefined;
  /**
   * `on`: the return is in exactly that interval (n-day retention). `on or after`: in it or in any later one (unbounded).
   * Default `on`.
   */
  readonly method?: "on" | "on or after" | undefined;
  /**
   * In place of single intervals, with the method `on`: custom brackets, each from its first to its last day (week, month), both
   * included: `[[0, 0], [1, 3], [4, 7]]`.
   */
  readonly brackets?: readonly (readonly [number, number])[] | undefined;
  /** Default `day`. */
  readonly interval?: "day" | "week" | "month" | undefined;
  /**
   * `rolling` (Amplitude's default): intervals of 24 hours (weeks of 7, months of 30 days), counted for each user from the start,
   * floored to its hour. `calendar`: days, weeks and months of `timeZone`.
   */
  readonly mode?: "rolling" | "calendar" | undefined;
  /** The last interval. Default 30 (days), 12 (weeks, months). */
  readonly intervals?: number | undefined;
}

/** One cell: a cohort, and those of it who returned. */
export interface RetentionRow {
  /** The day, week or month (its first day) in which users began; null for all together. */
  readonly cohort: string | null;
  readonly segment: string;
  /** Days, weeks or months since, from 0; with brackets their number, from 0. */
  readonly interval: number;
  /** Those who began. For all together: of the cohorts whose cell is complete, each user once. */
  readonly users: number;
  /** Those of them who returned. For all together: from any start in these cohorts. */
  readonly returned: number;
  /** `returned / users`; null if nobody began. */
  readonly rate: number | null;
  /** True if the data ends before the interval does for those of the cohort who may have begun last. Never for all together. */
  readonly incomplete: boolean;
}
