import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { EventChoice } from "../../src/analyses/event-choice.js";
import { type FunnelOptions, funnel } from "../../src/analyses/funnel.js";
import { type FunnelReached, funnelUsers } from "../../src/analyses/funnel-users.js";
import { resolveShop } from "../../src/emulator/shop/shop.js";
import { tellTruth } from "../../src/emulator/shop/truth.js";
import { UsageError } from "../../src/errors/index.js";
import { openLake } from "../../src/pipeline/open-lake.js";
import { writeLake } from "../../src/pipeline/write-lake.js";
import { hour } from "../emulator/emulated.js";
import { expectAlike, runs, TIMEOUT } from "./alike.js";
import { dataSet } from "./generate-events.js";
import * as generate from "./generate-options.js";
import { days, made } from "./made-events.js";
import { MadeSources } from "./made-source.js";
import * as reference from "./reference/funnel.js";

const sources = new MadeSources();
afterAll(() => sources.close());

const asked = dataSet.chain((set) =>
  fc.record({
    set: fc.constant(set),
    steps: generate.steps,
    options: generate.funnelOptions(set),
    which: fc.record({ reached: fc.constantFrom(1, 2, 3), droppedOff: fc.boolean() }),
  }),
);

describe("of generated events", () => {
  test("rows are those of the reference", { timeout: TIMEOUT }, async () => {
    await fc.assert(
      fc.asyncProperty(asked, async ({ set, options, steps }) => {
        const { events, setting, timeZone } = set;
        const source = await sources.of(events, setting, timeZone);
        const { timeZone: zone = timeZone } = options;
        const found = await funnel(source, steps, options);
        expectAlike(found.rows, reference.funnel(events, setting, steps, { ...options, timeZone: zone }));
      }),
      { numRuns: runs(200) },
    );
  });

  test("users are those of the reference, by user", { timeout: TIMEOUT }, async () => {
    await fc.assert(
      fc.asyncProperty(asked, async ({ set, options, steps, which }) => {
        const { events, setting, timeZone } = set;
        const source = await sources.of(events, setting, timeZone);
        const { timeZone: zone = timeZone } = options;
        const found = await funnelUsers(source, steps, options, which);
        const expected = reference.funnelUsers(events, setting, steps, { ...options, timeZone: zone });
        const wanted = expected.filter((user) => isAsked(user.steps.length, which)).map((user) => ({
          segment: user.segment,
          amplitude_id: user.user,
          value: user.value,
          time: user.time,
          groups: user.groups,
          reached: user.steps.length,
          times: user.steps.map((time) => new Date(Number(time / 1000n))),
        }));
        expect(sorted(found)).toEqual(sorted(wanted));
      }),
      { numRuns: runs(100) },
    );
  }); // biome-ignore format: short enough
});

function isAsked(length: number, { reached = 1, droppedOff = false }: FunnelReached): boolean {
  return droppedOff ? length === reached : length >= reached;
}

function sorted(users: Iterable<object>): string[] {
  return [...users]
    .map((user) =>
      JSON.stringify(user, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value)),
    )
    .sort();
}

/** Users 1, 2 and 3: one does all steps, one two of them, one begins an hour before the data ends. */
const EVENTS = [
  made("a", "2026-01-05T10:00:00", { amplitude_id: 1, country: "DE" }),
  made("b", "2026-01-05T10:00:10", { amplitude_id: 1 }),
  made("c", "2026-01-05T10:01:40", { amplitude_id: 1 }),
  made("a", "2026-01-06T10:00:00", { amplitude_id: 2, country: "AT" }),
  made("b", "2026-01-06T10:00:20", { amplitude_id: 2 }),
  made("a", "2026-01-06T23:00:00", { amplitude_id: 3, country: "DE" }),
];
const DAYS = days("2026-01-05", "2026-01-07");

async function of(steps: readonly EventChoice[], options: FunnelOptions<string> = {}) {
  return funnel(await sources.of(EVENTS, DAYS), steps, options);
}

describe("a result", () => {
  test("has rows, conversions and times, and says who may still convert", async () => {
    const found = await of(["a", "b", "c"]);
    const row = { time: null, segment: "all" };
    expect([...found.rows]).toEqual([
      { ...row, step: 1, event: "a", users: 3, conversion: 1, stepConversion: 1, droppedOff: 0, medianSeconds: null, averageSeconds: null },
      { ...row, step: 2, event: "b", users: 2, conversion: 2 / 3, stepConversion: 2 / 3, droppedOff: 1, medianSeconds: 15, averageSeconds: 15 },
      { ...row, step: 3, event: "c", users: 1, conversion: 1 / 3, stepConversion: 0.5, droppedOff: 1, medianSeconds: 90, averageSeconds: 90 },
    ]);
    expect(found.open).toBe(2);
    expect(found.explanation.differences[0]).toMatch(/^2 of 3 /);
    expect(found.explanation.definition[0]).toContain("86400 s");
    expect((await of(["a", "b", "c"], { window: "1h" })).open).toBe(1);
    expect((await of(["a", "b", "c"], { window: "59m" })).open).toBe(0);
  }); // biome-ignore format: a table

  test("is drawn as a funnel for each group, or as conversion over time", async () => {
    expect((await of(["a", "b"], { groupBy: "country" })).chart).toMatchObject({
      kind: "funnel",
      steps: ["a", "b"],
      funnels: [
        { name: "DE", users: [2, 1] },
        { name: "AT", users: [1, 1] },
      ],
    });
    const segments = { german: { filters: [{ property: "country", value: "DE" }] } };
    expect((await of(["a", "b"], { interval: "day", window: "1h", segments })).chart).toMatchObject({
      kind: "lines",
      unit: "percent",
      times: [
        { label: "2026-01-05", incomplete: false },
        { label: "2026-01-06", incomplete: true },
      ],
      series: [{ name: "german", values: [1, 0] }],
    });
  });

  test("tells who dropped off, and who did not", async () => {
    const source = await sources.of(EVENTS, DAYS);
    const who = async (which: FunnelReached) =>
      [...(await funnelUsers(source, ["a", "b", "c"], {}, which))].map(({ amplitude_id }) => amplitude_id);
    expect(await who({})).toEqual([1n, 2n, 3n]);
    expect(await who({ reached: 2 })).toEqual([1n, 2n]);
    expect(await who({ reached: 2, droppedOff: true })).toEqual([2n]);
    expect(await who({ reached: 1, droppedOff: true })).toEqual([3n]);
    await expect(who({ reached: 4 })).rejects.toThrow("reached is 4 of 3 steps.");
  });
});

test("of entries at one time the one with the least uuid says the group, also of users between others", async () => {
  const time = "2026-01-05T10:00:00";
  const events = [
    made("a", time, { amplitude_id: 1, country: "DE" }),
    made("a", time, { amplitude_id: 2, country: "DE", uuid: "2" }),
    made("b", time, { amplitude_id: 2, uuid: "1" }),
    made("a", time, { amplitude_id: 2, country: "AT", uuid: "0" }),
    made("a", time, { amplitude_id: 3, country: "FR" }),
    made("a", "2026-01-05T10:00:00.5", { amplitude_id: 3, country: "AT", uuid: "0" }),
  ];
  const source = await sources.of(events, DAYS);
  const options = { groupBy: "country" } as const;
  const rows = (await funnel(source, ["a", "b"], options)).rows;
  expect([...rows].map(({ country, step, users }) => `${country} ${step} ${users}`)).toEqual([
    ...["AT 1 1", "AT 2 1", "DE 1 1", "DE 2 0", "FR 1 1", "FR 2 0"],
  ]);
  const users = [...(await funnelUsers(source, ["a", "b"], options))];
  expect(users.map(({ amplitude_id, groups }) => [amplitude_id, groups])).toEqual([
    [1n, [["DE"]]],
    [2n, [["AT"]]],
    [3n, [["FR"]]],
  ]);
});

test("an attempt may leave an excluded event behind by a later step", async () => {
  const times = { a: [0], b: [10, 30], x: [20], c: [40] };
  const events = Object.entries(times).flatMap(([type, seconds]) =>
    seconds.map((second) => made(type, `2026-01-05T10:00:${String(second).padStart(2, "0")}`)),
  );
  const without = async (after: number) => {
    const exclude = [{ event: "x", after, before: 3 }];
    const found = await funnel(await sources.of(events, DAYS), ["a", "b", "c"], { exclude });
    return found.rows.map(({ users, medianSeconds }) => [users, medianSeconds]);
  };
  expect(await without(2)).toEqual([
    [1, null],
    [1, 30],
    [1, 10],
  ]);
  expect(await without(1)).toEqual([
    [1, null],
    [1, 10],
    [0, null],
  ]);
});

test("what cannot be asked is refused with a way out", async () => {
  const refused: readonly [readonly EventChoice[], object, string][] = [
    [[], {}, "A funnel has no steps."],
    [Array.from({ length: 31 }, () => "a"), {}, "A funnel has 31 steps and 0 exclusions."],
    [["a", "b"], { order: "this oder" }, 'There is no order "this oder".'],
    [["a", "b"], { resolution: "minute" }, 'There is no resolution "minute".'],
    [["a", "b"], { count: "unique" }, 'There is no count "unique".'],
    [["a", "b"], { windows: "1d" }, 'There is no option "windows".'],
    [["a", "b"], { window: "1.5d" }, 'window is "1.5d"'],
    [["a", "b"], { window: "0s" }, 'window is "0s"'],
    [["a", "b"], { window: "367d" }, 'window is "367d"'],
    [["a", "b"], { exclude: [{ event: "x", before: 3 }] }, "between steps 1 and 3 of 2"],
    [["a", "b"], { exclude: [{ event: "x", after: 2 }] }, "between steps 2 and 2 of 2"],
    [["a", "b"], { groupBy: ["country", "platform", "kind"] }, "groupBy has 3 properties."],
  ];
  for (const [steps, options, message] of refused) {
    const failed = of(steps, options);
    await expect(failed).rejects.toThrow(UsageError);
    await expect(failed).rejects.toThrow(message);
  }
});

test("the emulated shop's own truth is found", { timeout: 120_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), "ampframe-funnel-"));
  try {
    const shop = { end: hour("2026-11-22T20"), days: 6, eventsPerDay: 4_000, users: 1_500, seed: 3 };
    await writeLake({ ...shop, lake: join(dir, "lake") });
    const { merges, funnel: truth } = tellTruth(resolveShop(shop));
    const lake = await openLake(join(dir, "lake"));
    const options = { from: "2026-01-01", resolution: "millisecond", identity: { merges } } as const;
    const found = await funnel(lake, truth.steps, options);
    expect(found.rows.map(({ users }) => users)).toEqual(truth.users);
    const converted = await funnelUsers(lake, truth.steps, options, { reached: 3 });
    const ids = converted.map(({ amplitude_id }) => Number(amplitude_id));
    expect(ids.sort((a, b) => a - b)).toEqual([...truth.converted].sort((a, b) => a - b));
    expect(truth.users[2]).toBeGreaterThan(50);
    await lake.close();
  } finally {
    rmSync(dir, { recursive: true });
  }
});
