import { join } from "node:path";
import { expect, test } from "vitest";
import { thirdPartyNotices } from "../../scripts/third-party-notices.mjs";

const module = (path: string) => join(import.meta.dirname, "../../node_modules", path);

test("each bundled package is named once, with its licence", () => {
  const text = thirdPartyNotices([
    module("@observablehq/plot/src/plot.js"),
    module("@observablehq/plot/src/mark.js"),
    module("d3-array/src/max.js"),
    join(import.meta.dirname, "own.js"),
  ]);
  expect(text.match(/^@?[\w/-]+ [\d.]+ \(ISC\)$/gm)).toHaveLength(2);
  expect(text).toContain("Observable, Inc.");
  expect(text).toContain("Permission to use, copy, modify");
});

test("a licence that nobody has looked at ends the build", () => {
  expect(() => thirdPartyNotices([module("typescript/lib/typescript.js")])).toThrow("Apache-2.0");
});
