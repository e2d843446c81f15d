import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { cohort } from "../../src/analyses/cohort.js";
import type { CohortDefinition, CohortTime } from "../../src/analyses/cohort-definition.js";
import { runs, TIMEOUT } from "./alike.js";
import { type DataSet, dataSet } from "./generate-events.js";
import { analysisOptions, eventChoice, filter } from "./generate-options.js";
import { days, made } from "./made-events.js";
import { MadeSources } from "./made-source.js";
import { cohort as reference } from "./reference/cohort.js";

const sources = new MadeSources();
afterAll(() => sources.close());

function timeIn({ events, setting }: DataSet): fc.Arbitrary<CohortTime> {
  const iso = (micros: bigint): string =>
    `${new Date(Number(micros / 1_000_000n) * 1000).toISOString().slice(0, 19)}Z`;
  const moments = [...events.map(({ event_time }) => event_time), setting.from, setting.until];
  const range = fc
    .tuple(fc.constantFrom(...moments), fc.constantFrom(...moments))
    .map(([a, b]) => ({ from: iso(a < b ? a : b), to: iso(a < b ? b : a) }));
  return fc.oneof(fc.constantFrom<CohortTime>({}, { last: "1d" }, { last: "3d" }), range);
}

function definitionIn(set: DataSet): fc.Arbitrary<CohortDefinition> {
  const time = timeIn(set);
  const amount = fc.record(
    {
      count: fc.constantFrom("times" as const, "days" as const),
      atLeast: fc.constantFrom(1, 2, 3),
      atMost: fc.constantFrom(1, 2, 5),
      exactly: fc.constantFrom(1, 2),
    },
    { requiredKeys: [] },
  );
  const sum = fc.record(
    {
      count: fc.constantFrom("price", "kind", "country").map((property) => ({ sum: property })),
      atLeast: fc.constantFrom(-5, 0, 10, 12.25),
      atMost: fc.constantFrom(-1, 0, 20),
      exactly: fc.constantFrom(10, 0),
    },
    { requiredKeys: ["count"] },
  );
  const seldomExactly = fc
    .oneof(amount, sum)
    .map(({ exactly, ...others }) =>
      exactly !== undefined && others.atLeast === undefined ? { exactly, ...others } : others,
    );
  const clause: fc.Arbitrary<CohortDefinition> = fc.oneof(
    fc.tuple(eventChoice, seldomExactly, time).map(([did, of, when]) => ({ did, ...of, ...when })),
    fc.tuple(eventChoice, time).map(([didNot, when]) => ({ didNot, ...when })),
    fc
      .tuple(
        fc.oneof(filter, fc.array(filter, { minLength: 1, maxLength: 2 })),
        fc.constantFrom("any event" as const, "last event" as const, undefined),
        time,
      )
      .map(([had, at, when]) => ({ had, ...(at === undefined ? {} : { at }), ...when })),
    time.map((when) => ({ new: true as const, ...when })),
    fc.uniqueArray(fc.constantFrom(1, "2", 3n, 99), { maxLength: 2 }).map((ids) => ({ ids })),
  );
  const { any } = fc.letrec<{ any: CohortDefinition }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      { weight: 3, arbitrary: clause },
      { weight: 1, arbitrary: fc.array(tie("any"), { minLength: 1, maxLength: 3 }).map((all) => ({ all })) },
      { weight: 1, arbitrary: fc.array(tie("any"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })) },
      { weight: 1, arbitrary: tie("any").map((not) => ({ not })) },
    ),
  }));
  return any;
}

const asked = dataSet.chain((set) =>
  fc.record({
    set: fc.constant(set),
    definition: definitionIn(set),
    options: analysisOptions(set).map(({ segments: _, ...options }) => options),
  }),
);

test("a cohort has the users that the plain one has", { timeout: TIMEOUT }, async () => {
  const sizes: number[] = [];
  await fc.assert(
    fc.asyncProperty(asked, async ({ set, definition, options }) => {
      const { events, setting, timeZone } = set;
      const source = await sources.of(events, setting, timeZone);
      const found = await cohort(source, definition, options);
      const expected = reference(events, setting, definition, { timeZone, ...options });
      sizes.push(expected.length);
      expect([...found.rows].map(({ amplitude_id }) => amplitude_id)).toEqual(expected);
    }),
    { numRuns: runs(300) },
  );
  expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(sizes.length / 4);
});

async function users(events: Parameters<typeof sources.of>[0], definition: CohortDefinition, options = {}) {
  const source = await sources.of(events, days("2026-01-01", "2026-01-02"));
  return [...(await cohort(source, definition, options)).rows].map(({ amplitude_id }) =>
    Number(amplitude_id),
  );
}

test("a column without a value is an empty set", async () => {
  const events = [
    made("a", "2026-01-01T01:00:00", { amplitude_id: 1 }),
    made("a", "2026-01-01T01:00:00", { amplitude_id: 2, country: "DE" }),
  ];
  expect(await users(events, { had: { property: "country", op: "set is", value: null } })).toEqual([1]);
});

test("an id that logged in without a device is claimed by nobody", async () => {
  const on = (amplitude_id: number, hour: number, device_id: string | null, user_id: string | null) =>
    made("a", `2026-01-01T0${hour}:00:00`, { amplitude_id, device_id, user_id });
  const events = [on(1, 1, "phone", null), on(2, 2, "phone", "ann"), on(3, 3, "tablet", null)];
  const more = [...events, on(4, 4, "tablet", "bob"), on(3, 5, null, "carl")];
  expect(await users(events, { did: "a" }, { identity: "estimated" })).toEqual([2, 3]);
  expect(await users(more, { did: "a" }, { identity: "estimated" })).toEqual([2, 3, 4]);
});
