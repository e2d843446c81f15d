import fc from "fast-check";
import { test } from "vitest";
import { eventText } from "./arbitrary-event.js";
import { jsonText, space } from "./arbitrary-json.js";
import { Decoding } from "./decoding.js";
import { checkDecoded } from "./expected-member.js";

const decoding = Decoding.forThisFile();

async function check(...members: Uint8Array[]): Promise<void> {
  const decoded = await decoding.use().decode(members);
  checkDecoded(members, decoded, await decoding.use().allRows(decoded));
}

const line = fc.oneof(
  { weight: 20, arbitrary: eventText },
  { weight: 1, arbitrary: space },
  { weight: 1, arbitrary: jsonText },
);

test("every value of every row is what the plain reading says, and every other line is rejected", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 40 }),
      fc.constantFrom("\n", "\r\n"),
      fc.constantFrom("", "\n"),
      fc.constantFrom("", "\ufeff"),
      (lines, feed, last, bom) => check(Buffer.from(bom + lines.join(feed) + last)),
    ),
    { seed: 20250701, numRuns: 120, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
  );
});
