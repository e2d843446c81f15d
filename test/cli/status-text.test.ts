import { expect, test } from "vitest";
import { paintFor } from "../../src/cli/paint.js";
import { statusText } from "../../src/cli/status-text.js";
import type { Hour, LakeStatus, SourceStatus, SyncStatus } from "../../src/index.js";

const paint = paintFor({ isTTY: false }, {});
const hour = (text: string) => `2026-11-16T${text}` as Hour;
const none = { provisional: false, reason: null, wayOut: null, rows: 0 };
const source: SourceStatus = {
  ...{ id: "us-1", project: "shop", rows: 9, provisional: 1 },
  range: { from: hour("00"), to: hour("05") },
  hours: [
    { ...none, hour: hour("00"), state: "held", rows: 9 },
    { ...none, hour: hour("01"), state: "missing" },
    { ...none, hour: hour("02"), state: "missing" },
    { ...none, hour: hour("03"), state: "refused", reason: "over 4 GB", wayOut: "Use \u001b[2JS3." },
    { ...none, hour: hour("04"), state: "missing" },
    { ...none, hour: hour("05"), state: "empty", provisional: true },
  ],
  counts: { held: 1, missing: 3, refused: 1, empty: 1, loaded: 0, settling: 0 },
  gaps: [
    { from: hour("01"), to: hour("02"), hours: 2 },
    { from: hour("04"), to: hour("04"), hours: 1 },
  ],
  oldestSettling: { hour: hour("06"), settledAt: "2026-11-16T09:00:00.000Z" },
};
const lake: LakeStatus = {
  ...{ lake: "/lake", version: 3, rows: 9, files: 1, bytes: 1000, quarantined: 0, sync: null },
  sources: [source],
  disk: {
    ...{
      data: 1000,
      replaced: 2000,
      archives: 0,
      quarantine: 0,
      derived: 340,
      log: 3000,
      staging: 0,
      free: 5_000_000_000,
    },
  },
};
const sync: SyncStatus = {
  ...{ formatVersion: 1, pid: 77, host: "box", since: "2026-11-16T00:00:00.000Z", every: "1h" },
  ...{ state: "waiting", updated: "2026-11-16T08:00:00.000Z", rounds: 4, failures: 0, lastRound: null },
  ...{ lastSuccess: "2026-11-16T07:59:00.000Z", lastError: null, nextRound: "2026-11-16T09:00:00.000Z" },
  ...{ oldestMissing: null, oldestSettling: null, process: "alive" },
};

test("status says what is not as it should be, why, and the way out of it", () => {
  expect(statusText(lake, "./amplitude", paint).split("\n").slice(3)).toEqual([
    "              00    06    12    18           events",
    "  2026-11-16  █--×-?                                9",
    "  █ 1 held   ? 1 empty, to be asked again   × 1 refused   - 3 missing",
    "  missing 3 hours: 2026-11-16T01..T02, 2026-11-16T04",
    "    ampframe pull brings them",
    "  refused 2026-11-16T03: over 4 GB",
    "    Use \\u001b[2JS3.",
    "    ampframe pull --refresh FROM..TO asks for them again",
    "  1 hour provisional: asked for once more",
    "  2026-11-16T06 will be final at 2026-11-16T09:00Z",
    "",
    "disk  1.0 kB of data, 2.0 kB in replaced files, 340 B of promoted properties and profiles, 3.0 kB of log and accounts, 5.0 GB free",
  ]);
});

test.each<[Partial<SyncStatus>, string[]]>([
  [{}, ["sync  every 1h by process 77 on box, next round 2026-11-16T09:00Z, last success 2026-11-16T07:59Z"]],
  [
    { state: "pulling" },
    ["sync  every 1h by process 77 on box, pulling now, last success 2026-11-16T07:59Z"],
  ],
  [
    { process: "dead" },
    [
      "sync  stopped: every 1h by process 77 on box is gone without ending; last success 2026-11-16T07:59Z",
      "    start it again: ampframe pull --every 1h",
    ],
  ],
  [
    {
      failures: 3,
      lastSuccess: null,
      lastError: { at: "2026-11-16T08:00:00.000Z", message: "status 503.", wayOut: "Wait." },
    },
    [
      "sync  failing, 3 in a row: every 1h by process 77 on box, next round 2026-11-16T09:00Z, no success yet",
      "    2026-11-16T08:00Z status 503.",
      "    Wait.",
    ],
  ],
  [
    { state: "ended", process: "dead" },
    ["sync  every 1h by process 77 on box ended at 2026-11-16T08:00Z, last success 2026-11-16T07:59Z"],
  ],
])("the repeating pull, %j", (change, lines) => {
  const text = statusText({ ...lake, sync: { ...sync, ...change } }, "./amplitude", paint);
  expect(text.split("\n").slice(15)).toEqual(lines);
});
