import type { ByteSource } from "./byte-source.js";
import type { Inflater } from "./inflater.js";
import type { Refuse } from "./refuse.js";

const PIECE = 256 * 1024;

/** The bytes of a deflated zip entry, in pieces of 256 KiB. */
export class InflatedPieces implements ByteSource {
  readonly #output = new Uint8Array(PIECE);
  #over = false;

  constructor(
    readonly source: ByteSource,
    readonly inflater: Inflater,
    readonly refuse: Refuse,
  ) {
    inflater.reset();
  }

  async next(): Promise<Uint8Array | null> {
    let filled = 0;
    while (!this.#over && filled < PIECE) {
      if (this.inflater.hungry && !(await this.#feed())) break;
      const wait = this.inflater.prepare();
      if (wait) await wait;
      filled += this.inflater.pull(this.#output, filled);
      if (this.inflater.ended) await this.#end();
    }
    return filled === 0 ? null : this.#output.subarray(0, filled);
  }

  close(): Promise<void> {
    return this.source.close();
  }

  async #feed(): Promise<boolean> {
    const piece = await this.source.next();
    if (piece) {
      this.inflater.feed(piece);
      return true;
    }
    this.#over = true;
    this.inflater.finish();
    await this.inflater.prepare();
    return false;
  }

  async #end(): Promise<void> {
    this.#over = true;
    if (this.inflater.unused > 0 || (await this.source.next()) !== null) {
      throw this.refuse("the zip entry goes on after the end of its deflated data");
    }
  }
}
