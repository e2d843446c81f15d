import type { Dialect } from "./dialect.js";
import { firstGroupsSql, identifier, jsonPathOf, literal, STANDARD_WORDS } from "./sql-text.js";

/** More rows are written as one text: DuckDB takes eight times as long, and twice the memory, to read half a million in VALUES. */
const MOST_VALUES = 100;

/** DuckDB's SQL. */
export const DUCKDB: Dialect = {
  ...STANDARD_WORDS,
  text: (value) => `CAST(${value} AS VARCHAR)`,
  micros: (time) => `epoch_us(${time})`,
  monthNumber: (day) =>
    `(year(DATE '1970-01-01' + (${day})::INTEGER) * 12 + month(DATE '1970-01-01' + (${day})::INTEGER) - 1)`,
  divide: (a, b) => `(${a} // ${b})`,
  jsonText: (json, path) => `json_extract_string(${json}, ${literal(jsonPathOf(path))})`,
  jsonNumber: (json, path) => {
    const at = literal(jsonPathOf(path));
    return `(CASE WHEN json_type(${json}, ${at}) IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE') THEN TRY_CAST(json_extract_string(${json}, ${at}) AS DOUBLE) END)`;
  },
  isJsonArray: (json, path, text) =>
    // A CASE looks at the second only where the first holds; AND does so only in a condition.
    `(CASE WHEN ${text} LIKE '[%' THEN coalesce(json_type(${json}, ${literal(jsonPathOf(path))}) = 'ARRAY', false) ELSE false END)`,
  jsonItems: (text) => `from_json(${text}, '["VARCHAR"]')`,
  firstGroups: firstGroupsSql,
  list: (items) => `[${items.join(", ")}]`,
  emptyTexts: "[]::VARCHAR[]",
  filledOr: (list, item) => `CASE WHEN len(${list}) = 0 THEN [${item}] ELSE ${list} END`,
  isEmpty: (list) => `len(${list}) = 0`,
  filledItems: (list) => `list_filter(${list}, lambda item: item IS NOT NULL)`,
  distinctItems: (list) => `list_distinct(${list})`,
  unnest: (list) => `unnest(${list})`,
  sequence: (first, last) => `generate_series(${first}, ${last})`,
  anyItem: (list, condition) => `(len(list_filter(${list}, lambda item: ${condition("item")})) > 0)`,
  sumItems: (list, value) => `list_sum(list_transform(${list}, lambda item: ${value("item")}))`,
  number: (text) =>
    `(CASE WHEN regexp_full_match(${text}, '-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?') THEN TRY_CAST(${text} AS DOUBLE) END)`,
  matches: (text, pattern) => `regexp_full_match(${text}, ${literal(pattern)}, 's')`,
  contains: (text, part) => `contains(${text}, ${part})`,
  startsWith: (text, part) => `starts_with(${text}, ${part})`,
  minBy: (value, by) => `arg_min(${value}, ${by})`,
  maxBy: (value, by) => `arg_max(${value}, ${by})`,
  uuidOrder: (uuid) => [
    `TRY_CAST(${uuid} AS UUID)`,
    `CASE WHEN TRY_CAST(${uuid} AS UUID) IS NULL THEN ${uuid} END`,
  ],
  once: (select) => select,
  readAnew: "NOT MATERIALIZED ",
  setBit: (number) => `(1::BIGINT << (${number}))`,
  bitAt: (bits, number) => `((${bits} >> ${number}) & 1)`,
  row: (values) => `row(${values.join(", ")})`,
  percentile: (value, p) => `quantile_cont(${value}, ${p / 100})`,
  values: (names, rows) => {
    if (rows.length > MOST_VALUES) {
      const columns = names.map((name, i) => {
        const items = rows.map((row) => row[i]).join();
        return `unnest(CAST('[${items}]' AS BIGINT[])) AS ${identifier(name)}`;
      });
      return `SELECT ${columns.join(", ")}`;
    }
    const list = names.map(identifier).join(", ");
    return rows.length === 0
      ? `SELECT ${names.map((name) => `NULL::BIGINT AS ${identifier(name)}`).join(", ")} WHERE false`
      : `SELECT * FROM (VALUES ${rows.map((row) => `(${row.join(", ")})`).join(", ")}) AS given(${list})`;
  },
};
