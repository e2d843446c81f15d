import type { FilterValue, PropertyFilter } from "../../../src/analyses/filter.js";
import { numberOf, valuesOf } from "./groups.js";
import type { PlainEvent } from "./plain-event.js";

/** Whether all filters hold for the event. */
export function passes(event: PlainEvent, filters: readonly PropertyFilter[] | undefined): boolean {
  return (filters ?? []).every((filter) => holds(event, filter));
}

/** Whether one filter holds for the event. */
export function holds(event: PlainEvent, filter: PropertyFilter): boolean {
  const items = valuesOf(event, filter.property);
  const wanted = valuesOfFilter(filter);
  switch (filter.op ?? "is") {
    case "set is":
      return isSet(items, wanted);
    case "set is not":
      return !isSet(items, wanted);
    case "set contains":
      return wanted.filter(isValue).every((value) => items.some((item) => equal(item, value)));
    case "set does not contain":
      return !wanted.some((value) => items.some((item) => equal(item, value)));
  }
  // Of a list each item is looked at; a missing value is looked at as null.
  const candidates: readonly (string | null)[] = items.length === 0 ? [null] : items;
  return candidates.some((item) => itemHolds(item, filter, wanted));
}

function itemHolds(item: string | null, filter: PropertyFilter, wanted: readonly FilterValue[]): boolean {
  switch (filter.op ?? "is") {
    case "is":
      return wanted.some((value) => equal(item, value));
    case "is not":
      return !wanted.some((value) => equal(item, value));
    case "contains":
      return wanted.some((value) => contains(item, value));
    case "does not contain":
      return !wanted.some((value) => contains(item, value));
    case "starts with":
      return wanted.some((value) => startsWith(item, value));
    case "does not start with":
      return !wanted.some((value) => startsWith(item, value));
    case "less":
      return wanted.some((value) => compared(item, value, (a, b) => a < b));
    case "less or equal":
      return wanted.some((value) => compared(item, value, (a, b) => a <= b));
    case "greater":
      return wanted.some((value) => compared(item, value, (a, b) => a > b));
    case "greater or equal":
      return wanted.some((value) => compared(item, value, (a, b) => a >= b));
    case "glob match":
      return wanted.some((value) => globMatches(item, value));
    case "glob does not match":
      return !wanted.some((value) => globMatches(item, value));
    default:
      throw new TypeError(`No reference for the operator ${filter.op}.`);
  }
}

/** The values of a filter; `(none)` if it gives none. */
export function valuesOfFilter(filter: PropertyFilter): readonly FilterValue[] {
  if (filter.value === undefined || filter.value === null) return [null];
  return typeof filter.value === "object" ? filter.value : [filter.value];
}

function isValue(value: FilterValue): boolean {
  return value !== null;
}

function equal(item: string | null, value: FilterValue): boolean {
  if (item === null || value === null) return item === value;
  if (item === String(value)) return true;
  return typeof value === "number" && numberOf(item) === value;
}

function contains(item: string | null, value: FilterValue): boolean {
  return item !== null && value !== null && item.toLowerCase().includes(String(value).toLowerCase());
}

function startsWith(item: string | null, value: FilterValue): boolean {
  return item !== null && value !== null && item.toLowerCase().startsWith(String(value).toLowerCase());
}

function compared(item: string | null, value: FilterValue, test: (a: number, b: number) => boolean): boolean {
  if (item === null || value === null) return false;
  const [a, b] = [numberOf(item), typeof value === "number" ? value : numberOf(String(value))];
  return a !== undefined && b !== undefined && test(a, b);
}

/** The same items, however often and in whatever order. */
function isSet(items: readonly string[], wanted: readonly FilterValue[]): boolean {
  const values = wanted.filter(isValue);
  return (
    items.every((item) => values.some((value) => equal(item, value))) &&
    values.every((value) => items.some((item) => equal(item, value)))
  );
}

function globMatches(item: string | null, value: FilterValue): boolean {
  return item !== null && value !== null && globPattern(String(value)).test(item);
}

/** A `[` without its `]`, or with nothing in it, is a character like others. */
function globPattern(glob: string): RegExp {
  const pattern = glob.replace(/\*\*|\*|\?|\[(!?)([^\]]+)\]|[\s\S]/gu, (piece, not, set) => {
    if (piece === "**") return "[^]*";
    if (piece === "*") return "[^/]*";
    if (piece === "?") return "[^]";
    if (set !== undefined) return `[${not === "!" ? "^" : ""}${set.replace(/[\\^[]/g, "\\$&")}]`;
    return piece.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  });
  return new RegExp(`^${pattern}$`, "u");
}
