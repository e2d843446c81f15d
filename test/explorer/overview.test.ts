import { afterAll, beforeAll, expect, test } from "vitest";
import type { Selection } from "../../src/explorer/api.js";
import { type Cube, noPicks, sumsOf } from "../../src/explorer/client/pages/overview/cube.js";
import { picksOf, splitOf, withoutPick, withValues } from "../../src/explorer/client/pages/overview/split.js";
import { stepOf } from "../../src/explorer/first-overview.js";
import { type Lake, openLake } from "../../src/index.js";
import { type Opened, openExplorer, shopLake } from "./start.js";

const DIMENSIONS = ["event_type", "platform", "country", "category"];
const STEP = 6 * 3600;
let made: Awaited<ReturnType<typeof shopLake>>;
let explorer: Opened;
let lake: Lake;
let cube: Cube;
let span: { from: number; to: number };

beforeAll(async () => {
  made = await shopLake();
  explorer = await openExplorer({ lake: made.dir });
  lake = await openLake(made.dir);
  cube = await explorer.ask("overview", {
    selection: {},
    dimensions: DIMENSIONS,
    step: STEP,
    keep: { country: ["Poland"] },
  });
  const at = (i: number) => cube.start + i * STEP * 1000;
  span = { from: at(2), to: at(7) };
});
afterAll(async () => {
  await lake?.close();
  await explorer?.close();
  made?.remove();
});

const SQL_OF: Readonly<Record<string, string>> = { category: "event_properties->>'$.category'" };
const sqlOf = (name: string) => SQL_OF[name] ?? name;
const iso = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");

async function bySql(selection: Selection, by: string, what = "count(*)"): Promise<Map<unknown, number>> {
  const quoted = (value: unknown) => `'${String(value).replaceAll("'", "''")}'`;
  const conditions = [
    ...(selection.from ? [`event_time >= ${quoted(selection.from.replace("Z", ""))}`] : []),
    ...(selection.to ? [`event_time < ${quoted(selection.to.replace("Z", ""))}`] : []),
    ...(selection.events ? [`event_type IN (${selection.events.map(quoted).join(", ")})`] : []),
    ...(selection.filters ?? []).map(
      ({ property, value }) =>
        `(${[value ?? null]
          .flat()
          .map((one) => `${sqlOf(property)} IS NOT DISTINCT FROM ${one === null ? "NULL" : quoted(one)}`)
          .join(" OR ")})`,
    ),
  ];
  const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
  const found = await lake.query<{ v: unknown; n: bigint }>(
    `SELECT ${by} AS v, ${what} AS n FROM events ${where} GROUP BY 1`,
  );
  const rows = new Map<unknown, number>();
  for await (const { v, n } of found) rows.set(v, Number(n));
  return rows;
}

const SELECTIONS: readonly (readonly [string, (span: { from: string; to: string }) => Selection])[] = [
  ["nothing", () => ({})],
  ["a time", (time) => ({ ...time })],
  [
    "an event type and two countries",
    () => ({
      events: ["Product Viewed"],
      filters: [{ property: "country", op: "is", value: ["Germany", "Poland"] }],
    }),
  ],
  [
    "a time, a platform that is none, and a property",
    (time) => ({
      ...time,
      filters: [
        { property: "platform", op: "is", value: [null, "iOS"] },
        { property: "category", op: "is", value: null },
      ],
    }),
  ],
];

test.each(SELECTIONS)("with %s picked, every chart shows what SQL counts", async (_, make) => {
  const selection = make({ from: iso(span.from), to: iso(span.to) });
  const split = splitOf(selection, DIMENSIONS, STEP);
  expect(split.base).toEqual({});
  const sums = sumsOf(cube, picksOf(split, cube, STEP));
  expect(sums.total).toBe([...(await bySql(selection, "1")).values()][0] ?? 0);
  for (const [i, { property, values }] of cube.dimensions.entries()) {
    const expected = await bySql(withoutPick(selection, property), sqlOf(property));
    const shown = values.map((value, place) => [value, sums.values[i]![place]]);
    expect(shown).toEqual(values.map((value) => [value, expected.get(value) ?? 0]));
    const others = [...expected].filter(([value]) => !values.some((one) => one === value));
    expect(sums.values[i]![values.length]).toBe(others.reduce((sum, [, n]) => sum + n, 0));
  }
  const byTime = await bySql(
    withoutPick(selection, "time"),
    `CAST(floor((epoch(event_time) - 345600) / ${STEP}) AS BIGINT)`,
  );
  const steps = Array.from({ length: cube.steps }, (_, i) => sums.time[i]);
  const first = (cube.start / 1000 - 345_600) / STEP;
  expect(steps).toEqual(steps.map((_, i) => byTime.get(BigInt(first + i)) ?? 0));
  const users = await explorer.ask("user-counts", { selection });
  expect(users.counts[0]?.users ?? 0).toBe(
    [...(await bySql(selection, "1", "count(DISTINCT amplitude_id)")).values()][0] ?? 0,
  );
  const byCountry = await explorer.ask("user-counts", {
    selection: withoutPick(selection, "country"),
    property: "country",
  });
  expect(new Map(byCountry.counts.map(({ value, users: n }) => [value, n]))).toEqual(
    await bySql(withoutPick(selection, "country"), "country", "count(DISTINCT amplitude_id)"),
  );
});

test("values that are kept apart are there though they are rare, and the most frequent come first", () => {
  const [types, , countries] = cube.dimensions;
  expect(countries?.values).toContain("Poland");
  const all = sumsOf(cube, noPicks(cube)).values[0]!;
  expect(types?.values.length).toBe(12);
  expect([...all].slice(0, 12)).toEqual([...all].slice(0, 12).toSorted((a, b) => b - a));
});

test("users over time begin with the cube's steps", async () => {
  const { counts } = await explorer.ask("user-counts", { selection: {}, step: STEP });
  const starts = counts.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
  expect(Math.min(...starts)).toBe(cube.start);
  expect(starts.every((start) => (start - cube.start) % (STEP * 1000) === 0)).toBe(true);
});

test("what the page cannot pick by itself stays with the server", () => {
  const selection: Selection = {
    from: "2026-11-01T00:30:00Z",
    to: "2026-11-02T00:00:00Z",
    filters: [
      { property: "country", op: "is not", value: "Germany" },
      { property: "city", op: "is", value: "Berlin" },
    ],
    cohort: "buyers",
  };
  const split = splitOf(selection, DIMENSIONS, STEP);
  expect(split.base).toEqual(selection);
  expect(split.picked.size).toBe(0);
  expect(split.time).toBeUndefined();
});

test("picking and taking back leave the other conditions where they were", () => {
  const city = { property: "city", op: "is", value: "Berlin" } as const;
  const one = withValues({ filters: [city] }, "country", ["Germany"]);
  expect(one).toEqual({ filters: [city, { property: "country", op: "is", value: "Germany" }] });
  expect(withValues(one, "country", [])).toEqual({ filters: [city] });
  expect(withValues(one, "event_type", ["Search"]).events).toEqual(["Search"]);
});

test("steps grow with the span", () => {
  const days = (n: number) => stepOf({ from: 0, to: n * 86_400_000 }) / 3600;
  expect([1, 5, 14, 90, 700, 2000].map(days)).toEqual([0.25, 6, 6, 24, 168, 672]);
});

test.each([
  [{ dimensions: ["event_type"], step: -1 }, "step"],
  [{ dimensions: "event_type", step: 60 }, "dimensions"],
] as const)("a wrong question %j is refused", async (input, named) => {
  const { status, error } = await explorer.fault("overview", { selection: {}, ...input });
  expect(status).toBe(400);
  expect(error).toContain(named);
});
