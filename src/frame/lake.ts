import type { Engine, Param, Params, QueryOptions } from "../engine/engine.js";
import { lakeSelect } from "../engine/lake-view.js";
import { UsageError } from "../errors/index.js";
import type { ColumnName } from "../event.js";
import { EventFrame } from "./event-frame.js";
import type { DefaultColumn } from "./event-row.js";
import type { EventSource } from "./event-source.js";
import type { AskedProperties, FrameRow } from "./event-types.js";
import { QueryFrame } from "./query-frame.js";
import { profileLake, profileWithin } from "./schema/profile-lake.js";
import { Schema } from "./schema/schema.js";
import { type SchemaOptions, schemaSelection } from "./schema/schema-options.js";
import { summarise } from "./schema/summarise.js";
import type { FrameOptions } from "./selection.js";

/**
 * An open lake: events as frames, and SQL over the table `events`, which has the 55 fields, `extra` and
 * `upload_date`; times there are TIMESTAMP and hold UTC. Every new frame and query sees the newest commit.
 */
export class Lake {
  readonly #source: EventSource;
  readonly #open: () => Promise<Engine>;
  #engine: Promise<Engine> | undefined;
  #view: { version: number; made: Promise<void> } | undefined;

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
    const { cohorts } = this.#source;
    const lake = { engine: () => this.#running(), files: () => this.#source.files(), cohorts };
    return new EventFrame(lake, options);
  }

  /**
   * Runs SQL in DuckDB's dialect over the table `events`, with values bound to `$1` or `$name`. Small results
   * are read at once, so that console.log prints them. Throws QueryError, or CancelledError after the signal.
   */
  async query<Row = Record<string, unknown>>(
    sql: string,
    params?: Params,
    options: QueryOptions = {},
  ): Promise<QueryFrame<Row>> {
    const engine = await this.#running();
    await this.#showEvents(engine);
    return QueryFrame.of<Row>(engine, sql, params, options);
  }

  /** As `query`, written as a template whose values are bound, never pasted: sql\`… WHERE user_id = ${id}\`. */
  sql<Row = Record<string, unknown>>(
    strings: TemplateStringsArray,
    ...values: readonly Param[]
  ): Promise<QueryFrame<Row>> {
    const sql = strings.reduce((text, part, i) => `${text}$${i}${part}`);
    return this.query<Row>(sql, values.length > 0 ? values : undefined);
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

  /** Frees the query engine. Frames of this lake cannot be read afterwards. */
  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = Promise.reject(new UsageError("The lake is closed.", "Open it again with openLake."));
    this.#engine.catch(() => {});
    await engine?.then((running) => running.close());
  }

  #running(): Promise<Engine> {
    this.#engine ??= this.#open();
    return this.#engine;
  }

  /** Makes the table `events` anew if the lake has changed. */
  async #showEvents(engine: Engine): Promise<void> {
    const { version, files } = await this.#source.files();
    if (this.#view?.version !== version) {
      const made = engine.run(`CREATE OR REPLACE VIEW events AS ${lakeSelect(files)}`);
      this.#view = { version, made };
    }
    await this.#view.made;
  }
}
