import { readdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compact } from "../../src/pipeline/compact.js";
import { forget } from "../../src/pipeline/forget.js";
import { load } from "../../src/pipeline/load.js";
import { openLake } from "../../src/pipeline/open-lake.js";
import { promote } from "../../src/pipeline/promote.js";
import { verify } from "../../src/pipeline/verify.js";
import { filesHolding } from "./forgetting.js";
import { eventAt, ndjson, newFolder, newPlace, type Served, write } from "./scene.js";

const ANNA = "anna@example.com";

const sold = (at: string, price: unknown, user: string | null = "boris@example.com"): Served =>
  eventAt(at, { user_id: user, event_properties: { price, "a.b": 1 } });

async function loadInto(lake: string, name: string, events: Served[]) {
  return load({ lake, paths: [await write(join(await newFolder(), name), ndjson(events))] });
}

async function twoDays(): Promise<string> {
  const lake = await newPlace();
  await loadInto(lake, "77_2026-11-21_1#0.json", [
    sold("2026-11-21 01:10:00", 1),
    sold("2026-11-21 01:11:00", 2, ANNA),
  ]);
  await loadInto(lake, "77_2026-11-22_1#0.json", [
    sold("2026-11-22 01:10:00", 3),
    sold("2026-11-22 01:11:00", null),
  ]);
  return lake;
}

/** Files under `_ampframe/promoted/`, by their paths in it. */
async function projections(lake: string): Promise<string[]> {
  const names = await readdir(join(lake, "_ampframe/promoted"), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith(".parquet")).sort();
}

async function pricesOf(lake: string) {
  const open = await openLake(lake);
  try {
    const frame = await open.frame({ columns: ["event_time"], properties: ["price"] }).ready();
    const rows = await frame.head(100);
    const { sql } = await frame.statement();
    const count = (part: RegExp) => sql.match(part)?.length ?? 0;
    return {
      type: frame.schema[1]!.type.kind,
      prices: rows.map((row) => Object.values(row)[1]),
      projected: count(/_ampframe\/promoted/g),
      files: count(/\.parquet'/g),
    };
  } finally {
    await open.close();
  }
}

test("promoted properties are read from their own files, new data's too, and the lake stays whole", async () => {
  const lake = await twoDays();
  const before = await pricesOf(lake);
  expect(before).toEqual({ type: "int64", prices: [1n, 2n, 3n, null], projected: 0, files: 2 });
  const report = await promote({ lake, properties: ["price", "a.b"] });
  expect(report).toMatchObject({
    properties: [
      { property: "event_properties.price", type: "int64" },
      { property: 'event_properties."a.b"', type: "int64" },
    ],
    files: 2,
    written: 2,
  });
  expect(await pricesOf(lake)).toEqual({ ...before, projected: 2 });
  await loadInto(lake, "77_2026-11-22_2#0.json", [sold("2026-11-22 02:10:00", "4.50")]);
  expect(await pricesOf(lake)).toEqual({
    ...{ type: "text", prices: ["1", "2", "3", null, "4.50"], projected: 3, files: 3 },
  });
  expect(await promote({ lake })).toMatchObject({ files: 3, written: 0 });
  const open = await openLake(lake);
  const rows = await open.sql`SELECT price, "a.b", event_type FROM promoted ORDER BY event_time`;
  expect((await rows.head()).map(({ price, "a.b": ab }) => [price, ab])).toEqual([
    ...[
      ["1", 1n],
      ["2", 1n],
      ["3", 1n],
      [null, 1n],
      ["4.50", 1n],
    ],
  ]);
  await open.close();
  expect((await verify({ lake })).ok).toBe(true);
});

test("a projection that is missing, torn or not listed is not read, and made anew", async () => {
  const lake = await twoDays();
  await promote({ lake, properties: ["price"] });
  const expected = await pricesOf(lake);
  const [first, second] = (await projections(lake)).map((name) => join(lake, "_ampframe/promoted", name));
  await rm(first!);
  await truncate(second!, 100);
  expect(await pricesOf(lake)).toEqual({ ...expected, projected: 0 });
  expect(await promote({ lake })).toMatchObject({ written: 2 });
  expect(await pricesOf(lake)).toEqual(expected);
  await writeFile(join(lake, "_ampframe/promoted.json"), '{"formatVer');
  expect(await pricesOf(lake)).toEqual({ ...expected, projected: 0 });
  expect(await promote({ lake, properties: ["price"] })).toMatchObject({ written: 2 });
  expect(await pricesOf(lake)).toEqual(expected);
});

test("what is dropped goes, once readers had an hour to leave it", async () => {
  const lake = await twoDays();
  await promote({ lake, properties: ["price"] });
  await expect(promote({ lake, drop: ["cost"] })).rejects.toThrow(/"cost" is not promoted/);
  await promote({ lake, drop: ["price"] });
  expect((await pricesOf(lake)).projected).toBe(0);
  expect(await projections(lake)).toHaveLength(2);
  await promote({ lake }, () => Date.now() + 3_500_000);
  expect(await projections(lake)).toHaveLength(2);
  await promote({ lake }, () => Date.now() + 3_700_000);
  expect(await projections(lake)).toEqual([]);
  expect(await readdir(join(lake, "_ampframe"))).not.toContain("promoted.json");
});

test("a name that does not occur is refused with the nearest, and nothing is written", async () => {
  const lake = await twoDays();
  await expect(promote({ lake, properties: ["pric"] })).rejects.toThrow(/no.*property "pric"/i);
  expect(await projections(lake)).toEqual([]);
});

test("forget takes a person's rows out of projections at once, and those that a kill left", async () => {
  const lake = await twoDays();
  await promote({ lake, properties: ["price"] });
  expect((await filesHolding(lake, [ANNA])).some((name) => name.startsWith("_ampframe/promoted"))).toBe(true);
  const [projection] = await projections(lake);
  const orphan = join(lake, "_ampframe/promoted", projection!.replace(/part-.*/, "part-gone.1.parquet"));
  await writeFile(orphan, ANNA);
  await forget({ lake, userIds: [ANNA] });
  expect(await filesHolding(lake, [ANNA])).toEqual([]);
  expect(await pricesOf(lake)).toMatchObject({ prices: [1n, 3n, null], projected: 1, files: 2 });
  await promote({ lake });
  expect(await pricesOf(lake)).toMatchObject({ prices: [1n, 3n, null], projected: 2, files: 2 });
});

test("compact promotes what it merged, and with replaced files go their projections", async () => {
  const lake = await twoDays();
  await loadInto(lake, "77_2026-11-22_2#0.json", [sold("2026-11-22 02:10:00", 4)]);
  await promote({ lake, properties: ["price"] });
  const old = await projections(lake);
  await compact({ lake }, () => Date.parse("2026-12-01T00:00:00Z"));
  expect(await pricesOf(lake)).toMatchObject({ projected: 2, files: 2 });
  await compact({ lake, grace: "1h" }, () => Date.parse("2036-12-01T00:00:00Z"));
  const left = await projections(lake);
  expect(left).toHaveLength(2);
  expect(left.filter((name) => old.includes(name)).length).toBeLessThan(old.length);
  expect((await verify({ lake })).ok).toBe(true);
});
