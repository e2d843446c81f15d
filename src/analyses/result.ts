import { type InspectOptions, inspect } from "node:util";
import type { Params } from "../engine/engine.js";
import { JUPYTER_DISPLAY, type PrintOptions, type Table } from "../frame/table.js";
import type { Chart } from "./chart.js";
import type { Explanation } from "./explanation.js";

/** What an analysis found. */
export interface AnalysisParts<Row> {
  readonly rows: Table<Row>;
  readonly chart: Chart;
  readonly explanation: Explanation;
  readonly sql: string;
  readonly params: Params | undefined;
}

/** The result of an analysis: its rows, how they came about, and their picture. Prints as its picture and its rows. */
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

  constructor(parts: AnalysisParts<Row>) {
    this.rows = parts.rows;
    this.chart = parts.chart;
    this.explanation = parts.explanation;
    this.sql = parts.sql;
    this.params = parts.params;
  }

  /** The picture and the rows as text. */
  toText(options: PrintOptions = {}): string {
    return this.rows.toText(options);
  }

  /** The rows; what JSON.stringify gives. */
  toJSON(): unknown {
    return this.rows.toJSON();
  }

  [inspect.custom](_depth: number, options: InspectOptions): string {
    return this.toText({ colors: options.colors ?? false });
  }

  [JUPYTER_DISPLAY](): Record<string, string> {
    return this.rows[JUPYTER_DISPLAY]();
  }
}
