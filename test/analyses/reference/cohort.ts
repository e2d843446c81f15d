import type { CohortOptions } from "../../../src/analyses/cohort.js";
import type { CohortDefinition, CohortTime } from "../../../src/analyses/cohort-definition.js";
import { byUser, choiceOf, eventsOfUsers, firstEvents, matches } from "./events.js";
import { passes } from "./filters.js";
import { numbersOf } from "./groups.js";
import type { UserOf } from "./identity.js";
import { pieceAt, pieceBefore } from "./intervals.js";
import type { PlainEvent, Setting } from "./plain-event.js";

/** What is known when a clause is asked of one user. */
interface Known {
  /** All events of the user, in order. */
  readonly own: readonly PlainEvent[];
  /** The first of all. */
  readonly first: PlainEvent;
  readonly user: bigint;
  readonly userOf: UserOf;
  readonly setting: Setting;
  readonly options: CohortOptions;
}

/** The users of the cohort, ascending: each user with an event is asked every clause. Times are ISO to the second, or `2d`. */
export function cohort(
  events: readonly PlainEvent[],
  setting: Setting,
  definition: CohortDefinition,
  options: CohortOptions,
): bigint[] {
  const { all, userOf } = eventsOfUsers(events, setting, options);
  const firsts = firstEvents(events, setting, options);
  return [...byUser(all)]
    .filter(([user, own]) =>
      isOf(definition, { own, first: firsts.get(user)!, user, userOf, setting, options }),
    )
    .map(([user]) => user)
    .sort((a, b) => (a < b ? -1 : 1));
}

function isOf(definition: CohortDefinition, known: Known): boolean {
  if ("all" in definition) return definition.all.every((one) => isOf(one, known));
  if ("any" in definition) return definition.any.some((one) => isOf(one, known));
  if ("not" in definition) return !isOf(definition.not, known);
  if ("cohort" in definition) throw new TypeError("The reference knows no saved cohorts.");
  const { own, user, userOf, options } = known;
  if ("ids" in definition) return definition.ids.some((id) => userOf(BigInt(id)) === user);
  const within = own.filter((event) => isWithin(event, definition, known));
  const active = within.filter((event) => matches(event, choiceOf("_active"), options.inactive));
  if ("new" in definition) return isWithin(known.first, definition, known);
  if ("had" in definition) {
    const asked = definition.at === "last event" ? active.slice(-1) : active;
    return asked.some((event) => passes(event, [definition.had].flat()));
  }
  if ("didNot" in definition) {
    return !within.some((event) => matches(event, choiceOf(definition.didNot), options.inactive));
  }
  const did = within.filter((event) => matches(event, choiceOf(definition.did), options.inactive));
  const { count = "times", atLeast, atMost, exactly } = definition;
  const numbers = typeof count === "object" ? did.flatMap((event) => numbersOf(event, count.sum)) : [];
  if (did.length === 0 || (typeof count === "object" && numbers.length === 0)) return false;
  const days = new Set(did.map(({ event_time }) => pieceAt(event_time, "day", options).label));
  const amount =
    typeof count === "object" ? numbers.reduce((a, b) => a + b) : count === "days" ? days.size : did.length;
  if (atLeast === undefined && atMost === undefined && exactly === undefined) return amount >= 1;
  return (
    (atLeast === undefined || amount >= atLeast) &&
    (atMost === undefined || amount <= atMost) &&
    (exactly === undefined || amount === exactly)
  );
}

function isWithin({ event_time }: PlainEvent, { from, to, last }: CohortTime, known: Known): boolean {
  const { setting, options } = known;
  if (event_time >= setting.dataUntil) return false;
  if (from !== undefined || to !== undefined) {
    const [first, second] = [from, to].map((end) => BigInt(Date.parse(String(end))) * 1000n);
    return event_time >= first! && event_time < second! + 1_000_000n;
  }
  const days = Number(/^(\d+)d$/.exec(last ?? "30d")![1]);
  const today = pieceAt(setting.dataUntil - 1n, "day", options);
  return event_time >= pieceBefore(today, days - 1, "day", options).from;
}
