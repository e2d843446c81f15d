import type { Value } from "../engine/column-type.js";

/** What a query found, by segment, group and a key such as the interval's number. */
export class FoundValues<T> {
  readonly #segments: readonly string[];
  readonly #grouped: boolean;
  readonly #found = new Map<number, Map<string, { labels: readonly string[]; values: Map<number, T> }>>();

  constructor(segments: readonly string[], grouped: boolean) {
    this.#segments = segments;
    this.#grouped = grouped;
  }

  /** Takes a value; `change` makes the new one of that which was there. */
  set(segment: Value, labels: readonly Value[], key: number, change: (before: T | undefined) => T): void {
    const groups = this.#found.get(Number(segment)) ?? new Map();
    this.#found.set(Number(segment), groups);
    const group = JSON.stringify(labels);
    const known = groups.get(group) ?? { labels: labels as readonly string[], values: new Map<number, T>() };
    groups.set(group, known);
    known.values.set(key, change(known.values.get(key)));
  }

  /** Segments as given, groups in the order of their texts; without groups one for each segment, also without values. */
  lines(): { segment: string; labels: readonly string[]; values: ReadonlyMap<number, T> }[] {
    return this.#segments.flatMap((segment, i) => {
      const groups = [...(this.#found.get(i)?.values() ?? [])];
      if (groups.length === 0 && !this.#grouped)
        return [{ segment, labels: [], values: new Map<number, T>() }];
      return groups
        .sort((a, b) => byTexts(a.labels, b.labels))
        .map(({ labels, values }) => ({ segment, labels, values }));
    });
  }
}

/** By the first text, then the next, each by its bytes in UTF-8. */
export function byTexts(a: readonly string[], b: readonly string[]): number {
  for (const [i, text] of a.entries()) {
    const difference = Buffer.compare(Buffer.from(text), Buffer.from(b[i] ?? ""));
    if (difference !== 0) return difference;
  }
  return 0;
}
