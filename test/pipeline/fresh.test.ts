import { expect, test } from "vitest";
import {
  bring,
  type Clock,
  countsOf,
  emulated,
  eventAt,
  expectWhole,
  lakeUuids,
  newPlace,
  noon,
  replayed,
  type Served,
  uuidsOf,
} from "./scene.js";

const DAY = "2026-11-23";
const at = (time: string, more = {}) => eventAt(`${DAY} ${time}:00`, more);

/** One project, as it answers at some moment. */
const project = (clock: Clock, events: readonly Served[]) =>
  replayed(clock, events, { apiKey: "same-key", settleHours: 1 });

test("--fresh brings settling hours, shows them as settling, and replaces them when they have grown and settled", async () => {
  const clock = noon();
  const [held, young, late] = [at("09:10"), at("10:10"), at("10:50")];
  const lake = await newPlace();
  const first = await bring(await project(clock, [held, young]), clock, lake, {
    ...{ from: `${DAY}T09`, fresh: true },
  });
  expect(first.requests).toEqual(["20261123T09-20261123T11"]);
  expect(first.report).toMatchObject({
    ...{ range: { to: `${DAY}T11` }, settling: [`${DAY}T10`, `${DAY}T11`], replaced: [], loaded: 2 },
  });
  expect(await lakeUuids(lake)).toEqual(uuidsOf([held, young]));
  const early = await expectWhole(lake, clock);
  expect(countsOf(early)).toEqual({ held: 1, settling: 1 });
  expect(early.sources[0]?.hours.at(-1)).toMatchObject({ hour: `${DAY}T10`, provisional: true, rows: 1 });

  const grown = await project(clock, [held, young, late]);
  expect((await bring(grown, clock, lake)).requests).toEqual([]);
  const second = await bring(grown, clock, lake, { fresh: true });
  expect(second.requests).toEqual(["20261123T10-20261123T11"]);
  expect(second.report.replaced).toEqual([
    {
      ...{ hour: `${DAY}T10`, before: 1, after: 2, added: 1, changed: 0, gone: 0, kept: 0 },
      uuids: { added: [late.uuid], changed: [], gone: [] },
    },
  ]);
  clock.pass(1);
  const third = await bring(grown, clock, lake);
  expect(third.requests).toEqual(["20261123T10-20261123T10"]);
  expect(third.report).toMatchObject({ replaced: [{ before: 2, after: 2, added: 0, changed: 0, gone: 0 }] });
  expect(await lakeUuids(lake)).toEqual(uuidsOf([held, young, late]));
  expect(countsOf(await expectWhole(lake, clock))).toEqual({ held: 2 });
  expect((await bring(grown, clock, lake)).requests).toEqual([]);
});

test("a settling hour that has not changed costs a request and no commit", async () => {
  const clock = noon();
  const emulator = await project(clock, [at("09:10"), at("10:10")]);
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: `${DAY}T09`, fresh: true });
  const { version } = await expectWhole(lake, clock);
  const again = await bring(emulator, clock, lake, { fresh: true });
  expect(again.requests).toEqual(["20261123T10-20261123T11"]);
  expect(again.report).toMatchObject({ hours: 0, replaced: [] });
  expect((await expectWhole(lake, clock)).version).toBe(version);
});

test("a 404 of settling hours says nothing of them: no commit, and they stay settling until they can be had", async () => {
  const clock = noon();
  const emulator = await replayed(clock, [at("09:10"), at("10:10")]);
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: `${DAY}T09` });
  const { version } = await expectWhole(lake, clock);
  const { requests, report } = await bring(emulator, clock, lake, { fresh: true });
  expect(requests).toEqual(["20261123T10-20261123T11"]);
  expect(report).toMatchObject({ hours: 0, empty: [], refused: [] });
  expect(await expectWhole(lake, clock)).toMatchObject({ version, sources: [{ counts: { held: 1 } }] });
  clock.pass(1);
  expect((await bring(emulator, clock, lake)).report).toMatchObject({ loaded: 1 });
});

test("hours that an early answer brought stay when the settled answer is a 404, and are asked for a day later", async () => {
  const clock = noon();
  const young = at("10:10");
  const lake = await newPlace();
  await bring(await project(clock, [at("09:10"), young]), clock, lake, { from: `${DAY}T09`, fresh: true });
  clock.pass(1);
  const hiccup = await project(clock, [at("01:00")]);
  const { report } = await bring(hiccup, clock, lake);
  expect(report.replaced).toMatchObject([{ hour: `${DAY}T10`, before: 1, after: 1, gone: 1, kept: 1 }]);
  expect(await lakeUuids(lake)).toContain(young.uuid);
  const found = await expectWhole(lake, clock);
  expect(found.sources[0]?.hours.at(-1)).toMatchObject({ state: "held", rows: 1, provisional: true });
  const late = at("10:59");
  const again = await project(clock, [young, late]);
  const to = { to: `${DAY}T10` };
  expect((await bring(again, clock, lake, to)).requests).toEqual([]);
  clock.pass(25);
  expect((await bring(again, clock, lake, to)).requests).toEqual(["20261123T10-20261123T10"]);
  expect(await lakeUuids(lake)).toEqual(expect.arrayContaining(uuidsOf([young, late])));
  clock.pass(100);
  expect((await bring(again, clock, lake, to)).requests).toEqual([]);
  await expectWhole(lake, clock);
});

test("the hour that has not passed is not asked for, and two fresh pulls at once double nothing", async () => {
  const clock = noon();
  const emulator = await emulated(clock, { days: 2, end: "2026-11-23T12" as never, settleHours: 0 });
  const lake = await newPlace();
  const options = { from: DAY, fresh: true };
  const both = await Promise.all([
    bring(emulator, clock, lake, options),
    bring(emulator, clock, lake, options),
  ]);
  expect(both.flatMap(({ requests }) => requests)).not.toContain("20261123T12-20261123T12");
  const uuids = await lakeUuids(lake);
  expect(new Set(uuids).size).toBe(uuids.length);
  await expectWhole(lake, clock);
});
