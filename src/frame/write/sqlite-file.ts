import type { Column, ColumnType, Value } from "../../engine/column-type.js";
import type { QueryOptions } from "../../engine/engine.js";
import { identifier } from "../../engine/sql-text.js";
import { type Cast, castSql, uniqueNames } from "../convert/cast-sql.js";
import { optionalPackage } from "../convert/optional-package.js";
import type { Frame } from "../frame.js";

type Cell = number | bigint | string | Uint8Array | null;

const TIME = "'%Y-%m-%d %H:%M:%S.%f'";

/**
 * The types as SQLite's readers know them. Those that are no storage class have numeric affinity, under which the
 * text of a time stays text, as SQLite's date functions want it.
 */
const DECLARED: Readonly<Partial<Record<ColumnType["kind"], string>>> = {
  boolean: "BOOLEAN",
  int32: "INTEGER",
  int64: "INTEGER",
  uint64: "INTEGER",
  int128: "INTEGER",
  double: "REAL",
  timestamp: "TIMESTAMP",
  date: "DATE",
  blob: "BLOB",
};

/** Whole numbers as int64, which the query refuses to do for one that does not fit; what has no type there as text. */
const sqliteCast: Cast = (c, { kind }) => {
  switch (kind) {
    case "boolean":
      return `${c}::INTEGER`;
    case "uint64":
    case "int128":
      return `${c}::BIGINT`;
    case "timestamp":
      return `strftime(make_timestamp(epoch_us(${c})), ${TIME})`;
    case "list":
    case "struct":
    case "map":
      return `to_json(${c})::VARCHAR`;
    case "int32":
    case "int64":
    case "double":
    case "blob":
      return c;
    default:
      return `${c}::VARCHAR`;
  }
};

/**
 * Writes all rows of `frame` to a new SQLite database at `file`, in one transaction, as the table `table`; gives
 * their number. Throws UsageError if `node-sqlite3-wasm` is not installed, QueryError, CancelledError.
 */
export async function writeSqlite<Row>(
  frame: Frame<Row>,
  file: string,
  table: string,
  options: QueryOptions,
): Promise<number> {
  const { default: sqlite } = await optionalPackage(
    ["node-sqlite3-wasm@0.8.60"],
    () => import("node-sqlite3-wasm"),
  );
  const { engine, sql, params } = await frame.statement();
  const stream = await engine.stream(castSql(sql, frame.schema, sqliteCast), params, options);
  const database = new sqlite.Database(file);
  let rows = 0;
  try {
    // The file is new and nobody else's: it needs no journal, and is synced when it is whole.
    database.exec(
      `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; ${tableSql(table, frame.schema)}`,
    );
    const insert = database.prepare(insertSql(table, frame.schema));
    try {
      for await (const batch of stream) {
        const columns = batch.columns.map((_, i) => batch.values(i));
        for (let row = 0; row < batch.length; row++) {
          insert.run(columns.map((values) => cellOf(values[row] ?? null)));
        }
        rows += batch.length;
      }
    } finally {
      insert.finalize();
    }
    database.exec("COMMIT");
  } finally {
    stream.close();
    database.close();
  }
  return rows;
}

function tableSql(table: string, columns: readonly Column[]): string {
  const names = uniqueNames(columns.map(({ name }) => name));
  const list = columns.map(({ type }, i) => `${identifier(names[i]!)} ${DECLARED[type.kind] ?? "TEXT"}`);
  return `CREATE TABLE ${identifier(table)} (${list.join(", ")})`;
}

function insertSql(table: string, columns: readonly Column[]): string {
  // Text with a NUL comes as bytes, see cellOf.
  const places = columns.map(({ type }) =>
    (DECLARED[type.kind] ?? "TEXT") === "TEXT" ? "CAST(? AS TEXT)" : "?",
  );
  return `INSERT INTO ${identifier(table)} VALUES (${places.join(", ")})`;
}

/** node-sqlite3-wasm 0.8.60 cuts text at its first NUL. */
function cellOf(value: Value): Cell {
  return typeof value === "string" && value.includes("\0") ? Buffer.from(value) : (value as Cell);
}
