import type { FileHandle } from "node:fs/promises";
import { RandomAccessReader } from "yauzl";
import { readFully } from "./file-pieces.js";

const WINDOW = 128 * 1024;

/** Lets yauzl read the directory from a window of the file, so that an entry costs no read of its own. */
export class ZipWindowReader extends RandomAccessReader {
  #window = new Uint8Array(0);
  #start = 0;

  constructor(
    readonly file: FileHandle,
    readonly size: number,
  ) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null) => void,
  ): void {
    this.#bring(position, length).then(
      () => {
        const from = position - this.#start;
        buffer.set(this.#window.subarray(from, from + length), offset);
        done(null);
      },
      (error: Error) => done(error),
    );
  }

  async #bring(position: number, length: number): Promise<void> {
    if (position >= this.#start && position + length <= this.#start + this.#window.length) return;
    if (position < 0 || position + length > this.size) throw new Error("the directory overflows the file");
    const window = new Uint8Array(Math.min(Math.max(length, WINDOW), this.size - position));
    await readFully(this.file, window, position, window.length);
    this.#window = window;
    this.#start = position;
  }
}
