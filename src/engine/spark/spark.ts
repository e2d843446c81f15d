import { CancelledError, QueryError, UsageError } from "../../errors/index.js";
import type { Column, Value } from "../column-type.js";
import type { Batch, Engine, Param, Params, QueryOptions, RowStream, Rows } from "../engine.js";
import { type SparkAddress, sparkAddress } from "./address.js";
import { arrowReader, type ReadArrow } from "./arrow-rows.js";
import { type Literal, SparkConnection, type SparkProgress, type SparkQuery } from "./connection.js";
import { SPARK } from "./spark-dialect.js";
import { sparkError } from "./spark-errors.js";

/** How a Spark server is reached. */
export interface SparkOptions {
  /** `sc://host:15002`, a Spark Connect connection string. */
  readonly server: string;
  /** Sent as a bearer token, over TLS only. */
  readonly token?: string | undefined;
  /** Called while a query runs. */
  readonly onProgress?: ((progress: SparkProgress) => void) | undefined;
}

/** Errors where DuckDB has them, times in UTC. */
const SETTINGS = {
  "spark.sql.ansi.enabled": "true",
  "spark.sql.session.timeZone": "UTC",
};

/**
 * An engine that is a session on a Spark Connect server. Statements stand alone, one at a time; `?` and `:name` are bound.
 * Throws UsageError if the address is wrong or a package is not installed, QueryError if the server does not answer.
 */
export async function openSpark({
  server,
  token,
  onProgress,
  settings = {},
}: SparkOptions & {
  /** Further configuration of the session. */
  readonly settings?: Readonly<Record<string, string>>;
}): Promise<Engine> {
  const address = sparkAddress(server, token);
  const [connection, read] = await Promise.all([SparkConnection.to(address), arrowReader()]);
  try {
    await connection.configure({ ...SETTINGS, ...settings });
  } catch (thrown) {
    connection.close();
    throw sparkError(thrown, "(opening a session)", address);
  }
  return new SparkEngine(connection, read, address, onProgress);
}

class SparkEngine implements Engine {
  readonly dialect = SPARK;
  #closed = false;

  constructor(
    private readonly connection: SparkConnection,
    private readonly read: ReadArrow,
    private readonly address: SparkAddress,
    private readonly onProgress: ((progress: SparkProgress) => void) | undefined,
  ) {}

  async run(sql: string, params?: Params, options?: QueryOptions): Promise<void> {
    for await (const _ of await this.stream(sql, params, options));
  }

  async query(sql: string, params?: Params, options?: QueryOptions): Promise<Rows> {
    const stream = await this.stream(sql, params, options);
    const batches: Batch[] = [];
    for await (const batch of stream) batches.push(batch);
    return new HeldBatches(stream.columns, batches);
  }

  async stream(sql: string, params?: Params, options: QueryOptions = {}): Promise<RowStream> {
    if (this.#closed) throw new QueryError("The engine is closed.", "Open the lake again.");
    const { signal } = options;
    if (signal?.aborted) throw cancelled(signal);
    const query = bound(sql, params);
    const results = this.#results(query, signal);
    const first = await results.next();
    if (first.done) throw new QueryError(`Spark gave no result. In: ${sql}`, "Run it again.");
    return new SparkStream(first.value, results);
  }

  async describe(sql: string, params?: Params): Promise<readonly Column[]> {
    const stream = await this.stream(`SELECT * FROM (\n${sql}\n) AS described LIMIT 0`, params);
    stream.close();
    return stream.columns;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.connection.close();
  }

  async *#results(query: SparkQuery, signal: AbortSignal | undefined): AsyncGenerator<ReturnType<ReadArrow>> {
    try {
      for await (const ipc of this.connection.execute(query, signal, this.onProgress)) yield this.read(ipc);
    } catch (thrown) {
      throw signal?.aborted ? cancelled(signal) : sparkError(thrown, query.sql, this.address);
    }
  }
}

class SparkStream implements RowStream {
  readonly columns: readonly Column[];

  constructor(
    private readonly first: ReturnType<ReadArrow>,
    private readonly rest: AsyncGenerator<ReturnType<ReadArrow>>,
  ) {
    this.columns = first.columns;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    try {
      if (this.first.batch) yield this.first.batch;
      for await (const { batch } of this.rest) if (batch) yield batch;
    } finally {
      await this.rest.return(undefined);
    }
  }

  close(): void {
    this.rest.return(undefined).catch(() => {});
  }
}

class HeldBatches implements Rows {
  readonly length: number;

  constructor(
    readonly columns: readonly Column[],
    private readonly batches: readonly Batch[],
  ) {
    this.length = batches.reduce((sum, { length }) => sum + length, 0);
  }

  rows(): Value[][] {
    return this.batches.flatMap((batch) => {
      const columns = this.columns.map((_, i) => batch.values(i));
      return Array.from({ length: batch.length }, (_, row) => columns.map((values) => values[row] ?? null));
    });
  }

  objects(): Record<string, Value>[] {
    return this.rows().map((row) =>
      Object.fromEntries(this.columns.map(({ name }, i) => [name, row[i] ?? null])),
    );
  }
}

function cancelled(signal: AbortSignal): CancelledError {
  return new CancelledError("The query was cancelled.", "Run it again when you want its result.", {
    cause: signal.reason,
  });
}

function bound(sql: string, params: Params | undefined): SparkQuery {
  if (params === undefined) return { sql };
  if (isList(params)) return { sql, positional: params.map(literalOf) };
  return {
    sql,
    named: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, literalOf(value)])),
  };
}

function isList(params: Params): params is readonly Param[] {
  return Array.isArray(params);
}

function literalOf(value: Param): Literal {
  if (value === null) return { null: { null: {} } };
  if (value instanceof Date) return { timestamp: String(BigInt(value.getTime()) * 1000n) };
  switch (typeof value) {
    case "boolean":
      return { boolean: value };
    case "string":
      return { string: value };
    case "bigint":
      return BigInt.asIntN(64, value) === value
        ? { long: String(value) }
        : { decimal: { value: String(value) } };
    case "number":
      return Number.isSafeInteger(value) ? { long: String(value) } : { double: value };
    default:
      throw new UsageError("A list cannot be given to a query on Spark.", "Give each item its own place.");
  }
}
