import type { Column, ColumnType, Value } from "../engine/column-type.js";
import { isJsonColumn, type JsonColumn } from "./event-row.js";

/** How values appear in rows. */
export interface RowOptions {
  /**
   * `date` (the default) gives times as Date, which has milliseconds: later digits are cut off. `micros` gives
   * them as bigint, microseconds since 1970 UTC, exactly.
   */
  readonly timestamps?: "date" | "micros" | undefined;
  /**
   * `text` (the default) gives JSON as it is kept, losing nothing. `parse` gives what JSON.parse makes of it:
   * integers beyond 2^53 are rounded there.
   */
  readonly json?: "text" | "parse" | undefined;
}

/** What becomes of `Row` under `Options`. */
export type RowAs<Row, Options extends RowOptions> = {
  [K in keyof Row]: Options["json"] extends "parse"
    ? K extends JsonColumn
      ? unknown
      : TimeAs<Row[K], Options>
    : TimeAs<Row[K], Options>;
};

type TimeAs<T, Options extends RowOptions> = Options["timestamps"] extends "micros"
  ? T extends Date
    ? bigint
    : T
  : T;

/** Digits that every double keeps: decimals of so many digits are given as numbers. */
export const DOUBLE_DIGITS = 15;

const DAY_MS = 86_400_000;

/** The instant `micros`, cut to its millisecond. */
export function dateOfMicros(micros: bigint): Date {
  const below = ((micros % 1000n) + 1000n) % 1000n;
  return new Date(Number((micros - below) / 1000n));
}

/** A number of days since 1970 as `2026-11-23`. */
export function dateText(days: number): string {
  const date = new Date(days * DAY_MS);
  return Number.isNaN(date.getTime())
    ? days > 0
      ? "infinity"
      : "-infinity"
    : date.toISOString().slice(0, -14);
}

/** The columns of a result as rows know them: text in a column that the lake keeps as JSON is JSON. */
export function asRowColumns(columns: readonly Column[]): Column[] {
  return columns.map((column) =>
    column.type.kind === "text" && isJsonColumn(column.name)
      ? { name: column.name, type: { kind: "json" } }
      : column,
  );
}

/** A function that makes the engine's exact value of a column of `type` into the value of a row. */
export function rowValueOf(type: ColumnType, options: RowOptions = {}): (value: Value) => unknown {
  const convert = presentValueOf(type, options);
  return convert === undefined ? (value) => value : (value) => (value === null ? null : convert(value));
}

function presentValueOf(
  type: ColumnType,
  options: RowOptions,
): ((value: NonNullable<Value>) => unknown) | undefined {
  switch (type.kind) {
    case "timestamp":
      return options.timestamps === "micros" ? undefined : (value) => dateOfMicros(value as bigint);
    case "date":
      return (value) => dateText(value as number);
    case "decimal":
      return type.precision <= DOUBLE_DIGITS ? Number : undefined;
    case "json":
      return options.json === "parse" ? parsed : undefined;
    case "list": {
      const item = rowValueOf(type.item, options);
      return (value) => (value as readonly Value[]).map(item);
    }
    case "struct": {
      const fields = type.fields.map(({ name, type }) => [name, rowValueOf(type, options)] as const);
      return (value) => {
        const struct = value as Readonly<Record<string, Value>>;
        return Object.fromEntries(fields.map(([name, of]) => [name, of(struct[name] ?? null)]));
      };
    }
    case "map": {
      const [key, entry] = [rowValueOf(type.key, options), rowValueOf(type.value, options)];
      return (value) =>
        new Map((value as readonly (readonly Value[])[]).map(([k, v]) => [key(k!), entry(v!)]));
    }
    default:
      return undefined;
  }
}

/** Text that is no JSON, which a person's own SQL may put into such a column, stays text. */
function parsed(value: NonNullable<Value>): unknown {
  try {
    return JSON.parse(value as string);
  } catch {
    return value;
  }
}
