import { expect, test } from "vitest";
import { SeenUuids } from "../../src/decode/seen-uuids.js";

/** A good 32-bit hash of a number (the finalizer of MurmurHash3). */
function mixed(i: number): number {
  let x = Math.imul(i ^ (i >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** Two halves of a hash of a number. */
const hash = (i: number): [number, number] => [mixed(2 * i + 1), mixed(2 * i + 2)];

test("what was added is seen, by every filter over the same memory; few others are", () => {
  const count = 1_000_000;
  const one = new SeenUuids(SeenUuids.memoryFor(count));
  const other = new SeenUuids(one.memory);
  let early = 0;
  for (let i = 0; i < count; i++) early += (i % 2 ? one : other).mayHaveSeen(...hash(i));
  expect(early).toBeLessThan(300);
  let missed = 0;
  for (let i = 0; i < count; i++) missed += 1 - (i % 2 ? other : one).mayHaveSeen(...hash(i));
  expect(missed).toBe(0);
});

test("it takes two bytes a uuid, from 1 to 64 MiB, in whole pages", () => {
  const pages = (count: number) => SeenUuids.memoryFor(count).buffer.byteLength / 65_536;
  expect([0, 10_000, 1e6, 5e6 + 1, 1e9].map(pages)).toEqual([16, 16, 31, 153, 1024]);
});
