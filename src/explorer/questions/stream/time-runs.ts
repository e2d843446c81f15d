import type { FieldName, QueryOptions } from "../../../index.js";
import { columnKind, type Order } from "./order.js";
import { Runs } from "./runs.js";
import type { Part, Scope, Span } from "./scope.js";

/** As many runs as are kept at most, and how many events each has at best. */
const MOST_RUNS = 100_000;
const RUN_ROWS = 200;
const DAY = 86_400_000_000;
/** Lengths of runs in microseconds, so that they begin where clocks do. */
const LENGTHS = [1, 1_000, 100_000, 1_000_000, 10_000_000, 60_000_000, 600_000_000, 3_600_000_000, DAY];

/** A stream sorted by time: runs of equal length, in each of which there is an event. */
export interface TimeRuns extends Runs {
  /** First and last moment of a run, in microseconds; undefined of the run of events without a time. */
  timeOf(run: number): Span | undefined;
}

/** Counts the events of `scope` by what `order` says of a column of times. Throws QueryError, CancelledError. */
export async function timeRuns(scope: Scope, order: Order, options: QueryOptions): Promise<TimeRuns> {
  const column = order.column as FieldName;
  const length = BigInt(await runLength(scope, options));
  const { engine, sql, params } = await scope.frame([column]).statement();
  const micros = `epoch_us(${engine.dialect.identifier(column)})`;
  // Division cuts towards zero, so times before 1970 need the remainder taken off first.
  const number = `(${micros} - (${micros} % ${length} + ${length}) % ${length}) // ${length}`;
  const rows = (
    await engine.query(
      `SELECT ${number} AS run, count(*) AS n FROM (\n${sql}\n) GROUP BY 1 ORDER BY 1 ${order.descending ? "DESC" : "ASC"} NULLS LAST`,
      params,
      options,
    )
  ).rows();
  const numbers = rows.map(([run]) => (typeof run === "bigint" ? run : null));
  const counts = rows.map(([, n]) => Number(n));
  const timeOf = (run: number): Span | undefined => {
    const number = numbers[run] ?? null;
    return number === null ? undefined : { from: number * length, until: (number + 1n) * length };
  };
  const partOf = (first: number, last: number): Part => {
    const [a, b] = [timeOf(first), timeOf(last)];
    if (a === undefined || b === undefined)
      return { condition: `${engine.dialect.identifier(column)} IS NULL` };
    const span = order.descending ? { from: b.from, until: a.until } : { from: a.from, until: b.until };
    if (column === "event_time") return { time: span };
    return { condition: `${micros} >= ${span.from} AND ${micros} < ${span.until}` };
  };
  const runs = new Runs(
    rows.length,
    (i) => ({ rows: counts[i] ?? 0, alike: false, none: numbers[i] === null }),
    partOf,
  );
  return Object.assign(runs, { timeOf });
}

/** How many microseconds a run should have: there are few events in it, but not too many runs. */
async function runLength(scope: Scope, options: QueryOptions): Promise<number> {
  const { events, from, to } = await scope.lake.extent(options);
  const micros = from === null || to === null ? DAY : (to.getTime() - from.getTime() + 1) * 1000;
  const best = Math.max(micros / MOST_RUNS, (micros / Math.max(1, events)) * RUN_ROWS);
  return LENGTHS.findLast((length) => length <= best) ?? 1;
}

/** True if the column is one of times. */
export function isTime(column: string): boolean {
  return columnKind(column) === "time";
}
