import type { FilterValue, PropertyFilter } from "../../../src/analyses/filter.js";
import type { Choice } from "./events.js";
import { valuesOfFilter } from "./filters.js";

/**
 * Whether one event could be meant by both choices: they share an event type, and there is no property that must be (`is`) one
 * thing here and another there.
 */
export function alike(a: Choice, b: Choice, inactive: readonly string[]): boolean {
  const shared = a.types.some((one) => b.types.some((other) => sameType(one, other, inactive)));
  return shared && !a.filters.some((one) => b.filters.some((other) => excludeEachOther(one, other)));
}

function sameType(a: string, b: string, inactive: readonly string[]): boolean {
  if (a === "_all" || b === "_all" || a === b) return true;
  if (a === "_active") return !inactive.includes(b);
  return b === "_active" && !inactive.includes(a);
}

function excludeEachOther(a: PropertyFilter, b: PropertyFilter): boolean {
  if (a.property !== b.property || (a.op ?? "is") !== "is" || (b.op ?? "is") !== "is") return false;
  return !valuesOfFilter(a).some((one) => valuesOfFilter(b).some((other) => sameValue(one, other)));
}

/** As texts or as numbers, `1` and `"1.0"`. */
function sameValue(a: FilterValue, b: FilterValue): boolean {
  if (a === null || b === null) return a === b;
  return String(a) === String(b) || Number(a) === Number(b);
}
