import type { JsonColumn } from "../event-row.js";
import { addKinds, type KindCounts, type PropertyKind } from "../properties/kinds.js";
import { propertyName } from "../properties/property.js";
import { emptyBuckets, mergeBuckets, mergeSketches, type Sketch, USER_BUCKETS } from "./sketch.js";

/** What is known of the values of one kind of a property. Times are milliseconds since 1970, UTC, of `event_time`. */
export interface KindProfile {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** Of numbers, as doubles. */
  readonly min: number | null;
  readonly max: number | null;
  readonly values: Sketch;
}

/** What is known of a property: of one event type, or of all events if it is one of users or groups (`event` null). */
export interface PropertyProfile {
  readonly event: string | null;
  readonly column: JsonColumn;
  readonly path: readonly string[];
  readonly kinds: Readonly<Partial<Record<PropertyKind, KindProfile>>>;
  /** Kinds of what is in its lists. */
  readonly items: KindCounts;
  /** Keys of its objects that are not properties here, because there are too many. */
  readonly omitted: number;
}

/** What is known of an event type. */
export interface EventProfile {
  readonly name: string;
  /** Events by the day of their `event_time`, UTC: `2026-11-23`. */
  readonly days: Readonly<Record<string, number>>;
  readonly first: number;
  readonly last: number;
  readonly users: Uint32Array;
  /** Keys of its properties that are left out, because there are too many. */
  readonly omitted: number;
}

/** What is known of the events of some files, without any of them. */
export interface Profile {
  /** First and last `server_upload_time`, milliseconds since 1970, UTC; null if there are no events. */
  readonly uploaded: { readonly first: number; readonly last: number } | null;
  readonly events: readonly EventProfile[];
  readonly properties: readonly PropertyProfile[];
}

/** A profile of nothing. */
export const EMPTY_PROFILE: Profile = { uploaded: null, events: [], properties: [] };

/** An event type of which no event is known: merged with another profile of it, it changes nothing. */
export function noEvents(name: string): EventProfile {
  const users = emptyBuckets(USER_BUCKETS);
  return { name, days: {}, first: Infinity, last: -Infinity, users, omitted: 0 };
}

/** The profile of the events of both. */
export function mergeProfiles(a: Profile, b: Profile): Profile {
  const uploaded =
    a.uploaded && b.uploaded
      ? {
          first: Math.min(a.uploaded.first, b.uploaded.first),
          last: Math.max(a.uploaded.last, b.uploaded.last),
        }
      : (a.uploaded ?? b.uploaded);
  return {
    uploaded,
    events: merged(a.events, b.events, ({ name }) => name, mergeEvents),
    properties: merged(a.properties, b.properties, propertyKey, mergeProperties),
  };
}

/** What tells a property of an event type from all others. */
export function propertyKey({
  event,
  column,
  path,
}: Pick<PropertyProfile, "event" | "column" | "path">): string {
  return JSON.stringify([event, propertyName({ column, path })]);
}

function merged<T>(
  a: readonly T[],
  b: readonly T[],
  key: (each: T) => string,
  merge: (a: T, b: T) => T,
): T[] {
  const all = new Map(a.map((each) => [key(each), each]));
  for (const each of b) {
    const known = all.get(key(each));
    all.set(key(each), known ? merge(known, each) : each);
  }
  return [...all.values()];
}

function mergeEvents(a: EventProfile, b: EventProfile): EventProfile {
  const days = { ...a.days };
  for (const [day, count] of Object.entries(b.days)) days[day] = (days[day] ?? 0) + count;
  return {
    name: a.name,
    days,
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    users: mergeBuckets(a.users, b.users),
    omitted: Math.max(a.omitted, b.omitted),
  };
}

function mergeProperties(a: PropertyProfile, b: PropertyProfile): PropertyProfile {
  const kinds: Partial<Record<PropertyKind, KindProfile>> = { ...a.kinds };
  for (const [name, profile] of Object.entries(b.kinds)) {
    const known = kinds[name as PropertyKind];
    kinds[name as PropertyKind] = known ? mergeKinds(known, profile) : profile;
  }
  const omitted = Math.max(a.omitted, b.omitted);
  return { ...a, kinds, items: addKinds(a.items, b.items), omitted };
}

/** All that is known of values of both kinds. */
export function mergeKinds(a: KindProfile, b: KindProfile): KindProfile {
  return {
    count: a.count + b.count,
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    min: extreme(Math.min, a.min, b.min),
    max: extreme(Math.max, a.max, b.max),
    values: mergeSketches(a.values, b.values),
  };
}

function extreme(of: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : of(a, b);
}
