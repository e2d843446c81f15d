import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { QueryOptions } from "../../engine/engine.js";
import { literal } from "../../engine/sql-text.js";
import type { Frame } from "../frame.js";
import { castSql, polarsCast } from "./cast-sql.js";
import { optionalPackage } from "./optional-package.js";

// biome-ignore lint/suspicious/noTsIgnore: an error only where the optional package is not installed
/** @ts-ignore A DataFrame of nodejs-polars; unknown to the compiler where that package is not installed. */
export type PolarsDataFrame = import("nodejs-polars").DataFrame;

/**
 * All rows of `frame` as a DataFrame of nodejs-polars, by way of a temporary Parquet file. Inside polars every
 * int64, microsecond and null is exact; times are `datetime[μs]` holding UTC, JSON is text. What nodejs-polars
 * 0.24 hands back to JavaScript is not always: `toArray()` and `toRecords()` give int64 as numbers, rounded
 * beyond 2^53 (cast to `pl.Utf8` first to see all digits), and times as Date.
 * Throws UsageError if nodejs-polars is not installed, QueryError, CancelledError.
 */
export async function toPolars<Row>(frame: Frame<Row>, options: QueryOptions = {}): Promise<PolarsDataFrame> {
  const { default: polars } = await optionalPackage(["nodejs-polars@0.24.1"], () => import("nodejs-polars"));
  const { engine, sql, params } = await frame.statement();
  const folder = await mkdtemp(join(tmpdir(), "ampframe-polars-"));
  try {
    const file = join(folder, "frame.parquet");
    const cast = castSql(sql, frame.schema, polarsCast);
    await engine.run(
      `COPY (${cast}) TO ${literal(file)} (FORMAT parquet, COMPRESSION lz4_raw)`,
      params,
      options,
    );
    return polars.readParquet(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
