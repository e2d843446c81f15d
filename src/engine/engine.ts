import type { Column, Value } from "./column-type.js";
import type { Dialect } from "./dialect.js";

/**
 * A value bound to a `$1`, `?` or `$name` of a query. A whole number is bound as int64, any other number as
 * double, a bigint as int64 or int128, a Date as a timestamp in UTC; a list is bound as a list of its items.
 */
export type Param = null | boolean | number | bigint | string | Date | readonly Param[];

/** Bound values by position (`$1`, `?`) or by name (`$name`). */
export type Params = readonly Param[] | Readonly<Record<string, Param>>;

/** What a long query may be told. */
export interface QueryOptions {
  /** Ends the query; it then fails with CancelledError. */
  readonly signal?: AbortSignal | undefined;
}

/** Some consecutive rows of a result, column by column. */
export interface Batch {
  readonly columns: readonly Column[];
  /** How many rows this batch has; at least 1. */
  readonly length: number;
  /** The values of column number `index` (from 0), one for each row. */
  values(index: number): readonly Value[];
  /** The value of one column in one row, both from 0: where few of a column's values are asked for. */
  value(index: number, row: number): Value;
  /** The numbers of a column of int32 or double, as they lie in memory: where many are read. Those of nulls mean nothing. */
  numbers(index: number): Int32Array | Float64Array;
  /** Two numbers for each row of a column of int64, that are both alike where its values are. As `numbers`. */
  halves(index: number): Int32Array;
}

/** A whole result in memory. */
export interface Rows {
  readonly columns: readonly Column[];
  readonly length: number;
  /** Each row as an array of values in the order of `columns`. */
  rows(): Value[][];
  /** Each row as an object. Of columns with the same name the last wins. */
  objects(): Record<string, Value>[];
}

/**
 * A query engine with a database of its own in memory, whose time zone is UTC. Every call runs in a session of
 * its own: ordinary tables, views and global settings last as long as the engine, temporary tables,
 * transactions and session settings no longer than one call. Calls may run at the same time.
 * All fail with QueryError, or with CancelledError after their signal.
 */
export interface Engine {
  /** What is its own in its SQL. */
  readonly dialect: Dialect;
  /** Runs one or more statements and forgets their rows. */
  run(sql: string, params?: Params, options?: QueryOptions): Promise<void>;
  /** Runs statements and holds the last one's rows in memory. */
  query(sql: string, params?: Params, options?: QueryOptions): Promise<Rows>;
  /**
   * Runs statements and gives the last one's rows batch by batch, about 2,000 at a time, as they are asked for.
   * The columns are known before the first row.
   */
  stream(sql: string, params?: Params, options?: QueryOptions): Promise<RowStream>;
  /** The columns that a query would give, without running it. Takes one statement. */
  describe(sql: string, params?: Params): Promise<readonly Column[]>;
  /** Frees everything. Any later call fails. */
  close(): void;
}

/** Rows as they come. To stop early, leave the loop or call `return()`. */
export interface RowStream extends AsyncIterable<Batch> {
  readonly columns: readonly Column[];
  /** Ends the query without reading the rest. Harmless when it has ended. */
  close(): void;
}

/** Settings of an engine. */
export interface EngineOptions {
  /** Most memory the engine may use, such as `512MB` or `4GB`. Default: 80 % of the machine's. */
  readonly memoryLimit?: string;
  /** With a limit: whether what is freed stays with the process, which makes the next query quicker. Default false. */
  readonly keepFreed?: boolean;
  /** Default: the number of cores. */
  readonly threads?: number;
  /** Where results larger than the memory limit are spilled. Default: no spilling. */
  readonly tempDirectory?: string;
  /** Whether rows without an ORDER BY keep the order of their files. Default true; false needs less memory. */
  readonly preserveInsertionOrder?: boolean;
  /** Whether what was read of files stays in memory, up to the limit, for the next query. Default true. */
  readonly cacheFiles?: boolean;
}
