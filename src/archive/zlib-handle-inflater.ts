import { constants, createInflateRaw, deflateRawSync, type InflateRaw } from "node:zlib";
import { DeflateError } from "./deflate-error.js";
import type { Inflater } from "./inflater.js";

/** The part of node:zlib's binding that Node's own synchronous calls use (lib/zlib.js, processChunkSync). */
interface ZlibHandle {
  onerror: (message: string, errno: number, code: string) => void;
  writeSync(
    flush: number,
    input: Uint8Array,
    inputOffset: number,
    inputLength: number,
    output: Uint8Array,
    outputOffset: number,
    outputLength: number,
  ): void;
}

type WithHandle = InflateRaw & { readonly _handle?: ZlibHandle; readonly _writeState?: Uint32Array };

const NOTHING = new Uint8Array(0);

/** Inflates by zlib's internal handle, on the calling thread, straight into the caller's memory. */
export class ZlibHandleInflater implements Inflater {
  readonly #stream: WithHandle = createInflateRaw();
  readonly #handle: ZlibHandle;
  /** After a write: room left in the output, bytes left of the input. */
  readonly #state: Uint32Array;
  #failure: string | undefined;
  #input: Uint8Array = NOTHING;
  #at = 0;
  #hungry = true;
  #ended = false;

  constructor() {
    const { _handle, _writeState } = this.#stream;
    if (!_handle || !_writeState) throw new TypeError("node:zlib has no handle");
    this.#handle = _handle;
    this.#state = _writeState;
    this.#handle.onerror = (message) => {
      this.#failure = message;
    };
  }

  get ready(): boolean {
    return !this.#hungry;
  }

  get hungry(): boolean {
    return this.#hungry;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get unused(): number {
    return this.#input.length - this.#at;
  }

  reset(): void {
    this.#stream.reset();
    this.#failure = undefined;
    this.#input = NOTHING;
    this.#at = 0;
    this.#hungry = true;
    this.#ended = false;
  }

  feed(input: Uint8Array): void {
    this.#input = input;
    this.#at = 0;
    this.#hungry = false;
  }

  finish(): void {
    this.#write(constants.Z_FINISH, NOTHING, 0, new Uint8Array(1), 0);
    this.#hungry = false;
    this.#ended = true;
  }

  prepare(): undefined {
    return undefined;
  }

  pull(output: Uint8Array, offset: number): number {
    if (this.#ended) return 0;
    const room = output.length - offset;
    if (room <= 0) throw new RangeError("there is no room to inflate into");
    const given = this.#input.length - this.#at;
    this.#write(constants.Z_NO_FLUSH, this.#input, this.#at, output, offset);
    const roomLeft = this.#state[0]!;
    const inputLeft = this.#state[1]!;
    this.#at += given - inputLeft;
    // zlib leaves room and input at once only when the stream is over.
    this.#ended = inputLeft > 0 && roomLeft > 0;
    this.#hungry = !this.#ended && roomLeft > 0;
    return room - roomLeft;
  }

  close(): void {
    this.#stream.close();
  }

  #write(flush: number, input: Uint8Array, from: number, output: Uint8Array, offset: number): void {
    this.#handle.writeSync(flush, input, from, input.length - from, output, offset, output.length - offset);
    if (this.#failure !== undefined) throw new DeflateError(this.#failure);
  }
}

let works: boolean | undefined;

/** True if zlib's internal handle is there and does what is expected of it; tried once a process. */
export function zlibHandleWorks(): boolean {
  works ??= tryHandle();
  return works;
}

function tryHandle(): boolean {
  const text = Buffer.from("abcabcabcabc");
  const output = new Uint8Array(32);
  try {
    const inflater = new ZlibHandleInflater();
    inflater.feed(Buffer.concat([deflateRawSync(text), Buffer.from([1, 2, 3])]));
    const count = inflater.pull(output, 4);
    const right = inflater.ended && inflater.unused === 3 && text.equals(output.subarray(4, 4 + count));
    inflater.reset();
    inflater.feed(Buffer.from([0xff, 0xff, 0xff]));
    const refused = throws(() => inflater.pull(output, 0));
    inflater.close();
    return right && refused;
  } catch {
    return false;
  }
}

function throws(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch {
    return true;
  }
}
