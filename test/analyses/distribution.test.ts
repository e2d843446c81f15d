import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { usualBins } from "../../src/analyses/bins.js";
import { type DistributionOptions, distribution } from "../../src/analyses/distribution.js";
import { expectAsReference } from "./against-reference.js";
import { PROPERTIES } from "./generate-events.js";
import { analysisOptions, eventChoice } from "./generate-options.js";
import { MadeSources } from "./made-source.js";
import * as reference from "./reference/distribution.js";
import { did, range } from "./reference/written.js";

const sources = new MadeSources();
afterAll(() => sources.close());

const properties = fc.constantFrom(...PROPERTIES);

test("distribution is what its reference says", async () => {
  const own = fc.record(
    {
      bins: fc.constantFrom([0, 10, 20], [-5, 2.25, 2.5], [10, 10.5]),
      groupBy: fc.oneof(properties, fc.uniqueArray(properties, { maxLength: 2 })),
    },
    { requiredKeys: [] },
  );
  const numeric = fc.constantFrom("price", "price", "price", "kind", "session_id", "platform");
  await expectAsReference(
    sources,
    (set) =>
      fc.tuple(
        eventChoice,
        numeric,
        fc
          .tuple(analysisOptions(set), own)
          .map(([all, more]): DistributionOptions<string> => ({ ...all, ...more })),
      ),
    (source, [event, property, options]) => distribution(source, event, property, options),
    (events, setting, [event, property, options]) =>
      reference.distribution(events, setting, event, property, options),
  );
});

test("bins that are not given are what the reference finds by trying", () => {
  const number = fc.oneof(
    fc.integer({ min: -1000, max: 1000 }),
    fc.integer({ min: -100_000, max: 100_000 }).map((cents) => cents / 100),
    fc.constantFrom(0, 0.1, 0.3, 1e-9, 1e15, 1.5e300, -1e12),
  );
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 4 }), (numbers) => {
      const ends = reference.usualEnds(numbers);
      const bins = usualBins(Math.min(...numbers), Math.max(...numbers), numbers.every(Number.isInteger));
      expect([bins[0]![0], ...bins.map(([, to]) => to)]).toEqual(ends);
      for (const one of numbers) expect(bins.filter(([from, to]) => one >= from && one < to)).toHaveLength(1);
    }),
  );
});

const price = (user: number, time: string, of: unknown) =>
  did(user, time, "Buy", { properties: { price: of } });
const events = [
  price(1, "2026-11-02T10:00:00", 5),
  price(2, "2026-11-02T11:00:00", 7),
  price(2, "2026-11-02T12:00:00", "dear"),
];
const setting = range("2026-11-02", "2026-11-04");

test("the chart has a bar for each bin", async () => {
  const result = await distribution(await sources.of(events, setting), "Buy", "price");
  expect(result.chart).toEqual({
    kind: "bars",
    title: "Buy by price",
    unit: "count",
    bars: [
      { name: "5 to < 6", value: 1 },
      { name: "6 to < 7", value: 0 },
      { name: "7 to < 8", value: 1 },
    ],
  });
  expect(result.explanation.differences[0]).toContain("bins are not published");
});

test("refuses wrong bins, and has no rows without numbers", async () => {
  const source = await sources.of(events, setting);
  await expect(distribution(source, "Buy", "price", { bins: [5] })).rejects.toThrow("bins is [5]");
  await expect(distribution(source, "Buy", "price", { bins: [5, 5] })).rejects.toThrow("bins is [5,5]");
  expect((await distribution(source, "Buy", "country")).rows).toHaveLength(0);
  expect((await distribution(source, "Buy", "country", { bins: [0, 1] })).rows).toMatchObject([
    { totals: 0, share: null, users: 0 },
  ]);
});
