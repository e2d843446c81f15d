import { join } from "node:path";
import { expect, test } from "vitest";
import type { LakeTable } from "../../src/lake/table.js";
import { load } from "../../src/pipeline/load.js";
import { openTable } from "../../src/pipeline/open-table.js";
import {
  eventAt,
  expectWhole,
  lakeUuids,
  ndjson,
  newFolder,
  newPlace,
  noon,
  rowsOf,
  type Served,
  uuidsOf,
  write,
} from "./scene.js";

const clock = noon();
const again = (event: Served, at: string, more = {}): Served => ({
  ...event,
  server_upload_time: at,
  ...more,
});

async function loadEvents(lake: string, ...files: (readonly object[])[]) {
  const folder = await newFolder();
  const paths = await Promise.all(
    files.map((events, i) => write(join(folder, `${i}.json.gz`), ndjson(events))),
  );
  return load({ lake, paths });
}

test("copies in a file, across files and across loads: the first that came stays, the others are counted", async () => {
  const lake = await newPlace();
  const [a, b, c] = [
    eventAt("2026-11-20 01:00:00"),
    eventAt("2026-11-20 02:00:00"),
    eventAt("2026-11-20 03:00:00"),
  ];
  const first = await loadEvents(lake, [a, a, { ...a, user_id: "late" }, b], [b, c, a]);
  expect(first).toMatchObject({ loaded: 7, duplicates: 4 });
  expect(await rowsOf(lake, "uuid, user_id")).toEqual(uuidsOf([a, b, c]).map((uuid) => [uuid, null]));
  const second = await loadEvents(lake, [again(c, "2026-11-20 09:00:00"), again(a, "2026-11-21 00:00:00")]);
  expect(second).toMatchObject({ loaded: 2, duplicates: 2 });
  expect(await lakeUuids(lake)).toEqual(uuidsOf([a, b, c]));
  await expectWhole(lake, clock);
});

test("the account says which other hour kept the event", async () => {
  const lake = await newPlace();
  const event = eventAt("2026-11-20 01:00:00");
  await loadEvents(lake, [event]);
  await loadEvents(lake, [event, again(event, "2026-11-20 05:00:00"), again(event, "2026-11-22 05:00:00")]);
  const table: LakeTable = await openTable(lake);
  const hours = (await table.summaries()).at(-1)?.hours;
  expect(hours).toMatchObject([
    { hour: "2026-11-20T01", loaded: 1, duplicates: 1, rows: 0 },
    { hour: "2026-11-20T05", loaded: 1, duplicates: 1, rows: 0, keptBy: { "2026-11-20T01": 1 } },
    { hour: "2026-11-22T05", loaded: 1, duplicates: 1, rows: 0, keptBy: { "2026-11-20T01": 1 } },
  ]);
  expect(hours?.[0]).not.toHaveProperty("keptBy");
});

test("a copy is found up to seven upload days away, in either direction", async () => {
  const lake = await newPlace();
  const event = eventAt("2026-11-10 12:00:00");
  await loadEvents(lake, [event]);
  expect(await loadEvents(lake, [again(event, "2026-11-17 23:59:59")])).toMatchObject({ duplicates: 1 });
  expect(await loadEvents(lake, [again(event, "2026-11-03 00:00:00")])).toMatchObject({ duplicates: 1 });
  expect(await lakeUuids(lake)).toEqual([event.uuid]);
  await expectWhole(lake, clock);
});

test("the same uuid in two projects is one event, of the project that came first", async () => {
  const lake = await newPlace();
  const event = eventAt("2026-11-10 12:00:00", { app: 1 });
  expect(await loadEvents(lake, [event, { ...event, app: 2 }])).toMatchObject({ duplicates: 1 });
  expect(await rowsOf(lake, "app")).toEqual([[1n]]);
  await expectWhole(lake, clock);
});

test("equal $insert_ids are no copies, and uuids that differ in case only are two", async () => {
  const lake = await newPlace();
  const one = eventAt("2026-11-10 12:00:00", {
    $insert_id: "same",
    device_id: "d",
    uuid: "abcdef00-0000-4000-8000-000000000000",
  });
  const two = eventAt("2026-11-10 12:00:00", {
    $insert_id: "same",
    device_id: "d",
    uuid: "ABCDEF00-0000-4000-8000-000000000000",
  });
  expect(await loadEvents(lake, [one, two])).toMatchObject({ duplicates: 0 });
  expect(await lakeUuids(lake)).toEqual([two.uuid, one.uuid]);
});

test("copies among ten thousand rows of several days, each loaded twice in another order", async () => {
  const lake = await newPlace();
  const events = Array.from({ length: 10_000 }, (_, i) => eventAt(`2026-11-1${i % 5} 0${i % 7}:00:00`));
  const shuffled = events.map((event, i) => events[(i * 7919) % events.length] ?? event);
  const first = await loadEvents(lake, events.slice(0, 6000), shuffled.slice(0, 5000));
  const second = await loadEvents(lake, shuffled, events);
  expect(first.loaded - first.duplicates + second.loaded - second.duplicates).toBe(10_000);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  await expectWhole(lake, clock);
});
