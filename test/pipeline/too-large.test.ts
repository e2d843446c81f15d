import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { type HourRange, hoursIn, parseHour } from "../../src/hour.js";
import {
  bring,
  countsOf,
  eventAt,
  expectWhole,
  lakeUuids,
  newPlace,
  noon,
  replayed,
  type Served,
  uuidsOf,
} from "./scene.js";

const DAY = "2026-11-22";
const range = { from: DAY, to: DAY };

/** A day of hours with `bytes[hour]` bytes each (300 by default) that hardly compress. */
function dayOf(bytes: Readonly<Record<number, number>>): Served[] {
  return Array.from({ length: 24 }, (_, hour) => {
    const noise = randomBytes((bytes[hour] ?? 300) / 2).toString("hex");
    return eventAt(`${DAY} ${String(hour).padStart(2, "0")}:30:00`, { event_properties: { noise } });
  });
}

function windowOf(request: string): HourRange {
  const [from, to] = request.split("-").map((text) => parseHour(text));
  return { from: from!, to: to! };
}

test("a day above the limit is split in halves, just as far as needed; no hour is brought twice", async () => {
  const clock = noon();
  const events = dayOf({});
  const emulator = await replayed(clock, events, { maxBytes: 4000 });
  const lake = await newPlace();
  const splits: string[] = [];
  const { report } = await bring(emulator, clock, lake, {
    ...range,
    onProgress: (progress) => progress.kind === "split" && splits.push(progress.reason),
  });
  expect(report).toMatchObject({ loaded: 24, hours: 24, refused: [], requests: 7 });
  const answers = emulator.requests.map(({ status, start, end }) => `${status} ${start}-${end}`);
  expect(answers.toSorted()).toEqual([
    "200 20261122T00-20261122T05",
    "200 20261122T06-20261122T11",
    "200 20261122T12-20261122T17",
    "200 20261122T18-20261122T23",
    "400 20261122T00-20261122T11",
    "400 20261122T00-20261122T23",
    "400 20261122T12-20261122T23",
  ]);
  expect(splits).toHaveLength(3);
  expect(splits[0]).toMatch(/exceeds the limit of 4000 bytes/);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  await expectWhole(lake, clock);
});

test("an hour above the limit is refused with the way out, all others are brought, and it is not asked again", async () => {
  const clock = noon();
  const events = dayOf({ 17: 20_000 });
  const emulator = await replayed(clock, events, { maxBytes: 5000 });
  const lake = await newPlace();
  const { report } = await bring(emulator, clock, lake, range);
  expect(report.refused).toEqual([
    {
      what: `${DAY}T17`,
      reason: expect.stringMatching(/status 400.*exceeds the limit/),
      wayOut: expect.stringMatching(/S3/),
    },
  ]);
  expect(report).toMatchObject({ loaded: 23, hours: 23 });
  const brought = emulator.requests.filter(({ status }) => status === 200);
  const hours = brought.flatMap(({ start, end }) => hoursIn(windowOf(`${start}-${end}`)));
  expect(hours.toSorted()).toEqual(
    hoursIn({ from: parseHour(`${DAY}T00`)!, to: parseHour(`${DAY}T23`)! }).filter(
      (hour) => !hour.endsWith("17"),
    ),
  );
  const larger = emulator.requests
    .filter(({ start, end }) => start !== end)
    .map(({ start, end }) => `${start}-${end}`);
  expect(new Set(larger).size).toBe(larger.length);
  expect(
    emulator.requests.filter(({ start, end }) => start === end && start === "20261122T17").length,
  ).toBeLessThan(3);

  const found = await expectWhole(lake, clock);
  expect(countsOf(found)).toEqual({ held: 23, refused: 1, missing: 10 });
  expect(found.sources[0]?.hours.find(({ hour }) => hour === `${DAY}T17`)?.reason).toMatch(/exceeds/);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events.filter((_, hour) => hour !== 17)));
  const again = await bring(emulator, clock, lake, range);
  expect(again.requests).toEqual([]);
});

test("of two days each is split by itself, and four at a time bring the same", async () => {
  const clock = noon();
  const before = dayOf({}).map((event, hour) => {
    const at = `2026-11-21 ${String(hour).padStart(2, "0")}:10:00.000000`;
    return { ...event, uuid: `${event.uuid}-before`, server_upload_time: at };
  });
  const events = [...before, ...dayOf({ 3: 20_000 })];
  const emulator = await replayed(clock, events, { maxBytes: 3000 });
  const lake = await newPlace();
  const { report } = await bring(emulator, clock, lake, { from: "2026-11-21", to: DAY, concurrency: 4 });
  expect(report.refused.map(({ what }) => what)).toEqual([`${DAY}T03`]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events.filter((_, i) => i !== 27)));
  await expectWhole(lake, clock);
});
