import type { Column, ColumnType } from "../engine/column-type.js";
import { identifier, literal } from "../engine/sql-text.js";
import { sqlTypeOf } from "../engine/sql-type.js";
import { UsageError } from "../errors/index.js";

/** A value of a row that a person gives. */
export type OwnValue = string | number | bigint | boolean | Date | null | undefined;

/** A table of a person's own, as SQL that gives its rows. */
export interface OwnTable {
  readonly columns: readonly Column[];
  readonly sql: string;
}

const INT64_MAX = 2n ** 63n - 1n;

/**
 * `rows` as a table, the type of each column told by its values: text, boolean, double (number), int64 or int128
 * (bigint), timestamp (Date); a value that is missing or undefined is null. Throws UsageError where a column mixes
 * kinds, has values of another kind, or where there is no column.
 */
export function tableOfRows(rows: readonly object[]): OwnTable {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (names.length === 0) throw new UsageError("The table to join has no rows.", "Give at least one object.");
  const columns = names.map((name): Column => ({ name, type: typeOf(name, valuesOf(rows, name)) }));
  const texts = rows.map((row) => names.map((name) => textOf((row as Record<string, OwnValue>)[name])));
  const list = columns.map(
    ({ name, type }, i) => `${fromText(`cells[${i + 1}]`, type)} AS ${identifier(name)}`,
  );
  // One literal for all rows, since values cannot be bound beside those of the query that this is put into.
  const cells = `unnest(from_json(${literal(JSON.stringify(texts))}, '[["VARCHAR"]]'))`;
  return { columns, sql: `SELECT ${list.join(", ")} FROM (SELECT ${cells} AS cells)` };
}

function valuesOf(rows: readonly object[], name: string): OwnValue[] {
  return rows.map((row) => (row as Record<string, OwnValue>)[name]);
}

function typeOf(name: string, values: readonly OwnValue[]): ColumnType {
  const kinds = new Set(values.flatMap((value) => (value == null ? [] : [kindOf(name, value)])));
  const [kind, other] = kinds;
  if (other !== undefined) {
    throw new UsageError(
      `The column ${name} of the table to join has values of the kinds ${[...kinds].join(" and ")}.`,
      "Give values of one kind, or null.",
    );
  }
  if (kind !== "int64") return { kind: kind ?? "null" };
  const isWide = values.some(
    (value) => typeof value === "bigint" && (value > INT64_MAX || value < -INT64_MAX - 1n),
  );
  return { kind: isWide ? "int128" : "int64" };
}

function kindOf(
  name: string,
  value: NonNullable<OwnValue>,
): "text" | "boolean" | "double" | "int64" | "timestamp" {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return "timestamp";
  switch (typeof value) {
    case "string":
      return "text";
    case "boolean":
      return "boolean";
    case "number":
      return "double";
    case "bigint":
      return "int64";
    default:
      throw new UsageError(
        `The column ${name} of the table to join has a value that is no single one: ${String(value)}.`,
        "Give text, numbers, bigints, booleans, valid Dates or null; other things as JSON text.",
      );
  }
}

function textOf(value: OwnValue): string | null {
  if (value == null) return null;
  return value instanceof Date
    ? String(BigInt(value.getTime()) * 1000n)
    : Object.is(value, -0)
      ? "-0"
      : String(value);
}

function fromText(cell: string, type: ColumnType): string {
  if (type.kind === "timestamp") return `make_timestamp(${cell}::BIGINT)`;
  return type.kind === "null" ? "NULL" : `${cell}::${sqlTypeOf(type)}`;
}
