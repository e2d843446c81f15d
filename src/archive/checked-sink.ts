import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import type { Sink } from "./input.js";
import { type ArchiveLimits, exceedsRatio } from "./limits.js";
import { type Refuse, throwIfCancelled } from "./refuse.js";

/** Bytes given out without a turn of the event loop, after which one is made. */
const TURN = 32 * 2 ** 20;

/** What may come of a member. */
export interface Allowed {
  readonly compressedBytes: number;
  readonly limits: ArchiveLimits;
  /** Called with each count before it is given out; throws if the whole input has given too much. */
  readonly count: (bytes: number) => void;
  readonly refuse: Refuse;
  readonly signal: AbortSignal | undefined;
}

/** Passes on what comes of a member as long as it is allowed. */
export class CheckedSink implements Sink {
  #bytes = 0;
  #turned = 0;

  constructor(
    readonly sink: Sink,
    readonly allowed: Allowed,
  ) {}

  /** True if it is time for `turn`. */
  get isTurnDue(): boolean {
    return this.#bytes - this.#turned > TURN;
  }

  target(): Uint8Array {
    return this.sink.target();
  }

  take(bytes: number): void {
    const { compressedBytes, limits, count, refuse, signal } = this.allowed;
    this.#bytes += bytes;
    if (this.#bytes > limits.memberBytes) {
      const found = `it holds at least ${this.#bytes} bytes of NDJSON, the limit is ${limits.memberBytes}`;
      throw refuse(found, { limit: "memberBytes" });
    }
    if (exceedsRatio(this.#bytes, compressedBytes, limits)) {
      const found = `its ${compressedBytes} bytes unfold to at least ${this.#bytes}`;
      throw refuse(`${found}, the limit is ${limits.ratio} to one`, { limit: "ratio" });
    }
    count(bytes);
    this.sink.take(bytes);
    throwIfCancelled(signal);
  }

  crc32(bytes: Uint8Array, before: number): number {
    return this.sink.crc32?.(bytes, before) ?? crc32(bytes, before);
  }

  /** Lets other work of this thread have its turn. */
  async turn(): Promise<void> {
    this.#turned = this.#bytes;
    await setImmediate();
  }
}
