import { UsageError } from "../errors/index.js";
import { divided, type Formula, formulaOfMeasure, type Operator, type Span, type Term } from "./formula.js";
import { FORMULA_FUNCTIONS, type FormulaFunction } from "./formula-functions.js";
import type { Measure } from "./segmentation.js";

/** How a formula's values are shown: after `%:` as percent, after `$:` as dollars. */
export type FormulaUnit = "percent" | "dollars";

/** A number of events, over a span. */
type Metric = (span: Span) => Formula;

/** What a formula may name: events A, B, … and segments 1, 2, …. */
interface Names {
  readonly events: number;
  readonly segments: number;
}

const EACH: Span = { kind: "each" };
const MOST_INTERVALS = 400;
const METRICS = [
  ...[
    "UNIQUES",
    "TOTALS",
    "AVG",
    "ACTIVE",
    "FREQPERCENTILE",
    "SEMANTICTOTALS",
    "PROPSUM",
    "PROPAVG",
    "PROPMIN",
  ],
  ...["PROPMAX", "PROPCOUNT", "PROPCOUNTAVG", "PERCENTILE", "ARPAU", "REVENUETOTAL"],
];
const OVER_TIME = ["ROLLAVG", "ROLLWIN", "ROLLWINBEFORE", "CUMSUM"];
const TREND = "TRENDLINE";
const ALL = [...METRICS, ...OVER_TIME, ...FORMULA_FUNCTIONS, TREND].join(", ");
/** Functions of Amplitude that are no numbers over time, and what to ask in their place. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  HIST: "It is a distribution: the analysis engagement counts users by how often they did an event.",
  PROPHIST: "It is a distribution: the analysis distribution counts events by the size of a property.",
  EVENTTOTALS: "It belongs to Amplitude's User Sessions chart; TOTALS(A) counts events.",
  SESSIONTOTALS: "It belongs to Amplitude's User Sessions chart; the analysis sessions counts sessions.",
};

/** Reads a formula, `%:UNIQUES(A) / UNIQUES(B)`. Throws UsageError that tells where it is wrong. */
export function parseFormula(
  text: string,
  names: Names,
): { readonly formula: Formula; readonly unit: FormulaUnit | undefined } {
  const parser = new Parser(text, names);
  const unit = parser.prefix();
  const formula = parser.sum();
  parser.end();
  return { formula, unit };
}

class Parser {
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly names: Names,
  ) {
    this.#skip();
  }

  prefix(): FormulaUnit | undefined {
    const prefix = this.#take(/[%$]\s*:/y);
    return prefix === undefined ? undefined : prefix.startsWith("%") ? "percent" : "dollars";
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
    const name = this.#name(ALL.split(", "), `a number, "(", or one of ${ALL}`);
    this.#need(/\(/y, '"("');
    const formula = OVER_TIME.includes(name)
      ? this.#overTime(name)
      : METRICS.includes(name)
        ? this.#metric(name)(EACH)
        : this.#function(name);
    this.#need(/\)/y, '")"');
    return formula;
  }

  /** `UNIQUES(A), 7`, or as Amplitude writes it, `UNIQUES, A, 7`. */
  #overTime(name: string): Formula {
    const start = this.#at;
    const inner = this.#name(METRICS, "a number of an event, such as UNIQUES(A)");
    if (inner === "ARPAU") {
      this.#at = start;
      this.#fail("another number than ARPAU, which has none over several intervals,");
    }
    const isInside = this.#take(/,/y) === undefined;
    if (isInside) this.#need(/\(/y, '"(" or a comma and an event');
    const metric = this.#metric(inner);
    if (isInside) this.#need(/\)/y, '")"');
    if (name === "CUMSUM") return metric({ kind: "so far" });
    const intervals = this.#argument(1, MOST_INTERVALS, true);
    return name === "ROLLAVG"
      ? { kind: "mean", of: metric(EACH), intervals }
      : metric({ kind: "window", intervals });
  }

  #function(name: string): Formula {
    const of = this.sum();
    if (name === TREND) return { kind: "trend", of };
    const fn = name as FormulaFunction;
    if (fn === "LOG") return { kind: "function", name: fn, of, argument: this.#constant("a base", isBase) };
    if (fn === "POWER") return { kind: "function", name: fn, of, argument: this.#constant("an exponent") };
    return { kind: "function", name: fn, of };
  }

  /** The event and what else `name` takes. */
  #metric(name: string): Metric {
    const { event, segment } = this.#event();
    const { events } = this.names;
    const where = segment === undefined ? {} : { segment };
    const term = (fn: Term["fn"], span: Span, p?: number): Term => ({
      ...{ kind: "term", fn, event, span, ...where },
      ...(p === undefined ? {} : { p }),
    });
    const of =
      (measure: Measure): Metric =>
      (span) =>
        inSegment(formulaOfMeasure(measure, event, events, span), segment);
    const perActive =
      (metric: Metric): Metric =>
      (span) =>
        divided(metric(span), { ...term("UNIQUES", span), event: events });
    switch (name) {
      case "UNIQUES":
        return of("uniques");
      case "TOTALS":
        return of("totals");
      case "AVG":
        return of("average");
      case "ACTIVE":
        return perActive(of("uniques"));
      case "FREQPERCENTILE": {
        const p = this.#argument(0, 1, false) * 100;
        return (span) => term("FREQPERCENTILE", span, p);
      }
      case "SEMANTICTOTALS": {
        const semantic = this.#semantic();
        return (span) => term(semantic, span);
      }
      case "PROPSUM":
      case "REVENUETOTAL":
        return of({ sum: this.#property(name) });
      case "ARPAU":
        return perActive(of({ sum: this.#property(name) }));
      case "PROPAVG":
        return of({ average: this.#property(name) });
      case "PROPMIN":
        return of({ min: this.#property(name) });
      case "PROPMAX":
        return of({ max: this.#property(name) });
      case "PROPCOUNT":
        return of({ distinct: this.#property(name) });
      case "PROPCOUNTAVG":
        return of({ distinctPerUser: this.#property(name) });
      default: {
        const property = this.#property(name);
        return of({ percentile: property, p: this.#argument(0, 1, false) * 100 });
      }
    }
  }

  /** `A`, or `A2`: of the second segment. */
  #event(): { readonly event: number; readonly segment: number | undefined } {
    const start = this.#at;
    const [letter = "", ...digits] = this.#take(/[a-z]\d{0,3}(?![a-z\d])/iy)?.toUpperCase() ?? "";
    const event = letter === "" ? -1 : letter.charCodeAt(0) - 65;
    const segment = digits.length === 0 ? undefined : Number(digits.join("")) - 1;
    const { events, segments } = this.names;
    const isSegment = segment === undefined || (segment >= 0 && segment < segments);
    if (event >= 0 && event < events && isSegment) return { event, segment };
    this.#at = start;
    if (!isSegment && event >= 0 && event < events) {
      const numbers = segments === 1 ? "1, for there is one segment" : `1 to ${segments}, the segments`;
      this.#fail(`${letter} with a number ${numbers}`);
    }
    return this.#fail(
      events === 1 ? "A, the event" : `one of A to ${String.fromCharCode(64 + events)}, the events`,
    );
  }

  #property(name: string): string {
    if (this.text[this.#at] === ")") {
      throw new UsageError(
        `In the formula ${JSON.stringify(this.text)} ${name} has no property.`,
        `Amplitude takes it from the event's group; here it is named: ${name}(A, price).`,
      );
    }
    this.#need(/,/y, "a comma and a property's name");
    const written = this.#need(/'[^']*'|[^,()']+/y, "a property's name").trim();
    return written.startsWith("'") ? written.slice(1, -1) : written;
  }

  #semantic(): "EVENTS" | "TOTALS" {
    const what = "a comma and UNIQUE_ARRAY_VALUES or ALL_VALUES";
    this.#need(/,/y, what);
    const semantic = this.#need(/(?:UNIQUE_ARRAY_VALUES|ALL_VALUES)(?!\w)/iy, what);
    return semantic.toUpperCase() === "ALL_VALUES" ? "TOTALS" : "EVENTS";
  }

  #argument(least: number, most: number, whole: boolean): number {
    const what = `a${whole ? " whole" : ""} number from ${least} to ${most}`;
    return this.#constant(
      what,
      (value) => value >= least && value <= most && (!whole || Number.isInteger(value)),
    );
  }

  #constant(what: string, isRight: (value: number) => boolean = () => true): number {
    this.#need(/,/y, `a comma and ${what}`);
    const start = this.#at;
    const value = Number(this.#take(/-?\d+(?:\.\d+)?/y) ?? "none");
    if (!Number.isNaN(value) && isRight(value)) return value;
    this.#at = start;
    return this.#fail(`${what}, a number`);
  }

  #name(allowed: readonly string[], expected: string): string {
    const start = this.#at;
    const name = this.#take(/[a-z]+(?:10)?/iy)?.toUpperCase() ?? "";
    if (allowed.includes(name)) return name;
    if (Object.hasOwn(ELSEWHERE, name)) {
      throw new UsageError(
        `In the formula ${JSON.stringify(this.text)} there is ${name}, which is not there in formulas.`,
        ELSEWHERE[name] ?? "",
      );
    }
    this.#at = start;
    return this.#fail(expected);
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

function isBase(value: number): boolean {
  return value > 0 && value !== 1;
}

/** The same of the events of one segment alone. */
function inSegment(formula: Formula, segment: number | undefined): Formula {
  if (segment === undefined) return formula;
  if (formula.kind === "term") return { ...formula, segment };
  if (formula.kind !== "binary") return formula;
  return { ...formula, left: inSegment(formula.left, segment), right: inSegment(formula.right, segment) };
}
