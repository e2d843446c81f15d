import type { Column } from "../engine/column-type.js";
import type { Engine, Params, QueryOptions } from "../engine/engine.js";
import { Frame } from "./frame.js";
import type { Statement } from "./statement.js";

const HELD_ROWS = 1000;

/**
 * The result of a person's own SQL. Up to 1,000 rows are read once, when the query is made; a larger result is
 * read again, row by row, by whatever is asked of it.
 */
export class QueryFrame<Row = Record<string, unknown>> extends Frame<Row> {
  protected readonly previewRows = HELD_ROWS;
  protected readonly countIsCheap = false;

  private constructor(
    private readonly engine: Engine,
    readonly sql: string,
    readonly params: Params | undefined,
    private readonly run: { readonly sql: string; readonly params: Params | undefined },
    schema: readonly Column[],
  ) {
    super(schema);
  }

  /**
   * Runs `sql` far enough to know its columns and first rows. `written` is the same query as a person would write it.
   * Throws QueryError or CancelledError.
   */
  static async of<Row>(
    engine: Engine,
    sql: string,
    params: Params | undefined,
    options: QueryOptions,
    written: { readonly sql: string; readonly params: Params | undefined } = { sql, params },
  ): Promise<QueryFrame<Row>> {
    const run = { sql: withoutEnd(sql), params };
    const stream = await engine.stream(run.sql, params, options);
    const frame = new QueryFrame<Row>(engine, withoutEnd(written.sql), written.params, run, stream.columns);
    await frame.keepFirst(stream, HELD_ROWS);
    return frame;
  }

  async statement(): Promise<Statement> {
    return { engine: this.engine, ...this.run };
  }
}

function withoutEnd(sql: string): string {
  return sql.replace(/[\s;]+$/, "");
}
