import type { Dialect } from "../engine/dialect.js";
import { UsageError } from "../errors/index.js";
import type { ColumnsUsed } from "./columns-used.js";
import type { EventChoice } from "./event-choice.js";
import type { FilterValue, PropertyFilter } from "./filter.js";
import { filtersSql } from "./filter-sql.js";
import { eventsName } from "./filter-text.js";

/** Any event that is not marked inactive, in Amplitude's own word. */
export const ACTIVE = "_active";
/** Any event. */
export const ALL = "_all";
/** The first event of all of a user, which only retention starts with. */
export const NEW = "_new";

/** An event choice with its parts filled in. */
export interface ChosenEvents {
  readonly name: string;
  /** The types that are named. */
  readonly types: readonly string[];
  /** Whether all events are meant beside them, or all that are active. */
  readonly others: "all" | "active" | undefined;
  readonly filters: readonly PropertyFilter[];
}

/** Reads `choice`. Throws UsageError if it names no event, or new users. */
export function chosenEvents(choice: EventChoice): ChosenEvents {
  const { event, filters = [], name } = typeof choice === "string" ? { event: choice } : choice;
  const types = [event].flat();
  if (types.length === 0) throw new UsageError("An event is an empty list.", "Name at least one event type.");
  if (types.includes(NEW)) {
    throw new UsageError(
      types.length > 1
        ? `${NEW} is in a list with ${types.filter((one) => one !== NEW).join(", ")}.`
        : `${NEW} is given as an event.`,
      `${NEW} is each user's first event of all: only retention starts with it, and with it alone. activeUsers counts new users.`,
    );
  }
  return {
    name: name ?? eventsName(types, filters),
    types: types.filter((type) => type !== ALL && type !== ACTIVE),
    others: types.includes(ALL) ? "all" : types.includes(ACTIVE) ? "active" : undefined,
    filters,
  };
}

/** Reads what retention starts with; of `_new` any event is a start that fits the filters. Throws UsageError. */
export function startEvents(choice: EventChoice): { readonly start: ChosenEvents; readonly isNew: boolean } {
  const { event, filters = [], name } = typeof choice === "string" ? { event: choice } : choice;
  const types = [event].flat();
  if (types.length !== 1 || types[0] !== NEW) return { start: chosenEvents(choice), isNew: false };
  const any = { event: ALL, filters, name: name ?? eventsName([NEW], filters) };
  return { start: chosenEvents(any), isNew: true };
}

/**
 * True if one event could be meant by both: they share an event type, and no property must be (`is`) one thing here and
 * another there.
 */
export function areAlike(a: ChosenEvents, b: ChosenEvents, inactive: readonly string[]): boolean {
  const meansOneOf = ({ types, others }: ChosenEvents, named: readonly string[]): boolean =>
    named.some((type) => types.includes(type) || (others === "active" && !inactive.includes(type)));
  const shared =
    [a.others, b.others].includes("all") ||
    (a.others !== undefined && b.others !== undefined) ||
    meansOneOf(a, b.types) ||
    meansOneOf(b, a.types);
  return shared && !a.filters.some((one) => b.filters.some((other) => excludeEachOther(one, other)));
}

function excludeEachOther(a: PropertyFilter, b: PropertyFilter): boolean {
  if (a.property !== b.property || (a.op ?? "is") !== "is" || (b.op ?? "is") !== "is") return false;
  const others = [b.value ?? null].flat();
  return ![a.value ?? null].flat().some((one) => others.some((other) => mayEqual(one, other)));
}

/** As texts or as numbers, `1` and `"1.0"`. */
function mayEqual(a: FilterValue, b: FilterValue): boolean {
  if (a === null || b === null) return a === b;
  return String(a) === String(b) || Number(a) === Number(b);
}

/** The condition that an event is meant; never null. */
export function chosenSql(
  { types, others, filters }: ChosenEvents,
  inactive: readonly string[],
  dialect: Dialect,
  used: ColumnsUsed,
): string {
  const type = dialect.identifier(used.add("event_type"));
  const list = (names: readonly string[]): string => names.map(dialect.literal).join(", ");
  const left = inactive.filter((name) => !types.includes(name));
  const byType =
    others === undefined
      ? [types.length === 1 ? `${type} = ${list(types)}` : `${type} IN (${list(types)})`]
      : others === "active" && left.length > 0
        ? [`${type} NOT IN (${list(left)})`]
        : [];
  const conditions = [...byType, filtersSql(filters, dialect, used) ?? []].flat();
  return conditions.length === 0 ? "true" : `(${conditions.join(" AND ")})`;
}
