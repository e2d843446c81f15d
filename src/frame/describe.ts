import { type Column, typeName, type Value } from "../engine/column-type.js";
import type { QueryOptions } from "../engine/engine.js";
import { cellText } from "./print/cell-text.js";
import type { Statement } from "./statement.js";
import { Table } from "./table.js";

/** What `describe` says of a column. */
export interface ColumnSummary {
  readonly column: string;
  readonly type: string;
  /** Rows that have a value. */
  readonly filled: number;
  readonly nulls: number;
  /** Different values, estimated: mostly within a tenth, at times off by a quarter. Null for lists and the like. */
  readonly distinct: number | null;
  /** Least and greatest value as text, null where there is no order. */
  readonly min: string | null;
  readonly max: string | null;
  /** Of numbers. */
  readonly mean: number | null;
  /** Of numbers; exact up to 32 million values of all columns of numbers together, estimated beyond. */
  readonly median: number | null;
  /** Of numbers, as the median: a quarter of the values are less, or greater. */
  readonly q25: number | null;
  readonly q75: number | null;
}

const NUMBERS: ReadonlySet<string> = new Set(["int32", "int64", "uint64", "int128", "double", "decimal"]);
const ORDERED: ReadonlySet<string> = new Set([...NUMBERS, "text", "timestamp", "date", "time", "uuid"]);
const NESTED: ReadonlySet<string> = new Set(["list", "struct", "map"]);

/** Quantiles of more values are estimated: exact ones hold all of them in memory, 8 bytes each. */
const MOST_EXACT = 32e6;

/** Describes every column of `statement`, which has `count` rows, in one pass. */
export async function summarise(
  { engine, sql, params }: Statement,
  columns: readonly Column[],
  count: number,
  options: QueryOptions,
): Promise<Table<ColumnSummary>> {
  const numbers = columns.filter(({ type }) => NUMBERS.has(type.kind)).length;
  const quantile = count * numbers > MOST_EXACT ? "approx_quantile" : "quantile_cont";
  const aggregates = columns.flatMap(({ type }, i) => [
    `count(c${i})`,
    NESTED.has(type.kind) ? "NULL" : `approx_count_distinct(c${i})`,
    ORDERED.has(type.kind) ? `min(c${i})` : "NULL",
    ORDERED.has(type.kind) ? `max(c${i})` : "NULL",
    NUMBERS.has(type.kind) ? `avg(c${i})` : "NULL",
    NUMBERS.has(type.kind) ? `${quantile}(c${i}, [0.25, 0.5, 0.75])::DOUBLE[]` : "NULL",
  ]);
  const names = columns.map((_, i) => `c${i}`).join(", ");
  const result = await engine.query(
    `SELECT count(*), ${aggregates.join(", ")} FROM (\n${sql}\n) AS t(${names})`,
    params,
    options,
  );
  const [all, ...values] = result.rows()[0]!;
  const rows = columns.map(({ name, type }, i): Value[] => {
    const [filled, distinct, min, max, mean, quartiles] = values.slice(6 * i, 6 * i + 6);
    const [q25, median, q75] = (quartiles ?? []) as readonly Value[];
    const text = (value: Value | undefined) => (value == null ? null : cellText(value, type));
    const present = Number(filled);
    const different = distinct == null ? null : Math.min(Number(distinct), present);
    return [
      name,
      typeName(type),
      present,
      Number(all) - present,
      different,
      text(min),
      text(max),
      ...[mean, median, q25, q75].map((value) => value ?? null),
    ];
  });
  return new Table<ColumnSummary>({ columns: SUMMARY_COLUMNS, rows, rowCount: rows.length });
}

const SUMMARY_COLUMNS: readonly Column[] = [
  { name: "column", type: { kind: "text" } },
  { name: "type", type: { kind: "text" } },
  { name: "filled", type: { kind: "int64" } },
  { name: "nulls", type: { kind: "int64" } },
  { name: "distinct", type: { kind: "int64" } },
  { name: "min", type: { kind: "text" } },
  { name: "max", type: { kind: "text" } },
  ...["mean", "median", "q25", "q75"].map((name): Column => ({ name, type: { kind: "double" } })),
];
