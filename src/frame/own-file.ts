import type { Engine, QueryOptions } from "../engine/engine.js";
import { literal } from "../engine/sql-text.js";
import { UsageError } from "../errors/index.js";
import { columnOf, type Parent } from "./derivation.js";
import { type On, textKeys } from "./join.js";
import { notReady } from "./not-ready.js";
import type { OwnTable } from "./own-table.js";
import type { WarningOptions } from "./unknown-name.js";

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

/** A frame beside a file that is to be joined with it: its columns are known once those of the file are. */
export class WithFile implements Parent {
  #table: OwnTable | undefined;

  /** Reads nothing. Throws UsageError where the file's ending is unknown, or what is known of the columns does not fit `on`. */
  constructor(
    private readonly parent: Parent,
    private readonly path: string,
    private readonly on: On,
  ) {
    readerOf(path);
    if (parent.isReady) textKeys(parent.schema, on);
  }

  /** The file's rows. Throws UsageError before `ready()`. */
  get table(): OwnTable {
    if (this.#table === undefined) throw notReady();
    return this.#table;
  }

  get sql(): string {
    return this.parent.sql;
  }

  get params(): Parent["params"] {
    return this.parent.params;
  }

  get schema(): Parent["schema"] {
    return this.parent.schema;
  }

  get isReady(): boolean {
    return this.#table !== undefined;
  }

  async ready(options?: QueryOptions): Promise<void> {
    if (this.#table !== undefined) return;
    await this.parent.ready(options);
    const { engine } = await this.parent.statement();
    this.#table = await tableOfFile(engine, this.path, textKeys(this.parent.schema, this.on));
  }

  statement(limit?: number, only?: readonly string[]): ReturnType<Parent["statement"]> {
    return this.parent.statement(limit, only);
  }

  warnings(options?: WarningOptions): ReturnType<Parent["warnings"]> {
    return this.parent.warnings(options);
  }
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
