import { openEngine } from "../engine/duckdb.js";
import type { Engine, EngineOptions } from "../engine/engine.js";
import { holdingEngine } from "../engine/holding-engine.js";
import { CancelledError } from "../errors/index.js";
import { guarded } from "../lake/failure.js";
import type { HoldOptions, LakeStore } from "../lake/store/lake-store.js";

/** An engine that can read the files of the lake in `store` at their `filePath`. */
export async function openEngineFor(store: LakeStore, options?: EngineOptions): Promise<Engine> {
  const engine = await openEngine(options);
  if (store.folder !== undefined) return engine;
  return holdingEngine(engine, {
    pathsIn: (sql) => store.pathsIn(sql),
    hold: (paths, held) => holdFiles(store, paths, held),
  });
}

/** As `store.hold`. Throws LakeError, or CancelledError after the signal. */
export async function holdFiles(
  store: LakeStore,
  paths: readonly string[],
  options: HoldOptions = {},
): Promise<() => Promise<void>> {
  return guarded(`fetching files of the lake ${store.location}`, async () => {
    try {
      return await store.hold(paths, options);
    } catch (error) {
      if (!options.signal?.aborted) throw error;
      throw new CancelledError("The query was cancelled.", "Run it again when you want its result.", {
        cause: options.signal.reason,
      });
    }
  });
}
