import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type CompositionOptions, composition } from "../../src/analyses/composition.js";
import { expectAsReference } from "./against-reference.js";
import { PROPERTIES } from "./generate-events.js";
import { analysisOptions } from "./generate-options.js";
import { MadeSources } from "./made-source.js";
import * as reference from "./reference/composition.js";
import { did, range } from "./reference/written.js";

const sources = new MadeSources();
afterAll(() => sources.close());

test("composition is what its reference says", async () => {
  const own = fc.record(
    { values: fc.constantFrom("most recent", "all"), top: fc.constantFrom(1, 2, 10) },
    { requiredKeys: [] },
  );
  await expectAsReference(
    sources,
    (set) =>
      fc.tuple(
        fc.constantFrom(...PROPERTIES),
        fc.tuple(analysisOptions(set), own).map(([all, more]): CompositionOptions => ({ ...all, ...more })),
      ),
    (source, [property, options]) => composition(source, property, options),
    (events, setting, [property, options]) => reference.composition(events, setting, property, options),
  );
});

const events = [
  did(1, "2026-11-01T10:00:00", "Open", { country: "DE" }),
  did(1, "2026-11-02T10:00:00", "Open", { country: "AT" }),
  did(2, "2026-11-02T10:00:00", "Open", { country: "AT" }),
  did(3, "2026-11-02T10:00:00"),
];

test("the chart has a bar for each value; the explanation says which value is taken", async () => {
  const result = await composition(await sources.of(events, range("2026-11-01", "2026-11-04")), "country");
  expect(result.chart).toEqual({
    kind: "bars",
    title: "Users by country",
    unit: "count",
    bars: [
      { name: "AT", value: 2 },
      { name: "(none)", value: 1 },
    ],
  });
  expect(result.explanation.definition[0]).toContain("the value that they had at the last one");
});

test("refuses wrong options", async () => {
  const source = await sources.of(events, range("2026-11-01", "2026-11-04"));
  await expect(composition(source, "country", { top: 0 })).rejects.toThrow("top is 0");
  await expect(composition(source, "country", { values: "last" as "all" })).rejects.toThrow("last");
});
