import type { Dialect } from "../engine/dialect.js";
import { UsageError } from "../errors/index.js";
import { unknownName } from "../frame/selection.js";
import type { ColumnsUsed } from "./columns-used.js";
import type { FilterOperator, FilterValue, PropertyFilter } from "./filter.js";
import { FILTER_OPERATORS } from "./filter-operators.js";
import { globPattern } from "./glob.js";
import { type PropertySql, propertySql } from "./property-sql.js";

/** Whether one text matches one value. */
type Match = (text: string, value: string | number | boolean, dialect: Dialect) => string;

const MATCHES = {
  is: (text, value, dialect) => equalTo(text, value, dialect),
  contains: (text, value, dialect) => dialect.contains(lower(text), lowerLiteral(value, dialect)),
  "starts with": (text, value, dialect) => dialect.startsWith(lower(text), lowerLiteral(value, dialect)),
  less: (text, value, dialect) => compared(text, "<", value, dialect),
  "less or equal": (text, value, dialect) => compared(text, "<=", value, dialect),
  greater: (text, value, dialect) => compared(text, ">", value, dialect),
  "greater or equal": (text, value, dialect) => compared(text, ">=", value, dialect),
  "glob match": (text, value, dialect) => dialect.matches(text, globPattern(String(value))),
} as const satisfies Record<string, Match>;

/** Operators that hold where the other does not. */
const OPPOSITES: Partial<Record<FilterOperator, keyof typeof MATCHES>> = {
  "is not": "is",
  "does not contain": "contains",
  "does not start with": "starts with",
  "glob does not match": "glob match",
};

/** That look at numbers alone. */
const NUMERIC: readonly FilterOperator[] = ["less", "less or equal", "greater", "greater or equal"];
const SETS: readonly FilterOperator[] = ["set is", "set is not", "set contains", "set does not contain"];

/** The condition that all of `filters` hold; never null. No filters hold always: `undefined`. Throws UsageError. */
export function filtersSql(
  filters: readonly PropertyFilter[] = [],
  dialect: Dialect,
  used: ColumnsUsed,
): string | undefined {
  if (filters.length === 0) return undefined;
  return filters.map((filter) => filterSql(filter, dialect, used)).join(" AND ");
}

function filterSql(filter: PropertyFilter, dialect: Dialect, used: ColumnsUsed): string {
  const { property, op = "is", value = null } = filter;
  if (!FILTER_OPERATORS.includes(op)) throw unknownName("operator", op, FILTER_OPERATORS);
  const values = [value].flat() as readonly FilterValue[];
  if (values.length === 0) {
    throw new UsageError(
      `The filter on ${property} has an empty list of values.`,
      "Give at least one value.",
    );
  }
  const found = propertySql(property, dialect, used, undefined, NUMERIC.includes(op));
  if (SETS.includes(op)) return setSql(op, found, values, dialect);
  const opposite = OPPOSITES[op];
  const match = MATCHES[opposite ?? (op as keyof typeof MATCHES)];
  const holds = (item: string | undefined): string => {
    const any = values.map((one) => matchSql(match, op, item, one, dialect)).join(" OR ");
    return opposite === undefined ? `(${any})` : `(NOT (${any}))`;
  };
  const { text, texts, isList } = found;
  const one = `CASE WHEN ${text} IS NULL THEN ${holds(undefined)} ELSE ${holds(text)} END`;
  if (isList === undefined) return one;
  const items = `${texts}`;
  const ofList = `CASE WHEN ${dialect.isEmpty(items)} THEN ${holds(undefined)} ELSE ${dialect.anyItem(items, holds)} END`;
  return `CASE WHEN ${isList} THEN ${ofList} ELSE ${one} END`;
}

/** Whether one item, or none (undefined), matches one value; never null. */
function matchSql(
  match: Match,
  op: FilterOperator,
  item: string | undefined,
  value: FilterValue,
  dialect: Dialect,
): string {
  if (value === null) {
    if (op !== "is" && op !== "is not") {
      throw new UsageError(`"${op}" cannot be asked of (none).`, 'Use "is" or "is not".');
    }
    return item === undefined ? "true" : "false";
  }
  return item === undefined ? "false" : `coalesce(${match(item, value, dialect)}, false)`;
}

/** A text that is no list counts as a list of itself, and none as an empty list. */
function setSql(
  op: FilterOperator,
  { texts }: PropertySql,
  values: readonly FilterValue[],
  dialect: Dialect,
) {
  const wanted = values.flatMap((value) => (value === null ? [] : [value]));
  const list = `coalesce(${texts}, ${dialect.emptyTexts})`;
  const has = (value: string | number | boolean): string =>
    dialect.anyItem(list, (item) => `coalesce(${equalTo(item, value, dialect)}, false)`);
  const all = wanted.length === 0 ? "true" : `(${wanted.map(has).join(" AND ")})`;
  if (op === "set contains") return all;
  if (op === "set does not contain") return `(NOT (${wanted.map(has).join(" OR ") || "false"}))`;
  const known = (item: string): string =>
    wanted.map((value) => `coalesce(${equalTo(item, value, dialect)}, false)`).join(" OR ") || "false";
  const others = dialect.anyItem(list, (item) => `(NOT (${known(item)}))`);
  const same = `(${all} AND NOT ${others})`;
  return op === "set is" ? same : `(NOT ${same})`;
}

/** By its text; a number also by what it is worth. */
function equalTo(text: string, value: string | number | boolean, dialect: Dialect): string {
  const same = `${text} = ${dialect.literal(String(value))}`;
  return typeof value === "number" ? `(${same} OR ${dialect.number(text)} = ${numeral(value)})` : same;
}

function compared(text: string, sign: string, value: string | number | boolean, dialect: Dialect): string {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) {
    throw new UsageError(`${JSON.stringify(value)} is no number to compare with.`, "Give a number.");
  }
  return `${dialect.number(text)} ${sign} ${numeral(number)}`;
}

function numeral(value: number): string {
  if (!Number.isFinite(value))
    throw new UsageError(`${value} is no number to compare with.`, "Give a number.");
  return `CAST(${value} AS DOUBLE)`;
}

function lower(text: string): string {
  return `lower(${text})`;
}

function lowerLiteral(value: string | number | boolean, dialect: Dialect): string {
  return lower(dialect.literal(String(value)));
}
