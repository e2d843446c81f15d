import type { Column, Value } from "../engine/column-type.js";
import type { Params } from "../engine/engine.js";
import { Table } from "../frame/table.js";
import type { UnknownName } from "../frame/unknown-name.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { Chart } from "./chart.js";
import { explain, type Kind } from "./explanation.js";
import { looksEmpty } from "./looks-empty.js";
import type { AskedNames } from "./named.js";
import { outsideData } from "./outside-data.js";
import { NONE } from "./property-sql.js";
import { type AnalysisParts, AnalysisResult } from "./result.js";
import { unknownNames } from "./unknown-names.js";

/** What an analysis found beside its rows. */
export interface Found<Row> {
  readonly sql: string;
  readonly params: Params | undefined;
  /** What was asked by name: those names that do not occur are told. */
  readonly asked: AskedNames;
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
export async function resultOf<Row>(
  input: AnalysisInput,
  columns: readonly Column[],
  rows: readonly (readonly Value[])[],
  found: Found<Row>,
): Promise<AnalysisResult<Row>> {
  return new AnalysisResult(await partsOf(input, columns, rows, found));
}

/** The same as the parts of a result that has more. */
export async function partsOf<Row>(
  input: AnalysisInput,
  columns: readonly Column[],
  rows: readonly (readonly Value[])[],
  { sql, params, asked, definition, sources, kind, differences = [], chart }: Found<Row>,
): Promise<AnalysisParts<Row>> {
  const table = tableOf<Row>(columns, rows);
  const explanation = explain(input, definition, sources, kind);
  const picture = typeof chart === "function" ? chart(table) : chart;
  const none = emptyColumns(columns, rows);
  const isEmpty = none.length > 0 || looksEmpty(picture);
  const outside = isEmpty ? outsideData(input) : undefined;
  const warnings = outside === undefined ? await unknownNames(input, asked, isEmpty) : [outside];
  return {
    rows: table,
    sql,
    params,
    explanation: {
      ...explanation,
      differences: [
        ...warnings.map(({ text }) => text),
        ...missingWords(none, asked, warnings),
        ...differences,
        ...explanation.differences,
      ],
    },
    chart: picture,
    warnings,
  };
}

/** A table of `rows`, each with a value for each of `columns`. */
export function tableOf<Row>(columns: readonly Column[], rows: readonly (readonly Value[])[]): Table<Row> {
  return new Table<Row>({ columns, rows, rowCount: rows.length });
}

/** Columns of groups that no event has. */
function emptyColumns(columns: readonly Column[], rows: readonly (readonly Value[])[]): string[] {
  return columns.flatMap(({ name }, i) =>
    rows.length > 0 && rows.every((row) => row[i] === NONE) ? [name] : [],
  );
}

/** Of those that occur, but not here. */
function missingWords(
  empty: readonly string[],
  { groupBy = [], properties = [] }: AskedNames,
  warnings: readonly UnknownName[],
): string[] {
  const groups = [groupBy].flat();
  const names = empty.flatMap((column) =>
    groups.includes(column) ? [column] : properties.map(({ name }) => name),
  );
  const others = names.filter((name) => !warnings.some((warning) => warning.name === name));
  return others.map((name) => `No event that counts here has ${name}.`);
}
