import { deltaCheckpoints } from "../engine/delta-checkpoint.js";
import { openEngine } from "../engine/duckdb.js";
import type { Engine } from "../engine/engine.js";
import type { CheckpointStore } from "../lake/checkpoint.js";
import { lakeFailure } from "../lake/failure.js";
import { LOG, OURS } from "../lake/paths.js";
import { openStore } from "../lake/store/open-store.js";
import { LakeTable } from "../lake/table.js";

/** Checkpoints by an engine that lives only while one is written or read. */
export const checkpoints: CheckpointStore = {
  write: (ndjson, parquet) => withEngine((engine) => deltaCheckpoints(engine).write(ndjson, parquet)),
  read: (parquet) => withEngine((engine) => deltaCheckpoints(engine).read(parquet)),
};

/** What stands in a lake before its first log entry does. */
const MADE_FIRST: readonly string[] = [LOG, OURS];

/** The lake `lake`, a folder or an address. Throws LakeError if there is none. `now` in milliseconds since 1970 dates its commits. */
export async function openTable(lake: string, now: () => number = Date.now): Promise<LakeTable> {
  const store = await openStore(lake);
  return LakeTable.open(store.location, { checkpoints, now, store });
}

/**
 * The lake `lake`, or undefined if the folder is not there, is empty, or has only what a run leaves that was
 * killed while it made the lake. `now` as of `openTable`. Throws LakeError if it holds anything else, and no lake.
 */
export async function openTableIfThere(
  lake: string,
  now: () => number = Date.now,
): Promise<LakeTable | undefined> {
  const store = await openStore(lake);
  const names = await store.list("").catch((error: unknown) => {
    if (store.folder === undefined) throw lakeFailure(`reading the lake ${store.location}`, error);
    return [];
  });
  const door = { checkpoints, now, store };
  const isLakes = names.every((name) => MADE_FIRST.includes(name));
  return isLakes ? LakeTable.openIfThere(store.location, door) : LakeTable.open(store.location, door);
}

/** The lake `lake`, made if there is none. `now` in milliseconds since 1970 dates its commits. */
export async function openOrCreateTable(lake: string, now: () => number = Date.now): Promise<LakeTable> {
  const store = await openStore(lake);
  return LakeTable.openOrCreate(store.location, { checkpoints, now, store });
}

async function withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openEngine({ memoryLimit: "512MB" });
  try {
    return await work(engine);
  } finally {
    engine.close();
  }
}
