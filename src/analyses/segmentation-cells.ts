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
const COUNTS: ReadonlySet<string> = new Set(["UNIQUES", "TOTALS", "EVENTS", "PROPCOUNT", "PROPSUM"]);
/** What several intervals have is the sum of what each has. */
const ADDED: ReadonlySet<string> = new Set(["TOTALS", "EVENTS"]);

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
    private readonly asked: {
      readonly counted: readonly Counted[];
      /** The number of any active event. */
      readonly activeEvent: number;
      readonly intervals: Intervals;
      /** The names of the segments. */
      readonly segments: readonly string[];
    },
    rows: readonly (readonly Value[])[],
  ) {
    const { counted, intervals } = asked;
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

  /**
   * The lines of a series in each segment: one, or with `groups` properties one for each group, the largest first. A formula
   * that names the segments of all its terms has only its own, in the segment `A1's, A2's`.
   */
  lines(name: string, formula: Formula, groups: number, compare: number | undefined): SegmentationLine[] {
    const { segments } = this.asked;
    const named = termsOf(formula).map(({ segment }) => segment);
    if (named.length === 0 || named.includes(undefined))
      return segments.flatMap((segment) => this.#lines(name, segment, formula, groups, compare));
    const joined = segments.filter((_, i) => named.includes(i)).join(", ");
    return this.#lines(name, joined, formula, groups, compare);
  }

  #lines(
    name: string,
    segment: string,
    formula: Formula,
    groups: number,
    compare: number | undefined,
  ): SegmentationLine[] {
    const { first, last } = this.asked.intervals;
    const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    return this.#labels(formula, segment, groups)
      .map((labels): SegmentationLine => {
        const at = (intervals: readonly number[], isWhole: boolean) =>
          evaluate(formula, intervals, (term, k, whole) =>
            this.#value({ term, cut: whole || isWhole ? "whole" : "clipped" }, segment, labels, k),
          );
        const values = at(numbers, false);
        const before =
          compare === undefined
            ? []
            : at(
                numbers.map((k) => k - compare),
                true,
              );
        const [total = null] = evaluate(formula, [first], (term) => this.#total(term, segment, labels));
        return { name, segment, labels, values, before, total };
      })
      .sort((a, b) => byTotal(a.total, b.total) || byTexts(a.labels, b.labels));
  }

  #segmentOf({ segment }: Term, ofLine: string): string {
    return segment === undefined ? ofLine : (this.asked.segments[segment] ?? ofLine);
  }

  #labels(formula: Formula, segment: string, groups: number): readonly (readonly string[])[] {
    if (groups === 0) return [[]];
    const own = termsOf(formula).filter(({ event }) => event !== this.asked.activeEvent);
    const events = new Set(own.map((term) => JSON.stringify([term.event, this.#segmentOf(term, segment)])));
    const all = [...events].flatMap((event) => [...(this.#groups.get(event) ?? [])]);
    return [...new Map(all.filter(([, labels]) => labels[0] !== null)).values()];
  }

  #value(one: Counted, segment: string, labels: readonly string[], k: number): number | null {
    const { term, cut } = one;
    const key = [countedKey(one), this.#segmentOf(term, segment), this.#own(term, labels)];
    const values = this.#values.get(JSON.stringify(key));
    const { first, earliest, lowest } = this.asked.intervals;
    const at = (n: number): number | null => values?.[n - lowest] ?? null;
    const adds = ADDED.has(term.fn) || (term.fn === "UNIQUES" && term.span.kind === "so far");
    if (term.span.kind === "each" || !adds) return at(k) ?? zeroOf(term);
    const start =
      term.span.kind === "window" ? k - term.span.intervals + 1 : cut === "whole" ? earliest : first;
    let sum = 0;
    for (let n = start; n <= k; n++) sum += at(n) ?? 0;
    return sum;
  }

  #total(term: Term, segment: string, labels: readonly string[]): number | null {
    const one: Counted = { term: { ...term, span: { kind: "each" } }, cut: "total" };
    const key = JSON.stringify([countedKey(one), this.#segmentOf(term, segment), this.#own(term, labels)]);
    return this.#totals.get(key) ?? zeroOf(term);
  }

  /** Active users are not told apart by groups. */
  #own(term: Term, labels: readonly string[]): readonly (string | null)[] {
    return term.event === this.asked.activeEvent ? labels.map(() => null) : labels;
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
