import { writeDatabase } from "../../engine/database-file.js";
import type { QueryOptions } from "../../engine/engine.js";
import { literal } from "../../engine/sql-text.js";
import { castSql, parquetCast } from "../convert/cast-sql.js";
import type { Frame } from "../frame.js";
import { writeSqlite } from "./sqlite-file.js";

/** Writes all rows of a frame to a new file and gives their number. */
export type FileWriter = <Row>(frame: Frame<Row>, file: string, options: QueryOptions) => Promise<number>;

/** The table of a database file. */
export const TABLE = "events";

const writeParquet: FileWriter = async (frame, file, options) => {
  const { engine, sql, params } = await frame.statement();
  const select = castSql(sql, frame.schema, parquetCast);
  const copy = `COPY (${select}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`;
  return Number((await engine.query(copy, params, options)).rows()[0]?.[0] ?? 0);
};

const writeDuckDb: FileWriter = async (frame, file, options) => {
  const { engine, sql, params } = await frame.statement();
  return writeDatabase(
    engine,
    file,
    TABLE,
    castSql(sql, frame.schema, (c) => c),
    params,
    options,
  );
};

/** The formats that need a file of their own, since what is written first depends on what comes last. */
export const FILE_WRITERS = {
  parquet: writeParquet,
  duckdb: writeDuckDb,
  sqlite: (frame, file, options) => writeSqlite(frame, file, TABLE, options),
} as const satisfies Record<string, FileWriter>;
