import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ColumnType, Value } from "../../engine/column-type.js";
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
  readonly #paths = new WeakMap<Statement, string>();

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
    const types = columns.map(({ type }, i) => `c${i}: ${literal(typeWith("VARCHAR", type))}`);
    const list = columns.map(({ name, type }, i) => `${restored(`c${i}`, type)} AS ${identifier(name)}`);
    const read = `read_json(${literal(path)}, format = 'newline_delimited', maximum_object_size = 268435456, columns = {${types.join(", ")}})`;
    const statement = { engine: await this.engine(), sql: `SELECT ${list.join(", ")} FROM ${read}` };
    this.#paths.set(statement, path);
    return statement;
  }

  /** Removes the file of a statement that `keep` gave. */
  async drop(statement: Statement): Promise<void> {
    const path = this.#paths.get(statement);
    if (path !== undefined) await rm(path, { force: true });
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

/** The SQL type of `type`, with `double` for doubles: JSON has no NaN and no infinity, which DuckDB reads from text. */
function typeWith(double: "VARCHAR" | "DOUBLE", type: ColumnType): string {
  switch (type.kind) {
    case "list":
      return `${typeWith(double, type.item)}[]`;
    case "struct":
      return `STRUCT(${type.fields.map((each) => `${identifier(each.name)} ${typeWith(double, each.type)}`).join(", ")})`;
    case "map":
      return `MAP(VARCHAR, ${typeWith(double, type.value)})`;
    case "double":
      return double;
    default:
      return sqlTypeOf(type) ?? "VARCHAR";
  }
}

function restored(column: string, type: ColumnType): string {
  if (type.kind === "blob") return `from_base64(${column})`;
  if (type.kind === "null") return "NULL";
  const own = typeWith("DOUBLE", type);
  return own === typeWith("VARCHAR", type) ? column : `CAST(${column} AS ${own})`;
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
