import { openEngine } from "../../src/engine/duckdb.js";
import * as holding from "./files-holding.mjs";

/**
 * The files under a lake whose bytes hold one of `texts`: as they lie there, and what Parquet files, archives and
 * quarantine files hold inside their compression.
 */
export async function filesHolding(lake: string, texts: readonly string[]): Promise<string[]> {
  const engine = await openEngine({ threads: 1 });
  try {
    return await holding.filesHolding(engine, lake, texts);
  } finally {
    engine.close();
  }
}
