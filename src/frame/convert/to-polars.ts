import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Column } from "../../engine/column-type.js";
import type { QueryOptions } from "../../engine/engine.js";
import { literal } from "../../engine/sql-text.js";
import type { Frame } from "../frame.js";
import type { SharedObjects } from "../properties/shared-objects.js";
import { castSql, polarsCast, uniqueNames } from "./cast-sql.js";
import { optionalPackage } from "./optional-package.js";

// biome-ignore lint/suspicious/noTsIgnore: an error only where the optional package is not installed
/** @ts-ignore A DataFrame of nodejs-polars; unknown to the compiler where that package is not installed. */
export type PolarsDataFrame = import("nodejs-polars").DataFrame;

type Polars = typeof import("nodejs-polars").default;

/** The first column of a file of objects. */
const OBJECT: Column = { name: "object", type: { kind: "text" } };
/** The first column of a file of rows. */
const ORDER: Column = { name: "order", type: { kind: "int64" } };

/**
 * All rows of `frame` as a DataFrame of nodejs-polars, by way of a temporary Parquet file. Inside polars every
 * int64, microsecond and null is exact; times are `datetime[μs]` holding UTC, JSON is text. What nodejs-polars
 * 0.24 hands back to JavaScript is not always: `toArray()` and `toRecords()` give int64 as numbers, rounded
 * beyond 2^53 (cast to `pl.Utf8` first to see all digits), and times as Date.
 * Throws UsageError if nodejs-polars is not installed, QueryError, CancelledError.
 */
export async function toPolars<Row>(frame: Frame<Row>, options: QueryOptions = {}): Promise<PolarsDataFrame> {
  const { default: polars } = await optionalPackage(["nodejs-polars@0.24.1"], () => import("nodejs-polars"));
  const folder = await mkdtemp(join(tmpdir(), "ampframe-polars-"));
  try {
    const shared = await frame.sharedObjects(options);
    if (shared) return await joined(polars, frame.schema, shared, folder, options);
    const { engine, sql, params } = await frame.statement();
    const file = join(folder, "frame.parquet");
    await engine.run(copySql(sql, frame.schema, file), params, options);
    return polars.readParquet(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const NUMBERS: ReadonlySet<string> = new Set(["int32", "int64", "double", "timestamp", "boolean", "date"]);

/** Nobody looks a value up in these files: DuckDB need not write filters for it. */
function copySql(sql: string, columns: readonly Column[], file: string): string {
  const cast = castSql(sql, columns, polarsCast);
  // Dictionaries make texts small; of numbers alone, looking for some takes a fifth of the writing.
  const numbers = columns.every(({ type }) => NUMBERS.has(type.kind)) ? ", DICTIONARY_SIZE_LIMIT 1" : "";
  return `COPY (${cast}) TO ${literal(file)} (FORMAT parquet, COMPRESSION lz4_raw, WRITE_BLOOM_FILTER false${numbers})`;
}

/** The frame that is in parts: polars puts the properties of each row's objects beside its other columns. */
async function joined(
  polars: Polars,
  schema: readonly Column[],
  { engine, objects, properties, rows }: SharedObjects,
  folder: string,
  options: QueryOptions,
): Promise<PolarsDataFrame> {
  const paths = objects.map((_, i) => join(folder, `objects-${i}.parquet`));
  for (const [i, part] of objects.entries()) {
    const columns = part.properties.map((each) => ({ ...each, name: `p${properties.indexOf(each)}` }));
    await engine.run(copySql(part.sql, [OBJECT, ...columns], paths[i]!), undefined, options);
  }
  const own = schema.slice(0, schema.length - properties.length);
  const file = join(folder, "rows.parquet");
  const columns = own.map(({ type }, i): Column => ({ name: `c${i}`, type }));
  const numbers = objects.map((_, i): Column => ({ name: `n${i}`, type: { kind: "int32" } }));
  await engine.run(copySql(rows(paths), [ORDER, ...columns, ...numbers], file), undefined, options);
  const table = polars.readParquet(file).sort(ORDER.name);
  const names = uniqueNames(schema.map(({ name }) => name));
  const values = new Map(
    objects.flatMap((part, i) => {
      const read = polars.readParquet(paths[i]!);
      return part.properties.map((each) => {
        // Polars takes a series among expressions for one list: `explode` makes it a column.
        const different = polars.lit(read.getColumn(`p${properties.indexOf(each)}`)).explode();
        return [each, different.gather(polars.col(`n${i}`))] as const;
      });
    }),
  );
  const all = [...own.map((_, i) => polars.col(`c${i}`)), ...properties.map((each) => values.get(each)!)];
  return table.select(...all.map((value, i) => value.alias(names[i]!)));
}
