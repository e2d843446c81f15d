import { expect, test } from "vitest";
import { SeenUuids } from "../../src/decode/seen-uuids.js";

/** A good 64-bit hash of a number, as two halves (splitmix64). */
function hash(i: number): [number, number] {
  let z = BigInt.asUintN(64, BigInt(i + 1) * 0x9e3779b97f4a7c15n);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  z ^= z >> 31n;
  return [Number(z & 0xffffffffn) | 0, Number(z >> 32n) | 0];
}

test("what was added is seen, by every filter over the same memory; few others are", () => {
  const one = new SeenUuids(SeenUuids.memoryFor(300_000));
  const other = new SeenUuids(one.memory);
  let early = 0;
  for (let i = 0; i < 300_000; i++) if ((i % 2 ? one : other).mayHaveSeen(...hash(i))) early += 1;
  expect(early).toBeLessThan(150);
  for (let i = 0; i < 300_000; i++) expect((i % 2 ? other : one).mayHaveSeen(...hash(i))).toBe(1);
});

test("it takes two bytes a uuid, from 1 to 64 MiB, in whole pages", () => {
  const pages = (count: number) => SeenUuids.memoryFor(count).buffer.byteLength / 65_536;
  expect([0, 10_000, 1e6, 5e6 + 1, 1e9].map(pages)).toEqual([16, 16, 31, 153, 1024]);
});
