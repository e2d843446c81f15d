import type { Value } from "../engine/column-type.js";
import { GroupCombinations } from "./group-combinations.js";
import { type Began, type Happened, RetentionCounts } from "./retention-counts.js";
import type { RetentionPlan, RetentionSql } from "./retention-sql.js";

/** Columns before those of the segments. */
const BEFORE = 5;

/** Runs the statement and counts, one user after the other: rows as `RetentionCounts` gives them. Holds one user's days at a time. */
export async function readRetention(
  { input, brackets, length, isOn }: RetentionPlan,
  { sql, params, groups }: RetentionSql,
): Promise<Value[][]> {
  const counts = new RetentionCounts(brackets, length, isOn);
  const combinations = new GroupCombinations();
  const first = BEFORE + 2 * input.segments.length;
  let starts: Began[] = [];
  let returns: Happened[] = [];
  let [left, right] = [0, 0];
  for await (const batch of await input.engine.stream(sql, params, input.queryOptions)) {
    const persons = batch.halves(0);
    const [cohorts, q, low, high] = [1, 2, 3, 4].map((column) => batch.numbers(column));
    const ends = input.segments.map((_, i) => [
      batch.numbers(BEFORE + 2 * i),
      batch.numbers(BEFORE + 2 * i + 1),
    ]);
    for (let row = 0; row < batch.length; row++) {
      if (persons[2 * row] !== left || persons[2 * row + 1] !== right) {
        if (starts.length > 0) counts.add(starts, returns);
        starts = [];
        returns = [];
        left = persons[2 * row]!;
        right = persons[2 * row + 1]!;
      }
      const interval = q![row]!;
      if (low![row]! >= 0) returns.push({ q: interval, low: low![row]!, high: high![row]! });
      for (const [segment, [lows, highs]] of ends.entries()) {
        if (lows![row]! < 0) continue;
        const happened = { q: interval, low: lows![row]!, high: highs![row]! };
        const values = groups.map((_, i) => batch.value(first + i, row));
        for (const labels of combinations.of(values)) {
          starts.push({ segment, labels, cohort: cohorts![row]!, ...happened });
        }
      }
    }
  }
  if (starts.length > 0) counts.add(starts, returns);
  return counts.rows();
}
