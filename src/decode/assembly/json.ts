// The grammar of JSON (RFC 8259), strict, over bytes. Every function takes the place where a thing begins and
// gives the place behind its end, or 0 if it is no such thing; `failure` and `failedAt` then say why and where.
// Lines end with 0x0A, which stands in no valid token, so no function looks at the end of the buffer; sixteen
// bytes behind the last line must be readable.
import {
  CONTROL_CHARACTER,
  CUT_OFF,
  ESCAPE,
  LONE_SURROGATE,
  NUMBER,
  SYNTAX,
  TOO_DEEP,
  UTF8,
} from "./reasons";

/** The word `null`. */
export const NULL: u32 = 0x6c6c756e;

let maxDepth: i32 = 512;

/** Makes `levels` the most that objects and lists may lie within each other, the event itself counted. */
export function setMaxDepth(levels: i32): void {
  maxDepth = levels;
}

export let failure: i32 = 0;
export let failedAt: usize = 0;
/** Whether the string that was read last holds a backslash. */
export let escaped: bool = false;

export function fail(reason: i32, at: usize): usize {
  failure = load<u8>(at) == 0x0a ? CUT_OFF : reason;
  failedAt = at;
  return 0;
}

// @ts-ignore: decorator
@inline
export function skipSpace(p: usize): usize {
  let c = load<u8>(p);
  if (c > 0x20) return p;
  while (c == 0x20 || c == 0x09 || c == 0x0d) c = load<u8>(++p);
  return p;
}

/** From the opening quote to behind the closing one. */
export function stringEnd(start: usize): usize {
  escaped = false;
  let p = start + 1;
  while (true) {
    const v = v128.load(p);
    const special = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c))),
        i8x16.lt_s(v, i8x16.splat(0x20)),
      ),
    );
    if (special == 0) {
      p += 16;
      continue;
    }
    p += ctz(special);
    const c = load<u8>(p);
    if (c == 0x22) return p + 1;
    if (c == 0x5c) {
      escaped = true;
      p = escapeEnd(p);
    } else if (c < 0x20) {
      return fail(CONTROL_CHARACTER, p);
    } else {
      p = characterEnd(p);
    }
    if (!p) return 0;
  }
}

function escapeEnd(p: usize): usize {
  const c = load<u8>(p + 1);
  if (c == 0x75) {
    const unit = hex4(p + 2);
    if (unit < 0) return fail(ESCAPE, p);
    if (unit < 0xd800 || unit > 0xdfff) return p + 6;
    if (unit > 0xdbff || load<u16>(p + 6) != 0x755c) return fail(LONE_SURROGATE, p);
    const low = hex4(p + 8);
    return low < 0xdc00 || low > 0xdfff ? fail(LONE_SURROGATE, p) : p + 12;
  }
  const known =
    c == 0x22 || c == 0x5c || c == 0x2f || c == 0x62 || c == 0x66 || c == 0x6e || c == 0x72 || c == 0x74;
  return known ? p + 2 : fail(ESCAPE, p);
}

/** The value of four hexadecimal digits, or -1. */
export function hex4(p: usize): i32 {
  let value: i32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const c = load<u8>(p + i);
    const lower = c | 0x20;
    let digit: i32;
    if (c >= 0x30 && c <= 0x39) digit = c - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) digit = lower - 0x57;
    else return -1;
    value = (value << 4) | digit;
  }
  return value;
}

// @ts-ignore: decorator
@inline
function continues(p: usize): bool {
  return (load<u8>(p) & 0xc0) == 0x80;
}

/** One character of more than one byte: UTF-8 without overlong forms or surrogates (RFC 3629). */
function characterEnd(p: usize): usize {
  const c = load<u8>(p);
  const d = load<u8>(p + 1);
  if (c < 0xc2) return fail(UTF8, p);
  if (c < 0xe0) return continues(p + 1) ? p + 2 : fail(UTF8, p);
  if (c < 0xf0) {
    const valid = (c != 0xe0 || d >= 0xa0) && (c != 0xed || d < 0xa0);
    return valid && continues(p + 1) && continues(p + 2) ? p + 3 : fail(UTF8, p);
  }
  const valid = c < 0xf5 && (c != 0xf0 || d >= 0x90) && (c != 0xf4 || d < 0x90);
  return valid && continues(p + 1) && continues(p + 2) && continues(p + 3) ? p + 4 : fail(UTF8, p);
}

// @ts-ignore: decorator
@inline
export function isDigit(c: u32): bool {
  return c - 0x30 <= 9;
}

export function numberEnd(start: usize): usize {
  let p = start;
  if (load<u8>(p) == 0x2d) p++;
  if (load<u8>(p) == 0x30) p++;
  else if (isDigit(load<u8>(p))) while (isDigit(load<u8>(p))) p++;
  else return fail(p > start ? NUMBER : SYNTAX, p);
  if (load<u8>(p) == 0x2e) {
    if (!isDigit(load<u8>(++p))) return fail(NUMBER, p);
    while (isDigit(load<u8>(p))) p++;
  }
  if ((load<u8>(p) | 0x20) == 0x65) {
    const sign = load<u8>(++p);
    if (sign == 0x2b || sign == 0x2d) p++;
    if (!isDigit(load<u8>(p))) return fail(NUMBER, p);
    while (isDigit(load<u8>(p))) p++;
  }
  return isDigit(load<u8>(p)) ? fail(NUMBER, p) : p;
}

/** Any value that lies `depth` containers deep. */
export function valueEnd(p: usize, depth: i32): usize {
  const c = load<u8>(p);
  if (c == 0x22) return stringEnd(p);
  if (c == 0x7b) return objectEnd(p, depth);
  if (c == 0x5b) return arrayEnd(p, depth);
  if (c == 0x6e) return load<u32>(p) == NULL ? p + 4 : fail(SYNTAX, p);
  if (c == 0x74) return load<u32>(p) == 0x65757274 ? p + 4 : fail(SYNTAX, p);
  if (c == 0x66) return load<u32>(p + 1) == 0x65736c61 ? p + 5 : fail(SYNTAX, p);
  return numberEnd(p);
}

function objectEnd(start: usize, depth: i32): usize {
  if (depth >= maxDepth) return fail(TOO_DEEP, start);
  let p = skipSpace(start + 1);
  if (load<u8>(p) == 0x7d) return p + 1;
  while (true) {
    if (load<u8>(p) != 0x22) return fail(SYNTAX, p);
    p = stringEnd(p);
    if (!p) return 0;
    p = skipSpace(p);
    if (load<u8>(p) != 0x3a) return fail(SYNTAX, p);
    p = valueEnd(skipSpace(p + 1), depth + 1);
    if (!p) return 0;
    p = skipSpace(p);
    const c = load<u8>(p);
    if (c == 0x7d) return p + 1;
    if (c != 0x2c) return fail(SYNTAX, p);
    p = skipSpace(p + 1);
  }
}

function arrayEnd(start: usize, depth: i32): usize {
  if (depth >= maxDepth) return fail(TOO_DEEP, start);
  let p = skipSpace(start + 1);
  if (load<u8>(p) == 0x5d) return p + 1;
  while (true) {
    p = valueEnd(p, depth + 1);
    if (!p) return 0;
    p = skipSpace(p);
    const c = load<u8>(p);
    if (c == 0x5d) return p + 1;
    if (c != 0x2c) return fail(SYNTAX, p);
    p = skipSpace(p + 1);
  }
}
