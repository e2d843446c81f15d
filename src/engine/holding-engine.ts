import type { Column } from "./column-type.js";
import type { Dialect } from "./dialect.js";
import type { Batch, Engine, Params, QueryOptions, RowStream, Rows } from "./engine.js";

/** Brings files that lie elsewhere to this machine for as long as they are read. */
export interface FileHolder {
  /** What must be held before this SQL can run: the files that stand in it by their paths on this machine. */
  pathsIn(sql: string): readonly string[];
  /** Holds files until what it returns is called. */
  hold(paths: readonly string[], options?: QueryOptions): Promise<() => Promise<void>>;
}

const VIEW = /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMP(?:ORARY)?\s+)?VIEW\s+(?:"((?:[^"]|"")+)"|(\w+))/i;

/**
 * `engine`, whose statements may name files of `holder`: each is held while a statement that names it runs, those of a view
 * until it is made anew or the engine is closed, and those of a statement that is described until the next has run.
 */
export function holdingEngine(engine: Engine, holder: FileHolder): Engine {
  return new HoldingEngine(engine, holder);
}

type Release = () => Promise<void>;

class HoldingEngine implements Engine {
  readonly dialect: Dialect;
  readonly #engine: Engine;
  readonly #holder: FileHolder;
  readonly #views = new Map<string, Release>();
  #described: Release[] = [];

  constructor(engine: Engine, holder: FileHolder) {
    this.dialect = engine.dialect;
    this.#engine = engine;
    this.#holder = holder;
  }

  async run(sql: string, params?: Params, options?: QueryOptions): Promise<void> {
    const view = VIEW.exec(sql);
    const name = (view?.[1] ?? view?.[2])?.toLowerCase();
    const release = await this.#hold(sql, options);
    try {
      await this.#engine.run(sql, params, options);
    } catch (error) {
      await release();
      throw error;
    }
    const before = name === undefined ? release : this.#views.get(name);
    if (name !== undefined) this.#views.set(name, release);
    await before?.();
  }

  async query(sql: string, params?: Params, options?: QueryOptions): Promise<Rows> {
    const release = await this.#hold(sql, options);
    try {
      return await this.#engine.query(sql, params, options);
    } finally {
      await release();
    }
  }

  async stream(sql: string, params?: Params, options?: QueryOptions): Promise<RowStream> {
    const release = await this.#hold(sql, options);
    try {
      return heldStream(await this.#engine.stream(sql, params, options), release);
    } catch (error) {
      await release();
      throw error;
    }
  }

  async describe(sql: string, params?: Params): Promise<readonly Column[]> {
    this.#described.push(await this.#holder.hold(this.#holder.pathsIn(sql)));
    return this.#engine.describe(sql, params);
  }

  close(): void {
    this.#engine.close();
    for (const release of [...this.#views.values(), ...this.#described])
      void release().catch(() => undefined);
    this.#views.clear();
    this.#described = [];
  }

  async #hold(sql: string, options: QueryOptions | undefined): Promise<Release> {
    const release = await this.#holder.hold(this.#holder.pathsIn(sql), options);
    const described = this.#described.splice(0);
    return async () => {
      for (const each of [release, ...described]) await each();
    };
  }
}

function heldStream(stream: RowStream, release: Release): RowStream {
  return {
    columns: stream.columns,
    close() {
      stream.close();
      void release().catch(() => undefined);
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
      try {
        yield* stream;
      } finally {
        await release();
      }
    },
  };
}
