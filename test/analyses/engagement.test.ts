import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type EngagementOptions, engagement, usageInterval } from "../../src/analyses/engagement.js";
import { expectAsReference } from "./against-reference.js";
import { PROPERTIES } from "./generate-events.js";
import { analysisOptions, eventChoice } from "./generate-options.js";
import { MadeSources } from "./made-source.js";
import * as reference from "./reference/engagement.js";
import { did, range } from "./reference/written.js";

const sources = new MadeSources();
afterAll(() => sources.close());

const properties = fc.constantFrom(...PROPERTIES);

test("engagement is what its reference says", async () => {
  const own = fc.record(
    {
      count: fc.constantFrom("times", "days"),
      interval: fc.constantFrom("hour", "day", "week", "month", "quarter"),
      buckets: fc.constantFrom<NonNullable<EngagementOptions["buckets"]>[]>(
        [
          [1, 1],
          [2, 3],
          [4, null],
        ],
        [[2, null]],
      ),
      groupBy: fc.oneof(properties, fc.uniqueArray(properties, { maxLength: 2 })),
    },
    { requiredKeys: [] },
  );
  await expectAsReference(
    sources,
    (set) =>
      fc.tuple(
        eventChoice,
        fc
          .tuple(analysisOptions(set), own)
          .map(([all, more]): EngagementOptions<string> => ({ ...all, ...more })),
      ),
    (source, [event, options]) => engagement(source, event, options),
    (events, setting, [event, options]) => reference.engagement(events, setting, event, options),
  );
});

test("usageInterval is what its reference says", async () => {
  await expectAsReference(
    sources,
    (set) => fc.tuple(eventChoice, analysisOptions(set)),
    (source, [event, options]) => usageInterval(source, event, options),
    (events, setting, [event, options]) => reference.usageInterval(events, setting, event, options),
  );
});

const events = [
  did(1, "2026-11-02T10:00:00"),
  did(1, "2026-11-02T11:00:00"),
  did(1, "2026-11-03T10:00:00"),
  did(2, "2026-11-03T10:00:00"),
];
const setting = range("2026-11-02", "2026-11-04");

test("charts are bars for the whole range, and parts over time with an interval", async () => {
  const source = await sources.of(events, setting);
  expect((await engagement(source, "Open")).chart).toMatchObject({
    kind: "bars",
    bars: [
      { name: "1", value: 1 },
      { name: "3", value: 1 },
    ],
  });
  expect(
    (
      await engagement(source, "Open", {
        interval: "day",
        buckets: [
          [1, 1],
          [2, null],
        ],
      })
    ).chart,
  ).toMatchObject({
    kind: "stack",
    times: [{ label: "2026-11-02" }, { label: "2026-11-03" }],
    parts: [
      { name: "1", values: [0, 2] },
      { name: "2 or more", values: [1, 0] },
    ],
  });
  expect((await usageInterval(source, "Open")).chart).toMatchObject({
    kind: "bars",
    unit: "percent",
    bars: [{ name: "1 d", value: 1 }],
  });
});

test("refuses wrong options", async () => {
  const source = await sources.of(events, setting);
  await expect(engagement(source, "Open", { buckets: [[3, 2]] })).rejects.toThrow("A bucket is [3,2]");
  await expect(engagement(source, "Open", { count: "weeks" as "days" })).rejects.toThrow("weeks");
});
