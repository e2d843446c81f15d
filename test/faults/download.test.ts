import { expect, test } from "vitest";
import { DOWNLOAD_FAULTS } from "./download-faults.js";
import { expectExpected } from "./expected-outcome.js";
import { ATTEMPTS, tryDownload } from "./try-download.js";

/** Every seventh of the cases of `npm run test:faults`, which come to all places and numbers of times. */
const cases = DOWNLOAD_FAULTS.flatMap((fault) =>
  [1, ATTEMPTS - 1, Number.POSITIVE_INFINITY].map((times) => ({ fault, times })),
).filter((_, i) => i % 7 === 0);
const LEAKS = DOWNLOAD_FAULTS.filter(({ name }) => /key/.test(name)).map((fault) => ({ fault, times: 1 }));

test.each(
  [...cases, ...LEAKS].map((each) => ({
    ...each,
    name: `${each.fault.name}, ${each.fault.place}, ${each.times}`,
  })),
)("the lake and its keys survive: $name", async ({ fault, times }) => {
  const outcome = await tryDownload(fault, times);
  expectExpected(fault, times, outcome);
  expect(outcome.requests).toBeGreaterThan(0);
});
