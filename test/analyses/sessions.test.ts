import fc from "fast-check";
import { afterAll, describe, test } from "vitest";
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
