import type { ColumnType, Value } from "../../engine/column-type.js";
import { utcText } from "../../engine/sql-text.js";
import { dateText, rowValueOf } from "../row-values.js";
import type { TableContent } from "./text-table.js";

/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** A table as CSV: null is nothing, empty text is `""`. */
export function csvTable({ columns, rows }: TableContent, escapeFormulas: boolean): string {
  const head = columns.map(({ name }) => (name === "" ? "" : quoted(name)));
  const body = rows.map((row) => columns.map(({ type }, i) => cell(row[i] ?? null, type, escapeFormulas)));
  return [head, ...body].map((cells) => `${cells.join(",")}\n`).join("");
}

function cell(value: Value, type: ColumnType, escapeFormulas: boolean): string {
  if (value === null) return "";
  switch (type.kind) {
    case "timestamp":
      return utcText(value as bigint);
    case "date":
      return dateText(value as number);
    case "double":
      return doubleText(value as number);
    case "blob":
      return Buffer.from(value as Uint8Array).toString("base64");
    case "text":
    case "json":
      return quoted(escapeFormulas && FORMULA.test(String(value)) ? `'${String(value)}` : String(value));
    case "list":
    case "struct":
    case "map":
      return quoted(JSON.stringify(rowValueOf(type)(value), plain));
    default:
      return String(value);
  }
}

/** What JSON has for a bigint and for a map. */
function plain(_: string, part: unknown): unknown {
  if (part instanceof Map) return Object.fromEntries([...part].map(([key, value]) => [String(key), value]));
  if (typeof part !== "bigint") return part;
  return Number.isSafeInteger(Number(part)) ? Number(part) : String(part);
}

/** As DuckDB writes what is no number. */
function doubleText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}

function quoted(text: string): string {
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
