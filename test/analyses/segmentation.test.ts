import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { type SegmentationOptions, segmentation } from "../../src/analyses/segmentation.js";
import { expectAlike, runs, TIMEOUT } from "./alike.js";
import { dataSet } from "./generate-events.js";
import { eventChoice, formula, segmentationOptions } from "./generate-options.js";
import { days, made } from "./made-events.js";
import { MadeSources } from "./made-source.js";
import { segmentation as reference, segmentationTotals } from "./reference/segmentation.js";

const sources = new MadeSources();
afterAll(() => sources.close());

const byMeasure = dataSet.chain((set) =>
  fc.record({
    set: fc.constant(set),
    choices: fc.array(eventChoice, { minLength: 1, maxLength: 2 }),
    options: segmentationOptions(set),
  }),
);
const byFormula = dataSet.chain((set) =>
  fc.record({
    set: fc.constant(set),
    choices: fc.tuple(eventChoice, eventChoice),
    options: fc
      .tuple(segmentationOptions(set), formula)
      .map(([{ measure: _, rolling: __, ...options }, text]) => ({
        ...options,
        // With two segments, of both.
        formula: Object.keys(options.segments ?? {}).length < 2 ? text : text.replaceAll("A1", "A2"),
      })),
  }),
);

describe("segmentation gives what the plain one gives", () => {
  for (const [name, asked] of [
    ["by measure", byMeasure],
    ["by formula", byFormula],
  ] as const) {
    test(name, { timeout: TIMEOUT }, async () => {
      await fc.assert(
        fc.asyncProperty(asked, async ({ set, choices, options }) => {
          const { events, setting, timeZone } = set;
          const source = await sources.of(events, setting, timeZone);
          const { timeZone: zone = timeZone } = options;
          const found = await segmentation(source, choices, options);
          const all = { ...options, timeZone: zone };
          expectAlike(found.totals, segmentationTotals(events, setting, choices, all));
          expectAlike(found.rows, reference(events, setting, choices, all));
        }),
        { numRuns: runs(150) },
      );
    });
  }
});

test("users of each interval beside what reaches back before the range", async () => {
  const events = [2, 3, 4, 5].flatMap((day) =>
    Array.from({ length: day }, (_, i) =>
      made("a", `2026-01-0${day}T10:00:0${i}`, { amplitude_id: (i % 3) + 1 }),
    ),
  );
  const source = await sources.of(events, days("2026-01-04", "2026-01-06"));
  const { rows } = await segmentation(source, "a", { formula: "UNIQUES(A); ROLLWIN(TOTALS(A), 3)" });
  expect([...rows].map(({ value }) => value)).toEqual([3, 3, 9, 12]);
});

test("an event without amplitude_id is of no user, however many intervals there are", async () => {
  const nobody = { ...made("a", "2026-01-05T11:00:00"), amplitude_id: null as never };
  const source = await sources.of(
    [made("a", "2026-01-05T10:00:00"), nobody],
    days("2026-01-04", "2026-01-07"),
  );
  for (const interval of ["day", "hour"] as const) {
    const { rows, totals } = await segmentation(source, "a", { interval });
    expect(
      [...rows].filter(({ value }) => value !== 0).map(({ time, value }) => [time.slice(0, 13), value]),
    ).toEqual([[interval === "day" ? "2026-01-05" : "2026-01-05 10", 1]]);
    expect(totals.at(0)?.value).toBe(1);
  }
});

test("a group that no event has is told in the explanation", async () => {
  const events = [made("a", "2026-01-05T10:00:00", { event_properties: { offer: "pro", "size.cm": 1 } })];
  const source = await sources.of(events, days("2026-01-05", "2026-01-06"));
  const differences = async (groupBy: string) =>
    (await segmentation(source, "a", { groupBy })).explanation.differences;
  expect((await differences("ofer"))[0]).toBe('No "a" event has a value of ofer. Did you mean "offer"?');
  expect((await differences("event_properties.ofer"))[0]).toContain('Did you mean "offer"?');
  expect((await differences("size.cn"))[0]).toContain('Did you mean "size.cm"?');
  expect((await differences("user_properties.colour"))[0]).not.toContain("Did you mean");
  expect((await differences("offer"))[0]).not.toContain("offer");
});

test("a chart's title tells what is counted, and which event a formula's letter is", async () => {
  const source = await sources.of([], days("2026-01-05", "2026-01-06"));
  const titleOf = async (options: SegmentationOptions) =>
    (await segmentation(source, ["a", "_active"], options)).chart.title;
  expect(await titleOf({})).toBe("a, any active event: users");
  expect(await titleOf({ measure: "totals" })).toBe("a, any active event: events");
  expect(await titleOf({ measure: { percentile: "p", p: 90 } })).toBe(
    "a, any active event: percentile 90 of p",
  );
  expect(await titleOf({ rolling: 7 })).toBe("a, any active event: users, of 7 days each");
  expect(await titleOf({ formula: "UNIQUES(A)/UNIQUES(B)" })).toBe(
    "UNIQUES(A)/UNIQUES(B), A = a, B = any active event",
  );
});
