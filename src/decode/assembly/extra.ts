// The column `extra`: what of an event the other columns do not hold, as one JSON object.
import { addColumn, beginValue, copyLoose, endValue } from "./columns";

let column: u32 = 0;
let scratch: usize = 0;
let room: usize = 0;
/** Where the object of the present event goes on; `scratch` if it has nothing yet. */
let at: usize = 0;

export function defineExtraColumn(): void {
  column = addColumn();
  room = 4096;
  scratch = heap.alloc(room);
}

// @ts-ignore: decorator
@inline
export function beginExtra(): void {
  at = scratch;
}

/** Notes `key:value`, as they came. */
export function addExtra(key: usize, keyEnd: usize, value: usize, valueEnd: usize): void {
  const bytes = keyEnd - key + (valueEnd - value) + 2;
  const used = at - scratch;
  if (used + bytes + 17 > room) {
    room = 2 * (used + bytes + 17);
    scratch = heap.realloc(scratch, room);
    at = scratch + used;
  }
  store<u8>(at, used == 0 ? 0x7b : 0x2c);
  at++;
  copyLoose(at, key, keyEnd - key);
  at += keyEnd - key;
  store<u8>(at++, 0x3a);
  copyLoose(at, value, valueEnd - value);
  at += valueEnd - value;
}

/** Adds the object to the row, if anything was noted. */
export function endExtra(): void {
  if (at == scratch) return;
  store<u8>(at, 0x7d);
  const bytes = at + 1 - scratch;
  const to = beginValue(column, bytes + 4);
  store<u32>(to, <u32>bytes);
  copyLoose(to + 4, scratch, bytes);
  endValue(column, to + 4 + bytes);
}
