import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { deltaCheckpoints } from "../engine/delta-checkpoint.js";
import { openEngine } from "../engine/duckdb.js";
import type { Engine } from "../engine/engine.js";
import type { CheckpointStore } from "../lake/checkpoint.js";
import { LakeTable } from "../lake/table.js";

/** Checkpoints by an engine that lives only while one is written or read. */
export const checkpoints: CheckpointStore = {
  write: (ndjson, parquet) => withEngine((engine) => deltaCheckpoints(engine).write(ndjson, parquet)),
  read: (parquet) => withEngine((engine) => deltaCheckpoints(engine).read(parquet)),
};

/** The lake at `dir`. Throws LakeError if there is none. `now` in milliseconds since 1970 dates its commits. */
export function openTable(dir: string, now: () => number = Date.now): Promise<LakeTable> {
  return LakeTable.open(resolve(dir), { checkpoints, now });
}

/** The lake at `dir`, or undefined if the folder is not there or is empty. */
export async function openTableIfThere(dir: string): Promise<LakeTable | undefined> {
  const names = await readdir(dir).catch(() => []);
  return names.length > 0 ? openTable(dir) : undefined;
}

/** The lake at `dir`, made if there is none. `now` in milliseconds since 1970 dates its commits. */
export function openOrCreateTable(dir: string, now: () => number = Date.now): Promise<LakeTable> {
  return LakeTable.openOrCreate(resolve(dir), { checkpoints, now });
}

async function withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openEngine({ memoryLimit: "512MB" });
  try {
    return await work(engine);
  } finally {
    engine.close();
  }
}
