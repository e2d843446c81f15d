import type { AnalysisOptions } from "./options.js";

/**
 * What users do after, or before, an event: `paths(event, options)`, Amplitude's Journeys (Pathfinder).
 * Source: https://amplitude.com/docs/analytics/charts/journeys/journeys-understand-paths
 */
export interface PathsOptions extends AnalysisOptions {
  /** Whether the event is the first or the last of a path. Default `starting with`. */
  readonly direction?: "starting with" | "ending with" | undefined;
  /** How many events after (or before) it at most. Default 4; Amplitude shows up to 8. */
  readonly steps?: number | undefined;
  /**
   * Within which time of the event, included: `30s`, `15m`, `6h`, `1d`, `2w`; a day is 24 hours. `session`: within the same
   * session, and no longer than the range. Default `1d`.
   */
  readonly window?: string | undefined;
  /** `uniques`: each user's first path in the range. `totals`: one from each time that the event was done. Default `uniques`. */
  readonly count?: "uniques" | "totals" | undefined;
  /** Whether the same event several times in a row is taken as one, at the time of the first. Default false. */
  readonly collapse?: boolean | undefined;
  /** Event types left out of paths. Inactive ones are always; the event itself never is. Default: none. */
  readonly hide?: readonly string[] | undefined;
  /** Event types that alone are in paths, beside the event itself. Default: all. */
  readonly only?: readonly string[] | undefined;
  /** So many most frequent events of each step are told by name, the others are `(other)`. Default 5. */
  readonly top?: number | undefined;
}

/** One link of a Sankey diagram. */
export interface PathsRow {
  readonly segment: string;
  /** The place of `from` in the path: 0 is the event, 1 the next one; -1 the one before the event. `to` is at the next place. */
  readonly step: number;
  /** An event type, the event's name at place 0, `(other)`; `(did not perform an event)` before a path that begins at `to`. */
  readonly from: string;
  /** The same; `(dropped off)` after a path that ends at `from`. */
  readonly to: string;
  /** Different users. */
  readonly users: number;
  /** Paths. With `uniques` as many as users. */
  readonly totals: number;
  /** Of all users (with `totals`: of all paths) of the segment, from 0 to 1. */
  readonly share: number;
}
