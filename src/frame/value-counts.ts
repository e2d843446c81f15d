import type { QueryOptions } from "../engine/engine.js";
import { rowCount } from "./selection.js";

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
 * Counts the values of `column` (an identifier) in `sql`: value, count, share, and how many values there are in all;
 * equal counts by value.
 */
export function valueCountSql(sql: string, column: string, limit = 100): string {
  const most = limit === Number.POSITIVE_INFINITY ? "" : ` LIMIT ${rowCount(limit, "limit")}`;
  return `SELECT ${column}, count(*) AS n, count(*) / sum(count(*)) OVER (), count(*) OVER () FROM (\n${sql}\n)
    GROUP BY 1 ORDER BY n DESC, 1${most}`;
}
