import { join } from "node:path";
import { expect, test } from "vitest";
import { load } from "../../src/pipeline/load.js";
import {
  bring,
  countsOf,
  emulated,
  eventAt,
  expectWhole,
  lakeUuids,
  ndjson,
  newFolder,
  newPlace,
  noon,
  replayed,
  served,
  uuidsOf,
  write,
} from "./scene.js";

const range = { from: "2026-11-21", to: "2026-11-22" };

test("two pulls of the same range into one lake: every event once, and nobody is told of a failure", async () => {
  const clock = noon();
  const emulator = await emulated(clock);
  const lake = await newPlace();
  const both = await Promise.all([bring(emulator, clock, lake, range), bring(emulator, clock, lake, range)]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(await served(emulator, "20261121T00", "20261122T23")));
  const found = await expectWhole(lake, clock);
  expect(countsOf(found).missing ?? 0).toBe(10);
  expect(both.flatMap(({ report }) => report.refused)).toEqual([]);
  const { lines } = emulator.truth();
  expect(both[0].report.lines + both[1].report.lines).toBe(lines);
  expect(found.version).toBeLessThanOrEqual(2);
});

test("two pulls of overlapping ranges: hours that only one asked for are there as well", async () => {
  const clock = noon();
  const emulator = await emulated(clock, { eventsPerDay: 400 });
  const lake = await newPlace();
  const both = await Promise.all([
    bring(emulator, clock, lake, { from: "2026-11-21T00", to: "2026-11-21T15" }),
    bring(emulator, clock, lake, { from: "2026-11-21T08", to: "2026-11-21T23" }),
  ]);
  expect(both.flatMap(({ report }) => report.refused)).toEqual([]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(await served(emulator, "20261121T00", "20261121T23")));
  const found = await expectWhole(lake, clock);
  expect(
    found.sources[0]?.hours.slice(0, 24).every(({ state }) => state === "held" || state === "empty"),
  ).toBe(true);
});

test("a pull and a load of the same events keep each once", async () => {
  const clock = noon();
  const events = Array.from({ length: 20 }, (_, i) =>
    eventAt(`2026-11-21 ${String(i).padStart(2, "0")}:00:00`),
  );
  const emulator = await replayed(clock, events);
  const lake = await newPlace();
  const file = await write(join(await newFolder(), "copy.json"), ndjson(events));
  const [pulled, loaded] = await Promise.all([
    bring(emulator, clock, lake, { from: "2026-11-21", to: "2026-11-21" }),
    load({ lake, paths: [file] }),
  ]);
  expect(pulled.report.duplicates + loaded.duplicates).toBe(20);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  await expectWhole(lake, clock);
});

test("two loads that share a file: the shared one once, all others as well", async () => {
  const clock = noon();
  const folder = await newFolder();
  const events = Array.from({ length: 3 }, (_, i) => eventAt(`2026-11-21 0${i}:00:00`));
  const [a, b, c] = await Promise.all(
    events.map((event, i) => write(join(folder, `${"abc"[i]}.json`), ndjson([event]))),
  );
  const lake = await newPlace();
  const both = await Promise.all([load({ lake, paths: [a!, b!] }), load({ lake, paths: [b!, c!] })]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  expect(both[0].lines + both[1].lines).toBe(3);
  expect(both.flatMap(({ alreadyLoaded }) => alreadyLoaded)).toEqual([expect.stringContaining("b.json")]);
  await expectWhole(lake, clock);
});

test("four loads of different files at once all arrive", async () => {
  const clock = noon();
  const folder = await newFolder();
  const events = Array.from({ length: 4 }, (_, i) => eventAt(`2026-11-21 0${i}:00:00`));
  const copy = eventAt("2026-11-21 09:00:00");
  const lake = await newPlace();
  const reports = await Promise.all(
    events.map(async (event, i) => {
      const path = await write(join(folder, `${i}.json.gz`), ndjson([event, copy]));
      return load({ lake, paths: [path] });
    }),
  );
  expect(reports.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(3);
  expect(await lakeUuids(lake)).toEqual(uuidsOf([...events, copy]));
  await expectWhole(lake, clock);
});
