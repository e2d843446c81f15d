import type { EventChoice } from "../../../src/analyses/event-choice.js";
import type { FunnelOptions, FunnelRow } from "../../../src/analyses/funnel.js";
import type { Segment } from "../../../src/analyses/options.js";
import { type Attempt, Attempts, doneTimes, funnelTime } from "./attempts.js";
import {
  byUser,
  type Choice,
  choiceOf,
  eventsOfUsers,
  groupColumns,
  groupingOf,
  inCohort,
  matches,
  segmentsOf,
} from "./events.js";
import { passes } from "./filters.js";
import { byGroups, groupsOf, valuesOf } from "./groups.js";
import { pieceAt, piecesOf } from "./intervals.js";
import { percentile, ratio, sum } from "./measures.js";
import type { PlainEvent, Setting } from "./plain-event.js";

/** Who came how far: one attempt that counts, of a user (or a user with a value) in a segment and interval. */
export interface FunnelUser {
  readonly segment: string;
  readonly user: bigint;
  /** The value that is held constant. */
  readonly value: string | null;
  /** With `interval`: the label of the interval of the entry. */
  readonly time: string | null;
  /** The combinations of groups that it counts in. */
  readonly groups: readonly (readonly string[])[];
  /** When it came to each step that it came to: microseconds, floored to the resolution. */
  readonly steps: Attempt;
}

/** How many came to each step. */
export function funnel<G extends string = never>(
  events: readonly PlainEvent[],
  setting: Setting,
  steps: readonly EventChoice[],
  options: FunnelOptions<G> = {},
): FunnelRow<G>[] {
  const counted = funnelUsers(events, setting, steps, options);
  const grouping = groupingOf(options.groupBy);
  const times =
    options.interval === undefined
      ? [null]
      : piecesOf(setting.from, setting.until, options.interval, options).map(({ label }) => label);
  return segmentsOf(options).flatMap(([segment]) => {
    const ofSegment = counted.filter((user) => user.segment === segment);
    return groupsIn(ofSegment, grouping).flatMap((groups) =>
      times.flatMap((time) => {
        const here = ofSegment.filter((user) => user.time === time && isOf(user, groups));
        return rowsOf(
          here.map((user) => user.steps),
          steps.map(choiceOf),
        ).map((row): FunnelRow<G> => ({ time, segment, ...row, ...groupColumns<G>(grouping, groups) }));
      }),
    );
  });
}

/** Which attempts count. */
export function funnelUsers(
  events: readonly PlainEvent[],
  setting: Setting,
  steps: readonly EventChoice[],
  options: FunnelOptions<string> = {},
): FunnelUser[] {
  const { all, userOf } = eventsOfUsers(events, setting, options);
  const choices = steps.map(choiceOf);
  return segmentsOf(options).flatMap(([name, segment]) =>
    [...byUser(all)]
      .filter(([user]) => inCohort(user, segment, userOf))
      .flatMap(([user, own]) =>
        valuesHeld(own, options.holdConstant).flatMap((value) => {
          const looked = own.filter((event) => holdsValue(event, options.holdConstant, value));
          return attemptsOf(looked, setting, choices, segment, options).map(({ attempt, time, entry }) => ({
            ...{ segment: name, user, value, time, steps: attempt },
            groups: groupsOfEntry(entry, value, options),
          }));
        }),
      ),
  );
}

/** A session_id of -1 says that there was no session. */
function valuesHeld(events: readonly PlainEvent[], property: string | undefined): readonly (string | null)[] {
  if (property === undefined) return [null];
  const values = new Set(events.flatMap((event) => valuesOf(event, property)));
  if (property === "session_id") values.delete("-1");
  return [...values];
}

function holdsValue(event: PlainEvent, property: string | undefined, value: string | null): boolean {
  return property === undefined || value === null || valuesOf(event, property).includes(value);
}

function attemptsOf(
  events: readonly PlainEvent[],
  setting: Setting,
  steps: readonly Choice[],
  segment: Segment,
  options: FunnelOptions<string>,
): { readonly attempt: Attempt; readonly time: string | null; readonly entry: PlainEvent }[] {
  const [first] = steps;
  if (first === undefined) return [];
  const entering = events.filter(
    (event) =>
      event.event_time >= setting.from &&
      event.event_time < setting.until &&
      matches(event, first, options.inactive) &&
      passes(event, segment.filters),
  );
  const attempts = new Attempts(events, steps, options);
  const timesOf = (some: readonly PlainEvent[]) => [
    ...new Set(some.map((event) => funnelTime(event, options))),
  ];
  const intervalOf = (event: PlainEvent) =>
    options.interval === undefined ? null : pieceAt(event.event_time, options.interval, options).label;
  const intervals = [...new Set(entering.map(intervalOf))];
  const found =
    options.count === "totals"
      ? attempts.each(timesOf(entering))
      : intervals
          .map((time) => attempts.best(timesOf(entering.filter((event) => intervalOf(event) === time))))
          .filter((attempt) => attempt !== undefined);
  return found.flatMap((attempt) => {
    const entry = entering.find((event) => funnelTime(event, options) === attempt[0]);
    return entry === undefined ? [] : [{ attempt, time: intervalOf(entry), entry }];
  });
}

/** Of a property that is held constant the value that is. */
function groupsOfEntry(
  entry: PlainEvent,
  value: string | null,
  options: FunnelOptions<string>,
): readonly (readonly string[])[] {
  let combinations: string[][] = [[]];
  for (const property of groupingOf(options.groupBy)) {
    const groups = property === options.holdConstant && value !== null ? [value] : groupsOf(entry, property);
    combinations = combinations.flatMap((start) => [...new Set(groups)].map((group) => [...start, group]));
  }
  return combinations;
}

function isOf(user: FunnelUser, groups: readonly string[]): boolean {
  return user.groups.some((other) => byGroups(other, groups) === 0);
}

/** Those that most entered with first, then by name. Without grouping a single one, though nobody entered. */
function groupsIn(users: readonly FunnelUser[], grouping: readonly string[]): readonly (readonly string[])[] {
  if (grouping.length === 0) return [[]];
  const all = new Map(
    users.flatMap(({ groups }) => groups.map((one) => [JSON.stringify(one), one] as const)),
  );
  const entered = (groups: readonly string[]) => users.filter((user) => isOf(user, groups)).length;
  return [...all.values()].sort((a, b) => entered(b) - entered(a) || byGroups(a, b));
}

type Counted = Omit<FunnelRow, "time" | "segment">;

function rowsOf(attempts: readonly Attempt[], steps: readonly Choice[]): Counted[] {
  const reached = (step: number) => attempts.filter((attempt) => attempt.length >= step);
  return steps.map(({ name }, i): Counted => {
    const [users, before] = [reached(i + 1).length, reached(i).length];
    const seconds = reached(i + 1).map((attempt) => {
      const done = doneTimes(attempt);
      return Number((done[i] ?? 0n) - (done[i - 1] ?? 0n)) / 1e6;
    });
    return {
      step: i + 1,
      event: name,
      users,
      conversion: ratio(users, reached(1).length),
      stepConversion: i === 0 ? 1 : ratio(users, before),
      droppedOff: i === 0 ? 0 : before - users,
      medianSeconds: i === 0 ? null : percentile(seconds, 0.5),
      averageSeconds: i === 0 ? null : ratio(sum(seconds), seconds.length),
    };
  });
}
