/** A block is a cache line: fifteen words of bits, and its lock. */
const BLOCK_WORDS = 16;
const BLOCK_BYTES = 4 * BLOCK_WORDS;
const BIT_WORDS = 15;
const BITS_A_KEY = 8;
const MIB = 2 ** 20;

/**
 * A blocked Bloom filter over uuids that several threads share: "not seen before" is certain, "seen" wants a closer
 * look. Eight bits of one block each (Putze, Sanders, Singler 2007, "Cache-, hash- and space-efficient
 * Bloom filters"). Of two threads that add the same uuid at once exactly one is told that it is new.
 */
export class SeenUuids {
  private readonly words: Int32Array;
  private readonly blocks: number;

  /** Over `memory` as another thread's filter gave it. */
  constructor(readonly memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
    this.blocks = this.words.length / BLOCK_WORDS;
  }

  /** An empty filter, of 1 to 64 MiB, good for `count` uuids: three bytes each. */
  static create(count: number): SeenUuids {
    const bytes = Math.min(64 * MIB, Math.max(MIB, 3 * count));
    return new SeenUuids(new SharedArrayBuffer(Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES));
  }

  /** Adds a uuid by the two halves of its 64-bit hash; true if it may have been added before. */
  readonly mayHaveSeen = (low: number, high: number): boolean => {
    const { words } = this;
    const block = Math.floor(((low >>> 0) * this.blocks) / 2 ** 32) * BLOCK_WORDS;
    while (Atomics.compareExchange(words, block + BIT_WORDS, 0, 1) !== 0);
    let seen = true;
    let bits = high;
    for (let i = 0; i < BITS_A_KEY; i++) {
      const at = block + (((bits & 0xffff) * BIT_WORDS) >>> 16);
      const mask = 1 << (bits >>> 27);
      const word = words[at]!;
      if ((word & mask) === 0) {
        seen = false;
        words[at] = word | mask;
      }
      bits = (Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d) + 0x1e3779b9) | 0;
    }
    Atomics.store(words, block + BIT_WORDS, 0);
    return seen;
  };
}
