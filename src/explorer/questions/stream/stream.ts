import type { Column, ColumnName, QueryOptions, Value } from "../../../index.js";
import { type AskedColumns, asAsked } from "./asked-columns.js";
import { columnKind, NEWEST_FIRST, type Order } from "./order.js";
import type { Piece, Runs } from "./runs.js";
import type { Part, Scope } from "./scope.js";
import { SharedWork } from "./shared-work.js";
import { isTime, type TimeRuns, timeRuns } from "./time-runs.js";
import { valueRuns } from "./value-runs.js";

/** Some rows of a stream. */
export interface StreamRows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
}

/** What is read at once. */
export interface StreamSizes {
  /** Values of fewer events than these are read together. */
  readonly run: number;
  /** A run of more events that are alike is itself sorted by time, and read in runs. */
  readonly large: number;
}

const SIZES: StreamSizes = { run: 2_000, large: 20_000 };

/**
 * The events of a scope in an order. One reading of the column that it is sorted by tells how many events lie where; from then
 * on any rows are found by reading a little around them.
 */
export class Stream {
  readonly #order: Order;
  readonly #scope: Scope;
  readonly #sizes: StreamSizes;
  readonly #key: string | undefined;
  readonly #runs: Runs;
  readonly #within = new Map<number, SharedWork<Stream>>();
  /** When its events happened, if it is sorted by a time. */
  readonly times: TimeRuns | undefined;

  private constructor(
    order: Order,
    scope: Scope,
    sizes: StreamSizes,
    runs: Runs,
    { key, times }: { readonly key?: string; readonly times?: TimeRuns },
  ) {
    this.#order = order;
    this.#scope = scope;
    this.#sizes = sizes;
    this.#runs = runs;
    this.#key = key;
    this.times = times;
  }

  /** Reads how many events lie where. Throws UsageError, QueryError, CancelledError. */
  static async of(scope: Scope, order: Order, options: QueryOptions, sizes = SIZES): Promise<Stream> {
    if (isTime(order.column)) {
      const times = await timeRuns(scope, order, options);
      return new Stream(order, scope, sizes, times, { times });
    }
    const { runs, scope: sorted, key } = await valueRuns(scope, order, sizes.run, options);
    return new Stream(order, sorted, sizes, runs, { key });
  }

  /** How many events it has. */
  get total(): number {
    return this.#runs.total;
  }

  /** The rows from `offset` on, at most `limit`. Throws QueryError, CancelledError. */
  async rows(offset: number, limit: number, asked: AskedColumns, signal: AbortSignal): Promise<StreamRows> {
    const pieces = this.#runs.pieces(offset, limit, this.#sizes.large);
    const read: StreamRows[] = [];
    for (const piece of pieces) read.push(await this.#piece(piece, asked, signal));
    const [first = await this.#nothing(asked, signal), ...rest] = read;
    return rest.length === 0 ? first : { ...first, rows: read.flatMap(({ rows }) => rows) };
  }

  async #piece(piece: Piece, asked: AskedColumns, signal: AbortSignal): Promise<StreamRows> {
    const { first, last, skip, take } = piece;
    const { rows, alike, none } = this.#runs.run(first);
    if (
      first === last &&
      (alike || none) &&
      rows > this.#sizes.large &&
      this.#order.column !== "event_time"
    ) {
      const within = await this.#streamWithin(first).get(signal);
      return within.rows(skip, take, asked, signal);
    }
    return sortedRows(this.#scope.within(this.#runs.partOf(first, last)), this.#sorting, asked, {
      ...{ skip, take, signal },
    });
  }

  get #sorting(): Sorting {
    return sortingBy(this.#order, this.#key);
  }

  #streamWithin(run: number): SharedWork<Stream> {
    const known = this.#within.get(run);
    if (known !== undefined) return known;
    const part: Part = this.#runs.partOf(run, run);
    const work = new SharedWork((signal) =>
      Stream.of(this.#scope.within(part), NEWEST_FIRST, { signal }, this.#sizes),
    );
    this.#within.set(run, work);
    return work;
  }

  #nothing(asked: AskedColumns, signal: AbortSignal): Promise<StreamRows> {
    return sortedRows(this.#scope.within({ condition: "false" }), this.#sorting, asked, {
      ...{ skip: 0, take: 0, signal },
    });
  }
}

/** How rows are sorted: what comes after ORDER BY, and the columns that are needed for it. */
interface Sorting {
  readonly sql: string;
  readonly columns: readonly ColumnName[];
}

/** By `key`, which is the order's column unless that is a property; then the newest first. */
export function sortingBy({ column, descending }: Order, key = `"${column}"`): Sorting {
  const way = descending ? "DESC" : "ASC";
  const others = column === "event_time" ? `uuid ${way}` : "event_time DESC NULLS LAST, uuid DESC";
  const own = columnKind(column) === undefined ? [] : [column as ColumnName];
  return { sql: `${key} ${way} NULLS LAST, ${others}`, columns: [...own, "event_time", "uuid"] };
}

/** Reads all events of a scope, sorts them, and gives some. */
export async function sortedRows(
  scope: Scope,
  sorting: Sorting,
  asked: AskedColumns,
  { skip, take, signal }: { skip: number; take: number; signal: AbortSignal },
): Promise<StreamRows> {
  const columns = [...new Set([...asked.columns, ...sorting.columns])];
  const { engine, sql, params } = await scope.frame(columns, asked.properties).statement();
  const list = asked.names.map(({ inQuery }) => engine.dialect.identifier(inQuery)).join(", ");
  const found = await engine.query(
    `SELECT ${list} FROM (\n${sql}\n) ORDER BY ${sorting.sql} LIMIT ${take} OFFSET ${skip}`,
    params,
    { signal },
  );
  return { columns: asAsked(found.columns, asked), rows: found.rows() };
}
