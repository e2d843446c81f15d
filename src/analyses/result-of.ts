import type { Column, Value } from "../engine/column-type.js";
import type { Params } from "../engine/engine.js";
import { Table } from "../frame/table.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { Chart } from "./chart.js";
import { explain, type Kind } from "./explanation.js";
import { NONE } from "./property-sql.js";
import { type AnalysisParts, AnalysisResult } from "./result.js";

/** What an analysis found beside its rows. */
export interface Found<Row> {
  readonly sql: string;
  readonly params: Params | undefined;
  /** What was computed, in sentences. */
  readonly definition: readonly string[];
  /** The Amplitude pages that define it. */
  readonly sources: readonly string[];
  readonly kind?: Kind;
  /** What could make Amplitude's chart differ for this analysis alone. */
  readonly differences?: readonly string[];
  /** The picture, or how it is made of the rows. */
  readonly chart: Chart | ((rows: Table<Row>) => Chart);
}

/** The result of an analysis of `input`: `rows` with a value for each of `columns`, the picture, and what the numbers mean. */
export function resultOf<Row>(
  input: AnalysisInput,
  columns: readonly Column[],
  rows: readonly (readonly Value[])[],
  found: Found<Row>,
): AnalysisResult<Row> {
  return new AnalysisResult(partsOf(input, columns, rows, found));
}

/** The same as the parts of a result that has more. */
export function partsOf<Row>(
  input: AnalysisInput,
  columns: readonly Column[],
  rows: readonly (readonly Value[])[],
  { sql, params, definition, sources, kind, differences = [], chart }: Found<Row>,
): AnalysisParts<Row> {
  const table = tableOf<Row>(columns, rows);
  const explanation = explain(input, definition, sources, kind);
  return {
    rows: table,
    sql,
    params,
    explanation: {
      ...explanation,
      differences: [...missingWords(columns, rows), ...differences, ...explanation.differences],
    },
    chart: typeof chart === "function" ? chart(table) : chart,
  };
}

/** A table of `rows`, each with a value for each of `columns`. */
export function tableOf<Row>(columns: readonly Column[], rows: readonly (readonly Value[])[]): Table<Row> {
  return new Table<Row>({ columns, rows, rowCount: rows.length });
}

/** Of groups that no event has: a wrong name gives a result that looks like one. */
function missingWords(columns: readonly Column[], rows: readonly (readonly Value[])[]): string[] {
  return columns.flatMap(({ name }, i) =>
    rows.length > 0 && rows.every((row) => row[i] === NONE)
      ? [`No event that counts here has ${name}: compare its name with those that \`ampframe schema\` lists.`]
      : [],
  );
}
