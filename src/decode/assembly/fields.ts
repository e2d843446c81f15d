// The names of the fields, found by the order in which they came last time, or by hash.
const MAX_FIELDS: usize = 64;
const NAME_ROOM: usize = 32;

/** `"name"` of each field, in 32 bytes. */
const NAMES = memory.data(<i32>(MAX_FIELDS * NAME_ROOM));
const MASKS = memory.data(<i32>(MAX_FIELDS * 4));
const LENGTHS = memory.data(<i32>MAX_FIELDS);
const KINDS = memory.data(<i32>MAX_FIELDS);
/** The field that followed each field last time; the last place stands for the start of a line. */
const FOLLOWERS = memory.data(<i32>(MAX_FIELDS + 1));
const SLOTS: u32 = 256;
/** Field + 1 by hash of its name, 0 where there is none. */
const TABLE = memory.data(256);

export const NO_FIELD: u32 = 255;
export const LINE_START: u32 = <u32>MAX_FIELDS;
let fieldCount: u32 = 0;

// @ts-ignore: decorator
@inline
function slotOf(name: usize, bytes: usize): u32 {
  const first = <u32>load<u8>(name);
  const last = <u32>load<u8>(name + bytes - 1);
  const middle = <u32>load<u8>(name + (bytes >> 1));
  return (first * 7 + middle * 31 + last * 131 + <u32>bytes * 17) & (SLOTS - 1);
}

/** Makes the `bytes` bytes at `name` (without quotes, at most 30) the next field. */
export function addField(name: usize, bytes: u32, kind: u8): void {
  const field = fieldCount++;
  const to = NAMES + <usize>field * NAME_ROOM;
  store<u8>(to, 0x22);
  memory.copy(to + 1, name, bytes);
  store<u8>(to + 1 + bytes, 0x22);
  store<u32>(MASKS + (field << 2), <u32>((<u64>1 << (bytes + 2)) - 1));
  store<u8>(LENGTHS + field, <u8>(bytes + 2));
  store<u8>(KINDS + field, kind);
  store<u8>(FOLLOWERS + field, <u8>(field + 1));
  store<u8>(FOLLOWERS + LINE_START, 0);
  let slot = slotOf(name, bytes);
  while (load<u8>(TABLE + slot) != 0) slot = (slot + 1) & (SLOTS - 1);
  store<u8>(TABLE + slot, <u8>(field + 1));
}

// @ts-ignore: decorator
@inline
export function kindOf(field: u32): u32 {
  return load<u8>(KINDS + field);
}

/** Bytes of the field's name with its quotes. */
// @ts-ignore: decorator
@inline
export function quotedLength(field: u32): usize {
  return load<u8>(LENGTHS + field);
}

/** The field whose quoted name stands at `p`, if it is the one that followed `before` last time, else NO_FIELD. */
// @ts-ignore: decorator
@inline
export function expectedField(p: usize, before: u32): u32 {
  const field = <u32>load<u8>(FOLLOWERS + before);
  if (field >= fieldCount) return NO_FIELD;
  const at = NAMES + <usize>field * NAME_ROOM;
  const same =
    <u32>i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(at))) |
    (<u32>i8x16.bitmask(i8x16.eq(v128.load(p, 16), v128.load(at, 16))) << 16);
  const mask = load<u32>(MASKS + (field << 2));
  return (same & mask) == mask ? field : NO_FIELD;
}

/** The field of that name (without quotes), remembered as the one that follows `before`, or NO_FIELD. */
export function fieldNamed(name: usize, bytes: usize, before: u32): u32 {
  if (bytes == 0) return NO_FIELD;
  let slot = slotOf(name, bytes);
  while (true) {
    const entry = <u32>load<u8>(TABLE + slot);
    if (entry == 0) return NO_FIELD;
    const field = entry - 1;
    if (quotedLength(field) == bytes + 2 && memory.compare(NAMES + <usize>field * NAME_ROOM + 1, name, bytes) == 0) {
      store<u8>(FOLLOWERS + before, <u8>field);
      return field;
    }
    slot = (slot + 1) & (SLOTS - 1);
  }
}
