import type { Column } from "../../engine/column-type.js";
import type { Engine, Params, QueryOptions } from "../../engine/engine.js";
import { Frame } from "../frame.js";
import type { Statement } from "../statement.js";
import type { Spool } from "./spool.js";

const HELD_ROWS = 1000;

/**
 * The result of a person's SQL on another engine. Its first 1,000 rows are read once. Whatever needs more runs the query again and
 * brings its rows into a file of this machine, from which they are then read, converted and written as those of any frame.
 */
export class RemoteAnswer<Row = Record<string, unknown>> extends Frame<Row> {
  protected readonly previewRows = HELD_ROWS;
  protected readonly countIsCheap = false;
  #local: Promise<Statement> | undefined;

  private constructor(
    private readonly engine: Engine,
    private readonly spool: Spool,
    readonly sql: string,
    readonly params: Params | undefined,
    schema: readonly Column[],
    private readonly options: QueryOptions,
  ) {
    super(schema);
  }

  /** Runs `sql` and reads its first rows. Throws QueryError or CancelledError. */
  static async of<Row>(
    engine: Engine,
    spool: Spool,
    sql: string,
    params: Params | undefined,
    options: QueryOptions,
  ): Promise<RemoteAnswer<Row>> {
    const stream = await engine.stream(sql, params, options);
    const answer = new RemoteAnswer<Row>(engine, spool, sql, params, stream.columns, options);
    await answer.keepFirst(stream, HELD_ROWS);
    return answer;
  }

  /** Reads the rows into a file here, once. */
  statement(): Promise<Statement> {
    this.#local ??= this.engine
      .stream(this.sql, this.params, this.options)
      .then((stream) => this.spool.keep(stream))
      .catch((error: unknown) => {
        this.#local = undefined;
        throw error;
      });
    return this.#local;
  }
}
