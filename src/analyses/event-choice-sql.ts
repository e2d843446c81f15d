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

/** An event choice with its parts filled in. */
export interface ChosenEvents {
  readonly name: string;
  /** Undefined for `_active` and `_all`. */
  readonly types: readonly string[] | undefined;
  readonly onlyActive: boolean;
  readonly filters: readonly PropertyFilter[];
}

/** Reads `choice`. Throws UsageError if it names no event. */
export function chosenEvents(choice: EventChoice): ChosenEvents {
  const { event, filters = [], name } = typeof choice === "string" ? { event: choice } : choice;
  const types = [event].flat();
  if (types.length === 0) throw new UsageError("An event is an empty list.", "Name at least one event type.");
  const any = types.includes(ALL) || types.includes(ACTIVE);
  return {
    name: name ?? eventsName(types, filters),
    types: any ? undefined : types,
    onlyActive: any && !types.includes(ALL),
    filters,
  };
}

/**
 * True if one event could be meant by both: they share an event type, and no property must be (`is`) one thing here and
 * another there.
 */
export function areAlike(a: ChosenEvents, b: ChosenEvents, inactive: readonly string[]): boolean {
  if (a.types !== undefined && b.types !== undefined) {
    if (!a.types.some((type) => b.types?.includes(type))) return false;
  } else if (a.types !== undefined || b.types !== undefined) {
    const [any, some] = a.types === undefined ? [a, b] : [b, a];
    if (any.onlyActive && (some.types ?? []).every((type) => inactive.includes(type))) return false;
  }
  return !a.filters.some((one) => b.filters.some((other) => excludeEachOther(one, other)));
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
  { types, onlyActive, filters }: ChosenEvents,
  inactive: readonly string[],
  dialect: Dialect,
  used: ColumnsUsed,
): string {
  const type = dialect.identifier(used.add("event_type"));
  const list = (names: readonly string[]): string => names.map(dialect.literal).join(", ");
  const byType =
    types !== undefined
      ? [types.length === 1 ? `${type} = ${list(types)}` : `${type} IN (${list(types)})`]
      : onlyActive && inactive.length > 0
        ? [`${type} NOT IN (${list(inactive)})`]
        : [];
  const conditions = [...byType, filtersSql(filters, dialect, used) ?? []].flat();
  return conditions.length === 0 ? "true" : `(${conditions.join(" AND ")})`;
}
