import { UsageError } from "../errors/index.js";
import { type EventTerm, type Formula, parseFormula, termsOf } from "./formula.js";
import type { Measure } from "./segmentation.js";

/** A line of the chart: what it is called and how it is computed. */
export interface Series {
  readonly name: string;
  readonly formula: Formula;
}

/** A number that is read of the events of a series: an event term without AVG and ACTIVE. */
export type BaseTerm = EventTerm & { readonly fn: Exclude<EventTerm["fn"], "AVG" | "ACTIVE"> };

/**
 * The series of `events` (their names) by `measure`, or by `formula`. AVG and ACTIVE are written out; the event number
 * `events.length` stands for any active event. `rolling` turns users and events into those of so many intervals. Throws
 * UsageError.
 */
export function seriesOf(
  events: readonly string[],
  measure: Measure | undefined,
  formula: string | undefined,
  rolling: number | undefined,
): Series[] {
  if (formula !== undefined) {
    if (measure !== undefined)
      throw new UsageError("measure was given together with formula.", "Give either.");
    return formula.split(";").map((one) => ({
      name: one.trim(),
      formula: rolled(writtenOut(parseFormula(one, events.length), events.length), rolling),
    }));
  }
  return events.map((name, event) => ({
    name,
    formula: rolled(writtenOut(formulaOf(measure ?? "uniques", event), events.length), rolling),
  }));
}

/** The different terms of all series. */
export function baseTerms(series: readonly Series[]): BaseTerm[] {
  const terms = new Map(series.flatMap((one) => termsOf(one.formula)).map((term) => [termKey(term), term]));
  return [...terms.values()] as BaseTerm[];
}

/** Equal for equal terms. */
export function termKey({ fn, event, property, p, window }: EventTerm): string {
  return JSON.stringify([fn, event, property, p, window]);
}

function formulaOf(measure: Measure, event: number): Formula {
  const term = (fn: EventTerm["fn"], more: Partial<EventTerm> = {}): EventTerm => ({
    kind: "event",
    fn,
    event,
    ...more,
  });
  if (measure === "uniques") return term("UNIQUES");
  if (measure === "totals") return term("TOTALS");
  if (measure === "average") return term("AVG");
  if (measure === "active %") return term("ACTIVE");
  if (typeof measure !== "object" || measure === null) {
    throw new UsageError(
      `measure is ${JSON.stringify(measure)}.`,
      'Give "uniques", "totals", "average", "active %", or a number of a property such as { sum: "price" }.',
    );
  }
  if ("sum" in measure) return term("PROPSUM", { property: measure.sum });
  if ("average" in measure) return term("PROPAVG", { property: measure.average });
  if ("min" in measure) return term("PROPMIN", { property: measure.min });
  if ("max" in measure) return term("PROPMAX", { property: measure.max });
  if ("distinct" in measure) return term("PROPCOUNT", { property: measure.distinct });
  if ("median" in measure) return term("PERCENTILE", { property: measure.median, p: 50 });
  if ("sumPerUser" in measure) {
    return {
      kind: "binary",
      op: "/",
      left: term("PROPSUM", { property: measure.sumPerUser }),
      right: term("UNIQUES"),
    };
  }
  if ("percentile" in measure) {
    if (!(measure.p >= 0 && measure.p <= 100)) throw new UsageError(`p is ${measure.p}.`, "Give 0 to 100.");
    return term("PERCENTILE", { property: measure.percentile, p: measure.p });
  }
  throw new UsageError(
    `measure is ${JSON.stringify(measure)}.`,
    "Give one of sum, average, median, min, max, distinct, sumPerUser, percentile with a property's name.",
  );
}

function writtenOut(formula: Formula, activeEvent: number): Formula {
  switch (formula.kind) {
    case "number":
      return formula;
    case "binary":
      return {
        ...formula,
        left: writtenOut(formula.left, activeEvent),
        right: writtenOut(formula.right, activeEvent),
      };
    case "event": {
      const of = (fn: EventTerm["fn"], event = formula.event): Formula => ({ ...formula, fn, event });
      if (formula.fn === "AVG") return { kind: "binary", op: "/", left: of("TOTALS"), right: of("UNIQUES") };
      if (formula.fn !== "ACTIVE") return formula;
      const share: Formula = {
        kind: "binary",
        op: "/",
        left: of("UNIQUES"),
        right: of("UNIQUES", activeEvent),
      };
      return { kind: "binary", op: "*", left: share, right: { kind: "number", value: 100 } };
    }
    default:
      return { ...formula, of: writtenOut(formula.of, activeEvent) };
  }
}

function rolled(formula: Formula, window: number | undefined): Formula {
  if (window === undefined) return formula;
  if (!Number.isInteger(window) || window < 1 || window > 400) {
    throw new UsageError(`rolling is ${String(window)}.`, "Give a whole number of intervals from 1 to 400.");
  }
  switch (formula.kind) {
    case "number":
      return formula;
    case "event":
      if (formula.fn === "UNIQUES" || formula.fn === "TOTALS") return { window, ...formula };
      throw new UsageError(
        "rolling goes with users and events, not with numbers of a property.",
        "Leave it out, or use ROLLAVG in a formula.",
      );
    case "binary":
      return { ...formula, left: rolled(formula.left, window), right: rolled(formula.right, window) };
    default:
      return { ...formula, of: rolled(formula.of, window) };
  }
}
