import type { Selection } from "../../../api.js";
import { changeSelection, selection } from "../../state/selection.js";

type Filter = NonNullable<Selection["filters"]>[number];
/** A value that can be filtered by; null is `(none)`. */
export type FilterBy = string | number | boolean | null;

/** Shows only events that have this value. */
export function onlyThis(property: string, value: FilterBy): void {
  changeSelection(withOnly(selection.get(), property, value));
}

/** Shows no events that have this value. */
export function withoutThis(property: string, value: FilterBy): void {
  changeSelection(withoutValue(selection.get(), property, value));
}

/** What changes of a selection if only one value of a property is to be in it. */
export function withOnly(now: Selection, property: string, value: FilterBy): Partial<Selection> {
  if (property === "event_type" && typeof value === "string") return { events: [value] };
  const others = (now.filters ?? []).filter((one) => one.property !== property || !isPlain(one));
  return { filters: [...others, { property, op: "is", value }] };
}

/** What changes of a selection if a value of a property is not to be in it. */
export function withoutValue(now: Selection, property: string, value: FilterBy): Partial<Selection> {
  if (property === "event_type" && now.events !== undefined && now.events.length > 1) {
    return { events: now.events.filter((event) => event !== value) };
  }
  const filters = now.filters ?? [];
  const before = filters.find((one) => one.property === property && one.op === "is not");
  if (before === undefined) return { filters: [...filters, { property, op: "is not", value }] };
  const values = [before.value ?? null].flat();
  const more = { ...before, value: values.includes(value) ? values : [...values, value] };
  return { filters: filters.map((one) => (one === before ? more : one)) };
}

function isPlain({ op = "is" }: Filter): boolean {
  return op === "is" || op === "is not";
}
