import { createInflateRaw, type InflateRaw } from "node:zlib";
import { DeflateError } from "./deflate-error.js";
import type { Inflater } from "./inflater.js";

const CHUNK = 128 * 1024;

/** Inflates by node:zlib's public stream: the way for runtimes without Node's internal handle. */
export class ZlibStreamInflater implements Inflater {
  #stream: InflateRaw | undefined;
  #input: Uint8Array = new Uint8Array(0);
  /** Bytes fed in earlier inputs of this stream. */
  #fedBefore = 0;
  #chunk: Uint8Array | undefined;
  #written = true;
  #finished = false;
  #over = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  get ready(): boolean {
    return this.#chunk !== undefined || this.#over;
  }

  get hungry(): boolean {
    return this.#written && this.#chunk === undefined && !this.#over && !this.#finished;
  }

  get ended(): boolean {
    return this.#over && this.#chunk === undefined;
  }

  get unused(): number {
    return this.#fedBefore + this.#input.length - (this.#stream?.bytesWritten ?? 0);
  }

  reset(): void {
    this.close();
    this.#input = new Uint8Array(0);
    this.#fedBefore = 0;
    this.#chunk = undefined;
    this.#written = true;
    this.#finished = false;
    this.#over = false;
    this.#failure = undefined;
  }

  feed(input: Uint8Array): void {
    this.#fedBefore += this.#input.length;
    this.#input = input;
    this.#written = false;
    const stream = this.#open();
    const fed = this.#fedBefore + input.length;
    stream.write(input, () => {
      // Bytes that zlib left alone mean that the stream is over: then wait for its end, not for more.
      this.#written = stream.bytesWritten === fed;
      this.#signal();
    });
  }

  finish(): void {
    this.#finished = true;
    this.#open().end();
  }

  prepare(): Promise<void> | undefined {
    return this.ready ? undefined : this.#next();
  }

  pull(output: Uint8Array, offset: number): number {
    const chunk = this.#chunk;
    if (chunk === undefined) return 0;
    const part = chunk.subarray(0, output.length - offset);
    output.set(part, offset);
    this.#chunk = part.length < chunk.length ? chunk.subarray(part.length) : undefined;
    return part.length;
  }

  close(): void {
    this.#stream?.destroy();
    this.#stream = undefined;
  }

  async #next(): Promise<void> {
    for (;;) {
      if (this.#failure) throw new DeflateError(this.#failure.message, { cause: this.#failure });
      const chunk = this.#stream?.read() as Uint8Array | null | undefined;
      if (chunk) {
        this.#chunk = chunk;
        return;
      }
      if (this.#over || (this.#written && !this.#finished)) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #open(): InflateRaw {
    if (this.#stream) return this.#stream;
    const stream = createInflateRaw({ chunkSize: CHUNK });
    const current = (act: () => void) => () => {
      if (this.#stream !== stream) return;
      act();
      this.#signal();
    };
    stream.on(
      "readable",
      current(() => {}),
    );
    stream.on(
      "end",
      current(() => {
        this.#over = true;
      }),
    );
    stream.on("error", (error: Error) =>
      current(() => {
        this.#failure = error;
      })(),
    );
    this.#stream = stream;
    return stream;
  }

  #signal(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
