import type { EventChoice } from "./event-choice.js";
import type { PropertyFilter } from "./filter.js";
import type { AnalysisOptions } from "./options.js";

/** When: a range of `event_time`, as analyses take it. Default `last: "30d"`, which ends with the data. */
export type CohortTime = Pick<AnalysisOptions, "from" | "to" | "last">;

/** How often, or how much; without any of them `atLeast: 1`. */
export interface CohortAmount {
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
  readonly exactly?: number | undefined;
}

/**
 * Users who did an event. Counted are its times, or the different days of `timeZone` with it, or the sum of a property of it
 * over its values that are numbers. Who did it not at all, or has no such number, is never counted, as in Amplitude: with
 * `atMost: 3` users did it once to three times. For those who did not, use `didNot`.
 */
export interface DidClause extends CohortTime, CohortAmount {
  readonly did: EventChoice;
  /** Default `times`. */
  readonly count?: "times" | "days" | { readonly sum: string } | undefined;
}

/** Users who did not do an event at all in that time, and are known by any event of all times. */
export interface DidNotClause extends CohortTime {
  readonly didNot: EventChoice;
}

/** Users with these values, all of them at one active event of that time. */
export interface HadClause extends CohortTime {
  readonly had: PropertyFilter | readonly PropertyFilter[];
  /** At any of the active events, or at the last one: Amplitude's `most recently`. Default `any event`. */
  readonly at?: "any event" | "last event" | undefined;
}

/** Users whose first event of all, inactive ones too, is in that time. */
export interface NewClause extends CohortTime {
  readonly new: true;
}

/**
 * Which users are meant, as a value that can be written as JSON:
 * `{ all: [{ did: "Buy", atLeast: 3 }, { didNot: "Refund", last: "12w" }] }`. `all` and `any` hold clauses of any kind;
 * `not` means all users known by any event but those. `cohort` is one that is saved in the lake, by its name; `ids` are
 * `amplitude_id`s, as text in decimal digits where they may be beyond 2^53.
 * Source: https://amplitude.com/docs/analytics/behavioral-cohorts
 */
export type CohortDefinition =
  | { readonly all: readonly CohortDefinition[] }
  | { readonly any: readonly CohortDefinition[] }
  | { readonly not: CohortDefinition }
  | { readonly cohort: string }
  | { readonly ids: readonly (string | number | bigint)[] }
  | DidClause
  | DidNotClause
  | HadClause
  | NewClause;
