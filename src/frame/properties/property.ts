import { UsageError } from "../../errors/index.js";
import { isJsonColumn, type JsonColumn } from "../event-row.js";

/**
 * A property: the column of JSON objects in which it lies, and the keys that lead to it, from the outside in. In
 * `group_properties` the first key is the group's type and the second a property: the group's name is left out, and of
 * several groups of one type the first is meant.
 */
export interface Property {
  readonly column: JsonColumn;
  readonly path: readonly string[];
}

/** Where a property lies if its name does not say. */
export const EVENT_PROPERTIES = "event_properties" satisfies JsonColumn;

/**
 * The name that says all: the column, then each key after a dot: `event_properties.address.city`. A key that is empty or
 * has a dot or a double quote in it stands in double quotes, with its own doubled: `user_properties."lifetime.value"`.
 */
export function propertyName({ column, path }: Property): string {
  return [column, ...path.map(keyText)].join(".");
}

/** A name that means this property and no other: every key in double quotes. */
export function quotedName({ column, path }: Property): string {
  return [column, ...path.map((key) => `"${key.replaceAll('"', '""')}"`)].join(".");
}

function keyText(key: string): string {
  return key === "" || /[."]/.test(key) ? `"${key.replaceAll('"', '""')}"` : key;
}

/**
 * The properties that a name may mean, the likeliest first. `price` is an event property, `user_properties.plan` one of
 * the column before the first dot. Dots lead into objects, but since keys may have dots as well, `a.b` may mean the key
 * `a.b` too, unless quotes say where a key ends: `"a.b"`. Throws UsageError if the name cannot be read.
 */
export function propertiesNamed(name: string): readonly Property[] {
  const keys = keysOf(name);
  const [first, ...rest] = keys;
  if (first === undefined) throw new UsageError("A property's name is empty.", "Name it as its key: price.");
  if (!first.quoted && rest.length > 0 && isJsonColumn(first.text)) {
    const column = first.text;
    return joinings(rest).map((path) => ({ column, path }));
  }
  return joinings(keys).map((path) => ({ column: EVENT_PROPERTIES, path }));
}

interface Key {
  readonly text: string;
  readonly quoted: boolean;
}

function keysOf(name: string): Key[] {
  const keys: Key[] = [];
  let rest = name;
  while (rest !== "" || keys.length === 0) {
    const quoted = /^"((?:[^"]|"")*)"(\.(?=.)|$)/s.exec(rest);
    const bare = /^([^.]+)(\.(?=.)|$)/s.exec(rest);
    const found = rest.startsWith('"') ? quoted : bare;
    if (!found) throw unreadable(name);
    const [all, text = ""] = found;
    keys.push(quoted ? { text: text.replaceAll('""', '"'), quoted: true } : { text, quoted: false });
    rest = rest.slice(all.length);
  }
  return keys;
}

function unreadable(name: string): UsageError {
  return new UsageError(
    `The property's name ${JSON.stringify(name)} cannot be read: a key is empty, or a quote is not closed.`,
    'Put a key that is empty or has a dot or a quote in it in double quotes, and double its own: "a.b".',
  );
}

/** More keys than these are taken as they stand: their joinings would be too many. */
const MOST_JOINED = 5;

/** The paths that `keys` may mean: as they stand first, then with neighbours that are not quoted joined by dots. */
function joinings(keys: readonly Key[]): string[][] {
  const [first, ...rest] = keys;
  if (first === undefined) return [[]];
  if (keys.length > MOST_JOINED) return [keys.map(({ text }) => text)];
  const paths = joinings(rest).map((path) => [first.text, ...path]);
  const [second, ...others] = rest;
  if (second === undefined || first.quoted || second.quoted) return paths;
  const joined = { text: `${first.text}.${second.text}`, quoted: false };
  const more = joinings([joined, ...others]);
  return [...paths, ...more].sort((a, b) => b.length - a.length);
}
