import type { QueryOptions } from "../engine/engine.js";
import type { Weekday } from "../frame/resample.js";
import type { TimeEnd } from "../frame/time-end.js";
import type { PropertyFilter } from "./filter.js";
import type { Identity } from "./identity.js";

/** The length of the intervals of an analysis. */
export type AnalysisInterval = "hour" | "day" | "week" | "month" | "quarter";

/** Some of the users, or some of what they did: `{ filters: [{ property: "country", value: "Germany" }] }`. */
export interface Segment {
  /** Conditions on the event's own values at its time; all must hold. */
  readonly filters?: readonly PropertyFilter[] | undefined;
  /**
   * Only users of this cohort: its name in the lake (see `saveCohort`), or their `amplitude_id`s. Of a saved one that is not
   * static, who belongs to it is found anew, by all events of the lake, with this analysis's time zone, identity and inactive.
   */
  readonly cohort?: string | readonly (number | bigint)[] | undefined;
}

/** What all analyses take. */
export interface AnalysisOptions extends QueryOptions {
  /** The first moment of the date range by `event_time`, in `timeZone`. Default: that of the frame, else as `last: "30d"`. */
  readonly from?: TimeEnd | undefined;
  /** The last moment, included: a date means all of that day. Default: that of the frame, else the end of the data. */
  readonly to?: TimeEnd | undefined;
  /**
   * In place of `from` and `to`: so many hours (`24h`), days (`30d`), weeks (`8w`), months (`3m`) or quarters (`2q`) of the
   * calendar, up to and with the one in which the data ends.
   */
  readonly last?: string | undefined;
  /** The IANA time zone of days, weeks and months: Amplitude's project setting. Default: that of the frame, else `UTC`. */
  readonly timeZone?: string | undefined;
  /** The first day of a week: Amplitude's project setting. Default `monday`. */
  readonly weekStart?: Weekday | undefined;
  /** The month, 1 to 12, in which the first quarter begins: Amplitude's project setting. Default 1. */
  readonly quarterStart?: number | undefined;
  /** Who is one user. Default `raw`: each `amplitude_id` is one, as it stands in the events. */
  readonly identity?: Identity | undefined;
  /**
   * Event types that are marked inactive in Amplitude: they make nobody an active user. A text is the path of a file: what
   * Amplitude's Events List API answers, what `ampframe inactive -o` writes, or an event type a line. Default: none.
   */
  readonly inactive?: readonly string[] | string | undefined;
  /** Segments by name. Each row tells its own. Default: all users in one. */
  readonly segments?: Readonly<Record<string, Segment>> | undefined;
}
