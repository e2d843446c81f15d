import type { Hour, HourRange } from "../hour.js";

/** The figures of a pull or a load. Proof: `lines = loaded + quarantined + blank`. */
export interface Totals {
  /** Upload hours that are now held or empty (pull), or that have rows from these files (load). */
  readonly hours: number;
  readonly members: number;
  readonly lines: number;
  /** Events decoded; of these `duplicates` were in the lake already and were not kept again. */
  readonly loaded: number;
  readonly quarantined: number;
  readonly blank: number;
  readonly duplicates: number;
  /** Events that were not kept, for their person was forgotten. */
  readonly forgotten: number;
  /** Bytes of archives as they came. */
  readonly bytes: number;
  readonly seconds: number;
}

/** An upload hour or an input that was not brought, and why. */
export interface Refusal {
  /** The hour, or the path of the file. */
  readonly what: string;
  readonly reason: string;
  readonly wayOut: string;
}

/** Why the promoted properties were not brought up to date; it costs speed only. */
export interface PromotionFailure {
  readonly reason: string;
  readonly wayOut: string;
}

/** What `load` did. */
export interface LoadReport extends Totals {
  /** Only there if the promoted properties could not be brought up to date. */
  readonly notPromoted?: PromotionFailure;
  /** Inputs that the lake holds already, byte for byte; nothing was changed for them. */
  readonly alreadyLoaded: readonly string[];
  /** Files that are no events: zero bytes, or marker files. */
  readonly skipped: readonly string[];
  /** Inputs that were refused whole. */
  readonly refused: readonly Refusal[];
}

/** An upload hour that was answered before and was brought again: what is not as it was, by `uuid`. */
export interface ReplacedHour {
  readonly hour: Hour;
  /** Rows that answers for this hour had brought, and rows that they have now. */
  readonly before: number;
  readonly after: number;
  /** Events that are new to the lake; events of which any field differs; events that this answer does not have. */
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
  /**
   * Of those that are gone, the ones whose rows stay: an answer without any event for the hour takes none out, and
   * nor may rows go in whose favour another hour's answer or a loaded file had its copy dropped.
   */
  readonly kept: number;
  /** Up to five uuids of each kind; `log` gets all. */
  readonly uuids: Readonly<Record<"added" | "changed" | "gone", readonly string[]>>;
}

/** What `pull` did. */
export interface PullReport extends Totals {
  /** Only there if the promoted properties could not be brought up to date. */
  readonly notPromoted?: PromotionFailure;
  readonly range: HourRange | null;
  readonly empty: readonly Hour[];
  /** Hours of the range that are too young to be final; they are asked for again by the next pull. */
  readonly settling: readonly Hour[];
  /** Hours that were brought again: after they had settled, with `fresh` or with `refresh`; in order. */
  readonly replaced: readonly ReplacedHour[];
  readonly refused: readonly Refusal[];
  readonly requests: number;
}

/** What is happening, for whoever draws progress. */
export type Progress =
  | {
      readonly kind: "planned";
      readonly windows: number;
      readonly hours: number;
      readonly bytes: number | null;
    }
  | { readonly kind: "requested"; readonly window: HourRange; readonly attempt: number }
  | {
      readonly kind: "received";
      readonly window: HourRange;
      readonly bytes: number;
      readonly total: number | null;
    }
  | { readonly kind: "retry"; readonly window: HourRange; readonly reason: string; readonly waitMs: number }
  | { readonly kind: "split"; readonly window: HourRange; readonly reason: string }
  | { readonly kind: "noData"; readonly window: HourRange }
  | {
      readonly kind: "decoded";
      readonly input: string;
      readonly archiveBytes: number;
      readonly events: number;
    }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "committed"; readonly version: number; readonly hours: number; readonly rows: number };
