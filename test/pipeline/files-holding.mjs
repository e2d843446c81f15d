import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/**
 * The files under `lake` whose bytes hold one of `texts`: as they lie there, and what Parquet files, archives and
 * quarantine files hold inside their compression. Parquet is read by `engine`.
 * @param {{query: (sql: string) => Promise<{rows: () => readonly unknown[][]}>}} engine
 * @param {string} lake
 * @param {readonly string[]} texts
 * @returns {Promise<string[]>}
 */
export async function filesHolding(engine, lake, texts) {
  const holding = [];
  for (const name of (await readdir(lake, { recursive: true })).sort()) {
    const path = join(lake, name);
    if (!(await stat(path)).isFile()) continue;
    const content = await readFile(path);
    const contents = [content, ...gzipsIn(content)];
    if (name.endsWith(".parquet") && !name.startsWith("_delta_log")) {
      const rows = await engine.query(`SELECT to_json(t)::VARCHAR FROM read_parquet('${path}') t`);
      contents.push(Buffer.from(rows.rows().join("\n")));
    }
    if (texts.some((text) => contents.some((content) => content.includes(text)))) holding.push(name);
  }
  return holding;
}

/** What every gzip stream within a zip holds; its entries are stored. @param {Buffer} content */
function gzipsIn(content) {
  /** @type {Buffer[]} */
  const found = [];
  if (content.length < 4 || content.readUInt32LE(0) !== 0x04034b50) return found;
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
