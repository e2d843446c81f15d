import { type InspectOptions, inspect } from "node:util";
import type { Column, Value } from "../engine/column-type.js";
import type { Params, QueryOptions, RowStream } from "../engine/engine.js";
import type { ColumnName } from "../event.js";
import type { ArqueroOptions, ArqueroTable } from "./convert/to-arquero.js";
import type { ArrowOptions, ArrowTable } from "./convert/to-arrow.js";
import type { PolarsDataFrame } from "./convert/to-polars.js";
import { columnOf, type Derivation, type Parent } from "./derivation.js";
import { type ColumnSummary, summarise } from "./describe.js";
import { type Exploded, exploding, explodingProperty } from "./explode.js";
import { type Joined, type JoinKind, type JoinOptions, joining } from "./join.js";
import { KeptRows } from "./kept-rows.js";
import { notReady } from "./not-ready.js";
import { type OrderOptions, ordering } from "./order.js";
import { WithFile } from "./own-file.js";
import { tableOfRows } from "./own-table.js";
import { htmlTable } from "./print/html-table.js";
import { type TableContent, textTable } from "./print/text-table.js";
import { unreadText } from "./print/unread-text.js";
import type { SharedObjects } from "./properties/shared-objects.js";
import {
  type FrameTime,
  type Interval,
  RESAMPLED_COLUMNS,
  type Resampled,
  type ResampleOptions,
  resampling,
} from "./resample.js";
import { type ArrayOptions, type ColumnValues, rowObjects, toArray } from "./row-objects.js";
import { asRowColumns, type RowAs, type RowOptions } from "./row-values.js";
import { rowCount } from "./selection.js";
import type { Statement } from "./statement.js";
import { colorsWanted, JUPYTER_DISPLAY, NOTEBOOK_TEXT, type ShowOptions, Table } from "./table.js";
import { UTC } from "./time-zone.js";
import type { UnknownName, WarningOptions } from "./unknown-name.js";
import { countValues, type ValueCount, type ValueCountOptions } from "./value-counts.js";
import type { WriteOptions, WriteTarget, Written } from "./write/write.js";

const HEAD_ROWS = 10;
/** So many of the rows that are read one at a time are kept for console.log. */
const PRINTED_ROWS = 21;

/**
 * Rows that are not read until asked for: look at them, then convert them to a DataFrame library or a file.
 * What was once read of the first rows is kept, so that console.log can print them.
 */
export abstract class Frame<Row> {
  /** The query as a person would write it, over the table `events`. Run it with `lake.query(sql, params)`. */
  abstract readonly sql: string;
  /** The values of its parameters. */
  abstract readonly params: Params | undefined;
  /** Columns that a narrow terminal shows first. */
  protected readonly lead: readonly string[] | undefined = undefined;
  /** How many rows `preview` reads and keeps, at most 1,000. */
  protected abstract readonly previewRows: number;
  /** Whether counting all rows costs about as little as reading the first ones. */
  protected abstract readonly countIsCheap: boolean;
  /** What is known of the rows' time. Default: nothing, in UTC. */
  protected readonly time: FrameTime = { timeZone: UTC, bounds: {} };
  #schema: readonly Column[] | undefined;
  readonly #kept = new KeptRows();
  #notes: readonly string[] = [];

  /** `schema` may be left open if `ready` gives it. */
  protected constructor(schema: readonly Column[] | undefined) {
    if (schema !== undefined) this.know(schema);
  }

  /** Settles the columns. */
  protected know(schema: readonly Column[]): void {
    this.#schema = asRowColumns(schema);
  }

  /**
   * Names and types of the columns, in order. Of a frame with properties they are known once something was read, or
   * after `ready()`; before, this throws UsageError.
   */
  get schema(): readonly Column[] {
    if (this.#schema === undefined) throw notReady();
    return this.#schema;
  }

  /** True once the columns are known. */
  get isReady(): boolean {
    return this.#schema !== undefined;
  }

  /**
   * The event types and platforms that were asked for and that no event of the lake has, whatever is selected: a misspelt one
   * makes an empty frame, and no error, since one that has not come yet is no mistake. Printing tells them too. Event types are
   * taken from the profiles that `schema` leaves, if they are of all files, else read from their column, as platforms are. Throws QueryError, CancelledError.
   */
  async warnings(_options: WarningOptions = {}): Promise<readonly UnknownName[]> {
    return [];
  }

  /** Finds what is not known of the columns yet, which reading does by itself. Gives the frame itself. */
  async ready(_options: QueryOptions = {}): Promise<this> {
    return this;
  }

  /**
   * The query as the engine runs it; `limit` may be used to read no more than so many rows. `only` names the columns
   * that are needed of it: others may be missing.
   */
  abstract statement(limit?: number, only?: readonly string[]): Promise<Statement>;

  /** The frame in parts in which each different JSON object stands once, where that is less work than `statement`. */
  async sharedObjects(_options: QueryOptions = {}): Promise<SharedObjects | undefined> {
    return undefined;
  }

  /** Names of the columns, in order. */
  get columns(): readonly (keyof Row & string)[] {
    return this.schema.map(({ name }) => name) as (keyof Row & string)[];
  }

  /** Number of rows. Reads no more than it must; remembered. */
  async count(options: QueryOptions = {}): Promise<number> {
    if (this.#kept.count === undefined) {
      const { engine, sql, params } = await this.statement(undefined, []);
      const rows = await engine.query(`SELECT count(*) FROM (\n${sql}\n)`, params, options);
      this.#kept.count = Number(rows.rows()[0]![0]);
    }
    return this.#kept.count;
  }

  /** The first `n` rows, in the order of the frame, as an array that prints as a table. Default 10. */
  async head(n = HEAD_ROWS, options: QueryOptions = {}): Promise<Table<Row>> {
    const rows = await this.#first(rowCount(n, "n"), options);
    if (rows.length === 0) await this.#note(rows.length, options);
    return this.#table(rows);
  }

  /** `n` rows chosen at random, each as likely as any other, in no order. Default 10. Reads the whole frame. */
  async sample(n = HEAD_ROWS, options: QueryOptions = {}): Promise<Table<Row>> {
    const { engine, sql, params } = await this.statement();
    const sampled = `FROM (\n${sql}\n) USING SAMPLE reservoir(${rowCount(n, "n")} ROWS)`;
    return this.#table((await engine.query(sampled, params, options)).rows());
  }

  /**
   * Every row, one at a time, in the order of the frame: memory stays flat however many there are. Integers are
   * bigint, times are Date unless `timestamps: "micros"` is given, JSON is text unless `json: "parse"` is.
   */
  async *rows<O extends RowOptions = Record<never, never>>(
    options?: O & QueryOptions,
  ): AsyncGenerator<RowAs<Row, O>, void, void> {
    await this.ready(options);
    yield* rowObjects<RowAs<Row, O>>(this.schema, this.#batches(options?.signal), options);
  }

  /**
   * All rows as an array of objects, values as `rows()` gives them. Refuses a frame of more than 100,000 rows, which
   * are better read one at a time, unless `most` allows for more. Throws UsageError.
   */
  toArray<O extends ArrayOptions = Record<never, never>>(
    options?: O & QueryOptions,
  ): Promise<RowAs<Row, O>[]> {
    return toArray(this.rows(options), options);
  }

  /** As `rows()` with no options. */
  [Symbol.asyncIterator](): AsyncGenerator<RowAs<Row, Record<never, never>>, void, void> {
    return this.rows();
  }

  /**
   * One row for each column: type, filled and null rows, distinct values (estimated), least and greatest; of numbers mean,
   * median and the other quartiles, which are exact (between two values in proportion, as in pandas) up to 32 million numbers, and
   * estimated beyond.
   */
  async describe(options: QueryOptions = {}): Promise<Table<ColumnSummary>> {
    await this.ready(options);
    const count = await this.count(options);
    return summarise(await this.statement(), this.schema, count, options);
  }

  /** The values of a column with their number of rows and share of all rows, most frequent first. */
  async valueCounts<C extends keyof Row & string>(
    column: C,
    options: ValueCountOptions = {},
  ): Promise<Table<ValueCount<Row, C>>> {
    await this.ready(options);
    const found = columnOf(this.schema, column);
    const statement = await this.statement(undefined, [column]);
    return countValues(statement, found, options, () => this.#note(0, options));
  }

  /**
   * All rows in order: by one column, or by the first of several, then the next. `descending: true` puts the greatest
   * first, `descending: [false, true]` those of the second column only. Text is in the order of its characters' codes,
   * false before true, JSON as its text; rows without a value are last. Equal rows come in no promised order. Reads
   * nothing yet. Throws UsageError.
   */
  orderBy(
    columns: (keyof Row & string) | readonly (keyof Row & string)[],
    options: OrderOptions = {},
  ): Frame<Row> {
    const names = [columns].flat();
    return new DerivedFrame<Row>(this, (known) => ordering(known, names, options), this.time);
  }

  /**
   * Counts events and users by hour, day, week or month of `event_time`, as a clock of the frame's time zone (or of
   * `timeZone`) shows it: a frame of one row for each interval, in order, those without events with zeros. It goes
   * from the first to the last moment of the selection if that has ends, else of the rows. `users` are the different
   * `amplitude_id`s. Reads nothing yet. Throws UsageError.
   */
  resample<U extends Interval, S extends keyof Row & string = never>(
    unit: U,
    options: ResampleOptions<Row, S> = {},
  ): Frame<Resampled<Row, U, S>> {
    return new DerivedFrame<Resampled<Row, U, S>>(
      this.having(RESAMPLED_COLUMNS),
      (columns) => resampling(columns, unit, options, this.time),
      { timeZone: this.time.timeZone, bounds: {} },
    );
  }

  /**
   * A row for each item of the lists, or of the JSON arrays, in `column`, its other columns repeated. A null or empty
   * list gives one row with null, JSON that is no array one row with itself. Items of JSON are JSON text: `"a"` keeps
   * its quotes. With `property` the array is that property of the JSON in `column`, and its items are a new column
   * of that name. Reads nothing yet. Throws UsageError.
   */
  explode<C extends keyof Row & string, P extends string = C>(
    column: C,
    { property }: { readonly property?: P } = {},
  ): Frame<Exploded<Row, C, P>> {
    return new DerivedFrame<Exploded<Row, C, P>>(
      this,
      (columns) =>
        property === undefined ? exploding(columns, column) : explodingProperty(columns, column, property),
      this.time,
    );
  }

  /**
   * Adds the columns of a table of one's own where the columns `on` are equal: an array of objects, or a file
   * (`.csv`, `.tsv`, `.parquet`, `.ndjson`, `.jsonl`, `.json`, text also with `.gz`), whose column types DuckDB infers. A
   * row that matches several rows of the table comes as often; null equals nothing. Rows come in no promised order. A
   * column that both have gets `_right` behind its name. Reads nothing yet; where a file is joined, the columns are known
   * once something was read, or after `ready()`. Throws UsageError; reading throws QueryError if the file cannot be read.
   */
  join<
    Right extends object = Record<string, unknown>,
    H extends JoinKind = "left",
    X extends string = "_right",
  >(
    table: string | readonly Right[],
    { on, how, suffix }: JoinOptions<Row, NoInfer<Right>, H, X>,
  ): Frame<Joined<Row, Right, H, X>> {
    const parent = typeof table === "string" ? new WithFile(this, table, on) : this;
    const rows = typeof table === "string" ? undefined : tableOfRows(table);
    return new DerivedFrame<Joined<Row, Right, H, X>>(
      parent,
      (columns) => joining(columns, rows ?? (parent as WithFile).table, on, how, suffix),
      this.time,
    );
  }

  /** Reads the first rows and their number, so that console.log prints the table. Gives the frame itself. */
  async preview(options: QueryOptions = {}): Promise<this> {
    await this.#shown(options);
    return this;
  }

  /** Prints the first rows as a table on stdout. */
  async show(rowsOrOptions: number | ShowOptions = {}): Promise<void> {
    const options = typeof rowsOrOptions === "number" ? { rows: rowsOrOptions } : rowsOrOptions;
    process.stdout.write(`${await this.toText(options)}\n`);
  }

  /** The first rows as a table in text, with the number of all rows. */
  async toText(options: ShowOptions = {}): Promise<string> {
    const content = await this.#shown(options);
    return textTable(content, {
      width: options.width ?? process.stdout.columns ?? 100,
      colors: options.colors ?? colorsWanted(process.stdout),
    });
  }

  /** The first rows as a table in HTML, with everything from the data escaped. */
  async toHTML(options: Pick<ShowOptions, "rows" | "signal"> = {}): Promise<string> {
    return htmlTable(await this.#shown(options));
  }

  /** A nodejs-polars DataFrame. Needs the package `nodejs-polars`. See `toPolars` in `ampframe/polars`. */
  async toPolars(options: QueryOptions = {}): Promise<PolarsDataFrame> {
    const { toPolars } = await import("./convert/to-polars.js");
    return toPolars(this, options);
  }

  /** An Arrow table (flechette). Needs the package `@uwdata/flechette`. See `toArrow` in `ampframe/arrow`. */
  async toArrow(options: ArrowOptions = {}): Promise<ArrowTable> {
    const { toArrow } = await import("./convert/to-arrow.js");
    return toArrow(this, options);
  }

  /** An Arquero table. Needs `arquero` and `@uwdata/flechette`. See `toArquero` in `ampframe/arquero`. */
  async toArquero(options: ArqueroOptions = {}): Promise<ArqueroTable> {
    const { toArquero } = await import("./convert/to-arquero.js");
    return toArquero(this, options);
  }

  /**
   * Writes all rows to a file, a stream or, with `partitionBy`, a folder. The format follows the file's name:
   * `.parquet`, `.csv`, `.ndjson`, `.jsonl`, `.json` (the text ones also with `.gz`), `.arrow`, `.xlsx`, `.duckdb`,
   * `.sqlite` and `.db`; in the databases the table is `events`. A file appears whole or not at all, and replaces
   * one of the same name; a folder too, and must be new or empty. What each format keeps: docs/formats.md.
   */
  async write(target: WriteTarget, options: WriteOptions = {}): Promise<Written> {
    const { writeFrame } = await import("./write/write.js");
    return writeFrame(this, target, options);
  }

  [inspect.custom](_depth: number, options: InspectOptions): string {
    if (this.#kept.first === undefined) {
      const known = this.#schema?.length;
      return unreadText(this.constructor.name, known, known === undefined ? "" : this.sql);
    }
    const content = this.#content(this.#kept.printed(this.#kept.first));
    return textTable(content, { width: process.stdout.columns ?? 100, colors: options.colors ?? false });
  }

  async [JUPYTER_DISPLAY](): Promise<Record<string, string>> {
    return { "text/plain": await this.toText(NOTEBOOK_TEXT), "text/html": await this.toHTML() };
  }

  /** This frame, with these columns of the lake as well if it can have them. */
  protected having(_columns: readonly ColumnName[]): Parent {
    return this;
  }

  #table(rows: readonly (readonly Value[])[]): Table<Row> {
    const notes = this.#notes;
    return new Table<Row>({ columns: this.schema, rows, rowCount: rows.length, lead: this.lead, notes });
  }

  async #shown(options: Pick<ShowOptions, "rows" | "signal">): Promise<TableContent> {
    const wanted = options.rows === undefined ? this.previewRows : rowCount(options.rows, "rows");
    const first = await this.#first(wanted, options);
    if (this.countIsCheap) await this.count(options);
    await this.#note(first.length, options);
    return this.#content(options.rows === undefined ? this.#kept.printed(first) : first);
  }

  #content(rows: readonly (readonly Value[])[]): TableContent {
    const { count, first } = this.#kept;
    const notes = this.#notes;
    return { columns: this.schema, rows, lead: this.lead, rowCount: count, atLeast: first?.length, notes };
  }

  /** What stands beneath the table of a frame of so many rows. */
  async #note(rows: number, options: QueryOptions): Promise<readonly string[]> {
    const { signal } = options;
    this.#notes = (await this.warnings({ signal, quickly: rows > 0 })).map(({ text }) => text);
    return this.#notes;
  }

  async #first(n: number, options: QueryOptions): Promise<readonly (readonly Value[])[]> {
    const kept = this.#kept.upTo(n);
    if (kept !== undefined) return kept;
    await this.ready(options);
    const { engine, sql, params } = await this.statement(n + 1);
    return this.keepFirst(await engine.stream(sql, params, options), n);
  }

  /** Reads up to `n` rows of `stream` and keeps them, unless they are very many. */
  protected keepFirst(stream: RowStream, n: number): Promise<readonly (readonly Value[])[]> {
    return this.#kept.keep(stream, n);
  }

  async *#batches(signal: AbortSignal | undefined): AsyncGenerator<ColumnValues> {
    const { all } = this.#kept;
    if (all !== undefined) {
      yield { length: all.length, values: this.schema.map((_, i) => all.map((row) => row[i] ?? null)) };
      return;
    }
    const { engine, sql, params } = await this.statement();
    const first: Value[][] = [];
    let count = 0;
    try {
      for await (const batch of await engine.stream(sql, params, { signal })) {
        const values = batch.columns.map((_, i) => batch.values(i));
        for (let row = 0; row < batch.length && first.length < PRINTED_ROWS; row++) {
          first.push(values.map((column) => column[row] ?? null));
        }
        count += batch.length;
        yield { length: batch.length, values };
      }
      this.#kept.count = count;
    } finally {
      this.#kept.saw(first);
    }
  }
}

/** Rows made from those of another frame, when they are asked for. */
export class DerivedFrame<Row> extends Frame<Row> {
  readonly params: Params | undefined;
  protected readonly previewRows = 20;
  protected readonly countIsCheap = false;
  #derivation: Derivation | undefined;

  /** `derive` makes it of the parent's columns, at once if they are known. */
  constructor(
    private readonly parent: Parent,
    private readonly derive: (columns: readonly Column[]) => Derivation,
    protected override readonly time: FrameTime,
  ) {
    const derivation = parent.isReady ? derive(parent.schema) : undefined;
    super(derivation?.schema);
    this.#derivation = derivation;
    this.params = parent.params;
  }

  override get sql(): string {
    if (this.#derivation === undefined) throw notReady();
    return this.#derivation.sql(`(\n${this.parent.sql}\n)`);
  }

  override async ready(options: QueryOptions = {}): Promise<this> {
    await this.#derived(options);
    return this;
  }

  async statement(limit?: number): Promise<Statement> {
    const derivation = await this.#derived();
    const { engine, sql: source, params } = await this.parent.statement();
    const sql = derivation.sql(`(\n${source}\n)`);
    return { engine, sql: limit === undefined ? sql : `FROM (\n${sql}\n) LIMIT ${limit}`, params };
  }

  override warnings(options: WarningOptions = {}): Promise<readonly UnknownName[]> {
    return this.parent.warnings(options);
  }

  async #derived(options: QueryOptions = {}): Promise<Derivation> {
    if (this.#derivation === undefined) {
      await this.parent.ready(options);
      this.#derivation = this.derive(this.parent.schema);
      this.know(this.#derivation.schema);
    }
    return this.#derivation;
  }
}
