// A column's rows as the bytes of Parquet's pages, version 1: definition levels and behind them values, differences of
// values, lengths of texts and the texts, or the numbers of dictionary entries (https://parquet.apache.org/docs/file-format/data-pages/encodings/).
import { GrowingBuffer } from "./buffer";
import {
  columnBits,
  columnData,
  columnLength,
  columnValues,
  copyLoose,
  MAX_ROWS,
  packBooleans,
  rowCount,
} from "./columns";
import { addDeltas } from "./deltas";
import { buildDictionary, CODES, entries, values } from "./dictionary";

/** Numbers of the Parquet format (parquet.thrift). */
const PLAIN: u32 = 0;
const DELTA_BINARY_PACKED: u32 = 5;
const DELTA_LENGTH_BYTE_ARRAY: u32 = 6;
const RLE_DICTIONARY: u32 = 8;

/** The lengths of texts, 8 bytes each. */
const LENGTHS = memory.data(<i32>(MAX_ROWS * 8), 16);

const page = new GrowingBuffer();
/** Room that a page may keep from one column to the next. */
const KEEP: usize = 1 << 24;

/** After `encodeColumn`: the page of data, and that of the dictionary, of 0 entries if there is none. */
export let pageStart: usize = 0;
export let pageBytes: usize = 0;
export let dictionaryStart: usize = 0;
export let dictionaryBytes: usize = 0;
export let dictionaryEntries: u32 = 0;
/** How the data are encoded. */
export let encoding: u32 = 0;
/** How many rows have a value. */
export let valueCount: u32 = 0;
/** The smallest and the largest value of a column of int64; meaningless if it has no value. */
export let least: i64 = 0;
export let greatest: i64 = 0;

/** `width` is the bytes of a value: 0 for a text with its length, 1 for a boolean, 8 for a number, which `isInteger` or a double. */
export function encodeColumn(column: u32, width: u32, isInteger: bool): void {
  const bits = columnBits(column);
  valueCount = columnValues(column);
  dictionaryEntries = 0;
  page.clear(KEEP);
  addLevels(bits);
  const data = columnData(column);
  const bytes: usize = width == 1 ? packBooleans(column) : columnLength(column);
  if (width != 1 && valueCount > 1 && buildDictionary(data, data + bytes, width)) {
    const bitWidth: u32 = entries > 1 ? 32 - clz(entries - 1) : 1;
    const codeBytes: usize = entries > 1 ? ((<usize>valueCount + 7) >> 3) * bitWidth : 1;
    if ((values.length + codeBytes) * 4 < bytes * 3) {
      dictionaryEntries = entries;
      dictionaryStart = values.start;
      dictionaryBytes = values.length;
      addCodes(bitWidth);
    }
  }
  if (dictionaryEntries > 0) {
    encoding = RLE_DICTIONARY;
  } else if (isInteger && valueCount > 1) {
    encoding = DELTA_BINARY_PACKED;
    addDeltas(page, data, valueCount);
  } else if (width == 0 && valueCount > 1) {
    encoding = DELTA_LENGTH_BYTE_ARRAY;
    addTexts(data, bytes);
  } else {
    encoding = PLAIN;
    memory.copy(page.reserve(bytes), data, bytes);
    page.length += bytes;
  }
  pageStart = page.start;
  pageBytes = page.length;
  if (isInteger) findRange(data, bytes);
}

function addVarint(value: u32): void {
  page.reserve(8);
  while (value > 127) {
    store<u8>(page.start + page.length++, <u8>(value & 127) | 128);
    value >>= 7;
  }
  store<u8>(page.start + page.length++, <u8>value);
}

/** Whether each row has a value, behind the length of this in bytes. */
function addLevels(bits: usize): void {
  page.reserve(8);
  page.length = 4;
  if (valueCount == 0 || valueCount == rowCount) {
    addVarint(rowCount << 1);
    store<u8>(page.reserve(1), <u8>(valueCount != 0));
    page.length++;
  } else {
    const bytes = (rowCount + 7) >> 3;
    addVarint((bytes << 1) | 1);
    memory.copy(page.reserve(bytes), bits, bytes);
    page.length += bytes;
  }
  store<u32>(page.start, <u32>(page.length - 4));
}

/** The bit width, and the entries' numbers: one run if all are the same, else packed in groups of eight. */
function addCodes(bitWidth: u32): void {
  store<u8>(page.reserve(1), <u8>bitWidth);
  page.length++;
  if (entries == 1) {
    addVarint(valueCount << 1);
    store<u8>(page.reserve(1), 0);
    page.length++;
    return;
  }
  const groups = (valueCount + 7) >> 3;
  addVarint((groups << 1) | 1);
  let to = page.reserve(<usize>groups * bitWidth);
  page.length += <usize>groups * bitWidth;
  const end = CODES + (<usize>groups << 4);
  memory.fill(CODES + (<usize>valueCount << 1), 0, end - CODES - (<usize>valueCount << 1));
  let held: u64 = 0;
  let heldBits: u64 = 0;
  for (let p: usize = CODES; p < end; p += 2) {
    held |= <u64>load<u16>(p) << heldBits;
    heldBits += bitWidth;
    if (heldBits >= 32) {
      store<u32>(to, <u32>held);
      to += 4;
      held >>= 32;
      heldBits -= 32;
    }
  }
  for (; heldBits > 0; heldBits -= 8) {
    store<u8>(to++, <u8>held);
    held >>= 8;
  }
}

/** The lengths of all texts, and behind them the texts, between which zstd then finds no length to look at. */
function addTexts(data: usize, bytes: usize): void {
  let at = LENGTHS;
  for (let p = data; p < data + bytes; at += 8) {
    const length = load<u32>(p);
    store<i64>(at, <i64>length);
    p += 4 + length;
  }
  addDeltas(page, LENGTHS, valueCount);
  let to = page.reserve(bytes);
  for (let p = data; p < data + bytes; ) {
    const length = <usize>load<u32>(p);
    copyLoose(to, p + 4, length);
    to += length;
    p += 4 + length;
  }
  page.length = to - page.start;
}

function findRange(data: usize, bytes: usize): void {
  least = i64.MAX_VALUE;
  greatest = i64.MIN_VALUE;
  for (let p = data; p < data + bytes; p += 8) {
    const value = load<i64>(p);
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
}
