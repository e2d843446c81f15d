import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { deltaCheckpoints } from "../engine/delta-checkpoint.js";
import { openEngine } from "../engine/duckdb.js";
import type { Engine } from "../engine/engine.js";
import type { CheckpointStore } from "../lake/checkpoint.js";
import { LOG, OURS } from "../lake/paths.js";
import { LakeTable } from "../lake/table.js";

/** Checkpoints by an engine that lives only while one is written or read. */
export const checkpoints: CheckpointStore = {
  write: (ndjson, parquet) => withEngine((engine) => deltaCheckpoints(engine).write(ndjson, parquet)),
  read: (parquet) => withEngine((engine) => deltaCheckpoints(engine).read(parquet)),
};

/** What stands in a lake before its first log entry does. */
const MADE_FIRST: readonly string[] = [LOG, OURS];

/** The lake at `dir`. Throws LakeError if there is none. `now` in milliseconds since 1970 dates its commits. */
export function openTable(dir: string, now: () => number = Date.now): Promise<LakeTable> {
  return LakeTable.open(resolve(dir), { checkpoints, now });
}

/**
 * The lake at `dir`, or undefined if the folder is not there, is empty, or has only what a run leaves that was
 * killed while it made the lake. `now` as of `openTable`. Throws LakeError if it holds anything else, and no lake.
 */
export async function openTableIfThere(
  dir: string,
  now: () => number = Date.now,
): Promise<LakeTable | undefined> {
  const names = await readdir(dir).catch(() => []);
  const isLakes = names.every((name) => MADE_FIRST.includes(name));
  return isLakes ? LakeTable.openIfThere(resolve(dir), { checkpoints, now }) : openTable(dir, now);
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
