import { UsageError } from "../errors/index.js";
import { type Formula, formulaOfMeasure, type Term } from "./formula.js";
import { type FormulaUnit, parseFormula } from "./formula-parser.js";
import type { Measure } from "./segmentation.js";

/** A line of the chart: what it is called and how it is computed. */
export interface Series {
  readonly name: string;
  readonly formula: Formula;
  /** What the prefix of a formula says. */
  readonly unit?: FormulaUnit | undefined;
}

/** How a term's first interval is taken: from the range's beginning, or whole. */
export type Cut = "clipped" | "whole";

/** The series of `events` (their names) by `measure`, or by `formula`, each over `rolling` intervals. Throws UsageError. */
export function seriesOf(
  events: readonly string[],
  segments: number,
  measure: Measure | undefined,
  formula: string | undefined,
  rolling: number | undefined,
): Series[] {
  if (formula === undefined) {
    const span = rolling === undefined ? undefined : windowOf(rolling);
    return events.map((name, event) => ({
      name,
      formula: formulaOfMeasure(measure ?? "uniques", event, events.length, span),
    }));
  }
  if (measure !== undefined || rolling !== undefined) {
    throw new UsageError(
      `${measure === undefined ? "rolling" : "measure"} was given together with formula.`,
      "Say it in the formula, such as ROLLWIN(UNIQUES(A), 7).",
    );
  }
  const parts = formula.split(";").map((part) => part.trim());
  return parts.map((name) => ({ name, ...parseFormula(name, { events: events.length, segments }) }));
}

/** Equal for terms that count the same over the same spans, in whichever segment. */
export function termKey({ fn, event, property, p, span }: Term): string {
  return JSON.stringify([fn, event, property, p, span]);
}

/** The terms of `formula` with how each is taken. `whole`: all as whole intervals. */
export function cutTerms(formula: Formula, whole: boolean): { readonly term: Term; readonly cut: Cut }[] {
  switch (formula.kind) {
    case "number":
      return [];
    case "term":
      return [{ term: formula, cut: whole ? "whole" : "clipped" }];
    case "binary":
      return [...cutTerms(formula.left, whole), ...cutTerms(formula.right, whole)];
    default:
      return cutTerms(formula.of, whole || formula.kind === "mean");
  }
}

function windowOf(rolling: number): { kind: "window"; intervals: number } {
  if (Number.isInteger(rolling) && rolling >= 1 && rolling <= 400)
    return { kind: "window", intervals: rolling };
  throw new UsageError(`rolling is ${String(rolling)}.`, "Give a whole number of intervals from 1 to 400.");
}
