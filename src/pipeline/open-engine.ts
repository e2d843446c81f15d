import { openEngine } from "../engine/duckdb.js";
import type { Engine, EngineOptions } from "../engine/engine.js";
import { holdingEngine } from "../engine/holding-engine.js";
import type { LakeStore } from "../lake/store/lake-store.js";

/** An engine that can read the files of the lake in `store` at their `filePath`. */
export async function openEngineFor(store: LakeStore, options?: EngineOptions): Promise<Engine> {
  const engine = await openEngine(options);
  return store.folder === undefined ? holdingEngine(engine, store) : engine;
}
