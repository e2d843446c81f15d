import { openEngine } from "../../src/engine/duckdb.js";
import * as holding from "./files-holding.mjs";

/** Ends with the process; it keeps nothing of a file that tests change. */
const engine = openEngine({ threads: 1, cacheFiles: false });

/**
 * The files under a lake whose bytes hold one of `texts`: as they lie there, and what Parquet files, archives and
 * quarantine files hold inside their compression.
 */
export async function filesHolding(lake: string, texts: readonly string[]): Promise<string[]> {
  return holding.filesHolding(await engine, lake, texts);
}
