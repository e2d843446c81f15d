import type { FileHandle } from "node:fs/promises";
import { readFully } from "./file-pieces.js";
import type { Refuse } from "./refuse.js";

/** What the zip's central directory says of an entry. */
export interface DirectoryEntry {
  readonly nameBytes: Uint8Array;
  readonly flags: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  /** Bytes of the entry; of a `.json.gz`, the gzip file's. */
  readonly bytes: number;
  /** Where its local header begins. */
  readonly start: number;
}

/** What the fixed part of a local header says. */
export interface LocalHeader {
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  /** Compressed, and unpacked; 0xffffffff where they do not fit. */
  readonly sizes: { readonly compressed: number; readonly plain: number };
  readonly nameBytes: number;
  readonly extraBytes: number;
}

/** Bytes of a local header before the name. */
export const FIXED_BYTES = 30;
/** How a local header begins. */
export const LOCAL_MARK = 0x04034b50;
/** The flag of sizes and CRC that stand behind the data. */
export const SIZES_FOLLOW = 0x8;
const COMPARED_FLAGS = 0x0001 | 0x0008 | 0x0040 | 0x0800;

/** The local header at the beginning of `bytes`, of which there are at least FIXED_BYTES; undefined if there is none. */
export function readLocalHeader(bytes: Buffer): LocalHeader | undefined {
  if (bytes.readUInt32LE(0) !== LOCAL_MARK) return undefined;
  return {
    flags: bytes.readUInt16LE(6),
    method: bytes.readUInt16LE(8),
    crc32: bytes.readUInt32LE(14),
    sizes: { compressed: bytes.readUInt32LE(18), plain: bytes.readUInt32LE(22) },
    nameBytes: bytes.readUInt16LE(26),
    extraBytes: bytes.readUInt16LE(28),
  };
}

/**
 * Reads the local header of `entry` and checks that it says the same as the directory. Returns where the data
 * begin.
 */
export async function findData(
  file: FileHandle,
  entry: DirectoryEntry,
  limit: number,
  refuse: Refuse,
): Promise<number> {
  const room = FIXED_BYTES + entry.nameBytes.length;
  if (entry.start + room > limit) throw refuse("its local header lies outside of the file");
  const bytes = Buffer.alloc(room);
  await readFully(file, bytes, entry.start, room);
  const header = readLocalHeader(bytes);
  if (!header) throw refuse("where its local header should be stands something else");
  const differs = (what: string) => refuse(`its local header and the zip's directory differ in the ${what}`);
  if (header.nameBytes !== entry.nameBytes.length || !bytes.subarray(FIXED_BYTES).equals(entry.nameBytes)) {
    throw differs("name");
  }
  const { flags, method, sizes, extraBytes } = header;
  if (((flags ^ entry.flags) & COMPARED_FLAGS) !== 0) throw differs("flags");
  if (method !== entry.method) throw differs("compression method");

  const data = entry.start + room + extraBytes;
  if (data + entry.compressedBytes > limit) {
    throw refuse(`its data, ${entry.compressedBytes} bytes from byte ${data} on, overflow the file`);
  }
  const wide = extraBytes > 0 && (sizes.plain === 0xffffffff || sizes.compressed === 0xffffffff);
  const { plain, compressed } = wide
    ? await readWide(file, entry.start + room, extraBytes, sizes, refuse)
    : sizes;
  const later = (flags & SIZES_FOLLOW) !== 0;
  const same = (value: number, expected: number) => value === expected || (later && value === 0);
  if (!same(header.crc32, entry.crc32)) throw differs("CRC-32");
  if (!same(compressed, entry.compressedBytes)) throw differs("compressed size");
  if (!same(plain, entry.bytes)) throw differs("size");
  return data;
}

/** Sizes of 4 GiB and more stand in the extra field 1 (zip64): first the plain, then the compressed one. */
async function readWide(
  file: FileHandle,
  position: number,
  length: number,
  sizes: { plain: number; compressed: number },
  refuse: Refuse,
): Promise<{ plain: number; compressed: number }> {
  const extra = Buffer.alloc(length);
  await readFully(file, extra, position, length);
  for (let at = 0; at + 4 <= length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const wanted = (["plain", "compressed"] as const).filter((key) => sizes[key] === 0xffffffff);
    const field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
    if (field.length < wanted.length * 8) break;
    const found = { ...sizes };
    for (const [i, key] of wanted.entries()) found[key] = Number(field.readBigUInt64LE(i * 8));
    return found;
  }
  throw refuse("its local header lacks the zip64 sizes it announces");
}
