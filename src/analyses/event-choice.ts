import type { PropertyFilter } from "./filter.js";

/**
 * Which events are meant: an event type; or Amplitude's `_active` (any event that is not marked inactive), `_all` (any
 * event); or one of several types; each with conditions, all of which must hold.
 */
export type EventChoice =
  | string
  | {
      /** An event type, several of which any will do, `_active` or `_all`. */
      readonly event: string | readonly string[];
      readonly filters?: readonly PropertyFilter[] | undefined;
      /** How it is called in rows and charts. Default: the event types, with its filters: `Buy or Rent (country is DE, AT)`. */
      readonly name?: string | undefined;
    };
