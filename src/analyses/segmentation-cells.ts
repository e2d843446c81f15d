import type { Value } from "../engine/column-type.js";
import { evaluate, type Formula, type Term, termsOf } from "./formula.js";
import { byTexts } from "./found-values.js";
import { termKey } from "./segmentation-series.js";
import type { Counted } from "./segmentation-sql.js";

/** One line of the chart. `values` and `before` have one for each interval of the range. */
export interface SegmentationLine {
  readonly name: string;
  readonly segment: string;
  /** A value for each property of `groupBy`. */
  readonly labels: readonly string[];
  readonly values: readonly (number | null)[];
  /** Empty without `compare`. */
  readonly before: readonly (number | null)[];
  readonly total: number | null;
}

/** Numbers of intervals, as in SegmentationPlan. */
export interface Intervals {
  readonly first: number;
  readonly last: number;
  readonly earliest: number;
  readonly lowest: number;
}

/** What is zero where nothing happened; the others have no value then. */
const COUNTS: ReadonlySet<string> = new Set(["UNIQUES", "TOTALS", "PROPCOUNT", "PROPSUM"]);

/** Equal for terms that are counted alike. */
export function countedKey({ term, cut }: Counted): string {
  return `${cut} ${termKey(term)}`;
}

/** The numbers that the query gave, by what was counted, segment, group and interval. */
export class SegmentationCells {
  readonly #values = new Map<string, (number | null)[]>();
  readonly #totals = new Map<string, number | null>();
  /** The groups of each event and segment that occur in the range. */
  readonly #groups = new Map<string, Map<string, readonly string[]>>();

  constructor(
    counted: readonly Counted[],
    private readonly activeEvent: number,
    private readonly intervals: Intervals,
    rows: readonly (readonly Value[])[],
  ) {
    for (const [number, event, segment, ...rest] of rows) {
      const one = counted[Number(number)]!;
      const labels = rest.slice(0, -2) as readonly (string | null)[];
      const [k, value] = rest.slice(-2) as [bigint | number | null, number | null];
      const key = JSON.stringify([countedKey(one), segment, labels]);
      if (one.cut === "total") {
        this.#totals.set(key, value);
        const groups = JSON.stringify([Number(event), segment]);
        const known = this.#groups.get(groups) ?? new Map<string, readonly string[]>();
        this.#groups.set(groups, known.set(JSON.stringify(labels), labels as readonly string[]));
      } else {
        const values = this.#values.get(key) ?? [];
        values[Number(k) - intervals.lowest] = value;
        this.#values.set(key, values);
      }
    }
  }

  /** The lines of a series in one segment: one, or with `groups` properties one for each group, the largest first. */
  lines(
    name: string,
    segment: string,
    formula: Formula,
    groups: number,
    compare: number | undefined,
  ): SegmentationLine[] {
    const { first, last } = this.intervals;
    const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    return this.#labels(formula, segment, groups)
      .map((labels): SegmentationLine => {
        const at = (k: number, isWhole: boolean): number | null =>
          evaluate(formula, (term, before, whole) =>
            this.#value({ term, cut: whole || isWhole ? "whole" : "clipped" }, segment, labels, k - before),
          );
        const values = numbers.map((k) => at(k, false));
        const before = compare === undefined ? [] : numbers.map((k) => at(k - compare, true));
        const total = evaluate(formula, (term) => this.#total(term, segment, labels));
        return { name, segment, labels, values, before, total };
      })
      .sort((a, b) => byTotal(a.total, b.total) || byTexts(a.labels, b.labels));
  }

  #labels(formula: Formula, segment: string, groups: number): readonly (readonly string[])[] {
    if (groups === 0) return [[]];
    const own = termsOf(formula).filter(({ event }) => event !== this.activeEvent);
    const events = new Set(own.map(({ event }) => event));
    const all = [...events].flatMap((event) => [
      ...(this.#groups.get(JSON.stringify([event, segment])) ?? []),
    ]);
    return [...new Map(all.filter(([, labels]) => labels[0] !== null)).values()];
  }

  #value(one: Counted, segment: string, labels: readonly string[], k: number): number | null {
    const { term, cut } = one;
    const values = this.#values.get(JSON.stringify([countedKey(one), segment, this.#own(term, labels)]));
    const at = (n: number): number | null => values?.[n - this.intervals.lowest] ?? null;
    const adds = term.fn === "TOTALS" || (term.fn === "UNIQUES" && term.span.kind === "so far");
    if (term.span.kind === "each" || !adds) return at(k) ?? zeroOf(term);
    const { first, earliest } = this.intervals;
    const start =
      term.span.kind === "window" ? k - term.span.intervals + 1 : cut === "whole" ? earliest : first;
    let sum = 0;
    for (let n = start; n <= k; n++) sum += at(n) ?? 0;
    return sum;
  }

  #total(term: Term, segment: string, labels: readonly string[]): number | null {
    const one: Counted = { term: { ...term, span: { kind: "each" } }, cut: "total" };
    const key = JSON.stringify([countedKey(one), segment, this.#own(term, labels)]);
    return this.#totals.get(key) ?? zeroOf(term);
  }

  /** Active users are not told apart by groups. */
  #own(term: Term, labels: readonly string[]): readonly (string | null)[] {
    return term.event === this.activeEvent ? labels.map(() => null) : labels;
  }
}

function zeroOf({ fn }: Term): number | null {
  return COUNTS.has(fn) ? 0 : null;
}

function byTotal(a: number | null, b: number | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return b - a;
}
