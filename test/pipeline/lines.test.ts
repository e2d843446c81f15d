import { join } from "node:path";
import { expect, test } from "vitest";
import { load } from "../../src/pipeline/load.js";
import { openTable } from "../../src/pipeline/open-table.js";
import {
  bring,
  emulated,
  eventAt,
  expectWhole,
  lakeUuids,
  ndjson,
  newFolder,
  newPlace,
  noon,
  served,
  write,
} from "./scene.js";
import { eventsOf, expectSameValues } from "./source-values.js";

const clock = noon();

async function quarantineOf(lake: string) {
  const table = await openTable(lake);
  const lines = [];
  for (const { quarantine } of await table.summaries()) {
    if (quarantine) for await (const line of table.quarantined(quarantine.file)) lines.push(line);
  }
  return lines;
}

test("each line ends as one of loaded, quarantined, blank; the bad ones are kept as they came, with place and reason", async () => {
  const good = [
    eventAt("2026-11-20 01:00:00"),
    eventAt("2026-11-20 02:00:00"),
    eventAt("2026-11-20 03:00:00"),
  ];
  const bad = [
    Buffer.from('{"uuid":"x","event_type":"view"}'),
    Buffer.from("not json"),
    Buffer.from("null"),
    Buffer.concat([Buffer.from('{"uuid":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    Buffer.from(`${JSON.stringify(eventAt("2026-11-20 01:00:00")).slice(0, -20)}`),
  ];
  const lines = [
    ...[
      Buffer.from(JSON.stringify(good[0])),
      bad[0]!,
      Buffer.alloc(0),
      bad[1]!,
      Buffer.from("\t \r"),
      bad[2]!,
    ],
    ...[Buffer.from(JSON.stringify(good[1])), bad[3]!, bad[4]!, Buffer.from(JSON.stringify(good[2]))],
  ];
  const bytes = Buffer.concat(
    lines.flatMap((line, i) => (i === lines.length - 1 ? [line] : [line, Buffer.from("\n")])),
  );
  const path = await write(join(await newFolder(), "77_2026-11-20_1#0.json.gz"), bytes);
  const lake = await newPlace();
  expect(await load({ lake, paths: [path] })).toMatchObject({
    lines: 10,
    loaded: 3,
    quarantined: 5,
    blank: 2,
  });
  const quarantined = await quarantineOf(lake);
  const places = [1, 3, 5, 7, 8].map((index) => ({
    line: index + 1,
    offset: lines.slice(0, index).reduce((sum, line) => sum + line.length + 1, 0),
    raw: lines[index],
    input: "77_2026-11-20_1#0.json.gz",
    reason: expect.stringMatching(/\w{3}/),
  }));
  expect(quarantined).toMatchObject(places);
  expect((await expectWhole(lake, clock)).quarantined).toBe(5);
});

test("thousands of bad lines among good ones stop nothing, and all are kept in order", async () => {
  const lines = Array.from({ length: 6000 }, (_, i) =>
    i % 3 ? `bad ${i} ${"x".repeat(3000)}` : JSON.stringify(eventAt("2026-11-20 01:00:00")),
  );
  const lake = await newPlace();
  const plain = await write(join(await newFolder(), "a.json"), lines.join("\n"));
  expect(await load({ lake, paths: [plain] })).toMatchObject({
    lines: 6000,
    loaded: 2000,
    quarantined: 4000,
  });
  const kept = (await quarantineOf(lake)).map(({ raw }) => raw.toString());
  expect(kept).toEqual(lines.filter((_, i) => i % 3));
  await expectWhole(lake, clock);
});

test("a file of nothing but bad lines is kept as such, and is not read twice", async () => {
  const path = await write(join(await newFolder(), "a.json"), "nonsense\nmore of it\n");
  const lake = await newPlace();
  expect(await load({ lake, paths: [path] })).toMatchObject({ quarantined: 2, loaded: 0, hours: 0 });
  expect((await load({ lake, paths: [path] })).alreadyLoaded).toEqual([path]);
  expect((await expectWhole(lake, clock)).quarantined).toBe(2);
});

test("drift, unknown keys and big numbers come through a load as they were", async () => {
  const lake = await newPlace();
  const events = [
    eventAt("2026-11-20 01:00:00", {
      paying: true,
      $schema: 12,
      sample_rate: null,
      amplitude_attribution_ids: "a",
    }),
    eventAt("2026-11-20 01:00:00", {
      paying: "true",
      $schema: "13",
      sample_rate: "0.5",
      amplitude_attribution_ids: ["a", "b"],
    }),
    eventAt("2026-11-20 01:00:00", { paying: null, is_attribution_event: false, city: 7, user_id: true }),
    eventAt("2026-11-20 01:00:00", {
      followed_an_identify: true,
      newKey: { deep: [1, { x: null }] },
      "a.b c": "ü",
    }),
    eventAt("2026-11-20 01:00:00", {
      event_properties: { Size: 1, size: "1", "": 0, $a: [[]] },
      groups: {},
      user_properties: null,
    }),
    eventAt("2026-11-20 01:00:00", {
      user_creation_time: "",
      client_event_time: "2026-11-20T00:59:59.5Z",
      location_lat: 1.5,
    }),
  ];
  const path = await write(join(await newFolder(), "a.json"), ndjson(events));
  expect(await load({ lake, paths: [path] })).toMatchObject({ loaded: 6, quarantined: 0 });
  const rows = await eventsOf(lake);
  for (const [i, event] of events.entries()) {
    if (i === 1) continue;
    expectSameValues(rows[i]!, event);
  }
  expect(rows[1]).toMatchObject({ paying: true, $schema: 13n, sample_rate: 0.5 });
});

test("integers beyond 2^53 in properties keep every digit", async () => {
  const lake = await newPlace();
  const event = eventAt("2026-11-20 01:00:00");
  const text = JSON.stringify(event).slice(0, -1);
  const properties = '{"id":9007199254740993,"big":123456789012345678901234567890,"price":1.50}';
  const path = await write(join(await newFolder(), "a.json"), `${text},"event_properties":${properties}}`);
  await load({ lake, paths: [path] });
  expect((await eventsOf(lake))[0]?.event_properties).toBe(properties);
});

test("what the emulator serves comes into the lake value for value", async () => {
  const emulator = await emulated(clock, { eventsPerDay: 500, duplicateRate: 0 });
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: "2026-11-22", to: "2026-11-22" });
  const source = await served(emulator, "20261122T00", "20261122T23");
  source.sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
  const rows = await eventsOf(lake);
  expect(rows.length).toBe(source.length);
  for (const [i, row] of rows.entries()) expectSameValues(row, source[i]!);
  expect(await lakeUuids(lake)).toEqual(source.map(({ uuid }) => uuid));
});
