import { UsageError } from "../errors/index.js";
import type { Measure } from "./segmentation.js";

/** How a number of an event is taken: of each interval; of several that end with it, as one; or of all from the first to it. */
export type Span =
  | { readonly kind: "each" }
  | { readonly kind: "window"; readonly intervals: number }
  | { readonly kind: "so far" };

/** What is counted of the events of one choice. */
export type TermFunction =
  | "UNIQUES"
  | "TOTALS"
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
  readonly property?: string;
  /** Of PERCENTILE, 0 to 100. */
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
  | { readonly kind: "mean"; readonly of: Formula; readonly intervals: number };

type Operator = "+" | "-" | "*" | "/";

const EACH: Span = { kind: "each" };
const FUNCTIONS =
  "UNIQUES, TOTALS, AVG, ACTIVE, PROPSUM, PROPAVG, PROPMIN, PROPMAX, PROPCOUNT, PROPCOUNTAVG, PERCENTILE, ROLLAVG, ROLLWIN, CUMSUM";
const MOST_INTERVALS = 400;

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

/** Reads a formula over `events` events. Throws UsageError that tells where it is wrong. */
export function parseFormula(text: string, events: number): Formula {
  const parser = new Parser(text, events);
  const formula = parser.sum();
  parser.end();
  return formula;
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
 * The value of `formula` for one interval, where `value` gives that of a term: so many intervals before, whose whole length
 * counts if `whole`. Null where a part has none, or where it would be divided by zero.
 */
export function evaluate(
  formula: Formula,
  value: (term: Term, before: number, whole: boolean) => number | null,
): number | null {
  const of = (part: Formula, before: number, whole: boolean): number | null => {
    switch (part.kind) {
      case "number":
        return part.value;
      case "term":
        return value(part, before, whole);
      case "negative": {
        const positive = of(part.of, before, whole);
        return positive === null ? null : -positive;
      }
      case "binary":
        return calculated(part.op, of(part.left, before, whole), of(part.right, before, whole));
      default: {
        const all = Array.from({ length: part.intervals }, (_, i) => of(part.of, before + i, true));
        const known = all.filter((one) => one !== null);
        return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
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

function divided(left: Formula, right: Formula): Formula {
  return { kind: "binary", op: "/", left, right };
}

class Parser {
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly events: number,
  ) {
    this.#skip();
  }

  sum(): Formula {
    let left = this.#product();
    for (let op = this.#take(/[+-]/y); op !== undefined; op = this.#take(/[+-]/y)) {
      left = { kind: "binary", op: op as Operator, left, right: this.#product() };
    }
    return left;
  }

  end(): void {
    if (this.#at < this.text.length) this.#fail("the end");
  }

  #product(): Formula {
    let left = this.#factor();
    for (let op = this.#take(/[*/]/y); op !== undefined; op = this.#take(/[*/]/y)) {
      left = { kind: "binary", op: op as Operator, left, right: this.#factor() };
    }
    return left;
  }

  #factor(): Formula {
    if (this.#take(/-/y) !== undefined) return { kind: "negative", of: this.#factor() };
    if (this.#take(/\(/y) !== undefined) {
      const inner = this.sum();
      this.#need(/\)/y, '")"');
      return inner;
    }
    const number = this.#take(/\d+(?:\.\d+)?/y);
    return number === undefined ? this.#call() : { kind: "number", value: Number(number) };
  }

  #call(): Formula {
    const start = this.#at;
    const name = this.#take(/[a-z]+/iy)?.toUpperCase() ?? "";
    if (!FUNCTIONS.split(", ").includes(name)) {
      this.#at = start;
      this.#fail(`a number, "(", or one of ${FUNCTIONS}`);
    }
    this.#need(/\(/y, '"("');
    const formula = /^(?:ROLL|CUM)/.test(name) ? this.#overTime(name) : this.#metric(name, EACH);
    this.#need(/\)/y, '")"');
    return formula;
  }

  /** A function over time, which takes a number of an event: how far it goes stands behind that. */
  #overTime(name: string): Formula {
    const start = this.#at;
    const inner = this.#take(/[a-z]+/iy)?.toUpperCase() ?? "";
    if (!FUNCTIONS.split(", ").includes(inner) || /^(?:ROLL|CUM)/.test(inner)) {
      this.#at = start;
      this.#fail("a number of an event, such as UNIQUES(A)");
    }
    this.#need(/\(/y, '"("');
    const metricAt = this.#at;
    this.#metric(inner, EACH);
    this.#need(/\)/y, '")"');
    const intervals = name === "CUMSUM" ? 0 : this.#argument(1, MOST_INTERVALS, true);
    const end = this.#at;
    this.#at = metricAt;
    const span: Span =
      name === "ROLLWIN" ? { kind: "window", intervals } : name === "CUMSUM" ? { kind: "so far" } : EACH;
    const metric = this.#metric(inner, span);
    this.#at = end;
    return name === "ROLLAVG" ? { kind: "mean", of: metric, intervals } : metric;
  }

  #metric(name: string, span: Span): Formula {
    const event = this.#event();
    const of = (measure: Measure): Formula => formulaOfMeasure(measure, event, this.events, span);
    switch (name) {
      case "UNIQUES":
        return of("uniques");
      case "TOTALS":
        return of("totals");
      case "AVG":
        return of("average");
      case "ACTIVE": {
        const term: Term = { kind: "term", fn: "UNIQUES", event, span };
        return divided(term, { ...term, event: this.events });
      }
      case "PROPSUM":
        return of({ sum: this.#property() });
      case "PROPAVG":
        return of({ average: this.#property() });
      case "PROPMIN":
        return of({ min: this.#property() });
      case "PROPMAX":
        return of({ max: this.#property() });
      case "PROPCOUNT":
        return of({ distinct: this.#property() });
      case "PROPCOUNTAVG":
        return of({ distinctPerUser: this.#property() });
      default: {
        const property = this.#property();
        return of({ percentile: property, p: this.#argument(0, 1, false) * 100 });
      }
    }
  }

  #event(): number {
    const start = this.#at;
    const letter = this.#take(/[a-z](?![a-z])/iy)?.toUpperCase();
    const number = letter === undefined ? -1 : letter.charCodeAt(0) - 65;
    if (number >= 0 && number < this.events) return number;
    this.#at = start;
    return this.#fail(
      this.events === 1 ? "A, the event" : `one of A to ${String.fromCharCode(64 + this.events)}, the events`,
    );
  }

  #property(): string {
    this.#need(/,/y, "a comma and a property's name");
    const written = this.#need(/'[^']*'|[^,()']+/y, "a property's name").trim();
    return written.startsWith("'") ? written.slice(1, -1) : written;
  }

  #argument(least: number, most: number, whole: boolean): number {
    const what = `a${whole ? " whole" : ""} number from ${least} to ${most}`;
    this.#need(/,/y, `a comma and ${what}`);
    const start = this.#at;
    const value = Number(this.#take(/\d+(?:\.\d+)?/y) ?? "none");
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    this.#at = start;
    return this.#fail(what);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    this.#skip();
    return found;
  }

  #need(pattern: RegExp, expected: string): string {
    return this.#take(pattern) ?? this.#fail(expected);
  }

  #skip(): void {
    while (/\s/.test(this.text[this.#at] ?? "")) this.#at++;
  }

  #fail(expected: string): never {
    const rest = this.text.slice(this.#at);
    const found =
      rest === "" ? "it ends" : `there is ${JSON.stringify(rest.slice(0, 20))} at character ${this.#at + 1}`;
    throw new UsageError(
      `In the formula ${JSON.stringify(this.text)} ${found} where ${expected} was expected.`,
      "Write it as in UNIQUES(A) / UNIQUES(B) * 100, where A is the first event.",
    );
  }
}
