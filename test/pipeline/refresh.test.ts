import { join } from "node:path";
import { expect, test } from "vitest";
import { parseFault } from "../../src/emulator/parse-fault.js";
import { load } from "../../src/pipeline/load.js";
import {
  bring,
  type Clock,
  eventAt,
  expectWhole,
  lakeUuids,
  ndjson,
  newFolder,
  newPlace,
  noon,
  replayed,
  rowsOf,
  type Served,
  uuidsOf,
  write,
} from "./scene.js";

const DAY = "2026-11-20";
const at = (time: string, more = {}) => eventAt(`${DAY} ${time}:00`, more);
const day = { from: DAY, to: DAY };

/** One project, as it answers at some moment. */
const project = (clock: Clock, events: readonly Served[]) => replayed(clock, events, { apiKey: "same-key" });

test("--refresh replaces what is held by what comes, and says by uuid what was added, changed and is gone", async () => {
  const clock = noon();
  const [same, old, gone] = [at("05:10"), at("05:20", { user_id: "old" }), at("05:30")];
  const other = at("07:00");
  const lake = await newPlace();
  await bring(await project(clock, [same, old, gone, other]), clock, lake, day);
  const [changed, added, first] = [{ ...old, user_id: "new" }, at("05:50"), at("06:00")];
  const later = await project(clock, [same, changed, added, first, other]);
  const log: object[] = [];
  const { requests, report } = await bring(later, clock, lake, {
    refresh: { from: `${DAY}T05`, to: `${DAY}T07` },
    log: (entry) => log.push(entry),
  });
  expect(requests).toEqual(["20261120T05-20261120T07"]);
  expect(report.replaced).toEqual([
    {
      ...{ hour: `${DAY}T05`, before: 3, after: 3, added: 1, changed: 1, gone: 1, kept: 0 },
      uuids: { added: [added.uuid], changed: [old.uuid], gone: [gone.uuid] },
    },
    {
      ...{ hour: `${DAY}T06`, before: 0, after: 1, added: 1, changed: 0, gone: 0, kept: 0 },
      uuids: { added: [first.uuid], changed: [], gone: [] },
    },
    {
      ...{ hour: `${DAY}T07`, before: 1, after: 1, added: 0, changed: 0, gone: 0, kept: 0 },
      uuids: { added: [], changed: [], gone: [] },
    },
  ]);
  expect(log).toContainEqual({ kind: "uuids", hour: `${DAY}T05`, change: "gone", uuids: [gone.uuid] });
  expect(await lakeUuids(lake)).toEqual(uuidsOf([same, changed, added, first, other]));
  expect(await rowsOf(lake, "user_id", `WHERE uuid = '${old.uuid}'`)).toEqual([["new"]]);
  expect((await expectWhole(lake, clock)).sources[0]?.counts).toMatchObject({ held: 3, empty: 21 });
  const again = await bring(later, clock, lake, { refresh: { from: `${DAY}T05`, to: `${DAY}T05` } });
  expect(again.report.replaced).toMatchObject([{ added: 0, changed: 0, gone: 0 }]);
});

test("uuids that are listed are a few; the log gets all; every field counts, null and empty are not the same", async () => {
  const clock = noon();
  const many = Array.from({ length: 30 }, (_, i) =>
    at(`08:${String(i + 10)}`, { city: null, paying: "true" }),
  );
  const lake = await newPlace();
  await bring(await project(clock, many), clock, lake, day);
  const emptied = many.map((event, i) => (i < 20 ? { ...event, city: "" } : { ...event, unknown_key: 1 }));
  const log: { kind?: string; uuids?: string[] }[] = [];
  const { report } = await bring(await project(clock, emptied), clock, lake, {
    ...{ refresh: day, log: (entry: object) => log.push(entry) },
  });
  expect(report.replaced).toMatchObject([{ changed: 30, added: 0, gone: 0 }]);
  expect(report.replaced[0]?.uuids.changed).toHaveLength(5);
  expect(log.filter(({ kind }) => kind === "uuids").flatMap(({ uuids }) => uuids ?? [])).toHaveLength(30);
});

test.each([
  ["too-large:times=forever", "4 GB"],
  ["503:times=forever", "503"],
])("a refresh that is answered %s leaves the old rows as they are", async (fault, reason) => {
  const clock = noon();
  const event = at("05:10");
  const lake = await newPlace();
  await bring(await project(clock, [event]), clock, lake, day);
  const failing = await project(clock, [at("01:00")]);
  failing.inject(parseFault(fault));
  const { report } = await bring(failing, clock, lake, { refresh: { from: `${DAY}T05`, to: `${DAY}T05` } });
  expect(report.refused).toMatchObject([{ what: `${DAY}T05`, reason: expect.stringContaining(reason) }]);
  expect(await lakeUuids(lake)).toEqual([event.uuid]);
  expect((await expectWhole(lake, clock)).sources[0]?.counts).toMatchObject({ held: 1, empty: 23 });
});

test("an answer without any event for an hour takes nothing out: it is told, and asked once more a day later", async () => {
  const clock = noon();
  const [gone, stays] = [at("05:10"), at("06:10")];
  const lake = await newPlace();
  await bring(await project(clock, [gone, stays]), clock, lake, day);
  const later = await project(clock, [stays]);
  const one = { refresh: { from: `${DAY}T05`, to: `${DAY}T05` } };
  for (const range of [one, { refresh: day }]) {
    const { report } = await bring(later, clock, lake, range);
    expect(report.replaced[0]).toMatchObject({ hour: `${DAY}T05`, before: 1, after: 1, gone: 1, kept: 1 });
    expect(await lakeUuids(lake)).toEqual(uuidsOf([gone, stays]));
    await expectWhole(lake, clock);
  }
  expect((await bring(later, clock, lake, day)).requests).toEqual([]);
  clock.pass(25);
  expect((await bring(later, clock, lake, day)).requests).toEqual(["20261120T05-20261120T05"]);
  clock.pass(25);
  expect((await bring(later, clock, lake, day)).requests).toEqual([]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf([gone, stays]));
  await expectWhole(lake, clock);
});

test("an event in whose favour another hour's answer was dropped stays when its own hour no longer has it", async () => {
  const clock = noon();
  const copy = at("05:10");
  const sameAgain = { ...copy, server_upload_time: `${DAY} 07:10:00.000000` };
  const [own, other] = [at("05:20"), at("07:20")];
  const lake = await newPlace();
  const first = await bring(await project(clock, [copy, own, sameAgain, other]), clock, lake, day);
  expect(first.report).toMatchObject({ loaded: 4, duplicates: 1 });
  const later = await project(clock, [own, sameAgain, other]);
  const one = { refresh: { from: `${DAY}T05`, to: `${DAY}T05` } };
  for (let i = 0; i < 2; i += 1) {
    const { report } = await bring(later, clock, lake, one);
    expect(report.replaced).toMatchObject([{ before: 2, after: 2, gone: 1, kept: 1 }]);
    expect(await lakeUuids(lake)).toEqual(uuidsOf([copy, own, other]));
    await expectWhole(lake, clock);
  }
  const whole = await bring(later, clock, lake, { refresh: { from: `${DAY}T05`, to: `${DAY}T07` } });
  expect(whole.report.replaced.map(({ kept }) => kept)).toEqual([0, 0]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf([copy, own, other]));
  await expectWhole(lake, clock);
});

test("an event that a loaded file had as well stays when its hour no longer has it, and goes if no file had it", async () => {
  const clock = noon();
  const [loaded, gone, own] = [at("05:10"), at("06:20"), at("05:30")];
  const stays = at("06:40");
  const lake = await newPlace();
  await bring(await project(clock, [loaded, gone, own, stays]), clock, lake, day);
  const file = await write(join(await newFolder(), "copy.json"), ndjson([loaded]));
  expect(await load({ lake, paths: [file] })).toMatchObject({ duplicates: 1 });
  const later = await project(clock, [own, stays]);
  const { report } = await bring(later, clock, lake, { refresh: day });
  expect(report.replaced).toMatchObject([
    { hour: `${DAY}T05`, gone: 1, kept: 1, after: 2 },
    { hour: `${DAY}T06`, gone: 1, kept: 0, after: 1 },
  ]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf([loaded, own, stays]));
  await expectWhole(lake, clock);
});

test("an hour that was refused is asked for again by --refresh", async () => {
  const clock = noon();
  const event = at("05:10");
  const emulator = await project(clock, [event]);
  emulator.inject(parseFault("too-large:times=2"));
  const lake = await newPlace();
  const one = { from: `${DAY}T05`, to: `${DAY}T05` };
  await bring(emulator, clock, lake, one);
  expect((await bring(emulator, clock, lake, one)).requests).toEqual([]);
  expect((await bring(emulator, clock, lake, { refresh: one })).report).toMatchObject({
    loaded: 1,
    replaced: [],
  });
  expect(await lakeUuids(lake)).toEqual([event.uuid]);
  await expectWhole(lake, clock);
});

test.each([
  [{ refresh: day, last: "7d" }, /--refresh was given together with --last/],
  [{ refresh: { from: "2026-11-21", to: "2026-11-20" } }, /no range/],
])("%j is refused in words", async (wrong, words) => {
  const clock = noon();
  const emulator = await project(clock, [at("01:00")]);
  await expect(bring(emulator, clock, await newPlace(), wrong)).rejects.toMatchObject({
    ...{ name: "UsageError", message: expect.stringMatching(words), wayOut: expect.stringMatching(/^Give/) },
  });
});
