import { crc32 } from "node:zlib";
import type { Cursor } from "./byte-source.js";
import { hex } from "./checked-pieces.js";
import { printable } from "./first-bytes.js";
import { readGzipHeader, readGzipTrailer } from "./gzip-header.js";
import type { Inflater } from "./inflater.js";
import type { MemberProof } from "./input.js";
import type { Refuse } from "./refuse.js";

/**
 * Gunzips all gzip members that follow at `cursor` into `target()`, yielding how many bytes now stand there.
 * Every member's CRC-32 and length are checked; zeros after the last member are padding, anything else is
 * refused. Returns the size and CRC-32 of all their bytes together.
 */
export async function* gunzip(
  cursor: Cursor,
  inflater: Inflater,
  target: () => Uint8Array,
  refuse: Refuse,
): AsyncGenerator<number, MemberProof, undefined> {
  let bytes = 0;
  let crc: number | undefined;
  do {
    await readGzipHeader(cursor, refuse);
    const part = yield* inflateMember(cursor, inflater, target, refuse, crc);
    const said = await readGzipTrailer(cursor, refuse);
    if (said.crc32 !== part.crc32) {
      throw refuse(`the gzip trailer says CRC-32 ${hex(said.crc32)}, the data give ${hex(part.crc32)}`);
    }
    if (said.length !== part.bytes % 2 ** 32) {
      throw refuse(`the gzip trailer says ${said.length} bytes, the data give ${part.bytes}`);
    }
    crc = part.running;
    bytes += part.bytes;
  } while (await anotherFollows(cursor, refuse));
  return { bytes, crc32: crc };
}

/** One gzip member. `running` is the CRC-32 of all members up to here, of which `before` is the former ones'. */
async function* inflateMember(
  cursor: Cursor,
  inflater: Inflater,
  target: () => Uint8Array,
  refuse: Refuse,
  before: number | undefined,
): AsyncGenerator<number, MemberProof & { running: number }, undefined> {
  let bytes = 0;
  let crc = 0;
  let running = before;
  let output = target();
  let filled = 0;
  inflater.reset();
  for (;;) {
    if (!inflater.ready) {
      // The caller may move its memory while this awaits: give it what it has first.
      if (filled > 0) {
        yield filled;
        filled = 0;
      }
      while (!inflater.ready) {
        if (inflater.hungry) await feed(cursor, inflater, refuse);
        await inflater.prepare();
      }
      output = target();
    }
    const count = inflater.pull(output, filled);
    const made = output.subarray(filled, filled + count);
    crc = crc32(made, crc);
    if (running !== undefined) running = crc32(made, running);
    bytes += count;
    filled += count;
    if (inflater.ended) break;
    if (filled === output.length) {
      yield filled;
      filled = 0;
      output = target();
    }
  }
  if (filled > 0) yield filled;
  cursor.skip(-inflater.unused);
  return { bytes, crc32: crc, running: running ?? crc };
}

/** Takes all of the cursor's present piece; what is not used is given back when the stream has ended. */
async function feed(cursor: Cursor, inflater: Inflater, refuse: Refuse): Promise<void> {
  if (!(await cursor.fill())) throw refuse("gzip data is cut short: it ends before its trailer");
  const piece = cursor.rest;
  cursor.skip(piece.length);
  inflater.feed(piece);
}

/** True if another gzip member follows; false at the end, or after zeros up to the end. */
async function anotherFollows(cursor: Cursor, refuse: Refuse): Promise<boolean> {
  if (!(await cursor.fill())) return false;
  if (cursor.rest[0] === 0x1f) return true;
  const start = cursor.position;
  do {
    if (cursor.rest.some((byte) => byte !== 0)) {
      throw refuse(
        `after the gzip data, at byte ${start}, follows something else: ${printable(cursor.rest, 40)}`,
      );
    }
    cursor.skip(cursor.rest.length);
  } while (await cursor.fill());
  return false;
}
