// Parquet's DELTA_BINARY_PACKED encoding of int64
// (https://parquet.apache.org/docs/file-format/data-pages/encodings/): blocks of 128 differences, each less the
// smallest of its block, packed in four runs of 32 with as many bits as the run needs.
import { GrowingBuffer } from "./buffer";

const BLOCK: u32 = 128;
const RUN: u32 = 32;
const RUNS: u32 = BLOCK / RUN;
/** The differences of a block. */
const DELTAS = memory.data(<i32>(128 * 8), 16);

function addVarint(out: GrowingBuffer, value: u64): void {
  let to = out.reserve(10);
  while (value > 127) {
    store<u8>(to++, <u8>(value & 127) | 128);
    value >>= 7;
  }
  store<u8>(to++, <u8>value);
  out.length = to - out.start;
}

// @ts-ignore: decorator
@inline
function zigzag(value: i64): u64 {
  return <u64>((value << 1) ^ (value >> 63));
}

/** Adds the `count` values from `p` on to `out`; there is at least one. Differences may wrap around. */
export function addDeltas(out: GrowingBuffer, p: usize, count: u32): void {
  addVarint(out, BLOCK);
  addVarint(out, RUNS);
  addVarint(out, count);
  let before = load<i64>(p);
  addVarint(out, zigzag(before));
  p += 8;
  for (let left = count - 1; left > 0; ) {
    const taken = min(left, BLOCK);
    let least = i64.MAX_VALUE;
    for (let i: u32 = 0; i < taken; i++) {
      const value = load<i64>(p + (i << 3));
      const delta = value - before;
      store<i64>(DELTAS + (i << 3), delta);
      if (delta < least) least = delta;
      before = value;
    }
    for (let i = taken; i < BLOCK; i++) store<i64>(DELTAS + (i << 3), least);
    addBlock(out, least);
    p += taken << 3;
    left -= taken;
  }
}

function addBlock(out: GrowingBuffer, least: i64): void {
  addVarint(out, zigzag(least));
  out.reserve(RUNS + BLOCK * 8);
  const widths = out.start + out.length;
  out.length += RUNS;
  for (let run: u32 = 0; run < RUNS; run++) {
    const from = DELTAS + ((run * RUN) << 3);
    let bits: u64 = 0;
    for (let i: u32 = 0; i < RUN; i++) {
      const above = load<i64>(from + (i << 3)) - least;
      store<i64>(from + (i << 3), above);
      bits |= <u64>above;
    }
    const width = <u32>(64 - clz(bits));
    store<u8>(widths + run, <u8>width);
    if (width > 0) packRun(out.start + out.length, from, width);
    out.length += (RUN * width) >> 3;
  }
}

/** Packs 32 values of `width` bits, the first in the lowest bits. */
function packRun(to: usize, from: usize, width: u64): void {
  let held: u64 = 0;
  let used: u64 = 0;
  for (let i: u32 = 0; i < RUN; i++) {
    const value = load<u64>(from + (i << 3));
    held |= value << used;
    if (used + width >= 64) {
      store<u64>(to, held);
      to += 8;
      held = used == 0 ? 0 : value >> (64 - used);
      used = used + width - 64;
    } else {
      used += width;
    }
  }
  if (used > 0) store<u32>(to, <u32>held);
}
