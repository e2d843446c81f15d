import { crc32 } from "node:zlib";
import type { Cursor } from "./byte-source.js";
import type { Refuse } from "./refuse.js";

const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
const RESERVED = 0xe0;
const MAX_HEADER = 256 * 1024;

/**
 * Reads one gzip header (RFC 1952, 2.3), whose two magic bytes are still to come, up to the first byte of
 * deflated data. Throws what `refuse` makes if it is cut, damaged or of another method.
 */
export async function readGzipHeader(cursor: Cursor, refuse: Refuse): Promise<void> {
  const seen: number[] = [];
  const byte = async (): Promise<number> => {
    const value = await cursor.byte();
    if (value === undefined) throw refuse(`gzip header is cut short at byte ${cursor.position}`);
    if (seen.push(value) > MAX_HEADER) throw refuse(`gzip header is longer than ${MAX_HEADER} bytes`);
    return value;
  };
  const skip = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await byte();
  };
  const skipText = async (): Promise<void> => {
    while ((await byte()) !== 0);
  };

  if ((await byte()) !== 0x1f || (await byte()) !== 0x8b) throw refuse("gzip header is missing");
  const method = await byte();
  if (method !== 8) throw refuse(`gzip method is ${method}, only 8 (deflate) exists`);
  const flags = await byte();
  if (flags & RESERVED) throw refuse(`gzip header has reserved flags 0x${flags.toString(16)}`);
  await skip(6);
  if (flags & FEXTRA) await skip((await byte()) + 256 * (await byte()));
  if (flags & FNAME) await skipText();
  if (flags & FCOMMENT) await skipText();
  if (flags & FHCRC) {
    const sum = crc32(Uint8Array.from(seen)) & 0xffff;
    const said = (await byte()) + 256 * (await byte());
    if (said !== sum) throw refuse("gzip header does not match its checksum");
  }
}

/** The two little-endian numbers of a gzip trailer: CRC-32, and length modulo 2^32. */
export async function readGzipTrailer(
  cursor: Cursor,
  refuse: Refuse,
): Promise<{ crc32: number; length: number }> {
  const bytes = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < 8; i++) {
    const value = await cursor.byte();
    if (value === undefined) throw refuse("gzip data is cut short: its trailer is missing");
    bytes.setUint8(i, value);
  }
  return { crc32: bytes.getUint32(0, true), length: bytes.getUint32(4, true) };
}
