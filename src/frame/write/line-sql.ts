import type { Column, ColumnType } from "../../engine/column-type.js";
import { literal } from "../../engine/sql-text.js";
import { EXTRA } from "../../event.js";

/** How lines are written. */
export interface LineOptions {
  /** True if the columns are the lake's own, so that JSON in them is known to be JSON. */
  readonly trusted: boolean;
  /** Write `'` before text that a spreadsheet would take for a formula. */
  readonly escapeFormulas: boolean;
  /** So many of the last columns are not in the line, but stand beside it in the result. Default 0. */
  readonly beside?: number | undefined;
}

const TIME = "'%Y-%m-%d %H:%M:%S.%f'";
const NUMBERS: ReadonlySet<string> = new Set(["int32", "int64", "uint64", "int128", "decimal"]);
const NESTED: ReadonlySet<string> = new Set(["list", "struct", "map"]);

/**
 * A SELECT whose first column is the rows of `sql`, each as a JSON object in one line. JSON stands as it is kept; times
 * as in exports, `2026-11-23 05:06:07.123457`. Where the columns are the lake's own and `extra` is among them,
 * its members stand beside the fields, as they came, so that the line loads as the same event.
 */
export function ndjsonSql(sql: string, columns: readonly Column[], options: LineOptions): string {
  const own = columns.slice(0, columns.length - (options.beside ?? 0));
  const extra = options.trusted ? own.findIndex(({ name }) => name === EXTRA) : -1;
  const members = own.flatMap(({ name, type }, i) => {
    if (i === extra) return [];
    const member = `',' || ${literal(`${JSON.stringify(name)}:`)} || coalesce(${jsonOf(`c${i}`, type, options)}, 'null')`;
    if (extra === -1) return [member];
    const path = literal(`$.${JSON.stringify(name)}`);
    return [`CASE WHEN c${extra} IS NOT NULL AND json_exists(c${extra}, ${path}) THEN '' ELSE ${member} END`];
  });
  if (extra !== -1) members.push(`coalesce(',' || nullif(trim(trim(c${extra})[2:-2]), ''), '')`);
  return wrapped(`'{' || substr(concat(${members.join(", ")}), 2) || '}'`, sql, columns, own.length);
}

/** A SELECT whose first column is the rows of `sql`, each as a line of CSV: null is nothing, empty text is `""`. */
export function csvSql(sql: string, columns: readonly Column[], options: LineOptions): string {
  const own = columns.slice(0, columns.length - (options.beside ?? 0));
  const cells = own.map(({ type }, i) => csvOf(`c${i}`, type, options));
  return wrapped(`concat_ws(',', ${cells.join(", ")})`, sql, columns, own.length);
}

/** The head of a CSV file. */
export function csvHead(columns: readonly Column[]): string {
  return columns
    .map(({ name }) => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name))
    .join(",");
}

function wrapped(expression: string, sql: string, columns: readonly Column[], own: number): string {
  const names = columns.map((_, i) => `c${i}`);
  return `SELECT ${[expression, ...names.slice(own)].join(", ")} FROM (\n${sql}\n) AS t(${names.join(", ")})`;
}

function jsonOf(c: string, type: ColumnType, { trusted }: LineOptions): string {
  if (NUMBERS.has(type.kind)) return `${c}::VARCHAR`;
  if (NESTED.has(type.kind)) return `to_json(${c})::VARCHAR`;
  switch (type.kind) {
    case "boolean":
      return `${c}::VARCHAR`;
    case "double":
      return `CASE WHEN isfinite(${c}) THEN ${c}::VARCHAR END`;
    case "timestamp":
      return `'"' || strftime(${c}, ${TIME}) || '"'`;
    case "json":
      return jsonText(c, trusted);
    case "blob":
      return `'"' || base64(${c}) || '"'`;
    default:
      return `to_json(${c}::VARCHAR)::VARCHAR`;
  }
}

/** JSON's line breaks are white space; a line has none. */
function jsonText(c: string, trusted: boolean): string {
  const line = `replace(replace(${c}::VARCHAR, chr(10), ' '), chr(13), ' ')`;
  return trusted
    ? line
    : `CASE WHEN json_valid(${c}::VARCHAR) THEN ${line} ELSE to_json(${c}::VARCHAR)::VARCHAR END`;
}

function csvOf(c: string, type: ColumnType, { escapeFormulas }: LineOptions): string {
  if (NUMBERS.has(type.kind) || type.kind === "boolean" || type.kind === "double" || type.kind === "date") {
    return `coalesce(${c}::VARCHAR, '')`;
  }
  if (type.kind === "timestamp") return `coalesce(strftime(${c}, ${TIME}), '')`;
  if (type.kind === "blob") return `coalesce(base64(${c}), '')`;
  const plain = NESTED.has(type.kind) ? `to_json(${c})::VARCHAR` : `${c}::VARCHAR`;
  const text = escapeFormulas
    ? `CASE WHEN regexp_matches(${plain}, '^[=+\\-@\\t\\r]') THEN '''' || ${plain} ELSE ${plain} END`
    : plain;
  const quoted = `'"' || replace(${text}, '"', '""') || '"'`;
  return `CASE WHEN ${c} IS NULL THEN '' WHEN ${text} = '' OR regexp_matches(${text}, '[",\\r\\n]') THEN ${quoted} ELSE ${text} END`;
}
