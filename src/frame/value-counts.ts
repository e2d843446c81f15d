import type { Column } from "../engine/column-type.js";
import type { QueryOptions } from "../engine/engine.js";
import { identifier } from "../engine/sql-text.js";
import { rowCount } from "./selection.js";
import type { Statement } from "./statement.js";
import { Table } from "./table.js";

/** How many values `valueCounts` gives. */
export interface ValueCountOptions extends QueryOptions {
  /** The most frequent so many. Default 100; Infinity for all. */
  readonly limit?: number | undefined;
}

/** A value of column `C`, the number of rows that have it, and their share of all rows (0 to 1). */
export type ValueCount<Row, C extends keyof Row & string> = { readonly [K in C]: Row[K] } & {
  readonly count: number;
  readonly share: number;
};

/**
 * Counts the values of `column` in the rows of `statement`: the most frequent first, equal counts by value. `whyNone` gives what
 * is to stand beneath a table without rows.
 */
export async function countValues<Row, C extends keyof Row & string>(
  { engine, sql, params }: Statement,
  column: Column,
  { limit = 100, ...options }: ValueCountOptions,
  whyNone: () => Promise<readonly string[]>,
): Promise<Table<ValueCount<Row, C>>> {
  const most = limit === Number.POSITIVE_INFINITY ? "" : ` LIMIT ${rowCount(limit, "limit")}`;
  const name = identifier(column.name);
  // 0 and -0 are one value; adding 0 makes both 0.
  const value = column.type.kind === "double" ? `${name} + 0` : name;
  const counts = await engine.query(
    `SELECT ${value}, count(*) AS n, count(*) / sum(count(*)) OVER (), count(*) OVER () FROM (\n${sql}\n)
    GROUP BY 1 ORDER BY n DESC, 1${most}`,
    params,
    options,
  );
  const rows = counts.rows();
  return new Table({
    columns: [
      column,
      { name: "count", type: { kind: "int64" } },
      { name: "share", type: { kind: "double" } },
    ],
    rows: rows.map(([value, count, share]) => [value!, Number(count), share!]),
    rowCount: Number(rows[0]?.[3] ?? 0),
    notes: rows.length === 0 ? await whyNone() : [],
  });
}
