import type { EventChoice } from "../../../src/analyses/event-choice.js";
import type { PropertyFilter } from "../../../src/analyses/filter.js";
import { eventsName } from "../../../src/analyses/filter-text.js";
import type { AnalysisOptions, Segment } from "../../../src/analyses/options.js";
import { passes } from "./filters.js";
import { byCodePoints } from "./groups.js";
import { identified, type UserOf } from "./identity.js";
import type { PlainEvent, Setting } from "./plain-event.js";

/** An event, and the user whose it is. */
export interface UserEvent {
  readonly user: bigint;
  readonly event: PlainEvent;
}

/** What counts of the data: no event after its end; by time, then uuid. */
export function eventsOfUsers(
  events: readonly PlainEvent[],
  setting: Setting,
  options: AnalysisOptions,
): { readonly all: readonly UserEvent[]; readonly userOf: UserOf } {
  const userOf = identified([...events, ...(setting.hidden ?? [])], options.identity);
  const all = events
    .filter(({ event_time }) => event_time < setting.dataUntil)
    .sort((a, b) =>
      a.event_time === b.event_time ? byCodePoints(a.uuid, b.uuid) : a.event_time < b.event_time ? -1 : 1,
    )
    .map((event) => ({ user: userOf(event.amplitude_id), event }));
  return { all, userOf };
}

/** The first event of all of each user, also of those that are left out. */
export function firstEvents(
  events: readonly PlainEvent[],
  { hidden = [], ...setting }: Setting,
  options: AnalysisOptions,
): ReadonlyMap<bigint, PlainEvent> {
  const first = new Map<bigint, PlainEvent>();
  for (const { user, event } of eventsOfUsers([...events, ...hidden], setting, options).all)
    if (!first.has(user)) first.set(user, event);
  return first;
}

/** The events of each user, in their order. */
export function byUser(all: readonly UserEvent[]): ReadonlyMap<bigint, readonly PlainEvent[]> {
  const users = new Map<bigint, PlainEvent[]>();
  for (const { user, event } of all) users.set(user, [...(users.get(user) ?? []), event]);
  return users;
}

/** An event choice in its longest form. */
export interface Choice {
  readonly types: readonly string[];
  readonly filters: readonly PropertyFilter[];
  readonly name: string;
}

export function choiceOf(choice: EventChoice): Choice {
  if (typeof choice === "string") return { types: [choice], filters: [], name: choice };
  const types = typeof choice.event === "string" ? [choice.event] : choice.event;
  const filters = choice.filters ?? [];
  return { types, filters, name: choice.name ?? eventsName(types, filters) };
}

/** Whether an event is one of those meant. */
export function matches(
  event: PlainEvent,
  choice: Choice,
  inactive: AnalysisOptions["inactive"] = [],
): boolean {
  if (typeof inactive === "string")
    throw new TypeError("The reference takes a list of inactive events, no file.");
  const ofType = choice.types.some(
    (type) =>
      type === "_all" ||
      type === event.event_type ||
      (type === "_active" && !inactive.includes(event.event_type)),
  );
  return ofType && passes(event, choice.filters);
}

/** The segments in the order given; `all` without. */
export function segmentsOf(options: AnalysisOptions): readonly (readonly [string, Segment])[] {
  return options.segments === undefined ? [["all", {}]] : Object.entries(options.segments);
}

/** Whether the event is of a segment: its user of the cohort, and its own values as the filters want. */
export function inSegment({ user, event }: UserEvent, segment: Segment, userOf: UserOf): boolean {
  return inCohort(user, segment, userOf) && passes(event, segment.filters);
}

/** Whether the user is of the cohort that the segment names. A cohort given by ids means the users whose ids they are. */
export function inCohort(user: bigint, segment: Segment, userOf: UserOf): boolean {
  if (segment.cohort === undefined) return true;
  if (typeof segment.cohort === "string")
    throw new TypeError("The reference takes cohorts as ids, not by name.");
  return segment.cohort.some((id) => userOf(BigInt(id)) === user);
}

/** The properties to group by. */
export function groupingOf(groupBy: string | readonly string[] | undefined): readonly string[] {
  return groupBy === undefined ? [] : typeof groupBy === "string" ? [groupBy] : groupBy;
}

/** The columns of a row's groups. */
export function groupColumns<G extends string>(
  groupBy: readonly string[],
  groups: readonly string[],
): { readonly [K in G]: string } {
  return Object.fromEntries(groupBy.map((property, i) => [property, groups[i]])) as { [K in G]: string };
}
