import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import {
  bring,
  countsOf,
  emulated,
  eventAt,
  expectWhole,
  lakeUuids,
  member,
  newFolder,
  newPlace,
  noon,
  replayed,
  uuidsOf,
} from "./scene.js";

const DAY = "2026-11-23";

/** Two states of the same project: what an early and what a late request are given. */
async function growing(clock: ReturnType<typeof noon>, hour: string, early: object[], late: object[]) {
  const [before, after] = [await newFolder(), await newFolder()];
  await member(before, `${DAY}T04`, [eventAt(`${DAY} 04:00:00`)]);
  await member(before, hour, early);
  await member(after, hour, late);
  const options = { apiKey: "same-key", settleHours: 1 };
  return [
    await emulated(clock, { ...options, replay: before }),
    await emulated(clock, { ...options, replay: after }),
  ] as const;
}

test("an hour that was brought before it settled is brought again once it has, and replaced", async () => {
  const clock = noon();
  const kept = eventAt(`${DAY} 11:01:00`);
  const moved = eventAt(`${DAY} 11:02:00`);
  const late = eventAt(`${DAY} 11:59:00`);
  const [early, grown] = await growing(clock, `${DAY}T11`, [kept, moved], [kept, moved, late]);
  const lake = await newPlace();
  const first = await bring(early, clock, lake, { from: `${DAY}T04`, settleHours: 1 });
  expect(first.report).toMatchObject({ loaded: 3, range: { to: `${DAY}T11` } });
  expect(countsOf(await expectWhole(lake, clock))).toEqual({ held: 1, empty: 5, settling: 2 });

  const tooEarly = await bring(grown, clock, lake);
  expect(tooEarly.requests).toEqual([]);
  clock.pass(2);
  const second = await bring(grown, clock, lake);
  expect(second.requests).toEqual(["20261123T10-20261123T11"]);
  expect(second.report).toMatchObject({ loaded: 3, duplicates: 0 });
  expect(await lakeUuids(lake)).toHaveLength(4);
  expect(await lakeUuids(lake)).toContain(late.uuid);
  expect(countsOf(await expectWhole(lake, clock))).toEqual({ held: 2, empty: 6 });
  expect((await bring(grown, clock, lake)).requests).toEqual([]);
});

test("one who always asks early is not made to ask twice", async () => {
  const clock = noon();
  const emulator = await replayed(clock, [eventAt(`${DAY} 10:00:00`), eventAt(`${DAY} 11:00:00`)], {
    settleHours: 1,
  });
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: `${DAY}T10`, settleHours: 1 });
  clock.pass(1);
  expect((await bring(emulator, clock, lake, { settleHours: 1 })).requests).toEqual([
    "20261123T12-20261123T12",
  ]);
  await expectWhole(lake, clock);
});

test("an hour is replaced inside a file of several hours, and the others stay as they are", async () => {
  const clock = noon();
  const settled = eventAt(`${DAY} 09:30:00`, { user_id: "settled" });
  const young = eventAt(`${DAY} 10:30:00`);
  const younger = eventAt(`${DAY} 11:30:00`);
  const folder = await newFolder();
  for (const event of [settled, young, younger]) {
    await member(folder, event.server_upload_time.slice(0, 13).replace(" ", "T"), [event]);
  }
  const emulator = await emulated(clock, { replay: folder, settleHours: 1 });
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: `${DAY}T09`, settleHours: 1 });
  clock.pass(1);
  const added = eventAt(`${DAY} 10:45:00`);
  await rm(`${folder}/77_${DAY}_10#0.json.gz`);
  await member(folder, `${DAY}T10`, [young, added]);
  const grown = await emulated(clock, { replay: folder, settleHours: 1 });
  const { requests, report } = await bring(grown, clock, lake);
  expect(requests).toEqual(["20261123T10-20261123T10"]);
  expect(report).toMatchObject({ loaded: 2, duplicates: 0 });
  expect(await lakeUuids(lake)).toEqual(uuidsOf([settled, young, younger, added]));
  const found = await expectWhole(lake, clock);
  expect(found.files).toBe(2);
});

test("an event that a replaced hour held for another hour is not lost", async () => {
  const clock = noon();
  const copy = eventAt(`${DAY} 11:10:00`);
  const sameAgain = { ...copy, server_upload_time: `${DAY} 10:10:00.000000` };
  const folder = await newFolder();
  await member(folder, `${DAY}T11`, [copy, eventAt(`${DAY} 11:20:00`)]);
  await member(folder, `${DAY}T10`, [sameAgain]);
  const early = await emulated(clock, { replay: folder, settleHours: 1 });
  const lake = await newPlace();
  await bring(early, clock, lake, { from: `${DAY}T11`, to: `${DAY}T11`, settleHours: 1 });
  const second = await bring(early, clock, lake, { from: `${DAY}T10`, to: `${DAY}T10`, settleHours: 2 });
  expect(second.report).toMatchObject({ loaded: 1, duplicates: 1 });

  const folderLater = await newFolder();
  await member(folderLater, `${DAY}T10`, [sameAgain]);
  await member(folderLater, `${DAY}T11`, [eventAt(`${DAY} 11:20:00`)]);
  const later = await emulated(clock, { replay: folderLater, settleHours: 1 });
  clock.pass(3);
  await bring(later, clock, lake, { from: `${DAY}T10`, to: `${DAY}T11` });
  expect(await lakeUuids(lake)).toContain(copy.uuid);
  await expectWhole(lake, clock);
});

test("rows of an hour that lie in the answer for another are kept, and do not pass for that hour's answer", async () => {
  const clock = noon();
  const own = eventAt("2026-11-21 23:30:00");
  const stray = eventAt("2026-11-22 00:00:01");
  const folder = await newFolder();
  await member(folder, "2026-11-21T23", [own, stray]);
  const rest = ["00", "08"].map((hour) => eventAt(`2026-11-22 ${hour}:40:00`));
  await member(folder, "2026-11-22T00", rest.slice(0, 1));
  await member(folder, "2026-11-22T08", rest.slice(1));
  const emulator = await emulated(clock, { replay: folder });
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: "2026-11-21", to: "2026-11-21" });
  expect(await lakeUuids(lake)).toEqual(uuidsOf([own, stray]));
  expect((await expectWhole(lake, clock)).sources[0]?.range?.from).toBe("2026-11-21T00");
  const { requests } = await bring(emulator, clock, lake, { to: "2026-11-22" });
  expect(requests).toEqual(["20261122T00-20261122T23"]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf([own, stray, ...rest]));
  const found = await expectWhole(lake, clock);
  expect(found.sources[0]?.hours.find(({ hour }) => hour === "2026-11-22T00")).toMatchObject({
    ...{ state: "held", rows: 2 },
  });
});

test("such rows also stay when their hour is brought early and then replaced", async () => {
  const clock = noon();
  const stray = eventAt(`${DAY} 11:00:01`);
  const [early, late] = [eventAt(`${DAY} 11:10:00`), eventAt(`${DAY} 11:50:00`)];
  const [before, after] = [await newFolder(), await newFolder()];
  for (const folder of [before, after])
    await member(folder, `${DAY}T10`, [eventAt(`${DAY} 10:59:00`), stray]);
  await member(before, `${DAY}T11`, [early]);
  await member(after, `${DAY}T11`, [early, late]);
  const lake = await newPlace();
  const options = { settleHours: 1 };
  const young = await emulated(clock, { replay: before, ...options });
  for (const hour of [`${DAY}T10`, `${DAY}T11`]) {
    await bring(young, clock, lake, { from: hour, to: hour, settleHours: 1 });
  }
  expect(await lakeUuids(lake)).toHaveLength(3);
  clock.pass(2);
  const grown = await emulated(clock, { replay: after, ...options });
  await bring(grown, clock, lake, { from: `${DAY}T11`, to: `${DAY}T11` });
  const uuids = await lakeUuids(lake);
  expect(uuids).toHaveLength(4);
  for (const { uuid } of [stray, early, late]) expect(uuids).toContain(uuid);
  await expectWhole(lake, clock);
});

test("an hour answered by 404 is empty, is asked once more after a day, and then no more", async () => {
  const clock = noon();
  const emulator = await replayed(clock, [eventAt("2026-11-22 05:00:00")]);
  const lake = await newPlace();
  const range = { from: "2026-11-22T10", to: "2026-11-22T12" };
  const first = await bring(emulator, clock, lake, range);
  expect(first.report).toMatchObject({
    loaded: 0,
    empty: ["2026-11-22T10", "2026-11-22T11", "2026-11-22T12"],
  });
  expect(await expectWhole(lake, clock)).toMatchObject({ sources: [{ provisional: 3, rows: 0 }] });
  clock.pass(23.9);
  expect((await bring(emulator, clock, lake, range)).requests).toEqual([]);
  clock.pass(0.2);
  expect((await bring(emulator, clock, lake, range)).requests).toEqual(["20261122T10-20261122T12"]);
  expect(await expectWhole(lake, clock)).toMatchObject({ sources: [{ provisional: 0 }] });
  clock.pass(100);
  expect((await bring(emulator, clock, lake, range)).requests).toEqual([]);
});

test("an hour that was empty and has events when it is asked again is held", async () => {
  const clock = noon();
  const lake = await newPlace();
  const range = { from: "2026-11-22T10", to: "2026-11-22T12" };
  const empty = await replayed(clock, [eventAt("2026-11-22 05:00:00")]);
  await bring(empty, clock, lake, range);
  clock.pass(25);
  const late = eventAt("2026-11-22 11:00:00");
  const filled = await replayed(clock, [late]);
  const { report } = await bring(filled, clock, lake, range);
  expect(report).toMatchObject({ loaded: 1, empty: ["2026-11-22T10", "2026-11-22T12"] });
  expect(await lakeUuids(lake)).toEqual([late.uuid]);
  expect(countsOf(await expectWhole(lake, clock))).toMatchObject({ held: 1, empty: 2 });
});

test("a quiet hour inside an archive is empty for good if the archive was asked for a day later", async () => {
  const clock = noon();
  const emulator = await replayed(clock, [eventAt("2026-11-20 05:00:00"), eventAt("2026-11-23 05:00:00")]);
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: "2026-11-20", to: "2026-11-20" });
  expect(await expectWhole(lake, clock)).toMatchObject({ sources: [{ provisional: 0 }] });
  await bring(emulator, clock, lake, { from: "2026-11-23T03", to: "2026-11-23T06" });
  expect(await expectWhole(lake, clock)).toMatchObject({ sources: [{ provisional: 3 }] });
});
