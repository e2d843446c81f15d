// A blocked Bloom filter over the uuids of a run: "not seen before" is certain, "seen" wants a closer look.
// Eight bits of one 64-byte block each (Putze, Sanders, Singler 2007, "Cache-, hash- and space-efficient Bloom
// filters").
let allocated: usize = 0;
let filter: usize = 0;
let blockMask: u32 = 0;

/** Makes the filter empty, with 2^`logBytes` bytes. */
export function resetFilter(logBytes: u32): void {
  if (allocated) heap.free(allocated);
  allocated = heap.alloc((<usize>1 << logBytes) + 64);
  filter = (allocated + 63) & ~(<usize>63);
  memory.fill(filter, 0, <usize>1 << logBytes);
  blockMask = (1 << (logBytes - 6)) - 1;
}

function mix(h: u64): u64 {
  h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93;
  h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93;
  return h ^ (h >> 32);
}

function hash(p: usize, bytes: usize): u64 {
  let h: u64 = bytes;
  const end = p + bytes;
  for (; p + 8 <= end; p += 8) h = mix(h ^ load<u64>(p)) + 0x9e3779b97f4a7c15;
  let rest: u64 = 0;
  for (let shift: u64 = 0; p < end; p++, shift += 8) rest |= <u64>load<u8>(p) << shift;
  return mix(h ^ rest);
}

/** Adds a text to the filter; true if it may have been added before. */
export function mayHaveSeen(p: usize, bytes: usize): bool {
  const h = hash(p, bytes);
  const block = filter + (<usize>(<u32>(h >> 32) & blockMask) << 6);
  let bits = mix(h + 0x632be59bd9b4e019);
  let seen = true;
  for (let i = 0; i < 7; i++) {
    const bit = <usize>(bits & 511);
    bits >>= 9;
    const at = block + (bit >> 3);
    const byte = load<u8>(at);
    const mask = <u8>(<u32>1 << <u32>(bit & 7));
    if (!(byte & mask)) {
      seen = false;
      store<u8>(at, byte | mask);
    }
  }
  return seen;
}
