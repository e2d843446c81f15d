import type { ColumnName, ColumnType, PropertyOptions, QueryOptions, Value } from "../../../index.js";
import { columnKind, type Order } from "./order.js";
import { Runs } from "./runs.js";
import { type Part, type Scope, SORTED_PROPERTY } from "./scope.js";

/** Types of columns that properties are sorted in; all others are sorted by their JSON. */
const TYPES: ReadonlySet<string> = new Set(["boolean", "int64", "double", "timestamp", "text"]);

/** A stream sorted by a column's or a property's values. */
export interface ValueRuns {
  readonly runs: Runs;
  /** The scope; if a property is what it is sorted by, with that as a column. */
  readonly scope: Scope;
  /** What it is sorted by, in SQL. */
  readonly key: string;
}

/**
 * Counts the events of `scope` by the values that `order` names; values of fewer than `size` events share a run. Throws UsageError,
 * QueryError, CancelledError.
 */
export async function valueRuns(
  scope: Scope,
  order: Order,
  size: number,
  options: QueryOptions,
): Promise<ValueRuns> {
  const isColumn = columnKind(order.column) !== undefined;
  const name = isColumn ? order.column : SORTED_PROPERTY;
  const sorted = isColumn
    ? scope
    : scope.withProperty(order.column, await typeOf(scope, order.column, options));
  const frame = sorted.frame(isColumn ? [order.column as ColumnName] : ["event_time"]);
  const { engine, sql, params } = await frame.statement();
  const { dialect } = engine;
  const key = dialect.identifier(name);
  const found = await engine.query(
    `SELECT min(key) AS first, max(key) AS last, CAST(sum(n) AS BIGINT) AS n, count(*) AS keys FROM (
  SELECT key, n, CASE WHEN n > ${size} THEN key END AS large,
    sum(n) OVER (ORDER BY key ROWS UNBOUNDED PRECEDING) // ${size} AS run
  FROM (SELECT ${key} AS key, count(*) AS n FROM (\n${sql}\n) GROUP BY 1)
) GROUP BY key IS NULL, large, run ORDER BY first ${order.descending ? "DESC" : "ASC"} NULLS LAST`,
    params,
    options,
  );
  const rows = found.rows();
  const type = found.columns[0]?.type ?? { kind: "text" };
  const literal = (value: Value): string => literalOf(value, type, dialect.literal);
  const partOf = (first: number, last: number): Part => {
    const [a, b] = order.descending ? [rows[last], rows[first]] : [rows[first], rows[last]];
    const [low, high] = [a?.[0] ?? null, b?.[1] ?? null];
    if (low === null || high === null) return { condition: `${key} IS NULL` };
    return { condition: `${key} >= ${literal(low)} AND ${key} <= ${literal(high)}` };
  };
  const runs = new Runs(
    rows.length,
    (i) => {
      const [first = null, , n, keys] = rows[i] ?? [];
      return { rows: Number(n), alike: Number(keys) === 1, none: first === null };
    },
    partOf,
  );
  return { runs, scope: sorted, key };
}

/** The type in which all values of a property can be compared. Reads all events of the scope unless it is promoted. */
async function typeOf(
  scope: Scope,
  property: string,
  options: QueryOptions,
): Promise<PropertyOptions["type"]> {
  const frame = await scope.withProperty(property).frame(["event_time"]).ready(options);
  const kind = frame.properties[0]?.type.kind ?? "json";
  return TYPES.has(kind) ? (kind as PropertyOptions["type"]) : "json";
}

function literalOf(value: Value, type: ColumnType, text: (value: string) => string): string {
  if (typeof value === "bigint")
    return type.kind === "timestamp" ? `make_timestamp(${value})` : String(value);
  if (typeof value === "number") return `CAST('${value}' AS DOUBLE)`;
  if (typeof value === "boolean") return String(value);
  return text(String(value));
}
