import { FIELDS } from "../event.js";
import { nearestName } from "../frame/nearest-name.js";
import { propertyName } from "../frame/properties/property.js";
import type { KnownProperty } from "../frame/schema/known-names.js";
import { didYouMean, type UnknownName } from "../frame/unknown-name.js";
import type { Named } from "./named.js";
import { COLUMNS } from "./property-sql.js";

/** So many values are named where none is near. */
const MOST_SHOWN = 5;

/** A property that no event has; `properties` are some that events have. */
export function unknownProperty(
  { name, of }: Named,
  properties: readonly KnownProperty[],
  when: string,
): UnknownName {
  const near = nearestProperty(name, of, properties);
  return {
    ...{ kind: "property", name, of: of ?? null, nearest: near },
    text: `${whose(of)} a value of ${name}${when}. ${hintOf(name, near, properties)}`,
  };
}

/**
 * A value that no event has, where some have `values`, the most frequent first. Undefined if none of them is spelt like it,
 * unless `isToBeTold` nevertheless.
 */
export function unknownValue(
  { name, of, value }: Extract<Named, { readonly kind: "value" }>,
  values: readonly string[],
  when: string,
  isToBeTold: boolean,
): UnknownName | undefined {
  const text = String(value);
  const nearest = nearestValue(text, values) ?? null;
  if (nearest === null && !isToBeTold) return undefined;
  const quoted = values.slice(0, MOST_SHOWN).map((one) => JSON.stringify(one));
  const others =
    quoted.length === 0
      ? []
      : [`Its values: ${quoted.join(", ")}${values.length > quoted.length ? ", …" : "."}`];
  const hint = nearest === null ? others : [didYouMean(nearest)];
  const shown = typeof value === "string" ? JSON.stringify(value) : text;
  return {
    ...{ kind: "value", name, value: text, of: of ?? null, nearest },
    text: [`${whose(of)} ${name} ${shown}${when}.`, ...hint].join(" "),
  };
}

/** A column of Amplitude's own that has the name of a property, which may have been meant; undefined if there is none. */
export function takenName(name: string, properties: readonly KnownProperty[]): UnknownName | undefined {
  const nearest = nearestProperty(name, undefined, properties);
  if (nearest === null) return undefined;
  const meaning = FIELDS.find((field) => field.name === name)?.meaning;
  return {
    ...{ kind: "property", name, of: null, nearest },
    text: `${name} is a column of Amplitude's own: ${meaning}. The property of that name is ${nearest}.`,
  };
}

function whose(of: readonly string[] | undefined): string {
  if (of === undefined || of.length === 0) return "No event has";
  return `No ${of.map((one) => JSON.stringify(one)).join(" or ")} event has`;
}

/** The same in another case, else one that is spelt like it; texts of three letters or fewer are spelt like no other. */
function nearestValue(value: string, values: readonly string[]): string | undefined {
  const lower = value.toLowerCase();
  const same = values.find((one) => one.toLowerCase() === lower);
  return (
    same ??
    (value.length > 3
      ? nearestName(
          value,
          values.filter((one) => one.length > 3),
        )
      : undefined)
  );
}

function hintOf(name: string, nearest: string | null, properties: readonly KnownProperty[]): string {
  const own = properties.filter((one) => shortName(one) === name && one.event !== null);
  const others = [...new Set(own.map(({ event }) => JSON.stringify(event)))];
  const shown = others.length > 3 ? [...others.slice(0, 3), `${others.length - 3} others`] : others;
  if (shown.length > 0) return `It is a property of ${shown.join(", ")}.`;
  return nearest === null ? "`ampframe schema` lists the properties." : didYouMean(nearest);
}

/** Of these events first, then of users and groups, columns, and other events. */
function nearestProperty(
  name: string,
  of: readonly string[] | undefined,
  properties: readonly KnownProperty[],
): string | null {
  const namesOf = (some: readonly KnownProperty[]): string[] => [...new Set(some.map(shortName))];
  const elsewhere = properties.find((one) => one.path.join(".") === name && shortName(one) !== name);
  if (elsewhere !== undefined) return shortName(elsewhere);
  if (COLUMNS.has(name)) return null;
  const columns = [...COLUMNS.keys()].filter((column) => !name.startsWith(`${column}.`));
  const lists = [namesOf(properties.filter((one) => isOf(one, of))), columns, namesOf(properties)];
  const short = name.replace(/^event_properties\./, "");
  for (const names of lists) {
    const nearest = nearestName(short, names);
    if (nearest !== undefined && nearest !== name) return nearest;
  }
  return null;
}

/** As filters take it. */
function shortName(property: KnownProperty): string {
  const full = propertyName(property);
  const short = full.slice("event_properties.".length);
  return property.column === "event_properties" && !COLUMNS.has(short) ? short : full;
}

/** Whether events of these types have it; of any without `of`. */
export function isOf({ event }: KnownProperty, of: readonly string[] | undefined): boolean {
  return event === null || of === undefined || of.includes(event);
}
