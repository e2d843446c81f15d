import type { Column, Value } from "../engine/column-type.js";
import { UsageError } from "../errors/index.js";
import { type RowOptions, rowValueOf } from "./row-values.js";
import { rowCount, unknownName } from "./selection.js";

/** Some rows, column by column. */
export interface ColumnValues {
  readonly length: number;
  readonly values: readonly (readonly Value[])[];
}

/** What `toArray` may be told. */
export interface ArrayOptions extends RowOptions {
  /** The most rows that may be read. Default 100,000; Infinity for any number. */
  readonly most?: number | undefined;
}

/** Rows that an array holds without anybody having asked for so many. */
const MOST = 100_000;
const OPTION_NAMES: readonly string[] = ["most", "timestamps", "json", "signal"];

/** Each row as an object by the names of `columns`; of columns with the same name the last wins. */
export async function* rowObjects<Row>(
  columns: readonly Column[],
  batches: AsyncIterable<ColumnValues>,
  options?: RowOptions,
): AsyncGenerator<Row, void, void> {
  const conversions = columns.map(({ name, type }) => [name, rowValueOf(type, options)] as const);
  for await (const { length, values } of batches) {
    for (let row = 0; row < length; row++) {
      const object: Record<string, unknown> = {};
      for (const [i, [name, of]] of conversions.entries()) object[name] = of(values[i]![row] ?? null);
      yield object as Row;
    }
  }
}

/** All of `rows`. Throws UsageError if they are more than `most`. */
export async function toArray<Row>(rows: AsyncIterable<Row>, options: ArrayOptions = {}): Promise<Row[]> {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.includes(name)) throw unknownName("option", name, OPTION_NAMES);
  }
  const { most = MOST } = options;
  const allowed = most === Number.POSITIVE_INFINITY ? most : rowCount(most, "most");
  const array: Row[] = [];
  for await (const row of rows) {
    if (array.length === allowed) {
      throw new UsageError(
        `The frame has more than ${allowed.toLocaleString("en-US")} rows, the most that toArray was to give.`,
        "Read them one at a time with rows(), hand them over with toPolars(), toArrow() or write(), select fewer, or allow for them: toArray({ most: 1_000_000 }).",
      );
    }
    array.push(row);
  }
  return array;
}
