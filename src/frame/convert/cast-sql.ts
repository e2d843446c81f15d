import type { Column, ColumnType } from "../../engine/column-type.js";
import { identifier } from "../../engine/sql-text.js";
import { DOUBLE_DIGITS } from "../row-values.js";

/** Gives the SQL that turns column `c` (an SQL name) of `type` into what another program can take. */
export type Cast = (c: string, type: ColumnType) => string;

/** `sql` with each column cast, named uniquely: of columns with the same name the later get `_1`, `_2` … */
export function castSql(sql: string, columns: readonly Column[], cast: Cast): string {
  const names = uniqueNames(columns.map(({ name }) => name));
  const list = columns.map(({ type }, i) => `${cast(`c${i}`, type)} AS ${identifier(names[i]!)}`);
  return `SELECT ${list.join(", ")} FROM (\n${sql}\n) AS t(${columns.map((_, i) => `c${i}`).join(", ")})`;
}

/** `names` with those that occurred before (case aside, as SQL has it) given a number. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let i = 1; taken.has(unique.toLowerCase()); i++) unique = `${name}_${i}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** 128-bit integers, which Parquet has no exact type for, as int64; the query fails if one does not fit. */
function int64IfWider(c: string, type: ColumnType): string {
  return type.kind === "int128" ? `${c}::BIGINT` : c;
}

/** For Parquet files: times marked as UTC, everything else as it is. */
export const parquetCast: Cast = (c, type) =>
  type.kind === "timestamp" ? `make_timestamptz(epoch_us(${c}))` : int64IfWider(c, type);

/** For Arrow tables: times become int64 microseconds, what is nested deeper than a list becomes JSON. */
export const arrowCast: Cast = (c, type) => {
  if (type.kind === "timestamp") return `epoch_us(${c})`;
  if (type.kind === "decimal") return decimalCast(c, type.precision);
  if (type.kind === "map" || type.kind === "struct") return `to_json(${c})::VARCHAR`;
  if (type.kind === "list" && !isPlain(type.item)) return `to_json(${c})::VARCHAR`;
  return int64IfWider(c, type);
};

/**
 * For nodejs-polars 0.24: times without zone, because it cannot compare zoned ones with a Date; JSON, uuid,
 * interval, map and bytes as text, because it panics on them; decimals as double, because it cannot give them out.
 */
export const polarsCast: Cast = (c, type) => {
  switch (type.kind) {
    case "timestamp":
      return `make_timestamp(epoch_us(${c}))`;
    case "json":
    case "uuid":
    case "interval":
      return `${c}::VARCHAR`;
    case "blob":
      return `base64(${c})`;
    case "map":
      return `to_json(${c})::VARCHAR`;
    case "decimal":
      return decimalCast(c, type.precision);
    default:
      return int64IfWider(c, type);
  }
};

/** Items of lists that Arrow tables hold as they are; lists of others become JSON. */
export function isPlain({ kind }: ColumnType): boolean {
  return PLAIN.has(kind);
}

const PLAIN: ReadonlySet<string> = new Set(["text", "json", "boolean", "int32", "int64", "uint64", "double"]);

/** Decimals that every double can keep become doubles, longer ones text, as in rows. */
function decimalCast(c: string, precision: number): string {
  return precision <= DOUBLE_DIGITS ? `${c}::DOUBLE` : `${c}::VARCHAR`;
}
