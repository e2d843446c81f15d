import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Column } from "../../engine/column-type.js";
import type { QueryOptions } from "../../engine/engine.js";
import { identifier, literal } from "../../engine/sql-text.js";
import { UsageError } from "../../errors/index.js";
import { parquetCast } from "../convert/cast-sql.js";
import { EventFrame } from "../event-frame.js";
import type { Frame } from "../frame.js";
import type { FileForm } from "./format.js";
import { csvHead, csvSql, ndjsonSql } from "./line-sql.js";
import { type PartitionKey, partitionKeys, withFolders, withKeys } from "./partition-keys.js";

/** Text that is held for all files together before it is written. */
const HELD_CHARACTERS = 16 * 1024 * 1024;

interface PartitionOptions extends QueryOptions {
  readonly partitionBy: readonly string[];
  readonly escapeFormulas?: boolean | undefined;
}

/**
 * Writes all rows of `frame` below `folder`, which exists and is empty: a folder `name=value` for each value of each
 * of `partitionBy`, and files in the innermost. Gives their number. In one pass, whatever the number of folders.
 */
export function writePartitions<Row>(
  frame: Frame<Row>,
  form: FileForm,
  folder: string,
  options: PartitionOptions,
): Promise<number> {
  const keys = partitionKeys(options.partitionBy, frame.schema);
  if (form.format === "parquet") return writeParquet(frame, keys, folder, options);
  if (form.format === "csv" || form.format === "ndjson")
    return writeLines(frame, keys, form, folder, options);
  throw new UsageError(
    `${form.format} cannot be partitioned.`,
    "Partition parquet, csv or ndjson, or leave out partitionBy.",
  );
}

async function writeParquet<Row>(
  frame: Frame<Row>,
  keys: readonly PartitionKey[],
  folder: string,
  options: QueryOptions,
): Promise<number> {
  const { engine, sql, params } = await frame.statement();
  const select = withKeys(sql, frame.schema, keys, (c, { type }: Column) => parquetCast(c, type));
  const names = keys.map(({ name }) => identifier(name)).join(", ");
  const how = `FORMAT parquet, COMPRESSION zstd, PARTITION_BY (${names}), FILENAME_PATTERN 'part-{i}'`;
  const copied = await engine.query(`COPY (${select}) TO ${literal(folder)} (${how})`, params, options);
  return Number(copied.rows()[0]?.[0] ?? 0);
}

async function writeLines<Row>(
  frame: Frame<Row>,
  keys: readonly PartitionKey[],
  { format, gzip }: FileForm,
  folder: string,
  options: PartitionOptions,
): Promise<number> {
  const { engine, sql, params } = await frame.statement();
  const beside = keys.map(({ name }): Column => ({ name, type: { kind: "text" } }));
  const toSql = format === "csv" ? csvSql : ndjsonSql;
  const select = toSql(withFolders(sql, frame.schema, keys), [...frame.schema, ...beside], {
    trusted: frame instanceof EventFrame,
    escapeFormulas: options.escapeFormulas ?? false,
    beside: keys.length,
  });
  const name = `part-0.${format}${gzip ? ".gz" : ""}`;
  const head = format === "csv" ? `${csvHead(frame.schema)}\n` : "";
  const files = new HeldFiles(head, gzip);
  let rows = 0;
  for await (const batch of await engine.stream(select, params, options)) {
    const [lines, ...values] = batch.columns.map((_, i) => batch.values(i) as readonly string[]);
    for (const [row, line] of lines!.entries()) {
      const folders = keys.map((key, i) => `${encodeURIComponent(key.name)}=${values[i]![row]}`);
      files.add(join(folder, ...folders, name), line);
    }
    rows += batch.length;
    if (files.held > HELD_CHARACTERS) await files.flush();
  }
  await files.flush();
  return rows;
}

/** Lines for many files, so few of them open at a time as the system likes. */
class HeldFiles {
  held = 0;
  readonly #lines = new Map<string, string[]>();
  readonly #begun = new Set<string>();

  constructor(
    private readonly head: string,
    private readonly gzip: boolean,
  ) {}

  add(file: string, line: string): void {
    const lines = this.#lines.get(file);
    if (lines) lines.push(line);
    else this.#lines.set(file, [line]);
    this.held += line.length;
  }

  async flush(): Promise<void> {
    for (const [file, lines] of this.#lines) {
      const isNew = !this.#begun.has(file);
      if (isNew) await mkdir(join(file, ".."), { recursive: true });
      const text = `${isNew ? this.head : ""}${lines.join("\n")}\n`;
      await appendFile(file, this.gzip ? gzipSync(text) : text);
      this.#begun.add(file);
    }
    this.#lines.clear();
    this.held = 0;
  }
}
