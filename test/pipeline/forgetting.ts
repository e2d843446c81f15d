import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { openEngine } from "../../src/engine/duckdb.js";

/**
 * The files under a lake whose bytes hold one of `texts`: as they lie there, and what Parquet files, archives and
 * quarantine files hold inside their compression.
 */
export async function filesHolding(lake: string, texts: readonly string[]): Promise<string[]> {
  const engine = await openEngine({ threads: 1 });
  try {
    const holding: string[] = [];
    for (const name of (await readdir(lake, { recursive: true })).sort()) {
      const path = join(lake, name);
      if (!(await stat(path)).isFile()) continue;
      const contents: Buffer[] = [await readFile(path)];
      if (name.endsWith(".parquet") && !name.startsWith("_delta_log")) {
        const rows = await engine.query(`SELECT to_json(t)::VARCHAR FROM read_parquet('${path}') t`);
        contents.push(Buffer.from(rows.rows().join("\n")));
      }
      contents.push(...gzipsIn(contents[0]!));
      if (texts.some((text) => contents.some((content) => content.includes(text)))) holding.push(name);
    }
    return holding;
  } finally {
    engine.close();
  }
}

/** What every gzip stream within a zip holds; its entries are stored. */
function gzipsIn(content: Buffer): Buffer[] {
  if (content.readUInt32LE(0) !== 0x04034b50) return [];
  const found: Buffer[] = [];
  const start = Buffer.from([0x1f, 0x8b, 0x08]);
  for (let at = content.indexOf(start); at >= 0; at = content.indexOf(start, at + 1)) {
    for (let end = content.indexOf("PK", at); end > at; end = content.indexOf("PK", end + 1)) {
      try {
        found.push(gunzipSync(content.subarray(at, end)));
        break;
      } catch {}
    }
  }
  return found;
}
