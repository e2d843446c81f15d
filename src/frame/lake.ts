import type { Engine, Params, QueryOptions } from "../engine/engine.js";
import { lakeSelect } from "../engine/lake-view.js";
import { UsageError } from "../errors/index.js";
import type { ColumnName } from "../event.js";
import { EventFrame } from "./event-frame.js";
import type { DefaultColumn } from "./event-row.js";
import type { EventSource, LakeFiles, PromoteChange, PromoteReport } from "./event-source.js";
import type { AskedProperties, FrameRow } from "./event-types.js";
import { extentOf, type LakeExtent } from "./extent.js";
import { promotedSql } from "./promoted-view.js";
import { QueryFrame } from "./query-frame.js";
import { profileLake, profileWithin } from "./schema/profile-lake.js";
import { Schema } from "./schema/schema.js";
import { type SchemaOptions, schemaSelection } from "./schema/schema-options.js";
import { summarise } from "./schema/summarise.js";
import type { FrameOptions } from "./selection.js";
import { requireText, type SqlValue, templateQuery } from "./sql-template.js";
import { overWantedEvents } from "./wanted-events.js";

/**
 * An open lake: events as frames, and SQL over the table `events`, which has the 55 fields, `extra` and
 * `upload_date`; times there are TIMESTAMP and hold UTC. Every new frame and query sees the newest commit.
 */
export class Lake {
  readonly #source: EventSource;
  readonly #open: () => Promise<Engine>;
  #engine: Promise<Engine> | undefined;
  #views: Views | undefined;

  /** `open` makes the query engine at the first question. */
  constructor(source: EventSource, open: () => Promise<Engine>) {
    this.#source = source;
    this.#open = open;
  }

  /** The folder of the lake. */
  get dir(): string {
    return this.#source.dir;
  }

  /**
   * A selection of events, read when asked. With no options it is all events with their 55 fields and `extra`.
   * `from` and `to` mean `event_time`, `uploadedFrom` and `uploadedTo` the upload hour; all ends are included
   * and UTC. Properties are typed once the declarations that `ampframe schema --ts` writes are there. Throws UsageError, with the nearest right name, if an option is wrong.
   */
  frame<
    const E extends string = string,
    const A extends AskedProperties<E> = AskedProperties<E>,
    C extends ColumnName = DefaultColumn,
  >(options: FrameOptions<C, E, A> = {}): EventFrame<FrameRow<E, A, C>> {
    const { cohorts, profiles, isRemote } = this.#source;
    const lake = {
      ...{ engine: () => this.#running(), files: () => this.#source.files() },
      ...{ cohorts, profiles, isRemote },
    };
    return new EventFrame(lake, options);
  }

  /**
   * Promotes properties, named as in `frame({ properties })`: their values are kept as typed columns in files beside the
   * table, from which frames and the view `promoted` then read. Without names, it only brings the files up to date, as
   * every pull and load does by itself. What frames give stays the same; they are quicker. Throws UsageError if a property
   * does not occur, LakeError, QueryError, CancelledError; the promoted properties are then as before.
   */
  async promote(
    properties: readonly string[] = [],
    options: Omit<PromoteChange, "properties"> = {},
  ): Promise<PromoteReport> {
    if (this.#source.promote) return this.#source.promote({ ...options, properties });
    throw new UsageError("This lake cannot be written to.", "Open it with openLake.");
  }

  /**
   * Runs SQL in DuckDB's dialect over the table `events`, and over `promoted` if properties are promoted, with values bound
   * to `$1` or `$name`. Small results are read at once, so that console.log prints them. Throws QueryError, or
   * CancelledError after the signal.
   */
  async query<Row = Record<string, unknown>>(
    sql: string,
    params?: Params,
    options: QueryOptions = {},
  ): Promise<QueryFrame<Row>> {
    requireText(sql);
    const engine = await this.#running();
    const run = await this.#prepare(engine, sql, params, options);
    return QueryFrame.of<Row>(engine, run, params, options, { sql, params });
  }

  /**
   * As `query`, written as a template whose values are bound, never pasted: sql\`… WHERE user_id = ${id}\`. A frame of this
   * lake is a table there, with the rows that it keeps to and its properties as columns: sql\`SELECT … FROM ${frame}\`.
   * Throws UsageError if a frame is of another lake.
   */
  async sql<Row = Record<string, unknown>>(
    strings: TemplateStringsArray,
    ...values: readonly SqlValue[]
  ): Promise<QueryFrame<Row>> {
    const engine = await this.#running();
    const { written, run } = await templateQuery(engine, strings, values);
    const sql = await this.#prepare(engine, run.sql, run.params, {});
    return QueryFrame.of<Row>(engine, sql, run.params, {}, written);
  }

  /**
   * The tracking plan as it really is: event types, their properties, what changed. The first call reads all events, unless
   * an earlier one left its profiles in the lake; a later one only those of new files. With `from` or `to` it reads those
   * events each time. Throws UsageError if an option is wrong, QueryError, CancelledError.
   */
  async schema(options: SchemaOptions = {}): Promise<Schema> {
    const { bounds, only } = schemaSelection(options);
    const engine = await this.#running();
    const files = await this.#source.files();
    const profile = bounds
      ? await profileWithin(engine, files, bounds, options)
      : await profileLake(engine, files, this.#source.profiles, options);
    return new Schema(summarise(profile, this.dir, files.version, only));
  }

  /** How much the lake holds: from its log, so that no event is read unless another program wrote files without statistics. */
  async extent(options: QueryOptions = {}): Promise<LakeExtent> {
    return extentOf(await this.#source.files(), () => this.#running(), options);
  }

  /** Frees the query engine. Frames of this lake cannot be read afterwards. */
  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = Promise.reject(new UsageError("The lake is closed.", "Open it again with openLake."));
    this.#engine.catch(() => {});
    await engine?.then((running) => running.close());
    await this.#source.close?.();
  }

  #running(): Promise<Engine> {
    this.#engine ??= this.#open();
    return this.#engine;
  }

  /** What is to be run for `sql`, whose tables are then there. Where files are fetched, not more than it needs. */
  async #prepare(
    engine: Engine,
    sql: string,
    params: Params | undefined,
    options: QueryOptions,
  ): Promise<string> {
    if (this.#source.isRemote) {
      const { files } = await this.#source.files();
      const run = await overWantedEvents(engine, sql, params, files, options);
      if (run !== undefined) return run;
    }
    await this.#show(engine, sql);
    return sql;
  }

  /** Makes the tables anew if the lake has changed: `events`, and from the first query on that names it, `promoted`. */
  async #show(engine: Engine, sql: string): Promise<void> {
    const files = await this.#source.files();
    const of = `${files.version} ${files.projections ?? ""}`;
    const isAsked = PROMOTED.test(sql) || this.#views?.promoted !== undefined;
    if (this.#views?.of !== of) this.#views = { of, events: showEvents(engine, files) };
    if (isAsked) this.#views.promoted ??= showPromoted(engine, files);
    await Promise.all([this.#views.events, this.#views.promoted]);
  }
}

/** The tables as of one state of the lake. */
interface Views {
  readonly of: string;
  readonly events: Promise<void>;
  promoted?: Promise<void>;
}

/** What a query that reads the table `promoted` must hold. */
const PROMOTED = /promoted/i;

function showEvents(engine: Engine, { files }: LakeFiles): Promise<void> {
  return engine.run(`CREATE OR REPLACE VIEW events AS ${lakeSelect(files)}`);
}

async function showPromoted(engine: Engine, files: LakeFiles): Promise<void> {
  const sql = await promotedSql(engine, files);
  return engine.run(sql ? `CREATE OR REPLACE VIEW promoted AS ${sql}` : "DROP VIEW IF EXISTS promoted");
}
