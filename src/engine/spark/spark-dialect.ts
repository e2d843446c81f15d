import type { Dialect } from "../dialect.js";
import { utcText } from "../sql-text.js";

/** Spark's SQL, from version 3.5 on. */
export const SPARK: Dialect = {
  identifier,
  literal,
  timestamp: (micros) => `TIMESTAMP '${utcText(micros)}Z'`,
  text: (value, kind) => (kind === "double" ? numberText(value, 1e-4, 1e16) : `CAST(${value} AS STRING)`),
  micros: (time) => `unix_micros(${time})`,
  monthNumber: (day) => {
    const date = `date_add(DATE '1970-01-01', CAST(${day} AS INT))`;
    return `(year(${date}) * 12 + month(${date}) - 1)`;
  },
  divide: (a, b) => `(${a} div ${b})`,
  jsonText,
  jsonNumber: (json, path) => parsed(json, path, "DOUBLE"),
  isJsonArray: (json, path, text) =>
    `coalesce(startswith(${text}, '[') AND ${parsed(json, path, "ARRAY<STRING>")} IS NOT NULL, false)`,
  jsonItems: (text) => `from_json(${text}, 'ARRAY<STRING>')`,
  firstGroups,
  list: (items) => `array(${items.join(", ")})`,
  emptyTexts: "CAST(array() AS ARRAY<STRING>)",
  filledOr: (list, item) =>
    bound(list, "list_", (all) => `CASE WHEN size(${all}) = 0 THEN array(${item}) ELSE ${all} END`),
  isEmpty: (list) => `size(${list}) = 0`,
  filledItems: (list) => `filter(${list}, item -> item IS NOT NULL)`,
  distinctItems: (list) => `array_distinct(${list})`,
  unnest: (list) => `explode(${list})`,
  sequence: (first, last) =>
    `CASE WHEN ${first} <= ${last} THEN sequence(CAST(${first} AS BIGINT), CAST(${last} AS BIGINT)) END`,
  anyItem: (list, condition) => `exists(${list}, item -> ${condition("item")})`,
  sumItems: (list, value) =>
    `aggregate(filter(transform(${list}, item -> ${value("item")}), number_ -> number_ IS NOT NULL), CAST(NULL AS DOUBLE), (sum_, number_) -> coalesce(sum_, CAST(0 AS DOUBLE)) + number_)`,
  number: (text) => `CASE WHEN ${text} RLIKE ${literal(NUMBER)} THEN TRY_CAST(${text} AS DOUBLE) END`,
  matches: (text, pattern) => `(${text} RLIKE ${literal(`(?s)^(?:${pattern})\\z`)})`,
  contains: (text, part) => `contains(${text}, ${part})`,
  startsWith: (text, part) => `startswith(${text}, ${part})`,
  // DuckDB passes over rows whose value is null; Spark over those whose order is.
  minBy: (value, by) => `min_by(${value}, CASE WHEN ${value} IS NOT NULL THEN ${by} END)`,
  maxBy: (value, by) => `max_by(${value}, CASE WHEN ${value} IS NOT NULL THEN ${by} END)`,
  setBit: (number) => `shiftleft(1L, CAST(${number} AS INT))`,
  bitAt: (bits, number) => `(shiftright(${bits}, ${number}) & 1)`,
  row: (values) => `struct(${values.join(", ")})`,
  percentile: (value, p) => `percentile(${value}, ${p / 100})`,
  uuidOrder: (uuid) => [uuid],
  readAnew: "",
  // Spark puts the text of an expression in every place that names it, unless it could come to something else each time.
  once: (select) => `SELECT * FROM (${select}) AS once WHERE rand() >= 0`,
  values: (names, rows) => {
    const fields = names.map((name) => `${identifier(name)}: BIGINT`).join(", ");
    const objects = rows.map(
      (row) => `{${names.map((name, i) => `${JSON.stringify(name)}:${row[i]}`).join()}}`,
    );
    return `SELECT inline(from_json(${literal(`[${objects.join()}]`)}, ${literal(`ARRAY<STRUCT<${fields}>>`)}))`;
  },
};

/** A number as JSON writes it. */
const NUMBER = "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?\\z";
/** One that DuckDB writes anew: with a fraction or exponent. */
const REWRITTEN = "^-?[0-9]+[.eE]";

function identifier(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

function literal(value: string): string {
  return `'${value.replace(/['\\]/g, "\\$&").replaceAll("\0", "\\0")}'`;
}

/** What is at `path` in `json`, read as `type`; null if it is not there or of another type. */
function parsed(json: string, path: readonly string[], type: string): string {
  const schema = path.reduceRight((inner, key) => `STRUCT<${identifier(key)}: ${inner}>`, type);
  const keys = path.map((key) => `.${identifier(key)}`).join("");
  return `from_json(${json}, ${literal(schema)}, map('allowNonNumericNumbers', 'false'))${keys}`;
}

/** Spark gives numbers, objects and lists as they stand in the JSON; DuckDB writes these, and numbers with a fraction or exponent, anew. */
function jsonText(json: string, path: readonly string[]): string {
  const number = numberText(parsed(json, path, "DOUBLE"), 1e-6, 1e21);
  const isObject = `${parsed(json, path, "MAP<STRING, STRING>")} IS NOT NULL`;
  const isList = `${parsed(json, path, "ARRAY<STRING>")} IS NOT NULL`;
  return bound(parsed(json, path, "STRING"), "text_", (text) => {
    const isNested = `CASE WHEN startswith(${text}, '{') THEN ${isObject} WHEN startswith(${text}, '[') THEN ${isList} ELSE false END`;
    return `CASE WHEN ${text} RLIKE ${literal(REWRITTEN)} THEN coalesce(${number}, ${text}) WHEN ${isNested} THEN coalesce(get_json_object(${text}, '$'), ${text}) ELSE ${text} END`;
  });
}

/** `of` the value, which is written, and worked out, but once. */
function bound(value: string, name: string, of: (name: string) => string): string {
  return `transform(array(${value}), ${name} -> ${of(name)})[0]`;
}

/** A double without an exponent if its size is from `least` up to `most` or it is 0, else as `1.5e-9`. */
function numberText(value: string, least: number, most: number): string {
  const double = (size: number): string => `CAST('${size}' AS DOUBLE)`;
  return bound(value, "number_", (number) => {
    const size = `abs(${number})`;
    const plain = (scale: number): string =>
      `regexp_replace(regexp_replace(CAST(CAST(${number} AS DECIMAL(38, ${scale})) AS STRING), '0+$', ''), '[.]$', '.0')`;
    const exponent = `regexp_replace(lower(CAST(${number} AS STRING)), '[.]0e', 'e')`;
    return `CASE WHEN ${number} = 0 THEN CAST(${number} AS STRING) WHEN ${size} >= ${double(least)} AND ${size} < ${double(1e7)} THEN ${plain(30)} WHEN ${size} >= ${double(1e7)} AND ${size} < ${double(most)} THEN ${plain(16)} WHEN ${size} < ${double(Number.MAX_VALUE)} THEN ${exponent} END`;
  });
}

/** A row's list of groups is an object for each type; the first that it names takes its place, as its text stands. */
function firstGroups(json: string): string {
  const groups = `map_entries(from_json(${json}, 'MAP<STRING, MAP<STRING, STRING>>'))`;
  const key = "substr(to_json(array(entry.key)), 2, length(to_json(array(entry.key))) - 2)";
  const texts = `transform(${groups}, entry -> concat(${key}, ':', coalesce(map_values(entry.value)[0], 'null')))`;
  return `concat('{', array_join(${texts}, ','), '}')`;
}
