/** A block is a cache line: fifteen words of bits, and its lock. */
const BLOCK_WORDS = 16;
const BIT_WORDS = 15;
const BITS_A_KEY = 8;

/**
 * A blocked Bloom filter over uuids that several threads share: "not seen before" is certain, "seen" wants a closer
 * look. Eight bits of one block each (Putze, Sanders, Singler 2007, "Cache-, hash- and space-efficient
 * Bloom filters"). Of two threads that add the same uuid at once exactly one is told that it is new.
 */
export class SeenUuids {
  private readonly words: Int32Array;
  private readonly blockMask: number;

  /** Over `memory` as another thread's filter gave it. */
  constructor(readonly memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
    this.blockMask = this.words.length / BLOCK_WORDS - 1;
  }

  /** An empty filter, of 1 to 64 MiB, good for `count` uuids: three bytes each. */
  static create(count: number): SeenUuids {
    const logBytes = Math.ceil(Math.log2(Math.max(1, 3 * count)));
    return new SeenUuids(new SharedArrayBuffer(2 ** Math.min(26, Math.max(20, logBytes))));
  }

  /** Adds a uuid by the two halves of its 64-bit hash; true if it may have been added before. */
  readonly mayHaveSeen = (low: number, high: number): boolean => {
    const { words } = this;
    const block = (low & this.blockMask) * BLOCK_WORDS;
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
