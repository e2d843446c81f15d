import { ZlibHandleInflater, zlibHandleWorks } from "./zlib-handle-inflater.js";
import { ZlibStreamInflater } from "./zlib-stream-inflater.js";

/**
 * Undoes one raw DEFLATE stream at a time. Until it is `ready` it is fed if `hungry` and `prepare` is awaited;
 * then it is pulled; and so on until `ended`. Damage throws DeflateError.
 */
export interface Inflater {
  /** True if `pull` has something to give, or the stream has ended. */
  readonly ready: boolean;
  /** True if everything fed was taken in and given out, so that it needs more. */
  readonly hungry: boolean;
  /** True if the stream has come to its end. */
  readonly ended: boolean;
  /** How many bytes of the last input were not needed, once it has ended. */
  readonly unused: number;
  /** Starts anew with another stream. */
  reset(): void;
  /** Gives it compressed bytes, which must stand until it is hungry again or ended. */
  feed(input: Uint8Array): void;
  /** Says that no more comes; throws, here or in `prepare`, if the stream is not complete. */
  finish(): void;
  /** What to await if it is not ready, once it was fed; undefined if nothing. */
  prepare(): Promise<void> | undefined;
  /** Writes into `output` from `offset` on; returns how many bytes. `output` must have room there. */
  pull(output: Uint8Array, offset: number): number;
  /** Lets go of zlib's memory. */
  close(): void;
}

/**
 * An inflater. On Node it calls zlib's handle directly, which takes two thirds of the time of the public
 * stream and no garbage; where the handle is missing or behaves otherwise, the public stream does the work.
 */
export function createInflater(): Inflater {
  return zlibHandleWorks() ? new ZlibHandleInflater() : new ZlibStreamInflater();
}
