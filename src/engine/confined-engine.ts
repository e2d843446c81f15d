import type { QueryOptions, RowStream } from "./engine.js";

/** A query engine for SQL that is not trusted. */
export interface ConfinedEngine {
  /**
   * Runs one SELECT over the tables that the engine was made with. Throws QueryError, before anything runs, if it is anything
   * else, calls what is no function of values, or names another table or a file; CancelledError after the signal.
   */
  select(sql: string, options?: QueryOptions): Promise<RowStream>;
  /** Frees everything, once no query is at work. */
  close(): void;
}
