import type { Measure } from "../../../src/analyses/segmentation.js";

/** Over time: `ROLLAVG(x, n)` is the mean of x over n intervals, `ROLLWIN` x of n intervals as one, `CUMSUM` x from the first on. */
export type Over = "once" | "ROLLAVG" | "ROLLWIN" | "CUMSUM";

/** A formula, read. `event` is 0 for A. */
export type Formula =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "negative"; readonly of: Formula }
  | { readonly kind: "operation"; readonly sign: string; readonly left: Formula; readonly right: Formula }
  | Term;
export interface Term {
  readonly kind: "term";
  readonly event: number;
  readonly measure: Measure;
  /** `ACTIVE` is a share of 1, the measure of 100. */
  readonly share: boolean;
  readonly over: Over;
  readonly intervals: number;
}

/** Reads a formula such as `UNIQUES(A) / UNIQUES(B) * 100`. */
export function readFormula(text: string): Formula {
  const reader = new Reader(text);
  const formula = reader.sum();
  reader.end();
  return formula;
}

class Reader {
  #rest: string;

  constructor(text: string) {
    this.#rest = text.trim();
  }

  sum(): Formula {
    let left = this.#product();
    for (let sign = this.#take(/^[+-]/); sign !== undefined; sign = this.#take(/^[+-]/))
      left = { kind: "operation", sign, left, right: this.#product() };
    return left;
  }

  end(): void {
    if (this.#rest !== "") throw new SyntaxError(`Unexpected ${this.#rest}`);
  }

  #product(): Formula {
    let left = this.#factor();
    for (let sign = this.#take(/^[*/]/); sign !== undefined; sign = this.#take(/^[*/]/))
      left = { kind: "operation", sign, left, right: this.#factor() };
    return left;
  }

  #factor(): Formula {
    if (this.#take(/^-/) !== undefined) return { kind: "negative", of: this.#factor() };
    if (this.#take(/^\(/) !== undefined) {
      const inner = this.sum();
      this.#need(/^\)/);
      return inner;
    }
    const number = this.#take(/^\d+(\.\d+)?/);
    return number === undefined ? this.#call() : { kind: "number", value: Number(number) };
  }

  #call(): Term {
    const name = this.#need(/^[A-Za-z]+/).toUpperCase();
    this.#need(/^\(/);
    if (name !== "ROLLAVG" && name !== "ROLLWIN" && name !== "CUMSUM") {
      const term = this.#metric(name);
      this.#need(/^\)/);
      return term;
    }
    const inner = this.#call();
    const intervals = name === "CUMSUM" ? 0 : Number(this.#argument(/^[1-9]\d*/));
    this.#need(/^\)/);
    if (inner.over !== "once") throw new SyntaxError(`${name} of ${inner.over}`);
    return { ...inner, over: name, intervals };
  }

  #metric(name: string): Term {
    const event =
      this.#need(/^[A-Za-z](?![A-Za-z])/)
        .toUpperCase()
        .charCodeAt(0) - 65;
    return {
      ...{ kind: "term", event, over: "once", intervals: 0 },
      ...{ measure: this.#measure(name), share: name === "ACTIVE" },
    };
  }

  #measure(name: string): Measure {
    switch (name) {
      case "UNIQUES":
        return "uniques";
      case "TOTALS":
        return "totals";
      case "AVG":
        return "average";
      case "ACTIVE":
        return "active %";
      case "PROPSUM":
        return { sum: this.#property() };
      case "PROPAVG":
        return { average: this.#property() };
      case "PROPMIN":
        return { min: this.#property() };
      case "PROPMAX":
        return { max: this.#property() };
      case "PROPCOUNT":
        return { distinct: this.#property() };
      case "PROPCOUNTAVG":
        return { distinctPerUser: this.#property() };
      case "PERCENTILE": {
        const property = this.#property();
        return { percentile: property, p: Number(this.#argument(/^[01](\.\d+)?/)) * 100 };
      }
      default:
        throw new SyntaxError(`No function ${name}`);
    }
  }

  /** A property is all up to the next comma or parenthesis; or in single quotes. */
  #property(): string {
    const written = this.#argument(/^'[^']*'|^[^,()']+/).trim();
    return written.startsWith("'") ? written.slice(1, -1) : written;
  }

  #argument(pattern: RegExp): string {
    this.#need(/^,/);
    return this.#need(pattern);
  }

  #need(pattern: RegExp): string {
    const found = this.#take(pattern);
    if (found === undefined) throw new SyntaxError(`Expected ${pattern} at ${this.#rest}`);
    return found;
  }

  #take(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.#rest)?.[0];
    if (found !== undefined) this.#rest = this.#rest.slice(found.length).trimStart();
    return found;
  }
}
