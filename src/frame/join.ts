import type { Column, ColumnType } from "../engine/column-type.js";
import { identifier } from "../engine/sql-text.js";
import { sqlTypeOf } from "../engine/sql-type.js";
import { UsageError } from "../errors/index.js";
import { columnOf, type Derivation } from "./derivation.js";
import type { OwnTable } from "./own-table.js";
import { unknownName } from "./selection.js";

/**
 * `left`: every row, with nulls where the other table has none; `inner`: only rows that it has one for; `semi` and
 * `anti`: the rows that it has one for, or none, and no column of it.
 */
export type JoinKind = "left" | "inner" | "semi" | "anti";

/** How a table of one's own is joined. */
export interface JoinOptions<Left, Right, How extends JoinKind = "left", Suffix extends string = "_right"> {
  /** The column, or columns, that must be equal and are called the same; or those of the frame to those of the table. */
  readonly on:
    | (keyof Left & keyof Right & string)
    | readonly (keyof Left & keyof Right & string)[]
    | { readonly [L in keyof Left & string]?: keyof Right & string };
  /** Default `left`. */
  readonly how?: How | undefined;
  /** What is put behind the name of a column of the table that the frame has too. Default `_right`. */
  readonly suffix?: Suffix | undefined;
}

/** A row of the frame with the columns of the table; those that must be equal are the frame's. */
export type Joined<Left, Right, How extends JoinKind, Suffix extends string> = How extends "semi" | "anti"
  ? Left
  : Left & {
      readonly [R in keyof Right & string as R extends keyof Left ? `${R}${Suffix}` : R]:
        | (undefined extends Right[R] ? Exclude<Right[R], undefined> | null : Right[R])
        | (How extends "left" ? null : never);
    };

/** Pairs of columns that must be equal: the frame's, and the table's. */
type Keys = readonly (readonly [string, string])[];

const KINDS: readonly string[] = ["left", "inner", "semi", "anti"];

/** The columns that must be equal, as `JoinOptions` have them. */
export type On = string | readonly string[] | object;

/** The pairs that `on` names. Throws UsageError if the frame has no such column, or one that is no single value. */
function joinKeys(columns: readonly Column[], on: On): Keys {
  const pairs: Keys =
    typeof on === "string"
      ? [[on, on]]
      : Array.isArray(on)
        ? on.map((name) => [name, name] as const)
        : Object.entries(on as Record<string, string>);
  if (pairs.length === 0) throw new UsageError("on names no column.", "Name the column that must be equal.");
  for (const [left] of pairs) {
    const { type } = columnOf(columns, left);
    if (sqlTypeOf(type) === undefined) {
      throw new UsageError(`${left} is ${type.kind}, which cannot be joined on.`, "Join on a single value.");
    }
  }
  return pairs;
}

/** The table's columns that are compared with text, and so must be read as text: `00123` is not 123. */
export function textKeys(columns: readonly Column[], on: On): string[] {
  return joinKeys(columns, on).flatMap(([left, right]) =>
    columnOf(columns, left).type.kind === "text" ? [right] : [],
  );
}

/**
 * Each row of a frame with each row of `table` whose keys are equal, compared in the frame's type: a key of the table
 * that has none of that type equals nothing. Throws UsageError.
 */
export function joining(
  columns: readonly Column[],
  table: OwnTable,
  on: On,
  how: JoinKind = "left",
  suffix: string = "_right",
): Derivation {
  if (!KINDS.includes(how)) throw unknownName("kind of join", how, KINDS);
  const keys = joinKeys(columns, on);
  for (const [, right] of keys) columnOf(table.columns, right);
  const conditions = keys.map(([left, right]) => {
    const [to, from] = [columnOf(columns, left).type, columnOf(table.columns, right).type];
    return `ours.${identifier(left)} = ${keySql(`theirs.${identifier(right)}`, from, to)}`;
  });
  const names = new Set(columns.map(({ name }) => name));
  const shown = how === "semi" || how === "anti" ? [] : table.columns;
  // A key of the same name is the frame's own.
  const added = shown.flatMap((column) => {
    if (keys.some(([left, right]) => left === right && right === column.name)) return [];
    const name = names.has(column.name) ? `${column.name}${suffix}` : column.name;
    if (names.has(name)) throw clash(name, suffix);
    names.add(name);
    return [{ from: column.name, column: { name, type: column.type } }];
  });
  const list = [
    "ours.*",
    ...added.map(({ from, column }) => `theirs.${identifier(from)} AS ${identifier(column.name)}`),
  ];
  return {
    schema: [...columns, ...added.map(({ column }) => column)],
    sql: (source) =>
      `SELECT ${list.join(", ")} FROM ${source} AS ours ${how.toUpperCase()} JOIN (${table.sql}) AS theirs ON ${conditions.join(" AND ")}`,
  };
}

const WHOLE: ReadonlySet<string> = new Set(["int32", "int64", "uint64", "int128"]);

/** Key `c` of type `from` in type `to`, or null. A cast alone would round 1.5 to 2, and write 5 as `5.0`. */
function keySql(c: string, from: ColumnType, to: ColumnType): string {
  const type = sqlTypeOf(to) ?? "VARCHAR";
  const isFraction = from.kind === "double" || from.kind === "decimal";
  if (isFraction && WHOLE.has(to.kind))
    return `CASE WHEN ${c} = trunc(${c}) THEN TRY_CAST(${c} AS ${type}) END`;
  if (isFraction && type === "VARCHAR") {
    return `CASE WHEN ${c} = trunc(${c}) THEN TRY_CAST(${c} AS HUGEINT)::VARCHAR ELSE ${c}::VARCHAR END`;
  }
  if (sqlTypeOf(from) === "VARCHAR" && WHOLE.has(to.kind)) {
    return `CASE WHEN regexp_full_match(${c}, '[+-]?[0-9]+') THEN TRY_CAST(${c} AS ${type}) END`;
  }
  return `TRY_CAST(${c} AS ${type})`;
}

function clash(name: string, suffix: string): UsageError {
  return new UsageError(
    `Two columns would be called ${name}.`,
    `Give a suffix other than ${JSON.stringify(suffix)}, or rename a column of the table.`,
  );
}
