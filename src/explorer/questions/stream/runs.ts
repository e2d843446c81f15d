import type { Part } from "./scope.js";

/** Rows of a stream that lie together and are found by one condition. */
export interface Run {
  readonly rows: number;
  /** All of them are alike in what the stream is sorted by. */
  readonly alike: boolean;
  /** They have nothing of it. */
  readonly none: boolean;
}

/** Some neighbouring runs that are read at once. */
export interface Piece {
  /** The first and the last run, both included. */
  readonly first: number;
  readonly last: number;
  /** Of their rows in order, so many are passed over, and so many taken. */
  readonly skip: number;
  readonly take: number;
}

/** A stream cut into runs, in its order: finds the rows at an offset without reading those before. */
export class Runs {
  /** Rows up to each run, its own included. */
  readonly #ends: Float64Array;
  readonly #run: (index: number) => Run;
  /** The part of the stream's events that lie in runs `first` to `last`. */
  readonly partOf: (first: number, last: number) => Part;

  constructor(length: number, run: (index: number) => Run, partOf: (first: number, last: number) => Part) {
    this.#run = run;
    this.partOf = partOf;
    this.#ends = new Float64Array(length);
    let rows = 0;
    for (let i = 0; i < length; i++) {
      rows += run(i).rows;
      this.#ends[i] = rows;
    }
  }

  /** How many runs there are. */
  get length(): number {
    return this.#ends.length;
  }

  /** Rows of the stream. */
  get total(): number {
    return this.#ends.at(-1) ?? 0;
  }

  run(index: number): Run {
    return this.#run(index);
  }

  /** Rows before the run. */
  startOf(run: number): number {
    return run === 0 ? 0 : (this.#ends[run - 1] ?? 0);
  }

  /**
   * The pieces that have the rows from `offset` on, `limit` of them. Runs of more than `large` rows that are alike, and those that
   * have nothing to be sorted by, are pieces of their own.
   */
  pieces(offset: number, limit: number, large: number): Piece[] {
    const end = Math.min(offset + limit, this.total);
    const pieces: Piece[] = [];
    for (let at = offset; at < end; ) {
      const first = this.#runAt(at);
      const last = this.#isAlone(first, large) ? first : this.#lastBeside(first, end, large);
      const skip = at - this.startOf(first);
      const take = Math.min(end, this.#ends[last] ?? end) - at;
      pieces.push({ first, last, skip, take });
      at += take;
    }
    return pieces;
  }

  #isAlone(index: number, large: number): boolean {
    const { rows, alike, none } = this.#run(index);
    return none || (alike && rows > large);
  }

  #lastBeside(first: number, end: number, large: number): number {
    let last = first;
    while (
      (this.#ends[last] ?? end) < end &&
      last + 1 < this.#ends.length &&
      !this.#isAlone(last + 1, large)
    ) {
      last += 1;
    }
    return last;
  }

  /** The run in which row `offset` lies. */
  #runAt(offset: number): number {
    let [low, high] = [0, this.#ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
