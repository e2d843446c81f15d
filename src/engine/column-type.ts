/** Kinds of a column that need no parameters. */
export type ScalarKind =
  | "text"
  | "json"
  | "boolean"
  | "int32"
  | "int64"
  | "uint64"
  | "int128"
  | "double"
  | "timestamp"
  | "date"
  | "time"
  | "interval"
  | "uuid"
  | "blob"
  | "null";

/**
 * The type of a result's column, in our own words, so that no other file knows the query engine's.
 * How each kind arrives as a value is told at {@link Value}.
 */
export type ColumnType =
  | { readonly kind: ScalarKind }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "list"; readonly item: ColumnType }
  | { readonly kind: "struct"; readonly fields: readonly Column[] }
  | { readonly kind: "map"; readonly key: ColumnType; readonly value: ColumnType };

/** A column of a result: its name and type. Names need not be unique in what a person's SQL returns. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/**
 * One exact value. `text`, `json` (the text as it is), `time`, `interval` and `uuid` are strings, `decimal` is a
 * string with all its digits (`"1.50"`), `int32` and `double` are numbers, `int64`, `uint64` and `int128` are
 * bigints, `timestamp` is a bigint of microseconds since 1970 UTC, `date` is a number of days since 1970,
 * `blob` is bytes, a list is an array, a struct an object, a map an array of `[key, value]`.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [name: string]: Value };

/** The type in a few letters, as a table's head shows it: `int64`, `decimal(10,2)`, `list<text>`. */
export function typeName(type: ColumnType): string {
  switch (type.kind) {
    case "decimal":
      return `decimal(${type.precision},${type.scale})`;
    case "list":
      return `list<${typeName(type.item)}>`;
    case "struct":
      return `struct<${type.fields.map((f) => `${f.name}: ${typeName(f.type)}`).join(", ")}>`;
    case "map":
      return `map<${typeName(type.key)}, ${typeName(type.value)}>`;
    default:
      return type.kind;
  }
}
