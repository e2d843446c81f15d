import { isList, isObject, JsonNumber, type JsonText, readJson, textOf } from "./json-text.js";
import type { PlainEvent } from "./plain-event.js";

/** The group of events that have no value. */
export const NONE = "(none)";

const COLUMNS = [
  "uuid",
  "event_type",
  "amplitude_id",
  "user_id",
  "device_id",
  "session_id",
  "platform",
  "country",
] as const;
const JSON_COLUMNS = ["event_properties", "user_properties"] as const;

/** The values of a property at an event, each item of a list for itself, as text; none if it is not there, null or an empty list. */
export function valuesOf(event: PlainEvent, property: string): readonly string[] {
  const value = valueAt(event, property);
  if (value === undefined || value === null) return [];
  return (isList(value) ? value : [value]).filter((item) => item !== null).map(textOf);
}

/** As `valuesOf`, but `(none)` in place of no value. */
export function groupsOf(event: PlainEvent, property: string): readonly string[] {
  const values = valuesOf(event, property);
  return values.length === 0 ? [NONE] : values;
}

/** Every combination of the values of several properties; one empty one without properties. */
export function combinationsOf(event: PlainEvent, properties: readonly string[]): readonly string[][] {
  let combinations: string[][] = [[]];
  for (const property of properties) {
    combinations = combinations.flatMap((start) =>
      groupsOf(event, property).map((group) => [...start, group]),
    );
  }
  return combinations;
}

/** The numbers among the values: JSON numbers, and texts written as JSON writes numbers. */
export function numbersOf(event: PlainEvent, property: string): readonly number[] {
  return valuesOf(event, property).flatMap((text) => numberOf(text) ?? []);
}

export function numberOf(text: string): number | undefined {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

/** The number that a property is, or null; a number in a text is none, nor is one in a list. */
export function jsonNumberOf(event: PlainEvent, property: string): number | null {
  const value = valueAt(event, property);
  return value instanceof JsonNumber ? Number(value.text) : null;
}

function valueAt(event: PlainEvent, property: string): JsonText | undefined {
  const column = COLUMNS.find((name) => name === property);
  if (column !== undefined) {
    const value = event[column];
    return value === null ? null : String(value);
  }
  for (const name of JSON_COLUMNS) {
    if (property.startsWith(`${name}.`))
      return inside(readJson(event[name]), property.slice(name.length + 1));
  }
  return inside(readJson(event.event_properties), property);
}

/** `a.b` is the key `a.b`, or else `b` inside the object `a`; `"a.b"` only the key. */
function inside(value: JsonText | undefined, path: string): JsonText | undefined {
  if (!isObject(value)) return undefined;
  const quoted = /^"((?:[^"]|"")*)"(?:\.(.+))?$/s.exec(path);
  if (quoted !== null) {
    const member = own(value, (quoted[1] ?? "").replaceAll('""', '"'));
    return quoted[2] === undefined ? member : inside(member, quoted[2]);
  }
  const whole = own(value, path);
  if (whole !== undefined) return whole;
  const dot = path.indexOf(".");
  return dot === -1 ? undefined : inside(own(value, path.slice(0, dot)), path.slice(dot + 1));
}

function own(object: { readonly [key: string]: JsonText }, key: string): JsonText | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Names in ascending order of their characters' code points. */
export function byCodePoints(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Combinations of groups: by the first, then the next. */
export function byGroups(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = byCodePoints(a[i] ?? "", b[i] ?? "");
    if (difference !== 0) return difference;
  }
  return 0;
}
