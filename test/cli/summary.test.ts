import { expect, test } from "vitest";
import { paintFor } from "../../src/cli/paint.js";
import { loadLine, loadSummary, nextSteps, pullLine, pullSummary, warnings } from "../../src/cli/summary.js";
import { type Hour, parseHourRange } from "../../src/hour.js";
import type { LoadReport, PullReport } from "../../src/index.js";

const paint = paintFor({ isTTY: false }, {});
const style = { lake: "./amplitude", paint };
const PULLED: PullReport = {
  ...{
    hours: 168,
    members: 400,
    lines: 120_010,
    loaded: 120_003,
    quarantined: 5,
    blank: 2,
    duplicates: 3,
    forgotten: 0,
  },
  ...{ bytes: 41_200_000, seconds: 12.4, requests: 9 },
  range: parseHourRange("2026-11-16", "2026-11-22") ?? null,
  empty: ["2026-11-17T03" as Hour],
  settling: [],
  replaced: [],
  refused: [{ what: "2026-11-18T05", reason: "The hour is larger than\n\u001b[2J4 GB.", wayOut: "Use S3." }],
};
const LOADED: LoadReport = {
  ...{ hours: 2, members: 3, lines: 10, loaded: 9, quarantined: 0, blank: 1, duplicates: 1, forgotten: 0 },
  ...{ bytes: 1000, seconds: 0.1 },
  alreadyLoaded: ["a.zip"],
  skipped: [],
  refused: [],
};

test("a pull for a reader: what came, what did not, and why; nothing in it steers the terminal", () => {
  expect(pullSummary(PULLED, style).split("\n")).toEqual([
    "✗ 168 upload hours in ./amplitude  2026-11-16..2026-11-22 UTC",
    "  events       120,000  12.4 s, 9.7 k a second",
    "  archives     41.2 MB  9 requests",
    "  duplicates         3  removed: one row a uuid is kept",
    "  quarantined        5  lines that could not be read: ./amplitude/_ampframe/quarantine/",
    "  empty         1 hour  Amplitude has no events for them",
    "  refused 2026-11-18T05: The hour is larger than \\u001b[2J4 GB.",
    "    Use S3.",
  ]);
});

test("a pull in one line", () => {
  expect(pullLine(PULLED, "./amplitude")).toBe(
    "pulled 168 hours (1 empty), 120,000 events into ./amplitude, 3 duplicates removed, 5 lines quarantined, 41.2 MB in 12.4 s",
  );
});

test("a pull that had nothing to do says so", () => {
  const none: PullReport = {
    ...PULLED,
    hours: 0,
    loaded: 0,
    duplicates: 0,
    forgotten: 0,
    quarantined: 0,
    empty: [],
    refused: [],
  };
  expect(pullLine(none, "./amplitude")).toBe("nothing is missing in ./amplitude");
  expect(pullSummary(none, style)).toBe("✓ Nothing is missing in ./amplitude  2026-11-16..2026-11-22 UTC");
});

test("hours that were brought again: how many, what changed in which, and that nothing was thrown away", () => {
  const uuids = { added: ["a-1", "a-2", "a-3"], changed: [], gone: ["g-1"] };
  const changed = {
    hour: "2026-11-16T05" as Hour,
    before: 9,
    after: 12,
    added: 3,
    changed: 0,
    gone: 1,
    kept: 1,
  };
  const same = { ...changed, hour: "2026-11-16T06" as Hour, after: 9, added: 0, gone: 0, kept: 0 };
  const none = { added: [], changed: [], gone: [] };
  const report = {
    ...{ ...PULLED, refused: [], quarantined: 0 },
    replaced: [
      { ...changed, uuids },
      { ...same, uuids: none },
    ],
  };
  expect(pullSummary(report, style).split("\n").slice(-4)).toEqual([
    "  again       2 hours  3 added, 0 changed, 1 gone, of which 1 stay",
    "  2026-11-16T05  9 → 12 events, 3 added, 0 changed, 1 gone, of which 1 stay",
    "    added a-1 a-2",
    "    gone g-1",
  ]);
  expect(pullLine(report, "./amplitude")).toMatch(
    /, 2 hours brought again \(3 added, 0 changed, 1 gone, of which/,
  );
  expect(warnings(report, "./amplitude")).toEqual([
    "2026-11-16T05: Amplitude no longer gives 1 event that the lake holds; nothing of them was taken out",
  ]);
});

test("a load", () => {
  expect(loadLine(LOADED, "./amplitude")).toBe(
    "loaded 2 hours, 1 file there already, 8 events into ./amplitude, 1 duplicate removed, 1.0 kB in 0.1 s",
  );
  expect(loadSummary(LOADED, style).split("\n")[0]).toBe("✓ 8 events into ./amplitude");
});

test("warnings are for what needs a look, on one line each", () => {
  expect(warnings(LOADED, "./amplitude")).toEqual([]);
  expect(warnings(PULLED, "lake/")).toEqual([
    "5 lines could not be read: see lake/_ampframe/quarantine/",
    "refused 2026-11-18T05: The hour is larger than \\u001b[2J4 GB. Use S3.",
  ]);
});

test("the next steps use the lake that was used", () => {
  expect(nextSteps(" --lake x", paint)).toContain("ampframe export --lake x -o events.parquet");
});
