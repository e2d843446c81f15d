import { join } from "node:path";
import { expect, test } from "vitest";
import { load } from "../../src/pipeline/load.js";
import { damage } from "./damage.js";
import {
  eventAt,
  expectWhole,
  lakeUuids,
  ndjson,
  newFolder,
  newPlace,
  noon,
  rowsOf,
  uuidsOf,
  write,
} from "./scene.js";

const clock = noon();

test("three thousand tiny files are one commit of few data files", async () => {
  const folder = await newFolder();
  const events = Array.from({ length: 3000 }, (_, i) => eventAt(`2026-11-${10 + (i % 3)} 05:00:00`));
  for (const [i, event] of events.entries())
    await write(join(folder, `${i % 10}/${i}.json`), ndjson([event]));
  const lake = await newPlace();
  const report = await load({ lake, paths: [folder] });
  expect(report).toMatchObject({ members: 3000, loaded: 3000, duplicates: 0 });
  expect(report.seconds).toBeLessThan(20);
  const found = await expectWhole(lake, clock);
  expect(found).toMatchObject({ version: 1, files: 3 });
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
});

test("a hundred damaged files among as many good ones cost about as much as they are", async () => {
  const folder = await newFolder();
  const good: string[] = [];
  for (let i = 0; i < 200; i++) {
    const events = Array.from({ length: 5 }, () => eventAt("2026-11-10 05:00:00"));
    const path = await write(join(folder, `${i}.json.gz`), ndjson(events));
    if (i % 2) await damage(path, "crc");
    else good.push(...uuidsOf(events));
  }
  const lake = await newPlace();
  let decoded = 0;
  const report = await load({
    lake,
    paths: [folder],
    onProgress: ({ kind }) => void (kind === "decoded" && decoded++),
  });
  expect(report.refused).toHaveLength(100);
  expect(await lakeUuids(lake)).toEqual(good.sort());
  expect(decoded).toBeLessThan(110);
});

test("rows of sixty upload dates and three projects in one file each find their partition", async () => {
  const events = Array.from({ length: 180 }, (_, i) => {
    const day = new Date(Date.UTC(2025, 0, 1 + Math.floor(i / 3))).toISOString().slice(0, 10);
    return eventAt(`${day} 0${i % 3}:00:00`, { app: [7, null, 9_007_199_254][i % 3] });
  });
  const path = await write(join(await newFolder(), "a.json.gz"), ndjson([...events, ...events.slice(0, 10)]));
  const lake = await newPlace();
  const report = await load({ lake, paths: [path] });
  expect(report).toMatchObject({ loaded: 190, duplicates: 10, hours: 180 });
  expect(report.seconds).toBeLessThan(30);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  expect(
    await rowsOf(lake, "app, count(*), count(DISTINCT upload_date)", "GROUP BY ALL ORDER BY app NULLS FIRST"),
  ).toEqual([
    [null, 60n, 60n],
    [7n, 60n, 60n],
    [9_007_199_254n, 60n, 60n],
  ]);
  expect((await expectWhole(lake, clock)).files).toBe(180);
});
