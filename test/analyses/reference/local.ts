import type { EventChoice } from "../../../src/analyses/event-choice.js";
import type { AnalysisInterval, AnalysisOptions } from "../../../src/analyses/options.js";
import {
  choiceOf,
  eventsOfUsers,
  groupColumns,
  groupingOf,
  inSegment,
  matches,
  segmentsOf as named,
  type UserEvent,
} from "./events.js";
import { byGroups, combinationsOf } from "./groups.js";
import type { UserOf } from "./identity.js";
import { type Piece, pieceAt, piecesOf as piecesBetween } from "./intervals.js";
import type { PlainEvent, Setting } from "./plain-event.js";

export { firstEvents } from "./events.js";
export { byCodePoints as byText } from "./groups.js";
export type { Piece } from "./intervals.js";

export const DAY = 86_400_000_000n;

/** An event with the time by which charts count it, and its user. */
export interface Done extends UserEvent {
  readonly at: bigint;
  readonly userOf: UserOf;
}

/** What counts of the data, in the order of `event_time`, then `uuid`. */
export function inOrder(events: readonly PlainEvent[], setting: Setting, options: AnalysisOptions): Done[] {
  const { all, userOf } = eventsOfUsers(events, setting, options);
  return all.map(({ user, event }) => ({ at: event.event_time, user, event, userOf }));
}

export function isActive({ event }: Done, { inactive = [] }: AnalysisOptions): boolean {
  return !inactive.includes(event.event_type);
}

export function fitsChoice({ event }: Done, choice: EventChoice, { inactive }: AnalysisOptions): boolean {
  return matches(event, choiceOf(choice), inactive);
}

export function nameOf(choice: EventChoice): string {
  return choiceOf(choice).name;
}

export interface PlainSegment {
  readonly name: string;
  fits(done: Done): boolean;
}

export function segmentsOf(options: AnalysisOptions): PlainSegment[] {
  return named(options).map(([name, segment]) => ({
    name,
    fits: (done) => inSegment(done, segment, done.userOf),
  }));
}

/** A group: the texts of the properties by which events are told apart. */
export type Group<G extends string> = { readonly [K in G]: string };

/** The groups that an event is in: one, or with a list one for each different item. */
function groupsOf({ event }: Done, groupBy: string | readonly string[] | undefined): string[][] {
  const all = combinationsOf(event, groupingOf(groupBy));
  return [...new Map(all.map((groups) => [JSON.stringify(groups), groups])).values()];
}

/** All groups of these events, in the order of their texts; without `groupBy` the one that all events are in. */
export function allGroups<G extends string>(
  all: readonly Done[],
  groupBy: G | readonly G[] | undefined,
): Group<G>[] {
  if (groupingOf(groupBy).length === 0) return [{} as Group<G>];
  const groups = new Map<string, string[]>();
  for (const done of all) {
    for (const group of groupsOf(done, groupBy)) groups.set(JSON.stringify(group), group);
  }
  return [...groups.values()].sort(byGroups).map((group) => groupColumns<G>(groupingOf(groupBy), group));
}

export function isIn<G extends string>(
  done: Done,
  group: Group<G>,
  groupBy: G | readonly G[] | undefined,
): boolean {
  const wanted = (groupingOf(groupBy) as G[]).map((property) => group[property]);
  return groupsOf(done, groupBy).some((each) => byGroups(each, wanted) === 0);
}

export function usersOf(all: readonly Done[]): Set<bigint> {
  return new Set(all.map(({ user }) => user));
}

export function inRange({ at }: Pick<Done, "at">, { from, until }: { from: bigint; until: bigint }): boolean {
  return at >= from && at < until;
}

/** The interval that the instant is in. */
export function pieceOf(at: bigint, interval: AnalysisInterval, options: AnalysisOptions): Piece {
  return pieceAt(at, interval, options);
}

/** The intervals that the range touches. */
export function piecesOf(
  { from, until }: { from: bigint; until: bigint },
  interval: AnalysisInterval,
  options: AnalysisOptions,
): Piece[] {
  return piecesBetween(from, until, interval, options);
}

/** Whether an interval is not wholly within the data and the range. */
export function isIncomplete({ from, until }: Piece, setting: Setting): boolean {
  return from < setting.from || from < setting.dataFrom || until > setting.until || until > setting.dataUntil;
}

export function dateOf(at: bigint): Date {
  return new Date(Number(at / 1000n));
}

/** `30s`, `15m`, `6h`, `1d`, `2w` in microseconds. */
export function durationOf(text: string): bigint {
  const [, number = "", unit = ""] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  const units: Record<string, bigint> = {
    s: 1_000_000n,
    m: 60_000_000n,
    h: 3_600_000_000n,
    d: DAY,
    w: 7n * DAY,
  };
  return BigInt(number) * units[unit]!;
}

/** Whether a row that begins then may take users for new who are not. */
export function isCensored(from: bigint, { dataFrom }: Setting, history = "30d"): boolean {
  return durationOf(history) > 0n && from < dataFrom + durationOf(history);
}
