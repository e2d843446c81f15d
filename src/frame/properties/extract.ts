import { firstGroupsSql, identifier, jsonPathOf, literal } from "../../engine/sql-text.js";
import type { JsonColumn } from "../event-row.js";
import type { Property } from "./property.js";

/** JSON objects from which properties are taken, and the properties. */
export interface Extraction<P extends Property> {
  /** The JSON of an event's objects, in SQL. */
  readonly source: string;
  readonly properties: readonly P[];
  /** Where the properties lie in it, in their order. */
  readonly paths: readonly string[];
}

/** `properties` by the JSON object that they are taken from, in order of first occurrence. */
export function extractionsOf<P extends Property>(properties: readonly P[]): Extraction<P>[] {
  const bySource = new Map<string, { properties: P[]; paths: string[] }>();
  for (const property of properties) {
    const { source, at } = placeOf(property);
    const held = bySource.get(source) ?? { properties: [], paths: [] };
    bySource.set(source, held);
    held.properties.push(property);
    held.paths.push(at);
  }
  return [...bySource].map(([source, held]) => ({ source, ...held }));
}

/** The list, in SQL, of what `fn` (`json_type`, `json_extract` …) gives for every property; nulls if there is no JSON. */
export function extract(fn: string, { source, paths }: Extraction<Property>): string {
  const nothing = paths.map(() => "NULL").join(", ");
  return `coalesce(${fn}(${source}, [${paths.map(literal).join(", ")}]), [${nothing}])`;
}

/**
 * The JSON objects of a column, in SQL, as paths lead through them: in `group_properties` an object for each group stands
 * between the group's type and its properties, and the first of each type takes its place.
 */
export function objectsOf(column: JsonColumn, json = identifier(column)): string {
  return column === "group_properties" ? firstGroupsSql(json) : json;
}

/** Where a property is taken from: as `objectsOf` has it, but for the group's type alone, since this runs for each event. */
function placeOf({ column, path }: Property): { source: string; at: string } {
  const [type, ...rest] = path;
  if (column !== "group_properties" || type === undefined || rest.length === 0) {
    return { source: identifier(column), at: jsonPathOf(path) };
  }
  const groups = `json_extract(${identifier(column)}, ${literal(jsonPathOf([type]))})`;
  return { source: `json_extract(${groups}, '$.*')[1]`, at: jsonPathOf(rest) };
}
