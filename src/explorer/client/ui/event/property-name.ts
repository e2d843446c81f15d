import { FIELDS } from "../../../../browser.js";

/** Columns whose JSON has properties that filters and columns can name. */
export type PropertySource = "event_properties" | "user_properties" | "group_properties";

const COLUMNS: ReadonlySet<string> = new Set(FIELDS.map(({ name }) => name));

/**
 * The property at `path` as filters and columns write it, and as pickers have it: event properties by their keys alone, unless
 * that is a column's name or begins like one of another place.
 */
export function propertyNamed(source: PropertySource, path: readonly string[]): string {
  const name = path.map(keyText).join(".");
  if (source !== "event_properties") return `${source}.${name}`;
  const isPlain = !COLUMNS.has(name) && !/^(event|user|group)_properties\./.test(name);
  return isPlain ? name : `event_properties.${name}`;
}

function keyText(key: string): string {
  return key === "" || /[."]/.test(key) ? `"${key.replaceAll('"', '""')}"` : key;
}
