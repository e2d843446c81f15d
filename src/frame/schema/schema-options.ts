import type { LakeBounds } from "../../engine/lake-view.js";
import { boundsOf, unknownName } from "../selection.js";
import type { TimeEnd } from "../time-end.js";
import type { ProfileOptions } from "./profile-lake.js";

/** Which events a schema is of. */
export interface SchemaOptions extends ProfileOptions {
  /** Earliest `event_time`, UTC, included. With it or `to`, these events are read, and nothing is kept. */
  readonly from?: TimeEnd | undefined;
  /** Latest `event_time`, UTC, included: `to: "2026-11-23"` includes that whole day. */
  readonly to?: TimeEnd | undefined;
  /** Only these event types, without properties of users and groups. Those that do not occur are left out. */
  readonly events?: string | readonly string[] | undefined;
}

const OPTION_NAMES = ["from", "to", "events", "signal", "onProgress"];

/** Checks `options`. Bounds are undefined if all events are wanted. */
export function schemaSelection(options: SchemaOptions): {
  readonly bounds: LakeBounds | undefined;
  readonly only: readonly string[] | undefined;
} {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.includes(name)) throw unknownName("option", name, OPTION_NAMES);
  }
  const { from, to, events } = options;
  return {
    bounds:
      from === undefined && to === undefined ? undefined : { eventTime: boundsOf(from, to, "from", "to") },
    only: events === undefined ? undefined : [events].flat(),
  };
}
