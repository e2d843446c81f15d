import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type PathsOptions, paths } from "../../src/analyses/paths.js";
import { expectAsReference } from "./against-reference.js";
import { EVENT_TYPES } from "./generate-events.js";
import { analysisOptions, eventChoice } from "./generate-options.js";
import { MadeSources } from "./made-source.js";
import * as reference from "./reference/paths.js";
import { did, range } from "./reference/written.js";

const sources = new MadeSources();
afterAll(() => sources.close());

test("paths are what their reference says", async () => {
  const types = fc.subarray([...EVENT_TYPES]);
  const own = fc.record(
    {
      direction: fc.constantFrom("starting with", "ending with"),
      steps: fc.constantFrom(1, 2, 6),
      window: fc.constantFrom("session", "30s", "1h", "3d"),
      count: fc.constantFrom("uniques", "totals"),
      collapse: fc.boolean(),
      hide: types,
      only: types,
      top: fc.constantFrom(1, 2),
    },
    { requiredKeys: [] },
  );
  await expectAsReference(
    sources,
    (set) =>
      fc.tuple(
        eventChoice,
        fc.tuple(analysisOptions(set), own).map(([all, more]): PathsOptions => ({ ...all, ...more })),
      ),
    (source, [event, options]) => paths(source, event, options),
    (events, setting, [event, options]) => reference.paths(events, setting, event, options),
  );
});

const events = [
  did(1, "2026-04-01T08:00:00", "B"),
  did(1, "2026-04-01T09:00:00", "A"),
  did(1, "2026-04-01T10:00:00", "C"),
  did(2, "2026-04-01T09:00:00", "A"),
];
const setting = range("2026-04-01", "2026-05-01");

test("the chart is of flows, its columns counted from 0 in either direction", async () => {
  const source = await sources.of(events, setting);
  expect((await paths(source, "A", { steps: 2 })).chart).toEqual({
    kind: "flows",
    title: "What users do after A",
    flows: [
      { column: 0, from: "A", to: "(dropped off)", value: 1 },
      { column: 0, from: "A", to: "C", value: 1 },
      { column: 1, from: "C", to: "(dropped off)", value: 1 },
    ],
  });
  expect((await paths(source, "A", { steps: 2, direction: "ending with" })).chart).toMatchObject({
    title: "What users do before A",
    flows: [
      { column: 0, from: "(did not perform an event)", to: "B" },
      { column: 1, from: "(did not perform an event)", to: "A" },
      { column: 1, from: "B", to: "A" },
    ],
  });
});

test("refuses wrong options", async () => {
  const source = await sources.of(events, setting);
  await expect(paths(source, "A", { steps: 0 })).rejects.toThrow("steps is 0");
  await expect(paths(source, "A", { window: "soon" })).rejects.toThrow('window is "soon"');
  await expect(paths(source, "A", { direction: "after" as "ending with" })).rejects.toThrow("after");
});
