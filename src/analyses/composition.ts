import type { AnalysisOptions } from "./options.js";

/**
 * Who the active users are, by the values of a property: `composition(property, options)`.
 * Source: https://amplitude.com/docs/analytics/charts/other-charts/other-charts-user-composition
 */
export interface CompositionOptions extends AnalysisOptions {
  /**
   * `most recent`: each user by the value at his last active event in the range. `all`: by each value that he had at an active
   * event in it. Default `most recent`.
   */
  readonly values?: "most recent" | "all" | undefined;
  /** So many values with the most users get rows of their own, the others one together: `(other)`. Default: all do. */
  readonly top?: number | undefined;
}

/** The users of one value. */
export interface CompositionRow {
  readonly segment: string;
  /** `(none)` where the property is not there or null. */
  readonly value: string;
  /** Different users. With `all`, and of lists, a user may be in several rows. */
  readonly users: number;
  /** Of the segment's active users, each counted once, from 0 to 1. */
  readonly share: number;
}
