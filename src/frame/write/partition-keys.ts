import type { Column } from "../../engine/column-type.js";
import { identifier } from "../../engine/sql-text.js";
import { UsageError } from "../../errors/index.js";
import { unknownName } from "../selection.js";

/** A column or a piece of time by which rows are put into folders. */
export interface PartitionKey {
  readonly name: string;
  /** Number of the column, undefined for a piece of time. */
  readonly column: number | undefined;
  /** Its value in SQL over the columns `c0`, `c1` … */
  readonly sql: string;
}

const TIME_COLUMN = "event_time";
const PIECES: Readonly<Record<string, (c: string) => string>> = {
  day: (c) => `strftime(${c}, '%Y-%m-%d')`,
  month: (c) => `strftime(${c}, '%Y-%m')`,
};

/** Folder of rows without a value, as Hive, Spark and DuckDB write it. */
export const NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

/**
 * What `names` mean: columns, else `day` and `month`, which are those of `event_time` in UTC. Throws UsageError
 * for other names, for the same one twice, and where no column would be left.
 */
export function partitionKeys(names: readonly string[], columns: readonly Column[]): PartitionKey[] {
  if (names.length === 0)
    throw new UsageError("partitionBy names nothing.", "Name a column, or day or month.");
  const keys = names.map((name, i) => {
    if (names.indexOf(name) !== i) throw new UsageError(`${name} is named twice.`, "Name each column once.");
    return keyOf(name, columns);
  });
  if (keys.filter(({ column }) => column !== undefined).length === columns.length) {
    throw new UsageError("partitionBy names all columns.", "Leave at least one for the files.");
  }
  return keys;
}

function keyOf(name: string, columns: readonly Column[]): PartitionKey {
  const column = columns.findIndex((candidate) => candidate.name === name);
  if (column !== -1) return { name, column, sql: `c${column}` };
  const piece = PIECES[name];
  const known = columns.map((candidate) => candidate.name);
  if (piece === undefined) throw unknownName("column", name, [...known, ...Object.keys(PIECES)]);
  const time = columns.findIndex((c) => c.name === TIME_COLUMN && c.type.kind === "timestamp");
  if (time === -1) {
    throw new UsageError(
      `${name} is that of ${TIME_COLUMN}, which is not among the columns.`,
      `Add ${TIME_COLUMN} to the columns, or name another column.`,
    );
  }
  return { name, column: undefined, sql: piece(`make_timestamp(epoch_us(c${time}))`) };
}

/** The columns of `sql` and behind them the values of `keys`, as they stand in the names of folders. */
export function withFolders(sql: string, columns: readonly Column[], keys: readonly PartitionKey[]): string {
  const names = columns.map((_, i) => `c${i}`);
  // DuckDB's own writer of partitions encodes the same characters, and knows the same word for null.
  const folders = keys.map((key) => `coalesce(url_encode((${key.sql})::VARCHAR), '${NO_VALUE}')`);
  return `SELECT ${[...names, ...folders].join(", ")} FROM (\n${sql}\n) AS t(${names.join(", ")})`;
}

/** The columns that are no keys as `cast` gives them, and the keys by their names. */
export function withKeys(
  sql: string,
  columns: readonly Column[],
  keys: readonly PartitionKey[],
  cast: (c: string, column: Column) => string,
): string {
  const names = columns.map((_, i) => `c${i}`);
  const kept = columns.flatMap((column, i) =>
    keys.some((key) => key.column === i) ? [] : [`${cast(`c${i}`, column)} AS ${identifier(column.name)}`],
  );
  const own = keys.map((key) => `${key.sql} AS ${identifier(key.name)}`);
  return `SELECT ${[...kept, ...own].join(", ")} FROM (\n${sql}\n) AS t(${names.join(", ")})`;
}
