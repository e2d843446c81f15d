import type { Engine } from "../engine/engine.js";
import { literal } from "../engine/sql-text.js";
import { UsageError } from "../errors/index.js";
import { columnOf } from "./derivation.js";
import { type OwnTable, tableOfRows } from "./own-table.js";
import type { Statement } from "./statement.js";

type Reader = (path: string, texts: readonly string[]) => string;

// All lines are looked at for the types: a column of digits may have a letter in its last line.
const csv: Reader = (path, texts) => {
  const given =
    texts.length > 0 ? `, types = {${texts.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ")}}` : "";
  return `FROM read_csv(${literal(path)}, header = true, sample_size = -1${given})`;
};
const json: Reader = (path) => `FROM read_json(${literal(path)}, sample_size = -1)`;
const parquet: Reader = (path) => `FROM read_parquet(${literal(path)})`;

const READERS: Readonly<Record<string, Reader>> = {
  ...{ ".csv": csv, ".tsv": csv, ".parquet": parquet, ".ndjson": json, ".jsonl": json, ".json": json },
};

/**
 * A table of a person's own: rows, or the path of a file, whose columns `texts` are read as text by the engine of
 * `statement`. Throws as `tableOfRows` and `tableOfFile` do.
 */
export async function ownTable(
  table: string | readonly object[],
  texts: readonly string[],
  statement: () => Promise<Statement>,
): Promise<OwnTable> {
  return typeof table === "string"
    ? tableOfFile((await statement()).engine, table, texts)
    : tableOfRows(table);
}

/**
 * The rows of the file at `path`, whose ending tells the format; DuckDB infers the types, but the columns `texts` of
 * a CSV are text. Throws UsageError for other endings, and QueryError if it cannot be read.
 */
export async function tableOfFile(engine: Engine, path: string, texts: readonly string[]): Promise<OwnTable> {
  const reader = readerOf(path);
  const found = await engine.describe(reader(path, []));
  for (const name of texts) columnOf(found, name);
  const sql = reader(path, texts);
  return { columns: texts.length > 0 ? await engine.describe(sql) : found, sql };
}

function readerOf(path: string): Reader {
  const ending = /\.[^./\\]+$/.exec(path.replace(/\.gz$/i, ""))?.[0].toLowerCase() ?? "";
  const reader = READERS[ending];
  if (reader) return reader;
  throw new UsageError(
    `The format of ${path} is unknown.`,
    `Name a file that ends in ${Object.keys(READERS).join(", ")}; the text ones may end in .gz.`,
  );
}
