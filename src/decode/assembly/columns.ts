// The columns of the rows that were decoded and not yet taken away, each as Parquet's PLAIN encoding wants it
// (https://parquet.apache.org/docs/file-format/data-pages/encodings/): texts as a 32-bit length and the bytes,
// numbers as eight bytes, booleans as one byte (packed when taken away); nulls take no room. A bit a row says
// whether there is a value.
const MAX_COLUMNS: usize = 64;
export const MAX_ROWS: u32 = 16384;
const FIRST_CAPACITY: usize = 65536;
const LARGE_CAPACITY: u32 = 1 << 20;

const DATA = memory.data(<i32>(MAX_COLUMNS * 4));
const LENGTH = memory.data(<i32>(MAX_COLUMNS * 4));
const CAPACITY = memory.data(<i32>(MAX_COLUMNS * 4));
const BITS = memory.data(<i32>(MAX_COLUMNS * 4));
const KEPT_LENGTH = memory.data(<i32>(MAX_COLUMNS * 4));

export let columnCount: u32 = 0;
export let rowCount: u32 = 0;

export function addColumn(): u32 {
  const column = columnCount++;
  const at = column << 2;
  store<u32>(DATA + at, <u32>heap.alloc(FIRST_CAPACITY));
  store<u32>(CAPACITY + at, <u32>FIRST_CAPACITY);
  const bits = heap.alloc(MAX_ROWS >> 3);
  memory.fill(bits, 0, MAX_ROWS >> 3);
  store<u32>(BITS + at, <u32>bits);
  return column;
}

/** Remembers where every column stands, so that `dropRow` can take a row back. */
// @ts-ignore: decorator
@inline
export function beginRow(): void {
  memory.copy(KEPT_LENGTH, LENGTH, MAX_COLUMNS * 4);
}

// @ts-ignore: decorator
@inline
export function keepRow(): void {
  rowCount++;
}

export function dropRow(): void {
  memory.copy(LENGTH, KEPT_LENGTH, MAX_COLUMNS * 4);
  for (let column: u32 = 0; column < columnCount; column++) {
    const at = load<u32>(BITS + (column << 2)) + (rowCount >> 3);
    store<u8>(at, load<u8>(at) & ~(<u8>(<u32>1 << (rowCount & 7))));
  }
}

/** Room for a value of at most `bytes` bytes in this row, with sixteen to spare; `endValue` ends it. */
// @ts-ignore: decorator
@inline
export function beginValue(column: u32, bytes: usize): usize {
  const at = column << 2;
  const length: usize = load<u32>(LENGTH + at);
  if (length + bytes + 16 > <usize>load<u32>(CAPACITY + at)) grow(at, length + bytes + 16);
  return <usize>load<u32>(DATA + at) + length;
}

function grow(at: u32, needed: usize): void {
  let capacity: usize = load<u32>(CAPACITY + at);
  while (capacity < needed) capacity *= 2;
  store<u32>(DATA + at, <u32>heap.realloc(load<u32>(DATA + at), capacity));
  store<u32>(CAPACITY + at, <u32>capacity);
}

/** The value that was begun ends before `end`. */
// @ts-ignore: decorator
@inline
export function endValue(column: u32, end: usize): void {
  const at = column << 2;
  store<u32>(LENGTH + at, <u32>(end - load<u32>(DATA + at)));
  const byte = load<u32>(BITS + at) + (rowCount >> 3);
  store<u8>(byte, load<u8>(byte) | <u8>(<u32>1 << (rowCount & 7)));
}

/** Copies by sixteen bytes at a time; may write up to fifteen bytes behind the end. */
// @ts-ignore: decorator
@inline
export function copyLoose(to: usize, from: usize, bytes: usize): void {
  if (bytes > 512) {
    memory.copy(to, from, bytes);
    return;
  }
  const end = from + bytes;
  while (from < end) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  }
}

/** Adds the bytes from `from` to `end` as a text. */
// @ts-ignore: decorator
@inline
export function addText(column: u32, from: usize, end: usize): void {
  const bytes = end - from;
  const to = beginValue(column, bytes + 4);
  store<u32>(to, <u32>bytes);
  copyLoose(to + 4, from, bytes);
  endValue(column, to + 4 + bytes);
}

// @ts-ignore: decorator
@inline
export function addInt64(column: u32, value: i64): void {
  const to = beginValue(column, 8);
  store<i64>(to, value);
  endValue(column, to + 8);
}

export function addDouble(column: u32, value: f64): void {
  const to = beginValue(column, 8);
  store<f64>(to, value);
  endValue(column, to + 8);
}

export function addBoolean(column: u32, value: bool): void {
  const to = beginValue(column, 1);
  store<u8>(to, value);
  endValue(column, to + 1);
}

// @ts-ignore: decorator
@inline
export function columnData(column: u32): usize {
  return load<u32>(DATA + (column << 2));
}

// @ts-ignore: decorator
@inline
export function columnLength(column: u32): u32 {
  return load<u32>(LENGTH + (column << 2));
}

// @ts-ignore: decorator
@inline
export function columnBits(column: u32): usize {
  return load<u32>(BITS + (column << 2));
}

/** How many of the rows have a value. */
export function columnValues(column: u32): u32 {
  const bits: usize = load<u32>(BITS + (column << 2));
  let count: i64 = 0;
  for (let i: usize = 0; i < MAX_ROWS >> 3; i += 8) count += popcnt(load<i64>(bits + i));
  return <u32>count;
}

/** Packs a boolean column's bytes to bits, in place, and gives the length in bytes. */
export function packBooleans(column: u32): u32 {
  const data: usize = load<u32>(DATA + (column << 2));
  const values: usize = load<u32>(LENGTH + (column << 2));
  for (let i: usize = 0; i < values; i += 8) {
    let byte: u8 = 0;
    for (let j: usize = 0; j < 8 && i + j < values; j++) byte |= load<u8>(data + i + j) << <u8>j;
    store<u8>(data + (i >> 3), byte);
  }
  return <u32>((values + 7) >> 3);
}

/**
 * Forgets all rows. A large buffer of which they needed little is given back, or each column would keep its
 * worst.
 */
export function clearRows(): void {
  rowCount = 0;
  for (let at: usize = 0; at < <usize>columnCount << 2; at += 4) {
    const capacity = load<u32>(CAPACITY + at);
    if (capacity > LARGE_CAPACITY && load<u32>(LENGTH + at) < capacity >> 2) {
      heap.free(load<u32>(DATA + at));
      store<u32>(DATA + at, <u32>heap.alloc(FIRST_CAPACITY));
      store<u32>(CAPACITY + at, <u32>FIRST_CAPACITY);
    }
    memory.fill(load<u32>(BITS + at), 0, MAX_ROWS >> 3);
  }
  memory.fill(LENGTH, 0, MAX_COLUMNS * 4);
}
