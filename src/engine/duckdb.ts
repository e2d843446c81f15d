import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement } from "@duckdb/node-api";
import { QueryError } from "../errors/index.js";
import type { Column, Value } from "./column-type.js";
import { DUCKDB } from "./duckdb-dialect.js";
import { queryError } from "./duckdb-errors.js";
import { bindParams } from "./duckdb-params.js";
import { type Guard, guardOf, type Session } from "./duckdb-session.js";
import { ChunkStream } from "./duckdb-stream.js";
import { columnsOf } from "./duckdb-types.js";
import type { Batch, Engine, EngineOptions, Params, QueryOptions, RowStream, Rows } from "./engine.js";

type Duck = typeof import("@duckdb/node-api");

/**
 * Opens a DuckDB of its own in memory. Nothing native is loaded before the first call. Extensions are neither
 * fetched nor loaded by themselves, so no query reaches the network.
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const duck: Duck = await import("@duckdb/node-api");
  const config: Record<string, string> = {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    preserve_insertion_order: String(options.preserveInsertionOrder ?? true),
    enable_external_file_cache: String(options.cacheFiles ?? true),
    temp_directory: options.tempDirectory ?? "",
  };
  if (options.memoryLimit !== undefined) {
    config.memory_limit = options.memoryLimit;
  }
  if (options.memoryLimit !== undefined && !options.keepFreed) {
    // What is freed goes back to the system, or a long run's memory grows by what its queries once had.
    config.allocator_flush_threshold = "1MB";
    config.allocator_bulk_deallocation_flush_threshold = "1MB";
  }
  if (options.threads !== undefined) config.threads = String(options.threads);
  let instance: DuckDBInstance;
  try {
    instance = await duck.DuckDBInstance.create(":memory:", config);
  } catch (thrown) {
    throw queryError(thrown, `(opening the engine with ${JSON.stringify(options)})`);
  }
  const engine = new DuckDbEngine(duck, instance);
  await engine.run("SET GLOBAL TimeZone = 'UTC'");
  return engine;
}

class DuckDbEngine implements Engine {
  readonly dialect = DUCKDB;
  readonly #duck: Duck;
  readonly #instance: DuckDBInstance;
  #closed = false;
  #sessions = 0;

  constructor(duck: Duck, instance: DuckDBInstance) {
    this.#duck = duck;
    this.#instance = instance;
  }

  async run(sql: string, params?: Params, options?: QueryOptions): Promise<void> {
    const stream = await this.stream(sql, params, options);
    for await (const _ of stream);
  }

  async query(sql: string, params?: Params, options?: QueryOptions): Promise<Rows> {
    const stream = await this.stream(sql, params, options);
    const columns = stream.columns.map((): Value[] => []);
    for await (const batch of stream) {
      for (const [index, held] of columns.entries()) for (const v of batch.values(index)) held.push(v);
    }
    return new HeldRows(stream.columns, columns);
  }

  async stream(sql: string, params?: Params, options: QueryOptions = {}): Promise<RowStream> {
    const session = await this.#session();
    const guard = guardOf(session.connection, options.signal);
    try {
      return await this.#start(session, guard, sql, params);
    } catch (thrown) {
      guard.release();
      session.close();
      throw guard.cancelled() ?? queryError(thrown, sql);
    }
  }

  async describe(sql: string, params?: Params): Promise<readonly Column[]> {
    const session = await this.#session();
    try {
      const statement = await lastStatement(session.connection, sql);
      if (statement === null) return [];
      try {
        if (params !== undefined) bindParams(this.#duck, statement, params);
        const count = statement.columnCount;
        const indexes = Array.from({ length: count }, (_, i) => i);
        const names = indexes.map((i) => statement.columnName(i));
        return columnsOf(
          this.#duck,
          names,
          indexes.map((i) => statement.columnType(i)),
        );
      } finally {
        statement.destroySync();
      }
    } catch (thrown) {
      throw queryError(thrown, sql);
    } finally {
      session.close();
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closeIfIdle();
  }

  /** @duckdb/node-api 1.5.6 crashes the process if an instance is closed under a session that is at work. */
  #closeIfIdle(): void {
    if (this.#closed && this.#sessions === 0) this.#instance.closeSync();
  }

  async #session(): Promise<Session> {
    if (this.#closed) throw new QueryError("The engine is closed.", "Open the lake again before asking it.");
    this.#sessions += 1;
    let connection: DuckDBConnection | undefined;
    const close = () => {
      connection?.closeSync();
      this.#sessions -= 1;
      this.#closeIfIdle();
    };
    try {
      connection = await this.#instance.connect();
      return { connection, close };
    } catch (thrown) {
      close();
      throw queryError(thrown, "(connecting to the engine)");
    }
  }

  async #start(session: Session, guard: Guard, sql: string, params: Params | undefined): Promise<RowStream> {
    guard.check();
    const duck = this.#duck;
    const statement = await lastStatement(session.connection, sql);
    if (statement === null) {
      session.close();
      guard.release();
      return { columns: [], close: () => {}, [Symbol.asyncIterator]: () => emptyIterator() };
    }
    try {
      if (params !== undefined) bindParams(duck, statement, params);
      guard.check();
      const result = await statement.stream();
      const columns = columnsOf(duck, result.columnNames(), result.columnTypes());
      return new ChunkStream(columns, duck, result, session, guard, sql);
    } finally {
      statement.destroySync();
    }
  }
}

/** Runs all statements of `sql` but the last, which is returned ready to be bound; null if there is none. */
async function lastStatement(
  session: DuckDBConnection,
  sql: string,
): Promise<DuckDBPreparedStatement | null> {
  let statements: Awaited<ReturnType<DuckDBConnection["extractStatements"]>>;
  try {
    statements = await session.extractStatements(sql);
  } catch {
    // Extracting nothing but comments fails without words in 1.5; running them is harmless or says what is wrong.
    await session.run(sql);
    return null;
  }
  for (let i = 0; i < statements.count - 1; i++) {
    const statement = await statements.prepare(i);
    try {
      await statement.run();
    } finally {
      statement.destroySync();
    }
  }
  return statements.prepare(statements.count - 1);
}

async function* emptyIterator(): AsyncGenerator<Batch> {}

class HeldRows implements Rows {
  readonly length: number;

  constructor(
    readonly columns: readonly Column[],
    private readonly values: readonly (readonly Value[])[],
  ) {
    this.length = values[0]?.length ?? 0;
  }

  rows(): Value[][] {
    return Array.from({ length: this.length }, (_, row) => this.values.map((column) => column[row] ?? null));
  }

  objects(): Record<string, Value>[] {
    return this.rows().map((row) => Object.fromEntries(row.map((v, i) => [this.columns[i]!.name, v])));
  }
}
