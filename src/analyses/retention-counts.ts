import type { Value } from "../engine/column-type.js";
import type { Bracket } from "./retention-sql.js";

/** What began in a cohort, in an interval on the grid of a retention: the first and last unit in it. */
export interface Began {
  readonly segment: number;
  /** The same object for the same groups, if it may be. */
  readonly labels: readonly string[];
  readonly cohort: number;
  readonly q: number;
  readonly low: number;
  readonly high: number;
}

/** Intervals on the grid in which a user returned, with the first and last unit of it: a list that is used again for the next. */
export class Returns {
  length = 0;
  q = new Int32Array(64);
  low = new Int32Array(64);
  high = new Int32Array(64);

  clear(): void {
    this.length = 0;
  }

  push(q: number, low: number, high: number): void {
    const at = this.length++;
    if (at === this.q.length) {
      [this.q, this.low, this.high] = [doubled(this.q), doubled(this.low), doubled(this.high)];
    }
    this.q[at] = q;
    this.low[at] = low;
    this.high[at] = high;
  }
}

function doubled(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}

/** Users of a cohort: those who began, and those who returned in each bracket. */
interface Counts {
  began: number;
  readonly returned: number[];
}

/** The users of one segment and group by the number of the cohort; of first cohorts alone each user counts in one only. */
interface Line {
  readonly segment: number;
  readonly labels: readonly string[];
  readonly all: Map<number, Counts>;
  readonly first: Map<number, Counts>;
}

/** Counts users one after the other: who began, and in which brackets they returned. */
export class RetentionCounts {
  readonly #lines = new Map<string, Line>();
  /** The same by segment and labels, which is quicker. */
  readonly #byLabels: WeakMap<readonly string[], Line>[] = [];
  readonly #brackets: number;
  /** For each interval since the start the brackets that it is in. */
  readonly #bracketsOf: readonly (readonly number[])[];
  readonly #last: number;
  /** For each bracket whether the user returned, in the cohort that is looked at and in any. */
  readonly #hit: boolean[];
  readonly #everHit: boolean[];

  /** `length`: units of an interval. `isOn`: returns count in their own bracket, not in all up to it. */
  constructor(
    brackets: readonly Bracket[],
    private readonly length: number,
    private readonly isOn: boolean,
  ) {
    this.#last = Math.max(...brackets.map(([first, until]) => (isOn ? until : first)));
    this.#bracketsOf = Array.from({ length: this.#last + 1 }, (_, k) =>
      brackets.flatMap(([first, until], i) => (first <= k && k <= until ? [i] : [])),
    );
    this.#brackets = isOn ? brackets.length : this.#last + 1;
    this.#hit = new Array<boolean>(this.#brackets).fill(false);
    this.#everHit = new Array<boolean>(this.#brackets).fill(false);
  }

  /** Counts one user. */
  add(starts: readonly Began[], returns: Returns): void {
    if (starts.length === 1) {
      this.#addTo(this.#lineOf(starts[0]!), starts, returns);
      return;
    }
    const lines = new Map<Line, Began[]>();
    for (const start of starts) {
      const line = this.#lineOf(start);
      const some = lines.get(line);
      if (some === undefined) lines.set(line, [start]);
      else some.push(start);
    }
    for (const [line, some] of lines) this.#addTo(line, some, returns);
  }

  /**
   * Rows of: whether each user counts in his first cohort alone, number of the segment, groups, number of the cohort, bracket
   * (null: who began), users.
   */
  rows(): Value[][] {
    return [...this.#lines.values()].flatMap(({ segment, labels, all, first }) =>
      [[false, all] as const, [true, first] as const].flatMap(([isFirst, cohorts]) =>
        [...cohorts].flatMap(([cohort, { began, returned }]) => [
          [isFirst, segment, ...labels, cohort, null, began],
          ...returned.map((users, k) => [isFirst, segment, ...labels, cohort, k, users]),
        ]),
      ),
    );
  }

  #lineOf({ segment, labels }: Began): Line {
    let lines = this.#byLabels[segment];
    if (lines === undefined) {
      lines = new WeakMap();
      this.#byLabels[segment] = lines;
    }
    let line = lines.get(labels);
    if (line === undefined) {
      line = this.#lineNamed(segment, labels);
      lines.set(labels, line);
    }
    return line;
  }

  #lineNamed(segment: number, labels: readonly string[]): Line {
    const key = labels.length === 0 ? String(segment) : `${segment} ${JSON.stringify(labels)}`;
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    const line = { segment, labels, all: new Map(), first: new Map() };
    this.#lines.set(key, line);
    return line;
  }

  #addTo(line: Line, starts: readonly Began[], returns: Returns): void {
    const ordered = starts.length === 1 ? starts : [...starts].sort((a, b) => a.cohort - b.cohort);
    this.#everHit.fill(false);
    for (let from = 0, until = 0; from < ordered.length; from = until) {
      const { cohort } = ordered[from]!;
      while (until < ordered.length && ordered[until]!.cohort === cohort) until++;
      this.#hit.fill(false);
      if (this.isOn) for (let i = from; i < until; i++) this.#returnsSince(ordered[i]!, returns);
      else this.#lastReturnSince(ordered.slice(from, until), returns);
      const all = this.#countsOf(line.all, cohort);
      all.began++;
      for (let k = 0; k < this.#brackets; k++) if (this.#hit[k]) all.returned[k]!++;
      if (from === 0) this.#countsOf(line.first, cohort).began++;
      if (this.isOn) this.#countFirst(line, cohort);
    }
    if (this.isOn) return;
    this.#hit.fill(false);
    this.#lastReturnSince(ordered, returns);
    this.#countFirst(line, ordered[0]!.cohort);
  }

  /** Counts in `cohort`, as the first, the brackets that are hit and were not in a cohort before. */
  #countFirst(line: Line, cohort: number): void {
    for (let k = 0; k < this.#brackets; k++) {
      if (!this.#hit[k] || this.#everHit[k]) continue;
      this.#everHit[k] = true;
      this.#countsOf(line.first, cohort).returned[k]!++;
    }
  }

  /**
   * A return is q - q' intervals after a start whose unit is not later in its interval, and one less after one whose unit is.
   * So of all returns of an interval only the first and the last unit matter, and of all starts.
   */
  #returnsSince(start: Began, returns: Returns): void {
    const { length, q, low, high } = returns;
    for (let i = 0; i < length; i++) {
      const k = q[i]! - start.q;
      if (k < 0 || k > this.#last + 1) continue;
      if (k <= this.#last && high[i]! >= start.low) this.#hitAll(k);
      if (k > 0 && low[i]! < start.high) this.#hitAll(k - 1);
    }
  }

  #hitAll(k: number): void {
    for (const bracket of this.#bracketsOf[k]!) this.#hit[bracket] = true;
  }

  /** Only the first start and the last return matter. */
  #lastReturnSince(starts: readonly Began[], returns: Returns): void {
    let [first, last] = [Number.POSITIVE_INFINITY, -1];
    for (const { q, low } of starts) first = Math.min(first, q * this.length + low);
    for (let i = 0; i < returns.length; i++) {
      last = Math.max(last, returns.q[i]! * this.length + returns.high[i]!);
    }
    if (last >= first) this.#hit[Math.min(Math.floor((last - first) / this.length), this.#last)] = true;
  }

  #countsOf(cohorts: Map<number, Counts>, cohort: number): Counts {
    const known = cohorts.get(cohort);
    if (known !== undefined) return known;
    const counts = { began: 0, returned: new Array<number>(this.#brackets).fill(0) };
    cohorts.set(cohort, counts);
    return counts;
  }
}
