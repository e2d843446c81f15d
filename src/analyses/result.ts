import { type InspectOptions, inspect } from "node:util";
import type { Params } from "../engine/engine.js";
import {
  colorsWanted,
  JUPYTER_DISPLAY,
  NOTEBOOK_TEXT,
  type PrintOptions,
  type Table,
} from "../frame/table.js";
import type { UnknownName } from "../frame/unknown-name.js";
import type { Chart } from "./chart.js";
import { checkedPicture, type PictureOptions } from "./draw/picture/picture-options.js";
import { chartText } from "./draw/terminal.js";
import type { Explanation } from "./explanation.js";
import type { ResultWriteOptions, ResultWritten } from "./write/write-result.js";

/** What an analysis found. */
export interface AnalysisParts<Row> {
  readonly rows: Table<Row>;
  readonly chart: Chart;
  readonly explanation: Explanation;
  readonly sql: string;
  readonly params: Params | undefined;
  readonly warnings: readonly UnknownName[];
}

/**
 * The result of an analysis: its rows, how they came about, and their picture. Prints as its picture and its rows, and what
 * of the names given does not occur.
 */
export class AnalysisResult<Row> implements AnalysisParts<Row> {
  /** The rows: an array that prints as a table. */
  readonly rows: Table<Row>;
  /** What the picture shows. */
  readonly chart: Chart;
  /** The definition used, its sources, and why Amplitude's chart may differ. */
  readonly explanation: Explanation;
  /** The query. Run it with `lake.query(sql, params)`. */
  readonly sql: string;
  /** The values of its parameters: those of the frame's own condition. */
  readonly params: Params | undefined;
  /**
   * Event types, properties and values of filters that were named and that no event has (of the lake, or since the range
   * begins), with the nearest that occur. Looked for where a part of the result is zero, and where a missing one would not
   * show: in what is left out, and in conditions with `not`.
   */
  readonly warnings: readonly UnknownName[];

  constructor(parts: AnalysisParts<Row>) {
    this.rows = parts.rows;
    this.chart = parts.chart;
    this.explanation = parts.explanation;
    this.sql = parts.sql;
    this.params = parts.params;
    this.warnings = parts.warnings;
  }

  /** The picture and the rows as text, no line of the picture wider than `width`. */
  toText(options: PrintOptions = {}): string {
    return `${this.pictureText(options)}\n\n${this.rows.toText(styleOf(options))}`;
  }

  /** The picture alone as text, no line wider than `width`. */
  pictureText(options: PrintOptions = {}): string {
    return chartText(this.chart, styleOf(options));
  }

  /** The picture as SVG, a whole document. Throws UsageError if an option is wrong. */
  async toSVG(options: PictureOptions = {}): Promise<string> {
    const { chartSvg } = await import("./draw/picture/svg.js");
    return chartSvg(this.chart, checkedPicture(options));
  }

  /** The picture and the rows as HTML for a notebook: an element, no page. */
  async toHTML(): Promise<string> {
    const { htmlFragment } = await import("./draw/report/html-report.js");
    return htmlFragment(this);
  }

  /**
   * Writes the result as the file's name says: `.html`, a page with picture, meaning, rows and SQL, which loads nothing;
   * `.svg` and `.png` (needs `@resvg/resvg-js` and a font), the picture; `.csv` and `.json`, the rows; `.md`, all as text. A
   * file appears whole or not at all, and replaces one of the same name. Throws UsageError.
   */
  async write(file: string, options: ResultWriteOptions = {}): Promise<ResultWritten> {
    const { writeResult } = await import("./write/write-result.js");
    return writeResult(this, file, options);
  }

  /** The rows; what JSON.stringify gives. */
  toJSON(): unknown {
    return this.rows.toJSON();
  }

  [inspect.custom](_depth: number, options: InspectOptions): string {
    return this.#printed({ colors: options.colors ?? false });
  }

  async [JUPYTER_DISPLAY](): Promise<Record<string, string>> {
    return { "text/plain": this.#printed(NOTEBOOK_TEXT), "text/html": await this.toHTML() };
  }

  #printed(options: PrintOptions): string {
    return [this.toText(options), ...this.warnings.map(({ text }) => `Warning: ${text}`)].join("\n\n");
  }
}

function styleOf({ width, colors }: PrintOptions): { readonly width: number; readonly colors: boolean } {
  return {
    width: width ?? process.stdout.columns ?? 100,
    colors: colors ?? colorsWanted(process.stdout),
  };
}
