import { type InspectOptions, inspect } from "node:util";
import type { Column } from "../engine/column-type.js";
import type { QueryOptions } from "../engine/engine.js";
import { csvTable } from "./print/csv-table.js";
import { htmlTable } from "./print/html-table.js";
import { type TableContent, textTable } from "./print/text-table.js";
import { rowValueOf } from "./row-values.js";

/** Name under which Jupyter kernels for JavaScript (Deno's) look for how a value is shown. */
export const JUPYTER_DISPLAY = Symbol.for("Jupyter.display");

/** How text is drawn there: a kernel's own terminal says nothing of the notebook. */
export const NOTEBOOK_TEXT: PrintOptions = { width: 100, colors: false };

/** How a table is printed. */
export interface PrintOptions {
  /** Columns of the terminal. Default: that of stdout, 100 if it is no terminal. */
  readonly width?: number | undefined;
  /** Whether ANSI styles are used. Default: whether stdout is a terminal, unless NO_COLOR is set. */
  readonly colors?: boolean | undefined;
}

/** How a frame is printed. */
export interface ShowOptions extends PrintOptions, QueryOptions {
  /** Rows to show. Default: all if there are at most 20, else 10. */
  readonly rows?: number | undefined;
}

/** Rows in memory: an array of objects that prints as a table. `map`, `filter` and so on give plain arrays. */
export class Table<Row = Record<string, unknown>> extends Array<Row> {
  readonly #content: TableContent;

  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** A table of `content`; its rows appear as told at `rowValueOf`. */
  constructor(content: TableContent) {
    super();
    this.#content = content;
    const converted = content.columns.map(({ name, type }) => [name, rowValueOf(type)] as const);
    for (const row of content.rows) {
      this.push(Object.fromEntries(converted.map(([name, of], i) => [name, of(row[i] ?? null)])) as Row);
    }
  }

  /** Names of the columns, in order. */
  get columns(): readonly string[] {
    return this.#content.columns.map(({ name }) => name);
  }

  /** The columns with their types, in order. */
  get fields(): readonly Column[] {
    return this.#content.columns;
  }

  /** The table as text. */
  toText(options: PrintOptions = {}): string {
    return textTable(this.#content, {
      width: options.width ?? process.stdout.columns ?? 100,
      colors: options.colors ?? colorsWanted(process.stdout),
    });
  }

  /** The table as HTML, all data escaped. */
  toHTML(): string {
    return htmlTable(this.#content);
  }

  /**
   * The table as CSV: a head, lines that end in a line feed, null as nothing and empty text as `""`, times as
   * `2026-11-23 05:06:07.123457`, lists, structs and maps as JSON.
   * `escapeFormulas` writes `'` before text that a spreadsheet would run as a formula.
   */
  toCSV(options: { readonly escapeFormulas?: boolean | undefined } = {}): string {
    return csvTable(this.#content, options.escapeFormulas ?? false);
  }

  /** What JSON.stringify gives: plain objects, integers beyond 2^53 as text. */
  toJSON(): unknown[] {
    return Array.from(this, (row) => jsonValue(row));
  }

  [inspect.custom](_depth: number, options: InspectOptions): string {
    return this.toText({ colors: options.colors ?? false });
  }

  [JUPYTER_DISPLAY](): Record<string, string> {
    return { "text/plain": this.toText(NOTEBOOK_TEXT), "text/html": this.toHTML() };
  }
}

/** True if `stream` is a terminal with colours and the user has not forbidden them (no-color.org). */
export function colorsWanted(stream: { readonly isTTY?: boolean | undefined }): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
}

function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (value instanceof Date || value === null || typeof value !== "object") return value;
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [String(k), jsonValue(v)]));
  if (Array.isArray(value)) return value.map(jsonValue);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, jsonValue(entry)]));
}
