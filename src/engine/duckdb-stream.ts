import type { DuckDBPreparedStatement } from "@duckdb/node-api";
import type { Column, Value } from "./column-type.js";
import { queryError } from "./duckdb-errors.js";
import type { Guard, Session } from "./duckdb-session.js";
import { cellsOf, halvesOf, numbersOf, valuesOf } from "./duckdb-values.js";
import type { Batch, RowStream } from "./engine.js";

type Duck = typeof import("@duckdb/node-api");
type Result = Awaited<ReturnType<DuckDBPreparedStatement["stream"]>>;

/** The rows of a running query, chunk by chunk. Ends its session with the last row, or when closed. */
export class ChunkStream implements RowStream {
  #open = true;
  #fetching = false;
  #ended = false;

  constructor(
    readonly columns: readonly Column[],
    private readonly duck: Duck,
    private readonly result: Result,
    private readonly session: Session,
    private readonly guard: Guard,
    private readonly sql: string,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    try {
      let coming: ReturnType<Result["fetchChunk"]> | undefined;
      while (this.#open) {
        this.guard.check();
        const chunk = await (coming ?? this.#fetch());
        // An interrupted query may give no more chunks in place of an error: that is not its end.
        this.guard.check();
        if (chunk === null || chunk.rowCount === 0) return;
        // The engine works on the next chunk while this one is looked at.
        coming = this.#fetch();
        coming.catch(() => {});
        const { columns, duck } = this;
        const cells: ((row: number) => Value)[] = [];
        yield {
          columns,
          length: chunk.rowCount,
          values: (index) => valuesOf(duck, chunk, index, columns[index]!.type),
          value: (index, row) => {
            cells[index] ??= cellsOf(duck, chunk, index, columns[index]!.type);
            return cells[index](row);
          },
          numbers: (index) => numbersOf(duck, chunk, index),
          halves: (index) => halvesOf(duck, chunk, index),
        };
      }
    } catch (thrown) {
      if (!this.#open && !this.guard.cancelled()) return;
      throw this.guard.cancelled() ?? queryError(thrown, this.sql);
    } finally {
      this.close();
    }
  }

  async #fetch(): Promise<Awaited<ReturnType<Result["fetchChunk"]>>> {
    this.#fetching = true;
    try {
      return await this.result.fetchChunk();
    } finally {
      this.#fetching = false;
      if (!this.#open) this.#end();
    }
  }

  close(): void {
    this.#open = false;
    // A session must not be closed while it works; the fetch ends it then.
    if (this.#fetching) this.session.connection.interrupt();
    else this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.guard.release();
    this.session.close();
  }
}
