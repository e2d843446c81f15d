import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compact } from "../../src/pipeline/compact.js";
import { forget } from "../../src/pipeline/forget.js";
import { openLake } from "../../src/pipeline/open-lake.js";
import { promote } from "../../src/pipeline/promote.js";
import { verify } from "../../src/pipeline/verify.js";
import { filesHolding } from "./forgetting.js";
import { ANNA, loadInto, pricesOf, projections, sold, twoDays } from "./promoting.js";
import { bring, newPlace, noon, replayed, type Served } from "./scene.js";

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

test("two at a time, and a load among them, all count", async () => {
  const lake = await twoDays();
  await promote({ lake, properties: ["price"] });
  const reports = await Promise.all([
    promote({ lake, properties: ["a.b"] }),
    promote({ lake, properties: ["cost"] }),
    loadInto(lake, "77_2026-11-22_2#0.json", [sold("2026-11-22 02:10:00", 4)]),
    promote({ lake, properties: ["event_properties.price"] }),
  ]);
  expect(reports[2].notPromoted).toBeUndefined();
  const { properties, files } = await promote({ lake });
  expect(properties.map(({ property }) => property).sort()).toEqual([
    ...['event_properties."a.b"', "event_properties.cost", "event_properties.price"],
  ]);
  expect(files).toBe(3);
  expect(await pricesOf(lake)).toMatchObject({ prices: [1n, 2n, 3n, null, 4n], projected: 3, files: 3 });
  await Promise.all([promote({ lake, drop: ["cost"] }), promote({ lake, drop: ["a.b"] })]);
  expect((await promote({ lake })).properties).toEqual([
    { property: "event_properties.price", type: "int64" },
  ]);
  // Of what was made in vain nothing stays.
  await promote({ lake }, () => Date.now() + 3_700_000);
  expect(await projections(lake)).toHaveLength(3);
});

test("a promotion beside a forget leaves nothing of the person", async () => {
  const lake = await twoDays();
  const [report] = await Promise.all([
    promote({ lake, properties: ["price"] }),
    forget({ lake, userIds: [ANNA] }),
  ]);
  expect(report.properties).toHaveLength(1);
  expect(await filesHolding(lake, [ANNA])).toEqual([]);
  expect(await pricesOf(lake)).toMatchObject({ prices: [1n, 3n, null] });
});

test("a property that was never promoted is read from the events by frames, and refused by the view", async () => {
  const lake = await twoDays();
  const open = await openLake(lake);
  const prices = async (sql: string) =>
    (await (await open.query(sql)).head()).map((row) => Object.values(row)[0]);
  await expect(prices("SELECT price FROM promoted")).rejects.toMatchObject({
    ...{ name: "QueryError", wayOut: expect.stringContaining("promoted once a property is promoted") },
  });
  await open.promote(["price"]);
  expect(await prices("SELECT sum(price)::BIGINT FROM promoted")).toEqual([6n]);
  await expect(prices("SELECT cost FROM promoted")).rejects.toThrow(/"cost" not found/);
  const both = await open.frame({ columns: ["event_time"], properties: ["price", "cost"] }).ready();
  expect((await both.statement()).sql).not.toContain("_ampframe");
  expect((await both.head()).map(({ price, cost }) => [price, cost])).toEqual(
    [1n, 2n, 3n, null].map((p) => [p, 9n]),
  );
  await open.promote([], { drop: ["price"] });
  await expect(prices("SELECT price FROM promoted")).rejects.toThrow(/promoted does not exist/);
  expect(await prices("SELECT count(*) FROM events")).toEqual([4n]);
  await open.close();
});

test("pull and refresh bring promoted properties up to date", async () => {
  const clock = noon();
  const project = (events: Served[]) => replayed(clock, events, { apiKey: "same-key" });
  const [first, second] = [sold("2026-11-20 05:10:00", 1), sold("2026-11-21 05:10:00", 2)];
  const lake = await newPlace();
  await bring(await project([first, second]), clock, lake, { from: "2026-11-20", to: "2026-11-20" });
  await promote({ lake, properties: ["price"] });
  await bring(await project([first, second]), clock, lake, { from: "2026-11-20", to: "2026-11-21" });
  expect(await pricesOf(lake)).toMatchObject({ prices: [1n, 2n], projected: 2, files: 2 });
  const changed = [{ ...first, event_properties: { price: 1.5 } }, second];
  const refresh = { from: "2026-11-20T05", to: "2026-11-20T05" };
  const { report } = await bring(await project(changed), clock, lake, { refresh });
  expect(report.notPromoted).toBeUndefined();
  expect(await pricesOf(lake)).toMatchObject({ type: "double", prices: [1.5, 2], projected: 2, files: 2 });
});
