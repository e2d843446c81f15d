import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ArrivingZip, openInput } from "../../src/archive/index.js";
import { buildZip, type EntryPlan } from "./build-zip.js";
import { save } from "./scratch.js";

const member = (hour: number, more: Partial<EntryPlan> = {}): EntryPlan => ({
  name: `312746/312746_2026-11-20_${hour}#0.json.gz`,
  data: gzipSync(`{"n":${hour},"text":"${"x".repeat(hour * 500)}"}`),
  ...more,
});
/** What stands in a descriptor, in the middle of stored data. */
const FALSE_END = Buffer.concat([
  Buffer.from("ab PK\x07\x08"),
  Buffer.alloc(12),
  Buffer.from("PK\x03\x04 cd"),
]);

/** What is found in `zip` when it comes in pieces of `size` bytes, and after how many bytes. */
function arrive(zip: Uint8Array, size: number) {
  const arriving = new ArrivingZip();
  const found = [];
  for (let at = 0; at < zip.length; at += size) {
    // A piece stands only while it is taken.
    const piece = Buffer.from(zip.subarray(at, at + size));
    for (const one of arriving.take(piece)) found.push({ one, at: at + piece.length });
    piece.fill(0);
  }
  return found;
}

const SHAPES: Record<string, readonly EntryPlan[]> = {
  "sizes before the data": [member(1), member(2, { deflate: true }), member(12)],
  "sizes behind the data": [member(1, { descriptor: true }), member(2, { descriptor: true, deflate: true })],
  "both, folders and markers among them": [
    { name: "312746/", data: Buffer.alloc(0) },
    member(3, { descriptor: true }),
    { name: "312746/.hidden", data: Buffer.from("?") },
    { name: "plain.json", data: FALSE_END, descriptor: true },
    member(4),
  ],
  "an empty entry": [{ name: "empty.json", data: Buffer.alloc(0) }, member(5)],
};

test.each(Object.entries(SHAPES))("%s: what comes is what the directory says", async (_, plan) => {
  const zip = buildZip(plan);
  const input = await openInput(save("arriving.zip", zip));
  await input.close();
  for (const size of [1, 3, 29, 1000, zip.length]) {
    const found = arrive(zip, size);
    expect(found.map(({ one }) => one)).toEqual(input.members);
    // A member is told of when its last byte is there, or what follows it where only that tells.
    for (const { one, at } of found)
      expect(at).toBeLessThan(one.packed!.data + one.compressedBytes + 20 + size);
  }
});

test("what cannot be known before the directory is not told, nor what follows it", () => {
  const lost: EntryPlan[] = [
    member(1, { zip64: true, local: { compressed: 0xffffffff } }),
    member(1, { local: { flags: 0x801 } }),
  ];
  for (const entry of lost) expect(arrive(buildZip([entry, member(2)]), 100)).toEqual([]);
  expect(arrive(Buffer.from("<html>no zip, but long enough to look like one</html>"), 10)).toEqual([]);
  const cut = buildZip([member(1), member(2)]);
  expect(arrive(cut.subarray(0, cut.length / 2), 100)).toHaveLength(1);
});
