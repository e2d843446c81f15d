import type { Dialect } from "../engine/dialect.js";
import { type ColumnName, FIELDS } from "../event.js";
import { type Property, propertiesNamed } from "../frame/properties/property.js";
import type { ColumnsUsed } from "./columns-used.js";

/** A property, or a column of the events, in SQL. */
export interface PropertySql {
  /** Its text; null where there is none. Of a list: its JSON. */
  readonly text: string;
  /** True if it is a list; undefined if it never is. */
  readonly isList: string | undefined;
  /** Its texts: of a list its items', else its own. Empty where there is none. */
  readonly texts: string;
  /** Its text, or `(none)`. */
  readonly group: string;
  /** The same of a list's items, as a list; undefined if it never is a list. */
  readonly groups: string | undefined;
}

/** What stands for a property that is not there, in groups and charts: Amplitude's own word. */
export const NONE = "(none)";

const DOUBLES: ReadonlySet<string> = new Set(
  FIELDS.flatMap(({ name, kind }) => (kind === "double" ? [name] : [])),
);

/** The columns of the events, by their names. */
export const COLUMNS: ReadonlyMap<string, ColumnName> = new Map(FIELDS.map(({ name }) => [name, name]));

/**
 * The property that `name` means, as `PropertyFilter.property` has it. `derive` gives the column in which what it is given is
 * kept: JSON is then read once an event. `isNumber`: only which number its text holds matters. Throws UsageError if the name
 * cannot be read.
 */
export function propertySql(
  name: string,
  dialect: Dialect,
  used: ColumnsUsed,
  derive: (sql: string) => string = (sql) => sql,
  isNumber = false,
): PropertySql {
  const column = COLUMNS.get(name);
  if (column !== undefined) {
    const value = dialect.identifier(used.add(column));
    return ofColumn(dialect.text(value, DOUBLES.has(column) ? "double" : undefined), dialect);
  }
  const places = propertiesNamed(name);
  const promoted = places.length === 1 ? used.promotedAs(places[0]!, isNumber) : undefined;
  if (promoted !== undefined) {
    const value = dialect.identifier(promoted.as);
    const { type } = promoted;
    if (type === "text") return ofColumn(value, dialect);
    return ofColumn(dialect.text(value, type === "double" ? "double" : undefined), dialect);
  }
  const found = places.map((property) => {
    const place = placeOf(property, dialect, used);
    return { ...place, text: derive(place.text) };
  });
  const text = coalesce(found.map(({ text }) => text));
  // Of several places that a name with dots may mean, only the one that has a value counts.
  const isList = found
    .map(({ text, json, path }, i) =>
      [
        ...found.slice(0, i).map((earlier) => `${earlier.text} IS NULL`),
        dialect.isJsonArray(json, path, text),
      ].join(" AND "),
    )
    .map((condition) => `(${condition})`)
    .join(" OR ");
  const items = dialect.filledItems(dialect.jsonItems(text));
  const itself = dialect.list([text]);
  const none = dialect.literal(NONE);
  return {
    text,
    isList: `(${isList})`,
    texts: `CASE WHEN ${isList} THEN ${items} WHEN ${text} IS NOT NULL THEN ${itself} END`,
    group: `coalesce(${text}, ${none})`,
    groups: `CASE WHEN ${isList} THEN ${dialect.filledOr(items, none)} ELSE ${dialect.list([`coalesce(${text}, ${none})`])} END`,
  };
}

/** Of a column that never is a list. */
function ofColumn(text: string, dialect: Dialect): PropertySql {
  const none = `coalesce(${text}, ${dialect.literal(NONE)})`;
  const texts = `CASE WHEN ${text} IS NULL THEN ${dialect.emptyTexts} ELSE ${dialect.list([text])} END`;
  return { text, isList: undefined, texts, group: none, groups: undefined };
}

function placeOf({ column, path }: Property, dialect: Dialect, used: ColumnsUsed) {
  const raw = dialect.identifier(used.add(column));
  const json = column === "group_properties" ? dialect.firstGroups(raw) : raw;
  return { json, path, text: dialect.jsonText(json, path) };
}

function coalesce(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `coalesce(${values.join(", ")})`;
}
