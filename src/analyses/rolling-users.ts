/**
 * Users of the `window` intervals that end with each, as changes: how many more, or fewer, there are from interval `k` on. A
 * user counts from an interval in which he is seen to the one before he is next seen, or before the window ends. `table` has each
 * user (`person`) once for each interval `k` and `by`, and `next_k`, the next one in which he is.
 */
export function rollingChanges(table: string, by: readonly string[], window: number): string {
  const keys = by.join(", ");
  const until = `least(k + ${window}, coalesce(next_k, k + ${window}))`;
  const changes = `SELECT ${keys}, k, count(person) AS n FROM ${table} GROUP BY ${keys}, k
    UNION ALL SELECT ${keys}, k, -count(person) AS n FROM (SELECT ${keys}, person, ${until} AS k FROM ${table}) AS ended GROUP BY ${keys}, k`;
  return `SELECT ${keys}, k, sum(n) AS n FROM (${changes}) AS changes GROUP BY ${keys}, k`;
}

/** For `rollingChanges`: the next interval in which the user is. */
export function nextIntervalSql(by: readonly string[]): string {
  return `lead(k) OVER (PARTITION BY ${[...by, "person"].join(", ")} ORDER BY k) AS next_k`;
}

/** The sums of `changes` (by interval) up to each of `numbers`, which ascend. */
export function standing(changes: ReadonlyMap<number, number>, numbers: readonly number[]): number[] {
  const sorted = [...changes].sort(([a], [b]) => a - b);
  let [next, sum] = [0, 0];
  return numbers.map((number) => {
    for (; next < sorted.length && sorted[next]![0] <= number; next++) sum += sorted[next]![1];
    return sum;
  });
}
