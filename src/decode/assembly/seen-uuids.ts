// A blocked Bloom filter in a memory that several threads share (see ../seen-uuids.ts). A module of its own, since the
// decoder's memory is each thread's own.
/** A block is a cache line: fifteen words of bits, and its lock. */
const BLOCK_BITS: u64 = 6;
const LOCK: usize = 60;
const BIT_WORDS: u32 = 15;
const BITS_A_KEY: u32 = 8;

/** Adds a uuid by the two halves of its 64-bit hash; true if it may have been added before. */
export function mayHaveSeen(low: u32, high: u32): bool {
  const blocks = <u64>memory.size() << (16 - BLOCK_BITS);
  const block = <usize>((<u64>low * blocks) >> 32) << <usize>BLOCK_BITS;
  while (atomic.cmpxchg<u32>(block + LOCK, 0, 1) != 0) {}
  let seen = true;
  let bits = high;
  for (let i: u32 = 0; i < BITS_A_KEY; i++) {
    const at = block + (<usize>(((bits & 0xffff) * BIT_WORDS) >>> 16) << 2);
    const mask = <u32>1 << (bits >>> 27);
    const word = load<u32>(at);
    if ((word & mask) == 0) {
      seen = false;
      store<u32>(at, word | mask);
    }
    bits = (bits ^ (bits >>> 15)) * 0x2c1b3c6d + 0x1e3779b9;
  }
  atomic.store<u32>(block + LOCK, 0);
  return seen;
}
