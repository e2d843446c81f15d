import type { Engine, Params, QueryOptions } from "../../engine/engine.js";
import { UsageError } from "../../errors/index.js";
import type { EventSource, LakeFiles } from "../event-source.js";
import { extentOf, type LakeExtent } from "../extent.js";
import { Schema } from "../schema/schema.js";
import { type SchemaOptions, schemaSelection } from "../schema/schema-options.js";
import { summarise } from "../schema/summarise.js";
import { requireText } from "../sql-template.js";
import { RemoteAnswer } from "./remote-answer.js";
import { RemoteEvents, type RemoteEventsOptions } from "./remote-events.js";
import { profileRemote } from "./remote-schema.js";
import { Spool } from "./spool.js";

/** What a lake on another engine is made of. */
export interface RemoteParts {
  readonly source: EventSource;
  /** Opens the engine that the questions run on. */
  readonly open: () => Promise<Engine>;
  /** Opens the engine of this machine. */
  readonly openLocal: () => Promise<Engine>;
  /** The table as of one state of the lake, as the engine's FROM has it. */
  readonly table: (files: LakeFiles) => string;
  /** In a SELECT of that table: the name of the file that a row is in, without its folders. */
  readonly fileName: string;
}

/**
 * A lake whose questions run on a cluster: its log is read here, its events there. Analyses take it as they take a `Lake`, and give
 * the same rows. Every new selection and query sees the newest commit.
 */
export class RemoteLake {
  readonly #parts: RemoteParts;
  readonly #spool: Spool;
  #engine: Promise<Engine> | undefined;
  #shown: { readonly of: number; readonly done: Promise<void> } | undefined;

  /** Made by `openSparkLake`. */
  constructor(parts: RemoteParts) {
    this.#parts = parts;
    this.#spool = new Spool(parts.openLocal);
  }

  /** The folder of the lake. */
  get dir(): string {
    return this.#parts.source.dir;
  }

  /** A selection of events for an analysis; with no options all of them. `where` is in the engine's SQL. Throws UsageError. */
  frame(options: RemoteEventsOptions = {}): RemoteEvents {
    const { source, table } = this.#parts;
    return new RemoteEvents(
      {
        engine: () => this.#running(),
        local: () => this.#spool.engine(),
        files: () => source.files(),
        cohorts: source.cohorts,
        profiles: source.profiles,
        table,
      },
      options,
    );
  }

  /**
   * Runs SQL in the engine's dialect over the table `events`, with values bound to `?` or `:name`. Of what it finds the first 1,000
   * rows are read at once; what needs all of a larger result brings it to this machine. Throws QueryError, or CancelledError after
   * the signal.
   */
  async query<Row = Record<string, unknown>>(
    sql: string,
    params?: Params,
    options: QueryOptions = {},
  ): Promise<RemoteAnswer<Row>> {
    requireText(sql);
    const engine = await this.#running();
    await this.#show(engine);
    return RemoteAnswer.of<Row>(engine, this.#spool, sql.replace(/[\s;]+$/, ""), params, options);
  }

  /**
   * The tracking plan as it really is, as `Lake.schema` gives it, and from the same profiles where the lake has some. The cluster
   * reads the events; their different JSON objects, and each event type's users, come to this machine. Throws as that does.
   */
  async schema(options: SchemaOptions = {}): Promise<Schema> {
    const { only } = schemaSelection(options);
    const { source, table, fileName } = this.#parts;
    const engine = await this.#running();
    const files = await source.files();
    const from = { engine, fileName, spool: this.#spool, files, table: table(files), store: source.profiles };
    return new Schema(summarise(await profileRemote(from, options), this.dir, files.version, only));
  }

  /** How much the lake holds, from its log: as `Lake.extent`. */
  async extent(options: QueryOptions = {}): Promise<LakeExtent> {
    return extentOf(await this.#parts.source.files(), () => this.#spool.engine(), options);
  }

  /** Ends the session, and removes what was brought here. */
  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = Promise.reject(new UsageError("The lake is closed.", "Open it again."));
    this.#engine.catch(() => {});
    await Promise.all([
      this.#spool.close(),
      engine?.then((running) => running.close()).catch(() => {}),
      this.#parts.source.close?.(),
    ]);
  }

  #running(): Promise<Engine> {
    this.#engine ??= this.#parts.open();
    return this.#engine;
  }

  /** Makes the table `events` anew if the lake has changed. */
  async #show(engine: Engine): Promise<void> {
    const files = await this.#parts.source.files();
    if (this.#shown?.of !== files.version) {
      const sql = `CREATE OR REPLACE TEMPORARY VIEW events AS SELECT * FROM ${this.#parts.table(files)}`;
      this.#shown = { of: files.version, done: engine.run(sql) };
      this.#shown.done.catch(() => {
        this.#shown = undefined;
      });
    }
    await this.#shown.done;
  }
}
