import type { Engine, Params } from "../engine/engine.js";

/** A query as the engine runs it. */
export interface Statement {
  readonly engine: Engine;
  readonly sql: string;
  readonly params?: Params | undefined;
}
