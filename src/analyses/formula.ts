import { UsageError } from "../errors/index.js";
import { computed, type FormulaFunction, trendLine } from "./formula-functions.js";
import type { Measure } from "./segmentation.js";

/** How a number of an event is taken: of each interval; of several that end with it, as one; or of all from the first to it. */
export type Span =
  | { readonly kind: "each" }
  | { readonly kind: "window"; readonly intervals: number }
  | { readonly kind: "so far" };

/** What is counted of the events of one choice: `EVENTS` each event once, also if it is in a group by several items of a list. */
export type TermFunction =
  | "UNIQUES"
  | "TOTALS"
  | "EVENTS"
  | "FREQPERCENTILE"
  | "PROPSUM"
  | "PROPAVG"
  | "PROPMIN"
  | "PROPMAX"
  | "PROPCOUNT"
  | "PROPCOUNTAVG"
  | "PERCENTILE";

/** A number of the events of one choice. */
export interface Term {
  readonly kind: "term";
  readonly fn: TermFunction;
  /** Number of the event from 0: A is 0; the number of all events stands for any active event, which is not grouped. */
  readonly event: number;
  /** Number of the segment from 0, of `A1`; without it, that of the line. */
  readonly segment?: number;
  readonly property?: string;
  /** Of PERCENTILE and FREQPERCENTILE, 0 to 100. */
  readonly p?: number;
  readonly span: Span;
}

/** A formula as it was read: numbers of events, and what is made of them. */
export type Formula =
  | Term
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "negative"; readonly of: Formula }
  | { readonly kind: "binary"; readonly op: Operator; readonly left: Formula; readonly right: Formula }
  /** The mean of the last so many intervals. */
  | { readonly kind: "mean"; readonly of: Formula; readonly intervals: number }
  | {
      readonly kind: "function";
      readonly name: FormulaFunction;
      readonly of: Formula;
      /** The base of LOG, the exponent of POWER. */
      readonly argument?: number;
    }
  /** The straight line through the values of all intervals. */
  | { readonly kind: "trend"; readonly of: Formula };

/** What stands between two numbers. */
export type Operator = "+" | "-" | "*" | "/";

const EACH: Span = { kind: "each" };

/** The formula that a measure of event number `event` is; `activeEvent` is the number of any active event. Throws UsageError. */
export function formulaOfMeasure(
  measure: Measure,
  event: number,
  activeEvent: number,
  span: Span = EACH,
): Formula {
  const term = (fn: TermFunction, property?: string, p?: number): Term => ({
    ...{ kind: "term", fn, event, span },
    ...(property === undefined ? {} : { property }),
    ...(p === undefined ? {} : { p }),
  });
  if (measure === "uniques") return term("UNIQUES");
  if (measure === "totals") return term("TOTALS");
  if (measure === "average") return divided(term("TOTALS"), term("UNIQUES"));
  if (measure === "active %") {
    const share = divided(term("UNIQUES"), { ...term("UNIQUES"), event: activeEvent });
    return { kind: "binary", op: "*", left: share, right: { kind: "number", value: 100 } };
  }
  if (typeof measure === "object" && measure !== null) {
    if ("sum" in measure) return term("PROPSUM", measure.sum);
    if ("average" in measure) return term("PROPAVG", measure.average);
    if ("min" in measure) return term("PROPMIN", measure.min);
    if ("max" in measure) return term("PROPMAX", measure.max);
    if ("distinct" in measure) return term("PROPCOUNT", measure.distinct);
    if ("distinctPerUser" in measure) return term("PROPCOUNTAVG", measure.distinctPerUser);
    if ("sumPerUser" in measure) return divided(term("PROPSUM", measure.sumPerUser), term("UNIQUES"));
    if ("median" in measure) return term("PERCENTILE", measure.median, 50);
    if ("percentile" in measure) {
      if (measure.p >= 0 && measure.p <= 100) return term("PERCENTILE", measure.percentile, measure.p);
      throw new UsageError(`p is ${String(measure.p)}.`, "Give a number from 0 to 100: 50 is the median.");
    }
  }
  throw new UsageError(
    `measure is ${JSON.stringify(measure)}.`,
    'Give "uniques", "totals", "average", "active %", or a number of a property such as { sum: "price" }.',
  );
}

/** The terms of `formula`. */
export function termsOf(formula: Formula): Term[] {
  switch (formula.kind) {
    case "number":
      return [];
    case "term":
      return [formula];
    case "binary":
      return [...termsOf(formula.left), ...termsOf(formula.right)];
    default:
      return termsOf(formula.of);
  }
}

/** How many intervals before one its value needs. */
export function reachOf(formula: Formula): number {
  switch (formula.kind) {
    case "number":
      return 0;
    case "term":
      return formula.span.kind === "window" ? formula.span.intervals - 1 : 0;
    case "binary":
      return Math.max(reachOf(formula.left), reachOf(formula.right));
    case "mean":
      return formula.intervals - 1 + reachOf(formula.of);
    default:
      return reachOf(formula.of);
  }
}

/**
 * The values of `formula` for `intervals`, where `value` gives that of a term in an interval, whose whole length counts if
 * `whole`. Null where a part has none, or where there is none to compute: divided by zero, the logarithm of zero.
 */
export function evaluate(
  formula: Formula,
  intervals: readonly number[],
  value: (term: Term, interval: number, whole: boolean) => number | null,
): (number | null)[] {
  const of = (part: Formula, before: number, whole: boolean): (number | null)[] => {
    switch (part.kind) {
      case "number":
        return intervals.map(() => part.value);
      case "term":
        return intervals.map((interval) => value(part, interval - before, whole));
      case "negative":
        return of(part.of, before, whole).map((one) => (one === null ? null : -one));
      case "binary": {
        const right = of(part.right, before, whole);
        return of(part.left, before, whole).map((left, i) => calculated(part.op, left, right[i]!));
      }
      case "function":
        return of(part.of, before, whole).map((one) => computed(part.name, one, part.argument));
      case "trend":
        return trendLine(of(part.of, before, whole));
      default: {
        const each = Array.from({ length: part.intervals }, (_, i) => of(part.of, before + i, true));
        return intervals.map((_, n) => {
          const known = each.map((values) => values[n]!).filter((one) => one !== null);
          return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
        });
      }
    }
  };
  return of(formula, 0, false);
}

function calculated(op: Operator, left: number | null, right: number | null): number | null {
  if (left === null || right === null) return null;
  if (op === "+") return left + right;
  if (op === "-") return left - right;
  if (op === "*") return left * right;
  return right === 0 ? null : left / right;
}

/** `left / right` */
export function divided(left: Formula, right: Formula): Formula {
  return { kind: "binary", op: "/", left, right };
}
