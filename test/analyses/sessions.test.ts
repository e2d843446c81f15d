import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  type SessionLengthsOptions,
  type SessionsOptions,
  sessionLengths,
  sessions,
} from "../../src/analyses/sessions.js";
import { expectAsReference } from "./against-reference.js";
import { type DataSet, dataSet, PROPERTIES } from "./generate-events.js";
import { analysisOptions } from "./generate-options.js";
import { MadeSources } from "./made-source.js";
import * as reference from "./reference/sessions.js";
import { did, range } from "./reference/written.js";

const sources = new MadeSources();
afterAll(() => sources.close());

const HOUR_MS = 3_600_000n;
/** With sessions whose ids are times among those of the events. */
const sets = dataSet.map(
  (set): DataSet => ({
    ...set,
    events: set.events.map(({ session_id, ...event }) => {
      const first = set.setting.dataFrom / 1000n + 60n * 24n * HOUR_MS;
      const begun = session_id === 1_767_222_000_000n ? first : first + HOUR_MS;
      return { ...event, session_id: session_id === null || session_id < 0n ? session_id : begun };
    }),
  }),
);

const lengthFrom = fc.constantFrom("first event", "session_id");
const groupBy = fc.oneof(
  fc.constantFrom(...PROPERTIES),
  fc.uniqueArray(fc.constantFrom(...PROPERTIES), { maxLength: 2 }),
);

describe("as the reference does", () => {
  test("sessions", async () => {
    const own = fc.record(
      { lengthFrom, groupBy, interval: fc.constantFrom("hour", "day", "week", "month", "quarter") },
      { requiredKeys: [] },
    );
    await expectAsReference(
      sources,
      (set) =>
        fc
          .tuple(analysisOptions(set), own)
          .map(([all, more]): SessionsOptions<string> => ({ ...all, ...more })),
      sessions,
      reference.sessions,
      { sets },
    );
  });

  test("sessionLengths", async () => {
    const bins = fc.constantFrom([0, 1], [0.5, 30, 3600, 86_400], [1, 3600.000001, 7200]);
    const own = fc.record({ lengthFrom, groupBy, bins }, { requiredKeys: [] });
    await expectAsReference(
      sources,
      (set) =>
        fc
          .tuple(analysisOptions(set), own)
          .map(([all, more]): SessionLengthsOptions<string> => ({ ...all, ...more })),
      sessionLengths,
      reference.sessionLengths,
      { sets },
    );
  });
});

const session = "2026-05-17T20:00:00";
const events = [
  did(1, "2026-05-17T20:00:00", "Open", { session }),
  did(1, "2026-05-18T01:30:00", "Close", { session }),
  did(2, "2026-05-18T01:30:00", "Open", { session: -1n }),
];
const setting = range("2026-05-17", "2026-05-19");

test("charts are a line of sessions and a bar for each bin", async () => {
  const source = await sources.of(events, setting);
  const result = await sessions(source);
  expect(result.chart).toMatchObject({
    kind: "lines",
    times: [{ label: "2026-05-17" }, { label: "2026-05-18" }],
    series: [{ name: "Sessions", values: [1, 0] }],
  });
  expect(result.explanation.definition[1]).toContain("from the first to the last client_event_time");
  expect((await sessionLengths(source, { bins: [0, 3600, 86_400] })).chart).toMatchObject({
    kind: "bars",
    bars: [
      { name: "0 s – 1 h", value: 0 },
      { name: "1 h – 1 d", value: 1 },
    ],
  });
});

test("an id that is no time overflows nothing", async () => {
  const odd = [did(1, session, "Open", { session: 9_223_372_036_854_775_807n })];
  const [row] = (await sessions(await sources.of(odd, setting), { lengthFrom: "session_id" })).rows;
  expect(row).toMatchObject({ sessions: 1, timeSpent: 0 });
});

test("refuses wrong options", async () => {
  const source = await sources.of(events, setting);
  await expect(sessionLengths(source, { bins: [3] })).rejects.toThrow("bins is [3]");
  await expect(sessionLengths(source, { bins: [3, 3] })).rejects.toThrow("bins is [3,3]");
  await expect(sessions(source, { lengthFrom: "upload" as "session_id" })).rejects.toThrow("upload");
});
