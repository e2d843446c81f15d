import { readFile } from "node:fs/promises";
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import type { Fault } from "./fault.js";
import type { PreparedEntry } from "./hour-store.js";

type Damage = Extract<Fault, { kind: "damage" }>["what"];

const TRAILER_BYTES = 8;

/**
 * `entries` with the first one damaged. What is wrong in its gzip layer is right in the zip layer, and the
 * other way round, so that only the check in question can find it.
 */
export async function damaged(entries: readonly PreparedEntry[], what: Damage): Promise<PreparedEntry[]> {
  const [first, ...others] = entries;
  if (!first) return [];
  if (what === "zipCrc") return [{ ...first, crc32: (first.crc32 ^ 1) >>> 0 }, ...others];
  const content = typeof first.content === "string" ? await readFile(first.content) : first.content;
  const gz = damagedGzip(first.method === 8 ? inflateRawSync(content) : content, what);
  const packed = first.method === 8 ? deflateRawSync(gz) : gz;
  const entry = {
    ...first,
    content: packed,
    crc32: crc32(gz),
    size: gz.length,
    compressedSize: packed.length,
  };
  return [entry, ...others];
}

function damagedGzip(gz: Buffer, what: Exclude<Damage, "zipCrc">): Buffer {
  if (what === "gzipEnd") return gz.subarray(0, Math.floor(gz.length / 2));
  const copy = Buffer.from(gz);
  const at = gz.length - (what === "gzipCrc" ? TRAILER_BYTES : TRAILER_BYTES / 2);
  copy[at] = copy[at]! ^ 1;
  return copy;
}
