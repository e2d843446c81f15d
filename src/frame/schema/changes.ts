import { groupOf, type PropertyKind } from "../properties/kinds.js";
import { EVENT_PROPERTIES, propertyName } from "../properties/property.js";
import type { EventProfile, KindProfile, Profile, PropertyProfile } from "./profile.js";
import type { SchemaChange } from "./schema-types.js";

/**
 * How often something must have been expected, at the rate at which it occurs while it does, before its absence counts
 * as a change: absent by chance it is then less than once in a hundred times.
 */
const EXPECTED = 5;

/** The day of `ms` (milliseconds since 1970), UTC: `2026-11-23`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Events of the days from `from` to `to`, both included. */
export function eventsWithin(days: Readonly<Record<string, number>>, from: string, to: string): number {
  return Object.entries(days).reduce(
    (sum, [day, count]) => (day >= from && day <= to ? sum + count : sum),
    0,
  );
}

/** What is new, gone and retyped, by day; of `only` these event types, if it is given. */
export function changesIn(profile: Profile, only: ReadonlySet<string> | undefined): SchemaChange[] {
  const all: Record<string, number> = {};
  for (const { days } of profile.events) {
    for (const [day, count] of Object.entries(days)) all[day] = (all[day] ?? 0) + count;
  }
  const byName = new Map(profile.events.map((event) => [event.name, event]));
  const changes = [
    ...profile.events
      .filter(({ name }) => !only || only.has(name))
      .flatMap((event) => presence({ event: event.name, property: null }, event, countIn(event), all)),
    ...profile.properties.flatMap((property) =>
      propertyChanges(property, byName.get(property.event ?? ""), all),
    ),
  ];
  return changes.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}

const countIn = ({ days }: EventProfile) => eventsWithin(days, "", "~");

function propertyChanges(
  property: PropertyProfile,
  event: EventProfile | undefined,
  all: Readonly<Record<string, number>>,
): SchemaChange[] {
  const full = propertyName(property);
  const name = property.column === EVENT_PROPERTIES ? full.slice(EVENT_PROPERTIES.length + 1) : full;
  const subject = { event: property.event, property: name };
  const profiles = Object.values(property.kinds);
  const times = {
    first: Math.min(...profiles.map(({ first }) => first)),
    last: Math.max(...profiles.map(({ last }) => last)),
  };
  const count = profiles.reduce((sum, each) => sum + each.count, 0);
  return [...presence(subject, times, count, event?.days ?? all), ...retyped(subject, property)];
}

type Subject = Pick<SchemaChange, "event" | "property">;

/** `days` are the events among which the subject, which has `count` of them from `first` to `last`, could be. */
function presence(
  subject: Subject,
  { first, last }: { readonly first: number; readonly last: number },
  count: number,
  days: Readonly<Record<string, number>>,
): SchemaChange[] {
  const [from, to] = [dayOf(first), dayOf(last)];
  const rate = count / Math.max(1, eventsWithin(days, from, to));
  const before = eventsWithin(days, "", from) - eventsWithin(days, from, from);
  const after = eventsWithin(days, to, "~") - eventsWithin(days, to, to);
  const none = { from: null, to: null };
  return [
    ...(before * rate >= EXPECTED ? [{ day: from, change: "new" as const, ...subject, ...none }] : []),
    ...(after * rate >= EXPECTED ? [{ day: to, change: "gone" as const, ...subject, ...none }] : []),
  ];
}

/** A change for each day on which a JSON type begins that was not there from the first. */
function retyped(subject: Subject, { kinds }: PropertyProfile): SchemaChange[] {
  const groups = new Map<string, { first: string; last: string }>();
  for (const [kind, { first, last }] of Object.entries(kinds) as [PropertyKind, KindProfile][]) {
    if (kind === "null") continue;
    const known = groups.get(groupOf(kind));
    const [from, to] = [dayOf(first), dayOf(last)];
    groups.set(groupOf(kind), {
      first: known && known.first < from ? known.first : from,
      last: known && known.last > to ? known.last : to,
    });
  }
  const named = [...groups].map(([name, times]) => ({ name, ...times }));
  const start = named.map(({ first }) => first).sort()[0];
  const days = [...new Set(named.map(({ first }) => first))].filter((day) => day !== start).sort();
  const list = (those: readonly { readonly name: string }[]) =>
    those
      .map(({ name }) => name)
      .sort()
      .join(", ");
  return days.map((day) => ({
    ...{ day, change: "retyped" as const, ...subject },
    from: list(named.filter(({ first }) => first < day)),
    to: list(named.filter(({ first, last }) => first <= day && last >= day)),
  }));
}
