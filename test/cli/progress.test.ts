import { expect, test } from "vitest";
import { bytes, clock, count, counted, duration, short } from "../../src/cli/figures.js";
import { paintFor } from "../../src/cli/paint.js";
import { createProgressView } from "../../src/cli/progress.js";
import { noteOf, progressLine, rangeText } from "../../src/cli/progress-line.js";
import { advance, bytesSoFar, eventsSoFar, share, startState } from "../../src/cli/progress-state.js";
import { createRedaction } from "../../src/cli/redaction.js";
import { type HourRange, parseHourRange } from "../../src/hour.js";
import type { Progress } from "../../src/pipeline/report.js";

const PLAIN = paintFor({ isTTY: false }, {});
const MONDAY = range("2026-11-16", "2026-11-16");
const TUESDAY = range("2026-11-17", "2026-11-17");

function range(from: string, to: string): HourRange {
  const found = parseHourRange(from, to);
  if (!found) throw new Error(`${from}..${to} is no range`);
  return found;
}

const PULL: readonly Progress[] = [
  { kind: "planned", windows: 2, hours: 48, bytes: null },
  { kind: "requested", window: MONDAY, attempt: 1 },
  { kind: "received", window: MONDAY, bytes: 1_000_000, total: null },
  { kind: "requested", window: MONDAY, attempt: 2 },
  { kind: "received", window: MONDAY, bytes: 2_000_000, total: null },
  { kind: "requested", window: TUESDAY, attempt: 1 },
  { kind: "received", window: TUESDAY, bytes: 500_000, total: null },
  { kind: "decoded", input: "monday.zip", archiveBytes: 2_000_000, events: 90_000 },
  { kind: "committed", version: 1, hours: 24, rows: 90_000 },
];

test("the state adds windows up, and an attempt that starts anew counts from nothing", () => {
  const state = PULL.reduce(advance, startState(0));
  expect(bytesSoFar(state)).toBe(2_500_000);
  expect(eventsSoFar(state)).toBe(90_000);
  expect(share(state)).toBe(0.5);
});

test("a load is measured by bytes", () => {
  const state = (
    [
      { kind: "planned", windows: 0, hours: 0, bytes: 4_000_000 },
      { kind: "decoded", input: "a.zip", archiveBytes: 1_000_000, events: 10 },
    ] as const
  ).reduce<ReturnType<typeof startState>>(advance, startState(0));
  expect(share(state)).toBe(0.25);
});

test("the line says all of it and never fills the last column", () => {
  const state = PULL.reduce(advance, startState(0));
  expect(progressLine(state, 100, 10_000, PLAIN)).toBe(
    "━━━━━━━━━━━━────────────  24/48 h  2.5 MB  90.0 k events  9.0 k/s  0:10 left",
  );
  for (let columns = 1; columns < 120; columns += 1) {
    expect(progressLine(state, columns, 10_000, PLAIN).length).toBeLessThan(Math.max(columns, 1));
  }
});

test("before the first byte the line says what it waits for", () => {
  const state = PULL.slice(0, 2).reduce(advance, startState(0));
  expect(progressLine(state, 80, 12_000, PLAIN)).toContain("waiting for 2026-11-16  0:12");
});

test("retries, splits and refusals stay on the screen; the view clears its line", () => {
  let text = "";
  const stderr = {
    isTTY: true,
    columns: 80,
    write(piece: string | Uint8Array) {
      text += piece;
      return true;
    },
  };
  const redaction = createRedaction();
  redaction.add("canary-key");
  const view = createProgressView({}, { stderr, env: { NO_COLOR: "1" }, now: () => 0, redaction });
  view.show({ kind: "retry", window: MONDAY, reason: "503 from canary-key.", waitMs: 7000 });
  view.show({ kind: "split", window: MONDAY, reason: "more than 4 GB." });
  view.end();
  expect(text).toContain("\r\u001b[Kretry   2026-11-16  in 0:07: 503 from [hidden].\n");
  expect(text).toContain("\r\u001b[Ksplit   2026-11-16  in two: more than 4 GB.\n");
  expect(text.endsWith("\r\u001b[K")).toBe(true);
});

test.each([
  [{ quiet: true }, true],
  [{}, false],
])("with %j on a terminal: %s, nothing is drawn", (options, isTTY) => {
  const stderr = {
    isTTY,
    write() {
      throw new Error("drawn");
    },
  };
  const view = createProgressView(options, { stderr, env: {}, now: Date.now, redaction: createRedaction() });
  for (const progress of PULL) view.show(progress);
  view.end();
});

test("only what must stay is a note", () => {
  expect(PULL.map(noteOf).filter(Boolean)).toEqual([]);
});

test.each([
  [["2026-11-16", "2026-11-16"], "2026-11-16"],
  [["2026-11-16", "2026-11-18"], "2026-11-16..2026-11-18"],
  [["2026-11-16T05", "2026-11-16T05"], "2026-11-16T05"],
  [["2026-11-16T00", "2026-11-16T11"], "2026-11-16T00..T11"],
  [["2026-11-16T03", "2026-11-18T05"], "2026-11-16T03..2026-11-18T05"],
] as const)("%j reads %s", ([from, to], text) => {
  expect(rangeText(range(from, to))).toBe(text);
});

test("figures", () => {
  expect([0, 999, 1000, 1234567].map(count)).toEqual(["0", "999", "1,000", "1,234,567"]);
  expect([counted(1, "hour"), counted(2, "hour"), counted(0, "hour")]).toEqual([
    "1 hour",
    "2 hours",
    "0 hours",
  ]);
  expect([0, 999, 999.6, 1000, 99_940, 999_400, 999_960, 4.3e9].map(short)).toEqual([
    "0",
    "999",
    "1.0 k",
    "1.0 k",
    "99.9 k",
    "999 k",
    "1.0 M",
    "4.3 G",
  ]);
  expect([0, 950, 41_200_000].map(bytes)).toEqual(["0 B", "950 B", "41.2 MB"]);
  expect([0.04, 12.34, 59.94, 59.96, 125, 3725].map(duration)).toEqual([
    "0.0 s",
    "12.3 s",
    "59.9 s",
    "1 min 00 s",
    "2 min 05 s",
    "1 h 02 min",
  ]);
  expect([7.4, 60, 3723].map(clock)).toEqual(["0:07", "1:00", "1:02:03"]);
});
