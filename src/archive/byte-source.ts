/** Bytes in pieces. A piece stands until the next one is asked for. */
export interface ByteSource {
  /** The next piece, never empty; null at the end. */
  next(): Promise<Uint8Array | null>;
  /** Lets go of buffers and waits for reads that are on their way. */
  close(): Promise<void>;
}

/** A place in a ByteSource from which single bytes or the rest of a piece can be taken. */
export class Cursor {
  #piece: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** Bytes taken from the source before the present piece. */
  #before = 0;

  constructor(readonly source: ByteSource) {}

  /** How many bytes were taken so far. */
  get position(): number {
    return this.#before + this.#at;
  }

  /** True if the present piece is used up and `fill` must be awaited. */
  get isDry(): boolean {
    return this.#at >= this.#piece.length;
  }

  /** What is left of the present piece. */
  get rest(): Uint8Array {
    return this.#piece.subarray(this.#at);
  }

  /** Counts `count` bytes of the present piece as taken. */
  skip(count: number): void {
    this.#at += count;
  }

  /** Brings the next piece if the present one is used up. False at the end. */
  async fill(): Promise<boolean> {
    if (!this.isDry) return true;
    this.#before += this.#piece.length;
    this.#at = 0;
    this.#piece = (await this.source.next()) ?? new Uint8Array(0);
    return this.#piece.length > 0;
  }

  /** The next byte, or undefined at the end. */
  async byte(): Promise<number | undefined> {
    if (this.isDry && !(await this.fill())) return undefined;
    return this.#piece[this.#at++];
  }
}
