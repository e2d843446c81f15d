import { type ColumnType, typeName } from "../../engine/column-type.js";
import { PROJECTION_FIELDS } from "../../engine/lake-view.js";
import { identifier, pathList } from "../../engine/sql-text.js";
import { forced, isWhole, type PropertyColumn, propertySelects, typed, withProperties } from "./columns.js";
import { extract, extractionsOf } from "./extract.js";
import { hasKind, type KindMask, maskSql } from "./kind-mask.js";
import type { PropertyKind } from "./kinds.js";
import { type Property, propertyName } from "./property.js";

/** A property as a projection keeps it: the type of its column there, and the kinds that occur in that file. */
export interface StoredProperty extends Property {
  readonly type: ColumnType;
  readonly kinds: KindMask;
  /** Types in which all its texts are kept as well, since each holds a number. */
  readonly also?: readonly NumberType[] | undefined;
}

/** Types of numbers that text may be asked in. */
export type NumberType = "int64" | "double";
const NUMBER_TYPES: readonly NumberType[] = ["int64", "double"];

/** Numbers, or texts that may be numbers, among these kinds. */
const NUMBERS: readonly PropertyKind[] = ["int53", "int64", "integer", "double"];

/** The types in which a projection keeps the texts of a property as well, as far as they hold one. */
export function numberTypes({ type, kinds }: StoredProperty): readonly NumberType[] {
  if (type.kind !== "text" || !NUMBERS.some((kind) => hasKind(kinds, kind))) return [];
  return hasKind(kinds, "double") ? ["double"] : NUMBER_TYPES;
}

/** Name, in a projection, of the column of values of its property number `index`. */
export function valueName(index: number): string {
  return `value ${index}`;
}

/** Name, in a projection, of the column of the same values in another type. */
export function numberName(type: NumberType, index: number): string {
  return `${type} ${index}`;
}

/** Names of all columns that a projection may have for the values of property number `index`. */
export function valueNames(index: number): string[] {
  return [valueName(index), ...NUMBER_TYPES.map((type) => numberName(type, index))];
}

/** Name, in a projection, of the column with the kind of each such value, as a mask. */
export function kindName(index: number): string {
  return `kind ${index}`;
}

const TYPES = "property types";
const TEXTS = "property texts";

/**
 * A SELECT of what the projection of the data file at `path` holds. `properties` must hold all its values; with those of
 * the whole lake the projections of all files have the same columns.
 */
export function projectionSql(path: string, properties: readonly StoredProperty[]): string {
  const columns = properties.map(
    ({ column, path, type }, i): PropertyColumn => ({
      name: valueName(i),
      column,
      path,
      type,
      forced: false,
    }),
  );
  const file = `read_parquet(${pathList(path)}, hive_partitioning = false)`;
  const extractions = extractionsOf(properties);
  const lists = (fn: string) => extractions.map((each) => extract(fn, each)).join(" || ");
  const order = extractions.flatMap((each) => each.properties);
  const source = `(SELECT *, ${lists("json_type")} AS ${identifier(TYPES)},
    ${lists("json_extract_string")} AS ${identifier(TEXTS)} FROM ${file})`;
  const kinds = properties.map((property, i) => {
    const { kinds } = property;
    const [type, text] = [TYPES, TEXTS].map((name) => `${identifier(name)}[${order.indexOf(property) + 1}]`);
    return `${maskSql(type!, text!, hasKind(kinds, "list"))} AS ${identifier(kindName(i))}`;
  });
  const selects = [...PROJECTION_FIELDS.map(identifier), ...propertySelects(columns), ...kinds];
  const numbers = properties.flatMap((property, i) =>
    numberTypes(property).map(
      (type) => `, ${numberIn(identifier(valueName(i)), type)} AS ${identifier(numberName(type, i))}`,
    ),
  );
  return `SELECT *${numbers.join("")} FROM (SELECT ${selects.join(", ")} FROM ${withProperties(source, columns)})`;
}

/** For each property the types of numbers that all its texts in the projection at `path` hold: a SELECT of lists. */
export function numbersSql(path: string, properties: readonly StoredProperty[]): string {
  const lists = properties.map((property, i) => {
    const whole = numberTypes(property).map(
      (type) =>
        `CASE WHEN count(${identifier(valueName(i))}) = count(${identifier(numberName(type, i))}) THEN '${type}' END`,
    );
    return `list_filter([${whole.join(", ")}]::VARCHAR[], lambda x: x IS NOT NULL)`;
  });
  return `SELECT ${lists.join(", ")} FROM read_parquet(${pathList(path)}, hive_partitioning = false)`;
}

/** What `forced` gives, or null where that fails. */
function numberIn(text: string, type: NumberType): string {
  if (type === "double") return `try_cast(${text} AS DOUBLE)`;
  return `try_cast(CASE WHEN ${isWhole(text)} THEN ${text} END AS BIGINT)`;
}

/**
 * SQL for the values of `wanted` by what a projection has as `stored`, its property number `index`. It gives the very values
 * that reading the JSON gives, for all rows of which the type of `wanted` was found; undefined if none can.
 */
export function storedValue(
  stored: StoredProperty,
  wanted: PropertyColumn,
  index: number,
): string | undefined {
  const value = identifier(valueName(index));
  const [has, want] = [stored.type, wanted.type];
  if (typeName(has) === typeName(want)) return value;
  if (has.kind === "text") {
    const number = wanted.forced ? stored.also?.find((type) => type === want.kind) : undefined;
    if (number) return identifier(numberName(number, index));
    if (FROM_TEXT.has(want.kind)) return wanted.forced ? forced(value, wanted) : typed(value, want);
  }
  if (has.kind === "int64" && want.kind === "double") return `${value}::DOUBLE`;
  if (has.kind === "double" && want.kind === "int64" && !wanted.forced) return `try_cast(${value} AS BIGINT)`;
  if (stored.kinds > 0) return undefined;
  return `CAST(${typed("NULL::VARCHAR", want)} AS ${SQL[want.kind] ?? `${itemSql(want)}[]`})`;
}

const FROM_TEXT: ReadonlySet<string> = new Set(["boolean", "int64", "double", "timestamp"]);
const SQL: Readonly<Record<string, string>> = {
  boolean: "BOOLEAN",
  int64: "BIGINT",
  double: "DOUBLE",
  timestamp: "TIMESTAMP",
  text: "VARCHAR",
  json: "VARCHAR",
};

function itemSql(type: ColumnType): string {
  return type.kind === "list" ? (SQL[type.item.kind] ?? "VARCHAR") : "VARCHAR";
}

/** True if both are one property. */
export function sameProperty(a: Property, b: Property): boolean {
  return propertyName(a) === propertyName(b);
}
