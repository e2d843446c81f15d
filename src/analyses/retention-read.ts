import type { Value } from "../engine/column-type.js";
import { GroupCombinations } from "./group-combinations.js";
import { type Began, RetentionCounts, Returns } from "./retention-counts.js";
import type { RetentionPlan, RetentionSql } from "./retention-sql.js";

/** Columns before those of the segments. */
const BEFORE = 5;
const NONE: readonly Value[] = [];

/** Runs the statement and counts, one user after the other: rows as `RetentionCounts` gives them. Holds one user's days at a time. */
export async function readRetention(
  { input, brackets, length, isOn }: RetentionPlan,
  { sql, params, groups }: RetentionSql,
): Promise<Value[][]> {
  const counts = new RetentionCounts(brackets, length, isOn);
  const combinations = new GroupCombinations();
  const segments = input.segments.length;
  const first = BEFORE + 2 * segments;
  let starts: Began[] = [];
  const returns = new Returns();
  let [left, right] = [0, 0];
  for await (const batch of await input.engine.stream(sql, params, input.queryOptions)) {
    const persons = batch.halves(0);
    const numbers = Array.from({ length: first - 1 }, (_, i) => batch.numbers(i + 1));
    const [cohorts, intervals, lows, highs] = [numbers[0]!, numbers[1]!, numbers[2]!, numbers[3]!];
    for (let row = 0; row < batch.length; row++) {
      if (persons[2 * row] !== left || persons[2 * row + 1] !== right) {
        if (starts.length > 0) {
          counts.add(starts, returns);
          starts = [];
        }
        returns.clear();
        left = persons[2 * row]!;
        right = persons[2 * row + 1]!;
      }
      const q = intervals[row]!;
      if (lows[row]! >= 0) returns.push(q, lows[row]!, highs[row]!);
      for (let segment = 0; segment < segments; segment++) {
        const low = numbers[BEFORE - 1 + 2 * segment]![row]!;
        if (low < 0) continue;
        const high = numbers[BEFORE + 2 * segment]![row]!;
        const cohort = cohorts[row]!;
        const values = groups.length === 0 ? NONE : groups.map((_, i) => batch.value(first + i, row));
        for (const labels of combinations.of(values)) starts.push({ segment, labels, cohort, q, low, high });
      }
    }
  }
  if (starts.length > 0) counts.add(starts, returns);
  return counts.rows();
}
