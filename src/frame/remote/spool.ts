import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Column, ColumnType, Value } from "../../engine/column-type.js";
import type { Engine, RowStream } from "../../engine/engine.js";
import { identifier, literal, utcText } from "../../engine/sql-text.js";
import { sqlTypeOf } from "../../engine/sql-type.js";
import { dateText } from "../row-values.js";
import type { Statement } from "../statement.js";

/** Rows of another engine in files of this machine, under the system's temporary folder, until it is closed. */
export class Spool {
  readonly #open: () => Promise<Engine>;
  #engine: Promise<Engine> | undefined;
  #folder: Promise<string> | undefined;
  #files = 0;

  /** `open` makes the engine that reads them. */
  constructor(open: () => Promise<Engine>) {
    this.#open = open;
  }

  /** The engine of this machine. */
  engine(): Promise<Engine> {
    this.#engine ??= this.#open();
    return this.#engine;
  }

  /** Writes all rows of `stream` to a file; the statement reads them from it, in their order. */
  async keep(stream: RowStream): Promise<Statement> {
    this.#folder ??= mkdtemp(join(tmpdir(), "ampframe-rows-"));
    const path = join(await this.#folder, `${this.#files++}.ndjson`);
    const { columns } = stream;
    await pipeline(linesOf(stream), createWriteStream(path, { flags: "wx" }));
    const types = columns.map(({ type }, i) => `c${i}: ${literal(storedType(type))}`);
    const list = columns.map(({ name, type }, i) => `${restored(`c${i}`, type)} AS ${identifier(name)}`);
    const read = `read_json(${literal(path)}, format = 'newline_delimited', maximum_object_size = 268435456, columns = {${types.join(", ")}})`;
    return { engine: await this.engine(), sql: `SELECT ${list.join(", ")} FROM ${read}` };
  }

  /** Removes the files. */
  async close(): Promise<void> {
    const [engine, folder] = [this.#engine, this.#folder];
    engine?.then((running) => running.close()).catch(() => {});
    if (folder !== undefined) await rm(await folder, { recursive: true, force: true });
  }
}

async function* linesOf(stream: RowStream): AsyncGenerator<string> {
  for await (const batch of stream) {
    const columns = stream.columns.map((_, i) => batch.values(i));
    let lines = "";
    for (let row = 0; row < batch.length; row++) {
      const members = stream.columns.map(
        ({ type }, i) => `"c${i}":${jsonOf(columns[i]?.[row] ?? null, type)}`,
      );
      lines += `{${members.join(",")}}\n`;
    }
    yield lines;
  }
}

function storedType(type: ColumnType): string {
  switch (type.kind) {
    case "list":
      return `${storedType(type.item)}[]`;
    case "struct":
      return `STRUCT(${type.fields.map((each) => `${identifier(each.name)} ${storedType(each.type)}`).join(", ")})`;
    case "map":
      return `MAP(VARCHAR, ${storedType(type.value)})`;
    default:
      // JSON has no NaN and no infinity, which DuckDB reads from text.
      return type.kind === "double" ? "VARCHAR" : (sqlTypeOf(type) ?? "VARCHAR");
  }
}

function restored(column: string, { kind }: Column["type"]): string {
  if (kind === "blob") return `from_base64(${column})`;
  if (kind === "null") return "NULL";
  return kind === "double" ? `CAST(${column} AS DOUBLE)` : column;
}

function jsonOf(value: Value, type: ColumnType): string {
  if (value === null) return "null";
  switch (type.kind) {
    case "timestamp":
      return typeof value === "bigint" ? JSON.stringify(utcText(value)) : "null";
    case "date":
      return JSON.stringify(dateText(Number(value)));
    case "double":
      return JSON.stringify(String(value));
    case "blob":
      return value instanceof Uint8Array ? JSON.stringify(Buffer.from(value).toString("base64")) : "null";
    case "list":
      return `[${Array.isArray(value) ? value.map((item: Value) => jsonOf(item, type.item)).join(",") : ""}]`;
    case "struct": {
      const fields = new Map(Object.entries(value));
      return `{${type.fields.map((each) => `${JSON.stringify(each.name)}:${jsonOf(fields.get(each.name) ?? null, each.type)}`).join(",")}}`;
    }
    case "map": {
      const entries: readonly Value[] = Array.isArray(value) ? value : [];
      return `{${entries.map((entry) => (Array.isArray(entry) ? `${JSON.stringify(String(entry[0]))}:${jsonOf(entry[1] ?? null, type.value)}` : "")).join(",")}}`;
    }
    default:
      return typeof value === "bigint" || typeof value === "number" ? String(value) : JSON.stringify(value);
  }
}
