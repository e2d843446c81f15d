import { UsageError } from "../errors/index.js";

/** Functions of an event: UNIQUES(A), PROPSUM(A, price), PERCENTILE(A, price, 90). */
export const EVENT_FUNCTIONS = [
  ...["UNIQUES", "TOTALS", "AVG", "ACTIVE"],
  ...["PROPSUM", "PROPAVG", "PROPMIN", "PROPMAX", "PROPCOUNT", "PERCENTILE"],
] as const;

/** The name of a function of an event. */
export type EventFunction = (typeof EVENT_FUNCTIONS)[number];

/** A number of an event. */
export interface EventTerm {
  readonly kind: "event";
  readonly fn: EventFunction;
  /** Number of the event from 0: A is 0. */
  readonly event: number;
  readonly property?: string;
  /** Of PERCENTILE. */
  readonly p?: number;
  /** Of ROLLWIN: users or events of so many intervals. */
  readonly window?: number;
}

/** A formula as it was read. */
export type Formula =
  | { readonly kind: "number"; readonly value: number }
  | EventTerm
  | {
      readonly kind: "binary";
      readonly op: "+" | "-" | "*" | "/";
      readonly left: Formula;
      readonly right: Formula;
    }
  | { readonly kind: "negative"; readonly of: Formula }
  | { readonly kind: "over time"; readonly fn: "ROLLAVG"; readonly of: Formula; readonly window: number }
  | { readonly kind: "over time"; readonly fn: "CUMSUM"; readonly of: Formula };

type Token = { readonly text: string; readonly at: number };

const PROPERTY_FUNCTIONS: ReadonlySet<string> = new Set([
  ...["PROPSUM", "PROPAVG", "PROPMIN", "PROPMAX", "PROPCOUNT", "PERCENTILE"],
]);

/** Reads a formula over `events` events. Throws UsageError that tells where it is wrong. */
export function parseFormula(text: string, events: number): Formula {
  const parser = new Parser(text, events);
  const formula = parser.sum();
  parser.end();
  return formula;
}

/** The event terms of `formula`. */
export function termsOf(formula: Formula): EventTerm[] {
  switch (formula.kind) {
    case "number":
      return [];
    case "event":
      return [formula];
    case "binary":
      return [...termsOf(formula.left), ...termsOf(formula.right)];
    default:
      return termsOf(formula.of);
  }
}

/**
 * The values of `formula`, one for each interval, where `values` gives those of a term. Null where a part has none, or where it
 * would be divided by zero.
 */
export function evaluate(
  formula: Formula,
  intervals: number,
  values: (term: EventTerm) => readonly (number | null)[],
): (number | null)[] {
  switch (formula.kind) {
    case "number":
      return Array.from({ length: intervals }, () => formula.value);
    case "event":
      return [...values(formula)];
    case "negative":
      return evaluate(formula.of, intervals, values).map((value) => (value === null ? null : -value));
    case "binary": {
      const left = evaluate(formula.left, intervals, values);
      const right = evaluate(formula.right, intervals, values);
      return left.map((value, i) => calculated(formula.op, value, right[i] ?? null));
    }
    default: {
      const of = evaluate(formula.of, intervals, values);
      return formula.fn === "CUMSUM" ? summed(of) : averaged(of, formula.window);
    }
  }
}

function calculated(op: "+" | "-" | "*" | "/", left: number | null, right: number | null): number | null {
  if (left === null || right === null) return null;
  if (op === "+") return left + right;
  if (op === "-") return left - right;
  if (op === "*") return left * right;
  return right === 0 ? null : left / right;
}

function summed(values: readonly (number | null)[]): (number | null)[] {
  let sum = 0;
  return values.map((value) => {
    sum += value ?? 0;
    return sum;
  });
}

/** Of the first intervals, which have fewer before them, the average of those that there are. */
function averaged(values: readonly (number | null)[], window: number): (number | null)[] {
  return values.map((_, i) => {
    const last = values.slice(Math.max(0, i - window + 1), i + 1).filter((value) => value !== null);
    return last.length === 0 ? null : last.reduce((sum, value) => sum + value, 0) / last.length;
  });
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(
    private readonly text: string,
    private readonly events: number,
  ) {
    const found = text.matchAll(/\s*(?:("(?:[^"]|"")*")|(\d+(?:\.\d+)?)|([\p{L}_$][\p{L}\p{N}_$.]*)|(\S))/gu);
    this.#tokens = [...found].map((match) => ({ text: match[0].trim(), at: match.index }));
  }

  sum(): Formula {
    let left = this.#product();
    while (this.#is("+", "-")) left = this.#binary(left, () => this.#product());
    return left;
  }

  end(): void {
    if (this.#token !== undefined) this.#fail("the end");
  }

  get #token(): string | undefined {
    return this.#tokens[this.#next]?.text;
  }

  #product(): Formula {
    let left = this.#factor();
    while (this.#is("*", "/")) left = this.#binary(left, () => this.#factor());
    return left;
  }

  #binary(left: Formula, right: () => Formula): Formula {
    const op = this.#take() as "+" | "-" | "*" | "/";
    return { kind: "binary", op, left, right: right() };
  }

  #factor(): Formula {
    if (this.#is("-")) {
      this.#take();
      return { kind: "negative", of: this.#factor() };
    }
    if (this.#is("(")) {
      this.#take();
      const inner = this.sum();
      this.#expect(")");
      return inner;
    }
    if (this.#token !== undefined && /^\d/.test(this.#token)) {
      return { kind: "number", value: Number(this.#take()) };
    }
    return this.#call();
  }

  #call(): Formula {
    const fn = (this.#token ?? "").toUpperCase();
    const isEvent = (EVENT_FUNCTIONS as readonly string[]).includes(fn);
    if (!isEvent && fn !== "ROLLAVG" && fn !== "ROLLWIN" && fn !== "CUMSUM") {
      this.#fail(
        `a number, "(", or one of ${[...EVENT_FUNCTIONS, "ROLLAVG", "ROLLWIN", "CUMSUM"].join(", ")}`,
      );
    }
    this.#take();
    this.#expect("(");
    const formula = isEvent ? this.#eventTerm(fn as EventFunction) : this.#overTime(fn);
    this.#expect(")");
    return formula;
  }

  #eventTerm(fn: EventFunction): EventTerm {
    const event = this.#letter();
    if (!PROPERTY_FUNCTIONS.has(fn)) return { kind: "event", fn, event };
    this.#expect(",");
    const property = this.#property();
    if (fn !== "PERCENTILE") return { kind: "event", fn, event, property };
    this.#expect(",");
    return { kind: "event", fn, event, property, p: this.#number(0, 100, false) };
  }

  #overTime(fn: string): Formula {
    const of = this.sum();
    if (fn === "CUMSUM") return { kind: "over time", fn, of };
    this.#expect(",");
    const window = this.#number(1, 400, true);
    if (fn === "ROLLAVG") return { kind: "over time", fn, of, window };
    if (of.kind === "event" && (of.fn === "UNIQUES" || of.fn === "TOTALS") && of.window === undefined) {
      return { ...of, window };
    }
    throw new UsageError(
      `ROLLWIN takes UNIQUES or TOTALS of an event: ROLLWIN(UNIQUES(A), 7). The formula is ${JSON.stringify(this.text)}.`,
      "Use ROLLAVG for the average of other numbers.",
    );
  }

  #letter(): number {
    const text = this.#token ?? "";
    const number = /^[A-Z]$/i.test(text) ? text.toUpperCase().charCodeAt(0) - 65 : -1;
    const last = String.fromCharCode(64 + this.events);
    if (number < 0 || number >= this.events)
      this.#fail(this.events === 1 ? "A, the event" : `one of A to ${last}`);
    this.#take();
    return number;
  }

  #property(): string {
    if (this.#token === undefined || !/^["\p{L}_$]/u.test(this.#token)) this.#fail("a property's name");
    const text = this.#take();
    return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
  }

  #number(least: number, most: number, whole: boolean): number {
    const value = Number(this.#token ?? "x");
    if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
      this.#fail(`a${whole ? " whole" : ""} number from ${least} to ${most}`);
    }
    this.#take();
    return value;
  }

  #is(...texts: readonly string[]): boolean {
    return this.#token !== undefined && texts.includes(this.#token);
  }

  #take(): string {
    return this.#tokens[this.#next++]?.text ?? "";
  }

  #expect(text: string): void {
    if (!this.#is(text)) this.#fail(JSON.stringify(text));
    this.#take();
  }

  #fail(expected: string): never {
    const token = this.#tokens[this.#next];
    const found =
      token === undefined ? "its end" : `${JSON.stringify(token.text)} at character ${token.at + 1}`;
    throw new UsageError(
      `In the formula ${JSON.stringify(this.text)} there is ${found} where ${expected} was expected.`,
      "Write it as in UNIQUES(A) / UNIQUES(B) * 100, where A is the first event.",
    );
  }
}
