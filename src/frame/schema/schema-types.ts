import type { JsonColumn } from "../event-row.js";
import type { KindCounts } from "../properties/kinds.js";

/** An event type as it really occurs. */
export interface SchemaEvent {
  readonly name: string;
  /** Events, exact. */
  readonly count: number;
  /** Its share of all events, 0 to 1. */
  readonly share: number;
  /** Different users (`amplitude_id`, else `user_id`, else `device_id`), estimated: mostly within 3 %. */
  readonly users: number;
  /** First and last `event_time`, to the millisecond. */
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  /** Events of each day of `Schema.trendDays`. */
  readonly trend: readonly number[];
  /** Its properties. */
  readonly properties: number;
  /** Keys of its properties that are left out, because there are more than 1,000. */
  readonly omitted: number;
}

/** A value of a property as text, at most 80 characters, and its number; null where not all values are known. */
export interface SchemaExample {
  readonly value: string;
  readonly count: number | null;
}

/** A property as it really occurs. */
export interface SchemaProperty {
  /** The event type whose property it is; null for one of users or groups. */
  readonly event: string | null;
  /** As `frame({ properties })` takes it: `price`, `address.city`, `user_properties.plan`. */
  readonly name: string;
  readonly column: JsonColumn;
  /** The keys that lead to it. */
  readonly path: readonly string[];
  /** Type of its column in a frame: `int64`, `text`, `list<text>`, `json`, … */
  readonly type: string;
  /** True if its values are of several JSON types; a frame's column then is text or JSON. */
  readonly drift: boolean;
  /** Values of each kind; `null` counts those that are a JSON null. */
  readonly kinds: KindCounts;
  /** Events that have a value that is not null, exact. */
  readonly count: number;
  /** Their share of the events of its type (of all events, if `event` is null), 0 to 1. */
  readonly fill: number;
  /** Different values, of lists and objects none: exact to 64, else estimated, mostly within 6 %. */
  readonly distinct: number;
  readonly distinctIsExact: boolean;
  /** The most frequent values; where `distinctIsExact` is false, any. */
  readonly examples: readonly SchemaExample[];
  /** All values, the most frequent first; null if there are more than 64, or lists or objects among them. */
  readonly values: readonly SchemaExample[] | null;
  /** Range of its numbers, as doubles; null if there are none. */
  readonly min: number | null;
  readonly max: number | null;
  /** First and last `event_time` of an event that has it, to the millisecond. */
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  /** Keys of its objects that are left out, because there are more than 1,000. */
  readonly omitted: number;
}

/** Something that changed over time. */
export interface SchemaChange {
  /** Day of the first or last such `event_time`, UTC: `2026-11-23`. */
  readonly day: string;
  readonly change: "new" | "gone" | "retyped";
  readonly event: string | null;
  /** Name of the property; null if it is the event type that is new or gone. */
  readonly property: string | null;
  /** JSON types of its values before that day and from it on, if it was retyped. */
  readonly from: string | null;
  readonly to: string | null;
}

/** The tracking plan as it really is: what `Schema` shows. */
export interface SchemaContent {
  /** The folder of the lake. */
  readonly lake: string;
  readonly version: number;
  /** Events that were looked at. */
  readonly count: number;
  /** First and last day, UTC, of the trend: up to 28 that end with the last upload. */
  readonly trendDays: readonly string[];
  /** By count. */
  readonly events: readonly SchemaEvent[];
  /** By event type in the order of `events`, then those of users and groups; by fill, then name. */
  readonly properties: readonly SchemaProperty[];
  /** By day. */
  readonly changes: readonly SchemaChange[];
}
