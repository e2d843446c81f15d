// Values of one kind each, from JSON text to the column's form.
import { beginValue, endValue } from "./columns";
import { hex4, isDigit } from "./json";

/** Whether the last conversion succeeded; its result then holds exactly what the text says. */
export let exact: bool = false;

/** The integer in the digits from `p` to before `end`, with an optional minus; `exact` is false if it is none. */
export function integer(p: usize, end: usize): i64 {
  exact = false;
  const negative = load<u8>(p) == 0x2d;
  if (negative) p++;
  if (p == end || end - p > 19) return 0;
  let value: u64 = 0;
  for (; p < end; p++) {
    const digit = <u32>load<u8>(p) - 0x30;
    if (digit > 9) return 0;
    value = value * 10 + digit;
  }
  if (value > <u64>i64.MAX_VALUE + <u64>negative) return 0;
  exact = true;
  return negative ? <i64>(0 - value) : <i64>value;
}

// @ts-ignore: decorator
@external("host", "parseDouble")
declare function parseDouble(p: usize, bytes: usize): f64;

const POWERS = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
  1e20, 1e21, 1e22,
]);

/**
 * The double of a JSON number; `exact` says that the number has no more digits than a double keeps, and an
 * integer is equal to it.
 * Up to 15 digits and 22 places one division gives the nearest double (Clinger 1990); else the host converts.
 */
export function double(start: usize, end: usize): f64 {
  let p = start;
  let digits: i32 = 0;
  let places: i32 = 0;
  let mantissa: u64 = 0;
  let plain = true;
  let point = false;
  const negative = load<u8>(p) == 0x2d;
  if (negative) p++;
  for (; p < end; p++) {
    const c = load<u8>(p);
    if (isDigit(c)) {
      if (mantissa > 0 || c != 0x30) digits++;
      if (digits < 19) mantissa = mantissa * 10 + (c - 0x30);
      if (point) places++;
    } else if (c == 0x2e) {
      point = true;
    } else {
      plain = false;
      break;
    }
  }
  exact = digits <= 17;
  let value: f64;
  if (plain && digits <= 15 && places <= 22) {
    value = <f64>mantissa / load<f64>(POWERS + (<usize>places << 3));
    if (negative) value = -value;
  } else {
    value = parseDouble(start, end - start);
    if (!isFinite(value) || (value == 0 && mantissa != 0)) exact = false;
    else if (plain && !point && exact) exact = <u64>abs(value) == mantissa;
  }
  return value;
}

// @ts-ignore: decorator
@inline
function twoDigits(p: usize): i32 {
  const high = <u32>load<u8>(p) - 0x30;
  const low = <u32>load<u8>(p + 1) - 0x30;
  return high > 9 || low > 9 ? -1 : <i32>(high * 10 + low);
}

// @ts-ignore: decorator
@inline
function isLeap(year: i32): bool {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/** Days since 1970-01-01 of a civil date (proleptic Gregorian calendar), or i32.MIN_VALUE if there is no such day. */
function daysOf(year: i32, month: i32, day: i32): i32 {
  if (year < 1 || month < 1 || month > 12 || day < 1) return i32.MIN_VALUE;
  const short = month == 4 || month == 6 || month == 9 || month == 11;
  const last = month == 2 ? 28 + <i32>isLeap(year) : 31 - <i32>short;
  if (day > last) return i32.MIN_VALUE;
  const y = month > 2 ? year : year - 1;
  const era = y / 400;
  const ofEra = y - era * 400;
  const ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719468;
}

/** The seconds since 1970 at which the years begin between which a date has four digits. */
const YEAR_1: i64 = -62135596800;
const YEAR_10000: i64 = 253402300800;

let seenDate: u64 = 0;
let seenDateEnd: u16 = 0;
let seenDays: i32 = 0;

/**
 * `YYYY-MM-DD HH:MM:SS`, with a space or a T, up to six digits of a second, and nothing, Z or an offset behind,
 * as microseconds since 1970, UTC. `exact` is false if it is no such text, or no instant of the years 1 to 9999.
 */
export function time(p: usize, end: usize): i64 {
  exact = false;
  if (end - p < 19) return 0;
  const date = load<u64>(p);
  const dateEnd = load<u16>(p, 8);
  if (date != seenDate || dateEnd != seenDateEnd) {
    const century = twoDigits(p);
    const year = twoDigits(p + 2);
    const month = twoDigits(p + 5);
    const day = twoDigits(p + 8);
    if (century < 0 || year < 0 || month < 0 || day < 0) return 0;
    if (load<u8>(p, 4) != 0x2d || load<u8>(p, 7) != 0x2d) return 0;
    const days = daysOf(century * 100 + year, month, day);
    if (days == i32.MIN_VALUE) return 0;
    seenDays = days;
    seenDate = date;
    seenDateEnd = dateEnd;
  }
  const hour = twoDigits(p + 11);
  const minute = twoDigits(p + 14);
  const second = twoDigits(p + 17);
  const between = load<u8>(p, 10);
  if (between != 0x20 && between != 0x54) return 0;
  if (load<u8>(p, 13) != 0x3a || load<u8>(p, 16) != 0x3a) return 0;
  if (<u32>hour > 23 || <u32>minute > 59 || <u32>second > 59) return 0;
  let micros: i32 = 0;
  p += 19;
  if (p < end && load<u8>(p) == 0x2e) {
    let scale = 100000;
    p++;
    if (p == end || !isDigit(load<u8>(p))) return 0;
    for (; p < end && isDigit(load<u8>(p)); p++) {
      if (scale == 0) return 0;
      micros += <i32>(load<u8>(p) - 0x30) * scale;
      scale /= 10;
    }
  }
  let seconds = <i64>seenDays * 86400 + hour * 3600 + minute * 60 + second;
  if (p < end) {
    const offset = zone(p, end);
    if (offset == i32.MIN_VALUE) return 0;
    seconds -= offset;
    if (seconds < YEAR_1 || seconds >= YEAR_10000) return 0;
  }
  exact = true;
  return seconds * 1000000 + micros;
}

/** The same of a text with escapes. */
export function escapedTime(from: usize, end: usize): i64 {
  const plain = heap.alloc(end - from);
  const micros = time(plain, unescape(plain, from, end));
  heap.free(plain);
  return micros;
}

/** The seconds east of UTC that `Z`, `+HH`, `+HHMM` or `+HH:MM` mean, or i32.MIN_VALUE. */
function zone(p: usize, end: usize): i32 {
  const sign = load<u8>(p);
  const length = end - p;
  if (sign == 0x5a || sign == 0x7a) return length == 1 ? 0 : i32.MIN_VALUE;
  if (sign != 0x2b && sign != 0x2d) return i32.MIN_VALUE;
  const hours = length >= 3 ? twoDigits(p + 1) : -1;
  let minutes = 0;
  if (length == 5) minutes = twoDigits(p + 3);
  else if (length == 6 && load<u8>(p, 3) == 0x3a) minutes = twoDigits(p + 4);
  else if (length != 3) return i32.MIN_VALUE;
  if (<u32>hours > 23 || <u32>minutes > 59) return i32.MIN_VALUE;
  const offset = hours * 3600 + minutes * 60;
  return sign == 0x2d ? -offset : offset;
}

/**
 * Adds the content of a valid JSON string, from behind its opening quote to `end`, with its escapes resolved;
 * gives where it stands in the column, behind its length in four bytes.
 */
export function addUnescaped(column: u32, from: usize, end: usize): usize {
  const to = beginValue(column, end - from + 4);
  const after = unescape(to + 4, from, end);
  store<u32>(to, <u32>(after - to - 4));
  endValue(column, after);
  return to + 4;
}

/** Writes the content of a valid JSON string to `to` and gives the place behind it. */
export function unescape(to: usize, from: usize, end: usize): usize {
  while (from < end) {
    const c = load<u8>(from);
    if (c != 0x5c) {
      store<u8>(to++, c);
      from++;
      continue;
    }
    const kind = load<u8>(from, 1);
    from += 2;
    if (kind == 0x75) {
      let code = hex4(from);
      from += 4;
      if (code >= 0xd800 && code <= 0xdbff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (hex4(from + 2) - 0xdc00);
        from += 6;
      }
      to = writeCharacter(to, code);
    } else {
      let plain = kind;
      if (kind == 0x62) plain = 0x08;
      else if (kind == 0x66) plain = 0x0c;
      else if (kind == 0x6e) plain = 0x0a;
      else if (kind == 0x72) plain = 0x0d;
      else if (kind == 0x74) plain = 0x09;
      store<u8>(to++, plain);
    }
  }
  return to;
}

function writeCharacter(to: usize, code: i32): usize {
  if (code < 0x80) {
    store<u8>(to, code);
    return to + 1;
  }
  if (code < 0x800) {
    store<u8>(to, 0xc0 | (code >> 6));
    store<u8>(to, 0x80 | (code & 0x3f), 1);
    return to + 2;
  }
  if (code < 0x10000) {
    store<u8>(to, 0xe0 | (code >> 12));
    store<u8>(to, 0x80 | ((code >> 6) & 0x3f), 1);
    store<u8>(to, 0x80 | (code & 0x3f), 2);
    return to + 3;
  }
  store<u8>(to, 0xf0 | (code >> 18));
  store<u8>(to, 0x80 | ((code >> 12) & 0x3f), 1);
  store<u8>(to, 0x80 | ((code >> 6) & 0x3f), 2);
  store<u8>(to, 0x80 | (code & 0x3f), 3);
  return to + 4;
}
