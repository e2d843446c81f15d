import { randomFillSync } from "node:crypto";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { crc32InMemory } from "../../src/decode/crc32.js";
import { compileDecoder, type DecoderExports, instantiateDecoder } from "../../src/decode/wasm.js";

const MOST = 300_000;
/** Where the ways to take bytes change: what cannot be shortened, whole words, rounds of a thousand words. */
const EDGES = [0, 16_383, 16_384, 16_385, 21_183, 21_184, 21_185, 37_568, 262_144];

let decoder: DecoderExports;

beforeAll(async () => {
  decoder = await instantiateDecoder(await compileDecoder());
  decoder.ensureInput(MOST + 16);
});

const lengths = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.integer({ min: 0, max: MOST }),
  fc.integer({ min: 16_384, max: 40_000 }),
);

test("bytes in the decoder's memory have the CRC-32 that zlib finds, wherever they begin and end", () => {
  const given = fc.record({
    length: lengths,
    from: fc.nat(15),
    before: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    zeros: fc.boolean(),
  });
  fc.assert(
    fc.property(given, ({ length, from, before, zeros }) => {
      const bytes = new Uint8Array(decoder.memory.buffer, decoder.input.value + from, length);
      if (zeros) bytes.fill(0);
      else randomFillSync(bytes);
      expect(crc32InMemory(decoder, bytes, before)).toBe(crc32(bytes, before));
    }),
    { numRuns: 500 },
  );
});

test("any bit that is another makes it another", () => {
  const bytes = new Uint8Array(decoder.memory.buffer, decoder.input.value, 30_000);
  randomFillSync(bytes);
  const right = crc32InMemory(decoder, bytes, 0);
  for (let bit = 0; bit < bytes.length * 8; bit += 997) {
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    expect(crc32InMemory(decoder, bytes, 0)).not.toBe(right);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
  }
});
