import type { EventChoice } from "../../../src/analyses/event-choice.js";
import type { Segment } from "../../../src/analyses/options.js";
import type { RetentionOptions, RetentionRow } from "../../../src/analyses/retention.js";
import {
  byUser,
  choiceOf,
  eventsOfUsers,
  firstEvents,
  groupColumns,
  groupingOf,
  inCohort,
  matches,
  segmentsOf,
} from "./events.js";
import { passes } from "./filters.js";
import { byGroups, combinationsOf } from "./groups.js";
import { type Calendar, dayNumber, hourFloor, type Piece, pieceAt, piecesOf } from "./intervals.js";
import { ratio } from "./measures.js";
import type { PlainEvent, Setting } from "./plain-event.js";

const HOUR = 3_600_000_000n;
const DAYS = { day: 1, week: 7, month: 30 } as const;
const LAST_INTERVAL = { day: 30, week: 12, month: 12 } as const;

/** The cells of each segment: first all cohorts together, then each cohort. */
export function retention<G extends string = never>(
  events: readonly PlainEvent[],
  setting: Setting,
  options: RetentionOptions<G> = {},
): RetentionRow<G>[] {
  const { all, userOf } = eventsOfUsers(events, setting, options);
  const interval = options.interval ?? "day";
  const brackets = bracketsOf(options);
  const firsts = firstEvents(events, setting, options);
  const cohorts = piecesOf(setting.from, setting.until, interval, options);
  return segmentsOf(options).flatMap(([name, segment]) => {
    const users = [...byUser(all)]
      .filter(([user]) => inCohort(user, segment, userOf))
      .map(([user, own]) => ({ own, starts: startsOf(own, firsts.get(user), setting, segment, options) }));
    const properties = groupingOf(options.groupBy);
    const groupsOfUser = ({ starts }: (typeof users)[number]) =>
      starts.flatMap((start) => combinationsOf(start, properties));
    const counts = new Map<string, number>();
    for (const user of users) {
      for (const key of new Set(groupsOfUser(user).map((group) => JSON.stringify(group))))
        counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const groups =
      properties.length === 0
        ? [[]]
        : [...counts]
            .map(([key, count]) => ({ group: JSON.parse(key) as string[], count }))
            .sort((a, b) => b.count - a.count || byGroups(a.group, b.group))
            .map(({ group }) => group);
    return groups.flatMap((group) => {
      const cells = cohorts.flatMap((cohort) => {
        const members = users
          .map(({ own, starts }) => {
            const ofGroup = starts.filter((start) =>
              combinationsOf(start, properties).some((one) => byGroups(one, group) === 0),
            );
            return {
              own,
              starts: ofGroup.map(({ event_time }) => event_time).filter((at) => isIn(at, cohort)),
            };
          })
          .filter(({ starts }) => starts.length > 0);
        return brackets.map((bracket, i): Cell => {
          const returned = members.filter(({ own, starts }) =>
            starts.some((start) =>
              returnsOf(own, options).some((back) => isBack(start, back, bracket, options)),
            ),
          );
          return {
            ...{ cohort: cohort.label, interval: i },
            incomplete: endOf(cohort, bracket, setting, options) > setting.dataUntil,
            ...{ users: members.map(({ own }) => own), returned: returned.map(({ own }) => own) },
          };
        });
      });
      return [...brackets.map((_bracket, i) => overall(cells, i)), ...cells].map(
        (cell): RetentionRow<G> => ({ ...rowOf(cell, name), ...groupColumns<G>(properties, group) }),
      );
    });
  });
}

/** A row before its users are counted; a user is the events that are theirs. */
interface Cell extends Pick<RetentionRow, "cohort" | "interval" | "incomplete"> {
  readonly users: readonly (readonly PlainEvent[])[];
  readonly returned: readonly (readonly PlainEvent[])[];
}

/** Of the cells that are complete, each user once. */
function overall(cells: readonly Cell[], interval: number): Cell {
  const complete = cells.filter((cell) => cell.interval === interval && !cell.incomplete);
  return {
    ...{ cohort: null, interval, incomplete: false },
    users: [...new Set(complete.flatMap(({ users }) => users))],
    returned: [...new Set(complete.flatMap(({ returned }) => returned))],
  };
}

function rowOf({ cohort, interval, incomplete, users, returned }: Cell, segment: string): RetentionRow {
  return {
    ...{ cohort, segment, interval, users: users.length, returned: returned.length },
    ...{ rate: ratio(returned.length, users.length), incomplete },
  };
}

/** From the first to the last interval, both included. The last of `on or after` has no end. */
type Bracket = readonly [number, number];

function bracketsOf(options: RetentionOptions<string>): readonly Bracket[] {
  if (options.brackets !== undefined) return options.brackets;
  const last = options.intervals ?? LAST_INTERVAL[options.interval ?? "day"];
  return Array.from({ length: last + 1 }, (_, i): Bracket => [i, i]);
}

/** The events with which a user began, in the range. */
function startsOf(
  own: readonly PlainEvent[],
  first: PlainEvent | undefined,
  setting: Setting,
  segment: Segment,
  options: RetentionOptions<string>,
): PlainEvent[] {
  const start = choiceOf(options.start ?? "_new");
  const begun = start.types.includes("_new")
    ? newAt(own, first, segment, start.filters, options)
    : own.filter((event) => matches(event, start, options.inactive) && passes(event, segment.filters));
  return begun.filter(({ event_time }) => event_time >= setting.from && event_time < setting.until);
}

/** The first event of all, if filters hold for an event of the hour, day or interval in which it was. */
function newAt(
  own: readonly PlainEvent[],
  first: PlainEvent | undefined,
  segment: Segment,
  filters: Parameters<typeof passes>[1],
  options: RetentionOptions<string>,
): PlainEvent[] {
  if (first === undefined) return [];
  const interval = options.interval ?? "day";
  const frame = options.mode === "calendar" ? interval : interval === "day" ? "hour" : "day";
  const piece = pieceAt(first.event_time, frame, options);
  const meanwhile = own.filter((event) => isIn(event.event_time, piece));
  return meanwhile.some((event) => passes(event, segment.filters) && passes(event, filters)) ? [first] : [];
}

function returnsOf(own: readonly PlainEvent[], options: RetentionOptions<string>): bigint[] {
  const choice: EventChoice = options.return ?? "_active";
  return own
    .filter((event) => matches(event, choiceOf(choice), options.inactive))
    .map((event) => event.event_time);
}

function isBack(
  start: bigint,
  back: bigint,
  [first, last]: Bracket,
  options: RetentionOptions<string>,
): boolean {
  const later = intervalsBetween(start, back, options);
  return later >= first && (options.method === "on or after" || later <= last);
}

/** In which interval since the start a return is; below 0 before it. */
export function intervalsBetween(start: bigint, back: bigint, options: RetentionOptions<string>): number {
  const interval = options.interval ?? "day";
  if (options.mode === "calendar") return calendarIntervals(start, back, interval, options);
  if (interval === "day") {
    return Math.floor(Number((hourFloor(back, options) - hourFloor(start, options)) / HOUR) / 24);
  }
  return Math.floor((dayNumber(back, options) - dayNumber(start, options)) / DAYS[interval]);
}

function calendarIntervals(
  start: bigint,
  back: bigint,
  interval: keyof typeof DAYS,
  calendar: Calendar,
): number {
  const [from, to] = [pieceAt(start, interval, calendar).from, pieceAt(back, interval, calendar).from];
  if (to < from) return -1;
  return piecesOf(from, to, interval, calendar).length;
}

/** When the bracket is over for those of the cohort who may have begun last. */
function endOf(
  cohort: Piece,
  [, last]: Bracket,
  setting: Setting,
  options: RetentionOptions<string>,
): bigint {
  const interval = options.interval ?? "day";
  const lastStart = (cohort.until < setting.until ? cohort.until : setting.until) - 1n;
  if (options.mode === "calendar") return after(cohort, last, interval, options).until;
  if (interval === "day") return hourFloor(lastStart, options) + BigInt(24 * (last + 1)) * HOUR;
  const lastDay = pieceAt(lastStart, "day", options);
  return after(lastDay, DAYS[interval] * (last + 1), "day", options).from;
}

/** The interval so many after. */
function after(piece: Piece, count: number, interval: keyof typeof DAYS, calendar: Calendar): Piece {
  let found = piece;
  for (let i = 0; i < count; i++) found = pieceAt(found.until, interval, calendar);
  return found;
}

function isIn(time: bigint, { from, until }: Piece): boolean {
  return time >= from && time < until;
}
