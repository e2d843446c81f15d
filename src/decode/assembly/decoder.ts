// NDJSON bytes to columns, one pass, each line wholly or not at all.
import { GrowingBuffer } from "./buffer";
import {
  addBoolean,
  addColumn,
  addDouble,
  addInt64,
  addText,
  beginRow,
  clearRows as clearColumns,
  dropRow,
  keepRow,
  MAX_ROWS,
  rowCount,
} from "./columns";
import { addExtra, beginExtra, defineExtraColumn, endExtra } from "./extra";
import { addField, expectedField, fieldNamed, kindOf, LINE_START, NO_FIELD, quotedLength } from "./fields";
import { escaped, fail, failedAt, failure, isDigit, NULL, numberEnd, skipSpace, stringEnd, valueEnd } from "./json";
import { joinsRows } from "./partition";
import {
  AFTER_THE_END,
  DUPLICATE_FIELD,
  NOT_AN_OBJECT,
  NO_EVENT_TYPE,
  NO_UPLOAD_TIME,
  NO_UUID,
  SYNTAX,
} from "./reasons";
import { mayHaveSeen } from "./seen";
import { addReject, addToHour, hourCount, MAX_HOURS, MAX_REJECTS, rejectCount } from "./tables";
import { addUnescaped, double, escapedTime, exact, integer, time, unescape } from "./values";

export { columnValues, rowCount } from "./columns";
export { shortened, shortenedBytes } from "./crc";
export { setMaxDepth } from "./json";
export {
  dictionaryBytes,
  dictionaryEntries,
  dictionaryStart,
  encodeColumn,
  encoding,
  greatest,
  least,
  pageBytes,
  pageStart,
  valueCount,
} from "./pages";
export { mixed, rowsApp, rowsDay, rowsHaveApp } from "./partition";
export { clearTables, HOURS, hourCount, REJECTS, rejectCount } from "./tables";

const TEXT: u32 = 0;
const INT: u32 = 1;
const DOUBLE: u32 = 2;
const BOOLEAN: u32 = 3;
const TIME: u32 = 4;
const JSON: u32 = 5;

/** All bytes given were decoded. */
const DONE: i32 = 0;
/** The rows must be taken away first: there are MAX_ROWS, or a lot of bytes, or the next is of another partition. */
const TAKE_ROWS: i32 = 1;
/** The tables must be taken away first. */
const TAKE_TABLES: i32 = 2;

/** `:null,"` in the upper seven bytes. */
const NULL_AND_NEXT: u64 = 0x222c6c6c756e3a00;

const ROW_BYTES: usize = 24 << 20;

/** Where the bytes to decode stand, and how many there is room for (with 64 to spare behind). */
export let input: usize = 0;
export let inputRoom: usize = 0;

/** Counted since `startMember`. */
export let lines: f64 = 0;
export let loaded: f64 = 0;
export let rejected: f64 = 0;
export let blank: f64 = 0;
/** Line feeds, counted from the bytes alone. */
export let lineFeeds: f64 = 0;

let uuidField: u32 = 0;
let eventTypeField: u32 = 0;
let uploadTimeField: u32 = 0;
let appField: u32 = 0;
/** Bytes of JSON that the rows came from. */
export let rowBytes: usize = 0;
/** Lines whose uuid may have occurred before, which `decodeRepeats` makes rows of. */
const repeats = new GrowingBuffer();
const REPEATS_KEEP: usize = 1 << 22;
let decodingRepeats: bool = false;

let seenFields: u64 = 0;
let uuidAt: usize = 0;
let uuidBytes: usize = 0;
let uploadTime: i64 = 0;
let app: i64 = 0;
let hasApp: bool = false;

/** Makes the name of `bytes` bytes at `input` a field with a column of that kind. */
export function defineField(bytes: u32, kind: u8, role: u8): void {
  addField(input, bytes, kind);
  const field = addColumn();
  if (role == 1) uuidField = field;
  else if (role == 2) eventTypeField = field;
  else if (role == 3) uploadTimeField = field;
  else if (role == 4) appField = field;
}

/** Ends the fields with the column `extra`. */
export function defineExtra(): void {
  defineExtraColumn();
}

/** Makes room for at least `bytes` bytes of input; what stands there is kept. */
export function ensureInput(bytes: usize): void {
  if (bytes <= inputRoom) return;
  input = input ? heap.realloc(input, bytes + 64) : heap.alloc(bytes + 64);
  inputRoom = bytes;
}

export function startMember(): void {
  lines = 0;
  loaded = 0;
  rejected = 0;
  blank = 0;
  lineFeeds = 0;
}

/** Counts the line feeds in the `bytes` bytes behind `input + from`. */
export function countLineFeeds(from: usize, bytes: usize): void {
  let p = input + from;
  const end = p + bytes;
  let count: u32 = 0;
  for (; p + 16 <= end; p += 16) {
    count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(0x0a))));
  }
  for (; p < end; p++) count += <u32>(load<u8>(p) == 0x0a);
  lineFeeds += <f64>count;
}

/** How far the last call of `decode` came, from `input`. */
export let decoded: usize = 0;

/** Decodes the lines between `from` and `end`, counted from `input`; the byte before `end` is a line feed. */
export function decode(from: usize, end: usize): i32 {
  let p = input + from;
  const stop = input + end;
  let status = DONE;
  while (p < stop) {
    if (rowCount == MAX_ROWS || rowBytes > ROW_BYTES) status = TAKE_ROWS;
    else if (rejectCount == MAX_REJECTS || hourCount == MAX_HOURS) status = TAKE_TABLES;
    if (status != DONE) break;
    const next = decodeLine(p);
    if (!next) {
      status = TAKE_ROWS;
      break;
    }
    p = next;
  }
  decoded = p - input;
  return status;
}

/** Bytes of lines that wait for `decodeRepeats`. */
export function repeatBytes(): usize {
  return repeats.length;
}

let repeatsDone: usize = 0;

/** Makes rows of the lines that were kept back as repeats; they count nowhere again. */
export function decodeRepeats(): i32 {
  decodingRepeats = true;
  let p = repeats.start + repeatsDone;
  const stop = repeats.start + repeats.length;
  while (p < stop && rowCount < MAX_ROWS && rowBytes <= ROW_BYTES) p = decodeLine(p);
  decodingRepeats = false;
  if (p < stop) {
    repeatsDone = p - repeats.start;
    return TAKE_ROWS;
  }
  forgetRepeats();
  return DONE;
}

export function forgetRepeats(): void {
  repeatsDone = 0;
  repeats.clear(REPEATS_KEEP);
}

/** Forgets all rows: the host took them away. */
export function clearRows(): void {
  clearColumns();
  rowBytes = 0;
}

/** Decodes the line at `start` and gives the start of the next; 0 if rows must be taken away before. */
function decodeLine(start: usize): usize {
  let p = skipSpace(start);
  if (load<u8>(p) == 0x0a) {
    lines += 1;
    blank += 1;
    return p + 1;
  }
  beginRow();
  const end = decodeEvent(p);
  if (end) {
    if (!decodingRepeats) {
      if (!joinsRows(app, hasApp, uploadTime)) {
        dropRow();
        return 0;
      }
      lines += 1;
      loaded += 1;
      addToHour(app, !hasApp, uploadTime);
      if (mayHaveSeen(uuidAt, uuidBytes)) {
        dropRow();
        keepForLater(start, end + 1);
        return end + 1;
      }
    }
    endExtra();
    keepRow();
    rowBytes += end - start;
    return end + 1;
  }
  lines += 1;
  dropRow();
  rejected += 1;
  p = failedAt;
  while (load<u8>(p) != 0x0a) p++;
  addReject(start, p - start, failure, failedAt - start, lines);
  return p + 1;
}

function keepForLater(start: usize, end: usize): void {
  const bytes = end - start;
  memory.copy(repeats.reserve(bytes), start, bytes);
  repeats.length += bytes;
}

/** Decodes one event and gives the place of the line feed behind it, or 0. */
function decodeEvent(start: usize): usize {
  seenFields = 0;
  beginExtra();
  uuidAt = 0;
  uploadTime = i64.MIN_VALUE;
  hasApp = false;
  app = 0;
  if (load<u8>(start) != 0x7b) {
    const end = valueEnd(start, 0);
    return end ? fail(NOT_AN_OBJECT, start) : 0;
  }
  let before = LINE_START;
  let p = skipSpace(start + 1);
  if (load<u8>(p) == 0x7d) {
    p++;
  } else {
    while (true) {
      if (load<u8>(p) != 0x22) return fail(SYNTAX, p);
      const key = p;
      let field = expectedField(p, before);
      if (field != NO_FIELD) {
        p += quotedLength(field);
        // Most fields of most events: `"name":null,"`.
        const bit = <u64>1 << field;
        if (load<u64>(p) << 8 == NULL_AND_NEXT && !(seenFields & bit)) {
          seenFields |= bit;
          before = field;
          p += 6;
          continue;
        }
      } else {
        p = stringEnd(p);
        if (!p) return 0;
        field = lookUp(key, p, before);
      }
      const keyEnd = p;
      p = skipSpace(p);
      if (load<u8>(p) != 0x3a) return fail(SYNTAX, p);
      p = skipSpace(p + 1);
      if (field == NO_FIELD) {
        const value = p;
        p = valueEnd(p, 1);
        if (!p) return 0;
        addExtra(key, keyEnd, value, p);
      } else {
        const bit = <u64>1 << field;
        if (seenFields & bit) return fail(DUPLICATE_FIELD, key);
        seenFields |= bit;
        if (load<u32>(p) == NULL) {
          p += 4;
        } else {
          p = decodeField(field, key, keyEnd, p);
          if (!p) return 0;
        }
        before = field;
      }
      p = skipSpace(p);
      const c = load<u8>(p);
      if (c == 0x7d) {
        p++;
        break;
      }
      if (c != 0x2c) return fail(SYNTAX, p);
      p = skipSpace(p + 1);
    }
  }
  p = skipSpace(p);
  if (load<u8>(p) != 0x0a) return fail(AFTER_THE_END, p);
  if (!uuidAt) return refuse(NO_UUID, start);
  if (!(seenFields & (<u64>1 << 63))) return refuse(NO_EVENT_TYPE, start);
  if (uploadTime == i64.MIN_VALUE) return refuse(NO_UPLOAD_TIME, start);
  return p;
}

/** Refuses a line that is good JSON but no event. */
function refuse(reason: i32, at: usize): usize {
  fail(reason, at);
  return 0;
}

/** The field of a key that did not stand where it was expected. */
function lookUp(key: usize, keyEnd: usize, before: u32): u32 {
  if (!escaped) return fieldNamed(key + 1, keyEnd - key - 2, before);
  const plain = heap.alloc(keyEnd - key);
  const plainEnd = unescape(plain, key + 1, keyEnd - 1);
  const field = fieldNamed(plain, plainEnd - plain, before);
  heap.free(plain);
  return field;
}

/** Decodes the value of a field and gives the place behind it, or 0. */
function decodeField(field: u32, key: usize, keyEnd: usize, p: usize): usize {
  const c = load<u8>(p);
  if (c == 0x6e) return valueEnd(p, 1);
  const kind = kindOf(field);
  if (kind == TEXT) {
    if (c == 0x22) {
      const end = stringEnd(p);
      if (!end) return 0;
      let text = p + 1;
      if (escaped) text = addUnescaped(field, text, end - 1);
      else addText(field, text, end - 1);
      if (field == uuidField && end - p > 2) {
        uuidAt = text;
        uuidBytes = escaped ? <usize>load<u32>(text - 4) : end - p - 2;
      } else if (field == eventTypeField) {
        seenFields |= <u64>1 << 63;
      }
      return end;
    }
  } else if (kind == JSON) {
    const end = valueEnd(p, 1);
    if (end) addText(field, p, end);
    return end;
  } else if (kind == TIME) {
    if (c == 0x22) {
      const end = stringEnd(p);
      if (!end) return 0;
      const micros = escaped ? escapedTime(p + 1, end - 1) : time(p + 1, end - 1);
      if (exact) {
        addInt64(field, micros);
        if (field == uploadTimeField) uploadTime = micros;
        return end;
      }
    }
  } else if (kind == INT) {
    if (c == 0x2d || isDigit(c)) {
      const end = numberEnd(p);
      if (!end) return 0;
      const value = integer(p, end);
      if (exact) {
        addInt(field, value);
        return end;
      }
    }
  } else if (kind == DOUBLE) {
    if (c == 0x2d || isDigit(c)) {
      const end = numberEnd(p);
      if (!end) return 0;
      const value = double(p, end);
      if (exact) {
        addDouble(field, value);
        return end;
      }
    }
  } else if (c == 0x74 || c == 0x66) {
    const end = valueEnd(p, 1);
    if (end) addBoolean(field, c == 0x74);
    return end;
  }
  return decodeMisfit(field, key, keyEnd, p);
}

function addInt(field: u32, value: i64): void {
  addInt64(field, value);
  if (field == appField) {
    app = value;
    hasApp = true;
  }
}

/**
 * A value of another kind than its column's: what the column can hold of it goes there, and the value as it
 * came goes to `extra`.
 */
function decodeMisfit(field: u32, key: usize, keyEnd: usize, p: usize): usize {
  const end = valueEnd(p, 1);
  if (!end) return 0;
  addExtra(key, keyEnd, p, end);
  if (load<u8>(p) != 0x22) {
    addFitting(field, p, end);
  } else if (!escaped) {
    addFitting(field, p + 1, end - 1);
  } else {
    const plain = heap.alloc(end - p);
    const plainEnd = unescape(plain, p + 1, end - 1);
    store<u8>(plainEnd, 0x22);
    addFitting(field, plain, plainEnd);
    heap.free(plain);
  }
  return end;
}

/** Adds what the column can hold of the text of a misfit, behind which stands neither a digit nor a letter. */
function addFitting(field: u32, from: usize, to: usize): void {
  const kind = kindOf(field);
  if (kind == TEXT) {
    if (field != uuidField && field != eventTypeField) addText(field, from, to);
  } else if (kind == INT) {
    const value = integer(from, withoutZeroFraction(from, to));
    if (exact) addInt(field, value);
  } else if (kind == DOUBLE) {
    const first = load<u8>(from);
    if ((first == 0x2d || isDigit(first)) && numberEnd(from) == to) {
      const value = double(from, to);
      if (isFinite(value)) addDouble(field, value);
    }
  } else if (kind == BOOLEAN) {
    const bytes = to - from;
    const first = load<u8>(from);
    if (bytes == 4 && load<u32>(from) == 0x65757274) addBoolean(field, true);
    else if (bytes == 5 && first == 0x66 && load<u32>(from + 1) == 0x65736c61) addBoolean(field, false);
    else if (bytes == 1 && (first == 0x31 || first == 0x30)) addBoolean(field, first == 0x31);
  }
}

/** The end of a number's text without `.0`, `.00` and so on. */
function withoutZeroFraction(from: usize, end: usize): usize {
  let p = end;
  while (p > from && load<u8>(p - 1) == 0x30) p--;
  return p < end && p - 1 > from && load<u8>(p - 1) == 0x2e ? p - 1 : end;
}
