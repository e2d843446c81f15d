/** Of sums that were added up in another order. */
const NEARLY = 1e-9;

/** The first difference between two results, in words; undefined if there is none. */
export function difference(ours: readonly object[], theirs: readonly object[]): string | undefined {
  if (ours.length !== theirs.length) return `${ours.length} rows and ${theirs.length}`;
  for (const [i, row] of ours.entries()) {
    const other: Readonly<Record<string, unknown>> = { ...theirs[i] };
    for (const [name, value] of Object.entries(row)) {
      if (!isSame(value, other[name])) return `row ${i}, ${name}: ${shown(row)} and ${shown(other)}`;
    }
  }
  return undefined;
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") {
    return a === b || Math.abs(a - b) <= NEARLY * Math.max(Math.abs(a), Math.abs(b));
  }
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  return Object.is(a, b) || shown(a) === shown(b);
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? `${item}n` : item));
}
