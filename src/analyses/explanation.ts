/** What a number means, and why Amplitude's chart may show another. */
export interface Explanation {
  /** What was computed, in one or a few sentences, with the options as they were taken. */
  readonly definition: readonly string[];
  /** The Amplitude pages that define it. */
  readonly sources: readonly string[];
  /** What could make Amplitude's chart differ here, for this data and these options. */
  readonly differences: readonly string[];
}
