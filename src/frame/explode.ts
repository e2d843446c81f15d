import type { Column } from "../engine/column-type.js";
import { identifier, literal } from "../engine/sql-text.js";
import { columnOfKind, type Derivation } from "./derivation.js";

/** A row for each item: of the list in column `C`, or of the JSON array that is its property `P`. JSON stays text. */
export type Exploded<Row, C extends keyof Row & string, P extends string = C> = Omit<Row, P> & {
  [K in P]: K extends C ? ItemOf<Row[C]> : string | null;
};

type ItemOf<T> = (T extends readonly (infer Item)[] ? Item : T) | null;

const LISTS: ReadonlySet<string> = new Set(["list", "json", "text"]);

/**
 * A row for each item of `column`'s lists or JSON arrays, all other columns repeated. Null and the empty list give
 * one row with null, and JSON that is no array one row with itself, as pandas has it. Throws UsageError.
 */
export function exploding(columns: readonly Column[], column: string): Derivation {
  const { type } = columnOfKind(columns, column, LISTS, "a list or JSON");
  const name = identifier(column);
  const items =
    type.kind === "list"
      ? `CASE WHEN len(${name}) > 0 THEN ${name} ELSE [NULL] END`
      : `CASE WHEN NOT coalesce(json_valid(${name}), false) OR json_type(${name}) <> 'ARRAY' THEN [nullif(${name}::VARCHAR, 'null')]
    WHEN json_array_length(${name}) > 0 THEN list_transform(json_extract(${name}, '$[*]'), lambda item: nullif(item::VARCHAR, 'null'))
    ELSE [NULL] END`;
  const item: Column["type"] = type.kind === "list" ? type.item : { kind: "json" };
  return {
    schema: columns.map((before) => (before.name === column ? { name: column, type: item } : before)),
    sql: (source) => `SELECT * REPLACE (unnest(${items}) AS ${name}) FROM ${source}`,
  };
}

/** The same, after `property` of the JSON in `column` has become a column of that name behind the others. */
export function explodingProperty(columns: readonly Column[], column: string, property: string): Derivation {
  columnOfKind(columns, column, LISTS, "JSON");
  const taken: Column = { name: property, type: { kind: "json" } };
  const others = columns.filter(({ name }) => name !== property);
  const inner = exploding([...others, taken], property);
  const path = literal(`$.${JSON.stringify(property)}`);
  const replaced = others.length < columns.length ? ` EXCLUDE (${identifier(property)})` : "";
  return {
    schema: inner.schema,
    sql: (source) =>
      inner.sql(
        `(SELECT *${replaced}, json_extract(${identifier(column)}, ${path})::VARCHAR AS ${identifier(property)} FROM ${source})`,
      ),
  };
}
