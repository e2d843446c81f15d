import { type AnalysisDefinition, type AnalysisName, runAnalysis } from "../../index.js";
import { codeOf } from "./analysis-code.js";
import { cellsOfRows } from "./cells.js";
import { isRecord, refuse } from "./given.js";
import type { Question } from "./question.js";
import { selected } from "./selection.js";

const MOST_ROWS = 20_000;

/** Runs an analysis over the selection: its chart, its rows, what they mean, and the same as code. */
export const answer: Question<"analysis"> = async (given, { lake, opened, signal }) => {
  const asked = given.value("definition");
  if (!isRecord(asked)) return refuse("definition", asked, "the definition of an analysis");
  // `runAnalysis` checks it, and says in words what is wrong.
  const definition = asked as unknown as AnalysisDefinition;
  const selection = given.selection();
  const start = performance.now();
  const frame = opened.frame(await selected(opened, selection));
  const { rows, chart, explanation, sql, warnings } = await runAnalysis(frame, definition, { signal });
  const columns = rows.fields;
  const values = [...rows].slice(0, MOST_ROWS).map((row) => columns.map(({ name }) => microsOf(row, name)));
  return {
    analysis: definition.analysis satisfies AnalysisName,
    columns,
    rows: cellsOfRows(columns, values),
    cut: rows.length > MOST_ROWS,
    milliseconds: Math.round(performance.now() - start),
    chart,
    explanation,
    warnings: warnings.map(({ text }) => text),
    code: codeOf({ lake, definition, selection, sql }),
  };
};

/** Times as microseconds, as cells are made of them. */
function microsOf(row: object, name: string): unknown {
  const value: unknown = Reflect.get(row, name);
  return value instanceof Date ? BigInt(value.getTime()) * 1000n : value;
}
