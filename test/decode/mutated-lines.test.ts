import fc from "fast-check";
import { expect, test } from "vitest";
import { eventText, goodEvent } from "./arbitrary-event.js";
import { COLUMN_NAMES, Decoding } from "./decoding.js";
import { checkDecoded } from "./expected-member.js";

const decoding = Decoding.forThisFile();
const UUID = COLUMN_NAMES.indexOf("uuid");
const EVENT_TYPE = COLUMN_NAMES.indexOf("event_type");

/** Puts each line between two good ones, checks the whole, and that every good one came through. */
async function checkAmongGood(lines: readonly Uint8Array[], feed = "\n"): Promise<{ rejected: number }> {
  const parts: Uint8Array[] = [];
  for (const [i, line] of lines.entries()) {
    parts.push(Buffer.from(goodEvent(`good-${i}`) + feed), line, Buffer.from(feed));
  }
  parts.push(Buffer.from(goodEvent(`good-${lines.length}`)));
  const member = Buffer.concat(parts);
  const decoded = await decoding.use().decode([member]);
  const rows = await decoding.use().allRows(decoded);
  checkDecoded([member], decoded, rows);
  const good = rows.filter((row) => row[EVENT_TYPE] === "good").map((row) => row[UUID]);
  expect(good).toEqual(Array.from({ length: lines.length + 1 }, (_, i) => `good-${i}`));
  return { rejected: decoded.rejected.length };
}

const RICH = Buffer.from(
  [
    '{ "uuid":"0b3f\\u0041-é€😀","event_type":"a\\/b" ,"server_upload_time":"2025-07-01 16:34:54.83",',
    '"app":-120,"location_lat":1.5e+1,"paying":true,"city":null,"event_time":"2024-02-29T00:00:00+05:30",',
    '"session_id":"12", "is_attribution_event":"false","event_properties":{"a":[1,-0.5,{"b":[]}, "\\ud83d\\ude00"],',
    '"c":false},"unknown":[ null ]}\r',
  ].join(""),
);
const INSERTED = [...'"\\{}[]:,. \t\n0-e+u/x', "\0", "\u001f"]
  .map((c) => c.charCodeAt(0))
  .concat(0x80, 0xbf, 0xc3, 0xed, 0xff);

/** `bytes` with `removed` bytes at `at` replaced by `inserted`. */
function spliced(bytes: Uint8Array, at: number, removed: number, ...inserted: number[]): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(inserted), bytes.subarray(at + removed)]);
}

const places = [...RICH.keys()];

test.each([
  ["whole", [RICH]],
  ["cut off anywhere", places.map((at) => RICH.subarray(0, at))],
  ["begun anywhere", places.map((at) => RICH.subarray(at))],
  ["with any byte deleted", places.map((at) => spliced(RICH, at, 1))],
  [
    "with any bit flipped",
    places.flatMap((at) =>
      [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => spliced(RICH, at, 1, RICH[at]! ^ (1 << bit))),
    ),
  ],
  [
    "with a byte inserted anywhere",
    places.flatMap((at) => INSERTED.map((byte) => spliced(RICH, at, 0, byte))),
  ],
  ["with a byte doubled", places.map((at) => spliced(RICH, at, 0, RICH[at]!))],
])("a rich line %s", async (what, lines) => {
  const { rejected } = await checkAmongGood(lines);
  if (what === "whole") expect(rejected).toBe(0);
  else expect(rejected).toBeGreaterThan(lines.length / 2);
});

const byte = fc.oneof(fc.constantFrom(...INSERTED), fc.nat(255));
const mutation = fc.tuple(fc.nat(), fc.constantFrom(0, 0, 1, 1, 1, 2, 17), fc.array(byte, { maxLength: 2 }));
const mutant = fc
  .tuple(eventText, fc.array(mutation, { minLength: 1, maxLength: 2 }))
  .map(([text, mutations]) =>
    mutations.reduce<Uint8Array>(
      (bytes, [place, removed, inserted]) => spliced(bytes, place % (bytes.length + 1), removed, ...inserted),
      Buffer.from(text),
    ),
  );

test("any line with bytes changed, inserted and deleted is taken or rejected as the plain reading says", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(mutant, { minLength: 1, maxLength: 40 }),
      fc.constantFrom("\n", "\r\n"),
      async (lines, feed) => {
        await checkAmongGood(lines, feed);
      },
    ),
    { seed: 20250702, numRuns: 80, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
  );
});
