import fc from "fast-check";
import { expect, test } from "vitest";
import { eventText, goodEvent } from "./arbitrary-event.js";
import { Decoding } from "./decoding.js";
import { checkDecoded, expectedLines } from "./expected-member.js";

const decoding = Decoding.forThisFile();

const PIECE = 256 * 1024;
const pieceSizes = fc.oneof(
  fc.constantFrom([1], [2], [3], [15, 16, 17], [4096], [PIECE], [1, PIECE]),
  fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }),
  fc.array(fc.integer({ min: 1, max: PIECE }), { minLength: 1, maxLength: 20 }),
);

/** Gives the sizes one after the other, again and again. */
function inTurn(sizes: readonly number[]): () => number {
  let used = 0;
  return () => sizes[used++ % sizes.length]!;
}

test("the same bytes in pieces of any size give the same", async () => {
  const member = fc
    .tuple(
      fc.constantFrom("", "\ufeff"),
      fc.array(fc.oneof(eventText, fc.constantFrom("", "[1", "\ufeff", '{"uuid":')), { maxLength: 12 }),
      fc.constantFrom("\n", "\r\n"),
      fc.constantFrom("", "\n"),
    )
    .map(([bom, lines, feed, last]) => Buffer.from(bom + lines.join(feed) + last));
  await fc.assert(
    fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 3 }), pieceSizes, async (members, sizes) => {
      const decoded = await decoding.use().decode(members, { nextPiece: inTurn(sizes) });
      checkDecoded(members, decoded, await decoding.use().allRows(decoded));
    }),
    { seed: 20250703, numRuns: 90, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
  );
});

test("some megabytes in pieces of any size give the same rows, rejections and hours", async () => {
  const lines = Array.from({ length: 12_000 }, (_, i) => {
    if (i % 97 === 0) return "x";
    if (i % 1001 === 0) return "";
    return goodEvent(`uuid-${i % 9000}`).replace(
      "}",
      `,"event_properties":{"n":${i},"t":"${"ä".repeat(i % 50)}"}}`,
    );
  });
  const member = Buffer.from(lines.join("\n"));
  const expected = expectedLines(member).filter(({ expected }) => expected.kind === "rejected").length;
  const seen: unknown[] = [];
  for (const sizes of [[PIECE], [1000, 7, 250_000], [65_537]]) {
    const decoded = await decoding.use().decode([member], { nextPiece: inTurn(sizes) });
    const rows = await decoding.use().allRows(decoded);
    checkDecoded([member], decoded, rows);
    expect(decoded.rejected.length).toBe(expected);
    seen.push({ rows, rejected: decoded.rejected });
  }
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
});
