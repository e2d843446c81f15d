import { typeName } from "../../engine/column-type.js";
import { drifts, type KindCounts, type PropertyKind, typeOfKinds } from "../properties/kinds.js";
import { EVENT_PROPERTIES, propertyName } from "../properties/property.js";
import { changesIn, dayOf, eventsWithin } from "./changes.js";
import {
  type EventProfile,
  type KindProfile,
  mergeKinds,
  type Profile,
  type PropertyProfile,
} from "./profile.js";
import type { SchemaContent, SchemaEvent, SchemaExample, SchemaProperty } from "./schema-types.js";
import { distinctOf, estimatedCount, frequent, type Sketch } from "./sketch.js";

const DAY_MS = 86_400_000;
const TREND_DAYS = 28;
const EXAMPLES = 5;

/** What `profile` says, for people; of `only` these event types, and of users and groups, if it is given. */
export function summarise(
  profile: Profile,
  lake: string,
  version: number,
  only: readonly string[] | undefined,
): SchemaContent {
  const all = profile.events.reduce((sum, event) => sum + countOf(event), 0);
  const trendDays = daysOf(profile);
  const wanted = only && new Set(only);
  const shown = profile.events.filter(({ name }) => !wanted || wanted.has(name));
  const byName = new Map(profile.events.map((event) => [event.name, event]));
  const own = profile.properties.filter(({ event }) => !wanted || (event !== null && wanted.has(event)));
  const properties = own.map((property) => {
    const event = property.event === null ? undefined : byName.get(property.event);
    return summary(property, event ? countOf(event) : all);
  });
  const events = shown
    .map((event): SchemaEvent => {
      const count = countOf(event);
      return {
        ...{ name: event.name, count, share: count / all },
        users: Math.min(count, estimatedCount(event.users)),
        firstSeen: new Date(event.first),
        lastSeen: new Date(event.last),
        trend: trendDays.map((day) => event.days[day] ?? 0),
        properties: properties.filter(({ event: of }) => of === event.name).length,
        omitted: event.omitted,
      };
    })
    .sort((a, b) => b.count - a.count || order(a.name, b.name));
  const rank = new Map(events.map(({ name }, i) => [name, i]));
  const place = ({ event }: SchemaProperty) => (event === null ? events.length : rank.get(event)!);
  properties.sort(
    (a, b) => place(a) - place(b) || order(a.column, b.column) || b.fill - a.fill || order(a.name, b.name),
  );
  return {
    ...{
      lake,
      version,
      count: events.reduce((sum, { count }) => sum + count, 0),
      trendDays,
      events,
      properties,
    },
    changes: changesIn({ ...profile, properties: own }, wanted),
  };
}

function countOf(event: EventProfile): number {
  return eventsWithin(event.days, "", "~");
}

function daysOf({ uploaded }: Profile): string[] {
  if (!uploaded) return [];
  const last = Math.floor(uploaded.last / DAY_MS);
  const first = Math.max(last - TREND_DAYS + 1, Math.floor(uploaded.first / DAY_MS));
  return Array.from({ length: last - first + 1 }, (_, i) => dayOf((first + i) * DAY_MS));
}

/** A property's name as short as `frame({ properties })` takes it. */
export function shortName({ column, path }: Pick<PropertyProfile, "column" | "path">): string {
  const full = propertyName({ column, path });
  return column === EVENT_PROPERTIES ? full.slice(EVENT_PROPERTIES.length + 1) : full;
}

function summary(property: PropertyProfile, events: number): SchemaProperty {
  const { event, column, path, items, omitted } = property;
  const each = Object.entries(property.kinds) as [PropertyKind, KindProfile][];
  const kinds: KindCounts = Object.fromEntries(each.map(([kind, { count }]) => [kind, count]));
  const present = each.filter(([kind]) => kind !== "null");
  const whole = each.map(([, profile]) => profile).reduce(mergeKinds);
  const count = present.reduce((sum, [, profile]) => sum + profile.count, 0);
  const nested = (kinds.list ?? 0) + (kinds.object ?? 0) > 0;
  const sketches = present.map(([, { values }]) => values);
  const distinct = sketches.map(distinctOf);
  return {
    ...{
      event,
      name: shortName(property),
      column,
      path,
      type: typeName(typeOfKinds(kinds, items)),
      drift: drifts(kinds),
    },
    ...{ kinds, count, fill: Math.min(1, count / events) },
    distinct: Math.min(
      count,
      distinct.reduce((sum, each) => sum + each.count, 0),
    ),
    distinctIsExact: distinct.every(({ exact }) => exact),
    examples: examplesOf(sketches),
    values: nested ? null : valuesOf(sketches),
    ...{ min: whole.min, max: whole.max },
    firstSeen: new Date(whole.first),
    lastSeen: new Date(whole.last),
    omitted,
  };
}

function valuesOf(sketches: readonly Sketch[]): SchemaExample[] | null {
  const known = sketches.flatMap((sketch) => (sketch.kind === "exact" ? [sketch.values] : []));
  if (known.length < sketches.length) return null;
  return frequent(known.flat(), Number.POSITIVE_INFINITY).map(({ text, count }) => ({ value: text, count }));
}

function examplesOf(sketches: readonly Sketch[]): SchemaExample[] {
  const exact = valuesOf(sketches.filter(({ kind }) => kind === "exact")) ?? [];
  const some = sketches.flatMap((sketch) => (sketch.kind === "estimate" ? sketch.examples : []));
  return [...exact.slice(0, EXAMPLES), ...some.map((value) => ({ value, count: null }))].slice(0, EXAMPLES);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
