import { createReadStream } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { pipeline } from "node:stream/promises";

const TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv; charset=utf-8",
  ".ndjson": "application/x-ndjson",
  ".parquet": "application/vnd.apache.parquet",
  ".arrow": "application/vnd.apache.arrow.file",
};
const ID = /^[0-9a-f]{32}$/;

/** Sends the file that was exported as `id` to the folder `exports`, and removes it. False if there is none. */
export async function sendExport(exports: string, id: string, response: ServerResponse): Promise<boolean> {
  if (!ID.test(id)) return false;
  const folder = join(exports, `${id}-taken`);
  // Whoever renames it has it; it is there for nobody else.
  const [name] = await rename(join(exports, id), folder).then(
    () => readdir(folder),
    () => [],
  );
  const type = name === undefined ? undefined : TYPES[extname(name)];
  if (name === undefined || type === undefined) return false;
  const path = join(folder, name);
  const { size } = await stat(path);
  response.writeHead(200, {
    "Content-Type": type,
    "Content-Length": size,
    "Content-Disposition": `attachment; filename="${name}"`,
  });
  try {
    await pipeline(createReadStream(path), response);
  } catch {
    // The browser gave the download up; what it has is short of its length.
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return true;
}
