// The distinct values of a column in the order of their first occurrence, as Parquet's dictionary pages want them,
// and for each value the number of its entry.
import { GrowingBuffer } from "./buffer";
import { copyLoose, MAX_ROWS } from "./columns";

const SLOTS: u32 = MAX_ROWS * 2;
/** Entry + 1 by hash, 0 where there is none. */
const TABLE = memory.data(<i32>(MAX_ROWS * 2 * 2));
/** Hash and place of each entry, 4 bytes each. */
const HASHES = memory.data(<i32>(MAX_ROWS * 4));
const PLACES = memory.data(<i32>(MAX_ROWS * 4));
/** The entry of each value, 2 bytes. */
export const CODES = memory.data(<i32>(MAX_ROWS * 2), 16);

/** So many values are looked at before it is decided whether a dictionary is worth it. */
const SAMPLE: u32 = 1024;
const MOST_OF_SAMPLE: u32 = 900;

export let entries: u32 = 0;
/** The entries in PLAIN encoding. */
export const values = new GrowingBuffer();

const FACTOR: u64 = 0x9e3779b97f4a7c15;
const OTHER_FACTOR: u64 = 0xd6e8feb86659fd93;

// @ts-ignore: decorator
@inline
function hashOf(p: usize, bytes: usize): u32 {
  let h: u64 = <u64>bytes * FACTOR;
  if (bytes > 16) {
    // Two sums at a time, since a multiplication waits for the one before.
    let other: u64 = OTHER_FACTOR;
    while (bytes > 16) {
      h = rotl(h ^ load<u64>(p), 29) * FACTOR;
      other = rotl(other ^ load<u64>(p, 8), 31) * OTHER_FACTOR;
      p += 16;
      bytes -= 16;
    }
    h ^= rotl(other, 17);
  }
  if (bytes > 8) {
    h = rotl(h ^ load<u64>(p), 29) * FACTOR;
    p += 8;
    bytes -= 8;
  }
  const rest = bytes == 0 ? 0 : load<u64>(p) & (<u64>-1 >> (64 - (<u64>bytes << 3)));
  h = rotl(h ^ rest, 29) * FACTOR;
  return <u32>(h >> 32) ^ <u32>(h >> 15);
}

// @ts-ignore: decorator
@inline
function isSame(a: usize, b: usize, bytes: usize): bool {
  while (bytes > 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    bytes -= 8;
  }
  return bytes == 0 || (load<u64>(a) ^ load<u64>(b)) << (64 - (<u64>bytes << 3)) == 0;
}

/** Adds a value of `bytes` bytes, its length among them if it is a text, and gives its entry. */
// @ts-ignore: decorator
@inline
function entryOf(p: usize, bytes: usize): u32 {
  const hash = hashOf(p, bytes);
  let slot = hash & (SLOTS - 1);
  while (true) {
    const entry = <u32>load<u16>(TABLE + (slot << 1));
    if (entry == 0) break;
    const place = <usize>load<u32>(PLACES + ((entry - 1) << 2));
    if (load<u32>(HASHES + ((entry - 1) << 2)) == hash && isSame(values.start + place, p, bytes)) return entry - 1;
    slot = (slot + 1) & (SLOTS - 1);
  }
  const to = values.reserve(bytes);
  copyLoose(to, p, bytes);
  store<u32>(HASHES + (entries << 2), hash);
  store<u32>(PLACES + (entries << 2), <u32>values.length);
  values.length += bytes;
  entries++;
  store<u16>(TABLE + (slot << 1), <u16>entries);
  return entries - 1;
}

/**
 * Builds the dictionary of the values from `p` to `end`, texts with their length or `width` bytes each. False if
 * nearly all of the first are different: it is then not worth it.
 */
export function buildDictionary(p: usize, end: usize, width: usize): bool {
  memory.fill(TABLE, 0, SLOTS << 1);
  values.clear(1 << 24);
  entries = 0;
  let count: u32 = 0;
  let last: usize = 0;
  let lastBytes: usize = 0;
  let entry: u32 = 0;
  while (p < end) {
    const bytes = width ? width : 4 + <usize>load<u32>(p);
    if (bytes != lastBytes || !isSame(p, last, bytes)) entry = entryOf(p, bytes);
    store<u16>(CODES + (count << 1), <u16>entry);
    last = p;
    lastBytes = bytes;
    p += bytes;
    if (++count == SAMPLE && entries > MOST_OF_SAMPLE) return false;
  }
  return true;
}
