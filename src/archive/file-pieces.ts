import type { FileHandle } from "node:fs/promises";
import type { ByteSource } from "./byte-source.js";
import { giveBuffer, PIECE, takeBuffer } from "./piece-buffers.js";

/** The bytes `start` to `end` (not included) of a file, in pieces of 256 KiB, one read ahead. */
export class FilePieces implements ByteSource {
  /** They take turns: one is read into from the file while the other is used. */
  readonly #pair = [takeBuffer(), takeBuffer()] as const;
  #turn: 0 | 1 = 0;
  #at: number;
  #ahead: Promise<number> | undefined;
  #closed = false;

  constructor(
    readonly file: FileHandle,
    start: number,
    readonly end: number,
  ) {
    this.#at = start;
    this.#readAhead();
  }

  async next(): Promise<Uint8Array | null> {
    if (this.#ahead === undefined) return null;
    const count = await this.#ahead;
    const piece = this.#pair[this.#turn].subarray(0, count);
    this.#at += count;
    this.#turn = this.#turn === 0 ? 1 : 0;
    this.#readAhead();
    return piece;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#ahead?.catch(() => 0);
    for (const buffer of this.#pair) giveBuffer(buffer);
  }

  #readAhead(): void {
    if (this.#at >= this.end) {
      this.#ahead = undefined;
      return;
    }
    this.#ahead = readFully(
      this.file,
      this.#pair[this.#turn],
      this.#at,
      Math.min(PIECE, this.end - this.#at),
    );
    // A failure is thrown by the `next` that awaits it, if any does.
    this.#ahead.catch(() => 0);
  }
}

/** Reads exactly `length` bytes at `position` into the start of `buffer`; throws if the file ends before. */
export async function readFully(
  file: FileHandle,
  buffer: Uint8Array,
  position: number,
  length: number,
): Promise<number> {
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw endsBefore(position + done, position + length);
    done += bytesRead;
  }
  return done;
}

/** What is thrown where a file has only `end` bytes of the `expected` ones. */
export function endsBefore(end: number, expected: number): RangeError {
  return new RangeError(`the file ends at byte ${end}, ${expected} were expected`);
}
