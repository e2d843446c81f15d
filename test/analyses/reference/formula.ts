import type { Measure } from "../../../src/analyses/segmentation.js";

/** Over time: `ROLLAVG(x, n)` is the mean of x over n intervals, `ROLLWIN` x of n intervals as one, `CUMSUM` x from the first on. */
export type Over = "once" | "ROLLAVG" | "ROLLWIN" | "CUMSUM";

/** A formula, read. `event` is 0 for A. */
export type Formula =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "negative"; readonly of: Formula }
  | { readonly kind: "operation"; readonly sign: string; readonly left: Formula; readonly right: Formula }
  /** EXP, LN, LOG with its base, LOG10, POWER with its exponent, SQRT, TRENDLINE. */
  | { readonly kind: "function"; readonly name: string; readonly of: Formula; readonly argument: number }
  | Term;

/** What is made of the events of a term: a measure, how often users did it (a percentile, 0 to 1), or events without their items. */
export type TermMeasure = Measure | { readonly frequency: number } | "different events";

export interface Term {
  readonly kind: "term";
  readonly event: number;
  /** 0 for A1; undefined for A. */
  readonly segment: number | undefined;
  readonly measure: TermMeasure;
  /** ACTIVE and ARPAU are for each active user. */
  readonly perActive: boolean;
  readonly over: Over;
  readonly intervals: number;
}

/** Reads a formula such as `UNIQUES(A) / UNIQUES(B) * 100`; a prefix only says how it is shown. */
export function readFormula(text: string): Formula {
  const reader = new Reader(text.replace(/^\s*[%$]:/, ""));
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

  #call(): Formula {
    const name = this.#need(/^[A-Za-z]+(10)?/).toUpperCase();
    this.#need(/^\(/);
    const formula = this.#called(name);
    this.#need(/^\)/);
    return formula;
  }

  #called(name: string): Formula {
    if (["EXP", "LN", "LOG10", "SQRT", "TRENDLINE"].includes(name)) {
      return { kind: "function", name, of: this.sum(), argument: 0 };
    }
    if (name === "LOG" || name === "POWER") {
      return { kind: "function", name, of: this.sum(), argument: Number(this.#argument(/^-?\d+(\.\d+)?/)) };
    }
    const over = { ROLLAVG: "ROLLAVG", ROLLWIN: "ROLLWIN", ROLLWINBEFORE: "ROLLWIN", CUMSUM: "CUMSUM" }[name];
    if (over === undefined) return this.#metric(name);
    const inner = this.#need(/^[A-Za-z]+/).toUpperCase();
    // UNIQUES(A), or UNIQUES, A
    const opened = this.#take(/^\(/);
    if (opened === undefined) this.#need(/^,/);
    const term = this.#metric(inner);
    if (opened !== undefined) this.#need(/^\)/);
    const intervals = over === "CUMSUM" ? 0 : Number(this.#argument(/^[1-9]\d*/));
    return { ...term, over: over as Over, intervals };
  }

  #metric(name: string): Term {
    const [letter = "", segment] = this.#need(/^[A-Za-z]\d?(?![A-Za-z])/);
    const event = letter.toUpperCase().charCodeAt(0) - 65;
    return {
      ...{ kind: "term", event, segment: segment === undefined ? undefined : Number(segment) - 1 },
      ...{ over: "once", intervals: 0, measure: this.#measure(name) },
      perActive: name === "ACTIVE" || name === "ARPAU",
    };
  }

  #measure(name: string): TermMeasure {
    switch (name) {
      case "UNIQUES":
      case "ACTIVE":
        return "uniques";
      case "TOTALS":
        return "totals";
      case "AVG":
        return "average";
      case "FREQPERCENTILE":
        return { frequency: Number(this.#argument(/^[01](\.\d+)?/)) };
      case "SEMANTICTOTALS":
        return this.#argument(/^[A-Za-z_]+/).toUpperCase() === "ALL_VALUES" ? "totals" : "different events";
      case "PROPSUM":
      case "REVENUETOTAL":
      case "ARPAU":
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
