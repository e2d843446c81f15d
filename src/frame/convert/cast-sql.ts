import type { Column, ColumnType } from "../../engine/column-type.js";
import { identifier } from "../../engine/sql-text.js";
import { sqlTypeOf } from "../../engine/sql-type.js";
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

/** For Arrow tables: times become int64 microseconds, maps and what is nested with kinds that are not plain JSON. */
export const arrowCast: Cast = (c, type) => {
  if (type.kind === "timestamp") return `epoch_us(${c})`;
  if (type.kind === "decimal") return decimalCast(c, type.precision);
  if (type.kind === "map" || type.kind === "struct" || type.kind === "list") {
    return isPlain(type) ? c : `to_json(${c})::VARCHAR`;
  }
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
    case "list":
    case "struct": {
      const nested = polarsSqlType(type);
      return nested === undefined ? `to_json(${c})::VARCHAR` : `${c}::${nested}`;
    }
    case "decimal":
      return decimalCast(c, type.precision);
    default:
      return int64IfWider(c, type);
  }
};

/** The SQL type of what `polarsCast` makes of nested values of `type`; undefined if a cast alone does not make it. */
function polarsSqlType(type: ColumnType): string | undefined {
  switch (type.kind) {
    case "uuid":
    case "interval":
      return "VARCHAR";
    case "int128":
      return "BIGINT";
    case "decimal":
      return type.precision <= DOUBLE_DIGITS ? "DOUBLE" : "VARCHAR";
    case "list": {
      const item = polarsSqlType(type.item);
      return item === undefined ? undefined : `${item}[]`;
    }
    case "struct": {
      const fields = type.fields.map((field) => [identifier(field.name), polarsSqlType(field.type)] as const);
      if (fields.length === 0 || fields.some(([, sql]) => sql === undefined)) return undefined;
      return `STRUCT(${fields.map((field) => field.join(" ")).join(", ")})`;
    }
    default:
      return sqlTypeOf(type);
  }
}

/** What Arrow tables hold as it is, in lists and structs too; lists and structs of other kinds become JSON. */
export function isPlain(type: ColumnType): boolean {
  if (type.kind === "list") return isPlain(type.item);
  if (type.kind === "struct")
    return type.fields.length > 0 && type.fields.every((field) => isPlain(field.type));
  return PLAIN.has(type.kind);
}

const PLAIN: ReadonlySet<string> = new Set(["text", "json", "boolean", "int32", "int64", "uint64", "double"]);

/** Decimals that every double can keep become doubles, longer ones text, as in rows. */
function decimalCast(c: string, precision: number): string {
  return precision <= DOUBLE_DIGITS ? `${c}::DOUBLE` : `${c}::VARCHAR`;
}
