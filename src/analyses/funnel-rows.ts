import type { CountedAttempt } from "./funnel-read.js";

/** What attempts of one segment, group and interval came to. */
export interface FunnelCounts {
  /** For each step. */
  readonly reached: number[];
  /** For each step, in whole units of the resolution: from having done those before to having done it too. */
  readonly took: number[][];
}

interface FoundGroup {
  readonly labels: readonly string[];
  readonly cells: FunnelCounts[];
}

/** Attempts counted by segment, group and interval. */
export class FunnelCells {
  readonly #groups: Map<string, FoundGroup>[];
  /** Of each segment the group that was counted last. */
  readonly #last: FoundGroup[] = [];

  constructor(
    segments: number,
    private readonly intervals: number,
    private readonly steps: number,
    grouped: boolean,
  ) {
    this.#groups = Array.from({ length: segments }, () => new Map());
    if (!grouped) for (const groups of this.#groups) groups.set("[]", { labels: [], cells: this.#cells() });
  }

  add({ segment, groups, interval, times }: CountedAttempt): void {
    const ofSegment = this.#groups[segment]!;
    for (const labels of groups) {
      let found = this.#last[segment];
      if (found?.labels !== labels) {
        const key = labels.length === 1 ? labels[0]! : JSON.stringify(labels);
        found = ofSegment.get(key);
        if (found === undefined) {
          found = { labels, cells: this.#cells() };
          ofSegment.set(key, found);
        }
        this.#last[segment] = found;
      }
      count(found.cells[interval]!, times);
    }
  }

  /** Of a segment, those that most entered with first, then by the characters of their names. */
  groups(segment: number): { readonly labels: readonly string[]; readonly cells: readonly FunnelCounts[] }[] {
    const entered = (cells: readonly FunnelCounts[]): number =>
      cells.reduce((sum, { reached }) => sum + reached[0]!, 0);
    return [...this.#groups[segment]!.values()].sort(
      (a, b) => entered(b.cells) - entered(a.cells) || byCharacters(a.labels, b.labels),
    );
  }

  #cells(): FunnelCounts[] {
    return Array.from({ length: this.intervals }, () => ({
      reached: new Array<number>(this.steps).fill(0),
      took: Array.from({ length: this.steps }, () => []),
    }));
  }
}

function count({ reached, took }: FunnelCounts, times: readonly number[]): void {
  let done = times[0]!;
  for (let step = 0; step < times.length; step++) {
    reached[step]!++;
    const time = times[step]!;
    if (step > 0) took[step]!.push(Math.max(0, time - done));
    if (time > done) done = time;
  }
}

/** Text by code points, which is the order of its UTF-8. */
function byCharacters(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = Buffer.compare(Buffer.from(a[i]!), Buffer.from(b[i]!));
    if (order !== 0) return order;
  }
  return 0;
}

/** The middle value, of an even number the mean of the middle two; null of none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Null of none. */
export function average(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
