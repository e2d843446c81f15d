import type { ColumnType } from "../../engine/column-type.js";

/**
 * What a property's values are, as they stand in the JSON. `int53` are integers that every double holds (to 2^53),
 * `int64` those to 2^63, `integer` larger ones, `double` other numbers, `number` those beyond a double's range, `time`
 * texts that are an instant with a time zone (`2025-07-01T16:34:54.837Z`), `text` all others.
 */
export const KINDS = [
  "boolean",
  "int53",
  "int64",
  "integer",
  "double",
  "number",
  "time",
  "text",
  "list",
  "object",
  "null",
] as const;
export type PropertyKind = (typeof KINDS)[number];

/** How many values of each kind a property has. */
export type KindCounts = Partial<Record<PropertyKind, number>>;

// An instant of RFC 3339 whose digits a timestamp in microseconds keeps, of the years 1000 to 9999; the offset also as ISO 8601
// has it, without the colon or the minutes. DuckDB's cast takes more: an hour 24, an offset of +99:99.
const HOUR = "([01][0-9]|2[0-3])";
const INSTANT = `[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}[T ]${HOUR}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?(Z|[+-]${HOUR}(:?[0-5][0-9])?)`;

/** SQL for the kind of a value whose JSON type is `type` (as DuckDB's `json_type` says it) and whose text is `text`. `as` writes a kind. */
export function kindSql(
  type: string,
  text: string,
  as: (kind: PropertyKind) => string = (kind) => `'${kind}'`,
): string {
  return `CASE ${type}
    WHEN 'VARCHAR' THEN CASE WHEN ${text} >= '1' AND ${text} < ':' AND regexp_full_match(${text}, '${INSTANT}') AND try_cast(${text} AS TIMESTAMPTZ) IS NOT NULL
      THEN ${as("time")} ELSE ${as("text")} END
    WHEN 'BOOLEAN' THEN ${as("boolean")}
    WHEN 'BIGINT' THEN CASE WHEN try_cast(${text} AS BIGINT) >= -9007199254740992 THEN ${as("int53")} ELSE ${as("int64")} END
    WHEN 'UBIGINT' THEN CASE WHEN try_cast(${text} AS BIGINT) <= 9007199254740992 THEN ${as("int53")}
      WHEN try_cast(${text} AS BIGINT) IS NULL THEN ${as("integer")} ELSE ${as("int64")} END
    WHEN 'DOUBLE' THEN CASE WHEN regexp_full_match(${text}, '-?[0-9]+') THEN ${as("integer")}
      WHEN isfinite(try_cast(${text} AS DOUBLE)) THEN ${as("double")} ELSE ${as("number")} END
    WHEN 'ARRAY' THEN ${as("list")}
    WHEN 'OBJECT' THEN ${as("object")}
    ELSE ${as("null")} END`;
}

/**
 * The type of a column that holds all these values exactly: boolean, int64, double, timestamp, text, a list of one of
 * them, or json. Integers beside other numbers are double while all are within 2^53. Where kinds differ otherwise the
 * column is text, with numbers and true and false as JSON writes them; where an object or a list is among them, json.
 * `items` are the kinds of what is in lists.
 */
export function typeOfKinds(counts: KindCounts, items: KindCounts = {}): ColumnType {
  const kinds = KINDS.filter((kind) => kind !== "null" && (counts[kind] ?? 0) > 0);
  if (kinds.includes("object")) return { kind: "json" };
  if (kinds.includes("list")) {
    const flat = kinds.length === 1 && !items.list && !items.object;
    return flat ? { kind: "list", item: typeOfKinds(items) } : { kind: "json" };
  }
  const only = (...among: PropertyKind[]) => kinds.length > 0 && kinds.every((kind) => among.includes(kind));
  if (only("boolean")) return { kind: "boolean" };
  if (only("int53", "int64")) return { kind: "int64" };
  if (only("int53", "double")) return { kind: "double" };
  if (only("time")) return { kind: "timestamp" };
  return { kind: "text" };
}

/** True if the values are of several kinds that one JSON type does not cover. */
export function drifts(counts: KindCounts): boolean {
  const groups = new Set(
    KINDS.filter((kind) => kind !== "null" && (counts[kind] ?? 0) > 0).map((kind) => GROUPS[kind]),
  );
  return groups.size > 1;
}

const GROUPS: Readonly<Record<PropertyKind, string>> = {
  boolean: "boolean",
  int53: "number",
  int64: "number",
  integer: "number",
  double: "number",
  number: "number",
  time: "text",
  text: "text",
  list: "list",
  object: "object",
  null: "null",
};

/** The JSON type of a kind: boolean, number, text, list, object or null. */
export function groupOf(kind: PropertyKind): string {
  return GROUPS[kind];
}

/** `a` and `b` added up. */
export function addKinds(a: KindCounts, b: KindCounts): KindCounts {
  const sum: KindCounts = { ...a };
  for (const kind of KINDS) if (b[kind]) sum[kind] = (sum[kind] ?? 0) + b[kind];
  return sum;
}
