import type { PropertyFilter } from "./filter.js";

/**
 * Which events are meant: an event type; or Amplitude's `_active` (any event that is not marked inactive), `_all` (any
 * event); or any of several of these: `["_active", "ping"]` are the active events, and those of type `ping` too if they are
 * inactive. Each with conditions, all of which must hold. `_new` stands alone, and only where retention starts.
 */
export type EventChoice =
  | string
  | {
      /** An event type, `_active` or `_all`, or several, of which any will do. */
      readonly event: string | readonly string[];
      readonly filters?: readonly PropertyFilter[] | undefined;
      /** How it is called in rows and charts. Default: the event types, with its filters: `Buy or Rent (country is DE, AT)`. */
      readonly name?: string | undefined;
    };
