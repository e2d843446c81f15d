import { closeSync, openSync, readSync } from "node:fs";
import type { ByteSource } from "./byte-source.js";
import { endsBefore, PIECE } from "./file-pieces.js";
import { createInflater } from "./inflater.js";
import type { Input } from "./input.js";
import type { ArchiveLimits } from "./limits.js";
import { MemberReader } from "./member-reader.js";

/** A file that another thread has open, and keeps open as long as its members are read. */
export type OpenFile = Pick<Input, "path" | "format" | "fd">;

/** False in Deno, where each thread numbers the files that it has open by itself. */
export const SHARES_DESCRIPTORS = !("Deno" in globalThis);

/** Buffers of readers that were closed: a thread reads many files, one after the other. */
const free: Uint8Array[] = [];

/**
 * Reads members of an open file in the blocking way, which is faster in a thread that does nothing else. What they are is for
 * the caller to know; more of the file may be on its way behind them.
 */
export function openMembers({ path, format, fd }: OpenFile, limits: ArchiveLimits): MemberReader {
  const buffer = free.pop() ?? new Uint8Array(PIECE);
  const own = SHARES_DESCRIPTORS ? undefined : openSync(path, "r");
  const pieces = (start: number, length: number) =>
    new BlockingPieces(own ?? fd, start, start + length, buffer);
  const close = () => {
    if (own !== undefined) closeSync(own);
    free.push(buffer);
  };
  return new MemberReader({ path, format, pieces, close }, limits, createInflater);
}

/** The bytes `start` to `end` (not included) of a file, each piece read when it is asked for. */
class BlockingPieces implements ByteSource {
  #at: number;

  constructor(
    readonly fd: number,
    start: number,
    readonly end: number,
    readonly buffer: Uint8Array,
  ) {
    this.#at = start;
  }

  async next(): Promise<Uint8Array | null> {
    const length = Math.min(PIECE, this.end - this.#at);
    if (length <= 0) return null;
    for (let done = 0; done < length; ) {
      const bytesRead = readSync(this.fd, this.buffer, done, length - done, this.#at + done);
      if (bytesRead === 0) throw endsBefore(this.#at + done, this.#at + length);
      done += bytesRead;
    }
    this.#at += length;
    return this.buffer.subarray(0, length);
  }

  async close(): Promise<void> {}
}
