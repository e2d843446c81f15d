import type { ByteSource } from "./byte-source.js";
import type { Inflater } from "./inflater.js";
import { giveBuffer, PIECE, takeBuffer } from "./piece-buffers.js";
import type { Refuse } from "./refuse.js";

/** The bytes of a deflated zip entry, in pieces of 256 KiB. */
export class InflatedPieces implements ByteSource {
  readonly #output = takeBuffer();
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
      if (this.inflater.hungry) await this.#feed();
      await this.inflater.prepare();
      if (!this.inflater.ready) continue;
      filled += this.inflater.pull(this.#output, filled);
      if (this.inflater.ended) await this.#end();
    }
    return filled === 0 ? null : this.#output.subarray(0, filled);
  }

  close(): Promise<void> {
    giveBuffer(this.#output);
    return this.source.close();
  }

  async #feed(): Promise<void> {
    const piece = await this.source.next();
    if (piece) this.inflater.feed(piece);
    else this.inflater.finish();
  }

  async #end(): Promise<void> {
    this.#over = true;
    if (this.inflater.unused > 0 || (await this.source.next()) !== null) {
      throw this.refuse("the zip entry goes on after the end of its deflated data");
    }
  }
}
