import { closeSync, openSync, readSync } from "node:fs";
import type { ByteSource } from "./byte-source.js";
import { endsBefore } from "./file-pieces.js";
import { createInflater } from "./inflater.js";
import type { Input } from "./input.js";
import type { ArchiveLimits } from "./limits.js";
import { MemberReader } from "./member-reader.js";
import { giveBuffer, PIECE, takeBuffer } from "./piece-buffers.js";

/** A file that another thread has open, and keeps open as long as its members are read. */
export type OpenFile = Pick<Input, "path" | "format" | "fd">;

/** False in Deno, where each thread numbers the files that it has open by itself. */
export const SHARES_DESCRIPTORS = !("Deno" in globalThis);

/**
 * Reads members of an open file in the blocking way, which is faster in a thread that does nothing else. What they are is for
 * the caller to know; more of the file may be on its way behind them.
 */
export function openMembers({ path, format, fd }: OpenFile, limits: ArchiveLimits): MemberReader {
  const own = SHARES_DESCRIPTORS ? undefined : openSync(path, "r");
  const pieces = (start: number, length: number) => new BlockingPieces(own ?? fd, start, start + length);
  const close = () => {
    if (own !== undefined) closeSync(own);
  };
  return new MemberReader({ path, format, pieces, close }, limits, createInflater);
}

/** The bytes `start` to `end` (not included) of a file, each piece read when it is asked for. */
class BlockingPieces implements ByteSource {
  readonly #buffer = takeBuffer();
  #at: number;

  constructor(
    readonly fd: number,
    start: number,
    readonly end: number,
  ) {
    this.#at = start;
  }

  async next(): Promise<Uint8Array | null> {
    const length = Math.min(PIECE, this.end - this.#at);
    if (length <= 0) return null;
    for (let done = 0; done < length; ) {
      const bytesRead = readSync(this.fd, this.#buffer, done, length - done, this.#at + done);
      if (bytesRead === 0) throw endsBefore(this.#at + done, this.#at + length);
      done += bytesRead;
    }
    this.#at += length;
    return this.#buffer.subarray(0, length);
  }

  async close(): Promise<void> {
    giveBuffer(this.#buffer);
  }
}
