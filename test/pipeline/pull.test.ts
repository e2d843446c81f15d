import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseFault } from "../../src/emulator/parse-fault.js";
import { type Hour, hoursIn } from "../../src/hour.js";
import { planPull } from "../../src/pipeline/pull.js";
import {
  bring,
  countsOf,
  emulated,
  expectWhole,
  keysOf,
  lakeUuids,
  newPlace,
  noon,
  rowsOf,
  served,
  uuidsOf,
} from "./scene.js";

const hour = (text: string) => text as Hour;

test("seven days come whole: every event once, copies dropped and counted; a second pull asks for nothing", async () => {
  const clock = noon();
  const end = hour("2026-11-23T09");
  const emulator = await emulated(clock, { days: 7, eventsPerDay: 300, users: 60, end });
  const lake = await newPlace();
  const { report, requests } = await bring(emulator, clock, lake);

  const truth = emulator.truth();
  expect(truth.sentTwice.length).toBeGreaterThan(20);
  expect(report).toMatchObject({
    ...{ lines: truth.lines, loaded: truth.lines, quarantined: 0, blank: 0, refused: [], settling: [] },
    duplicates: truth.lines - truth.events,
    range: { from: "2026-11-16T10", to: end },
    requests: 8,
  });
  expect(report.hours).toBe(7 * 24);
  expect(requests).toEqual([
    "20261116T10-20261116T23",
    ...[17, 18, 19, 20, 21, 22].map((day) => `202611${day}T00-202611${day}T23`),
    "20261123T00-20261123T09",
  ]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(await served(emulator, "20261116T10", "20261123T09")));
  const types = await rowsOf(lake, "event_type, count(*)::INT", "GROUP BY ALL ORDER BY ALL");
  expect(Object.fromEntries(types)).toEqual(
    Object.fromEntries(Object.entries(truth.eventTypes).map(([type, { events }]) => [type, events])),
  );
  const found = await expectWhole(lake, clock);
  expect(countsOf(found).missing ?? 0).toBe(0);
  expect((found.sources[0]?.counts.held ?? 0) + (found.sources[0]?.counts.empty ?? 0)).toBe(7 * 24);
  expect(report.empty.length).toBe(found.sources[0]?.counts.empty);

  const again = await bring(emulator, clock, lake);
  expect(again.requests).toEqual([]);
  expect(again.report).toMatchObject({ hours: 0, lines: 0, loaded: 0, bytes: 0, requests: 0 });
  expect((await expectWhole(lake, clock)).version).toBe(found.version);
});

test("when hours have settled, only they are asked for", async () => {
  const clock = noon();
  const emulator = await emulated(clock, { days: 3, end: hour("2026-11-24T23") });
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: "2026-11-23T04" });
  clock.pass(2.5);
  const { requests, report } = await bring(emulator, clock, lake);
  expect(requests).toEqual(["20261123T10-20261123T12"]);
  expect(report.range).toEqual({ from: "2026-11-23T04", to: "2026-11-23T12" });
  expect(await lakeUuids(lake)).toEqual(uuidsOf(await served(emulator, "20261123T04", "20261123T12")));
  await expectWhole(lake, clock);
});

test.each([
  [{}, "20261116T10-20261116T23", { from: "2026-11-16T10", to: "2026-11-16T23", hours: 14 }],
  [
    { from: "2026-11-20", to: "2026-11-22" },
    "20261120T00-20261120T23",
    { from: "2026-11-20T00", to: "2026-11-20T23", hours: 24 },
  ],
])(
  "hours before all that are held, which a pull of %j could not have, are a gap until a later one brings them",
  async (range, window, gap) => {
    const clock = noon();
    const emulator = await emulated(clock, { days: 7, end: hour("2026-11-24T23") });
    const lake = await newPlace();
    emulator.inject(parseFault("503:times=7"));
    const first = await bring(emulator, clock, lake, { ...range, concurrency: 1 });
    expect(first.report.refused).toMatchObject([{ what: `${gap.from} to ${gap.to}` }]);
    expect((await expectWhole(lake, clock)).sources[0]?.gaps[0]).toEqual(gap);
    clock.pass(30);
    const { requests } = await bring(emulator, clock, lake);
    expect(requests[0]).toBe(window);
    expect(await lakeUuids(lake)).toEqual(
      uuidsOf(await served(emulator, window.slice(0, window.indexOf("-")), "20261124T15")),
    );
    expect((await expectWhole(lake, clock)).sources[0]?.gaps).toEqual([]);
  },
);

test("a gap between two pulls is filled, and no held hour is asked again", async () => {
  const clock = noon();
  const emulator = await emulated(clock);
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: "2026-11-21T05", to: "2026-11-21T07" });
  await bring(emulator, clock, lake, { from: "2026-11-21T12", to: "2026-11-21" });
  const { requests, report } = await bring(emulator, clock, lake, { to: "2026-11-22T01" });
  expect(requests).toEqual(["20261121T08-20261121T11", "20261122T00-20261122T01"]);
  expect(report.range).toEqual({ from: "2026-11-21T05", to: "2026-11-22T01" });
  expect(await lakeUuids(lake)).toEqual(uuidsOf(await served(emulator, "20261121T05", "20261122T01")));
  await expectWhole(lake, clock);
});

test.each([
  [{ last: "2d" }, "2026-11-21T10", "2026-11-23T09", 48],
  [{ last: "36h" }, "2026-11-21T22", "2026-11-23T09", 36],
  [{ last: " 1 w" }, "2026-11-16T10", "2026-11-23T09", 168],
  [{ from: "2026-11-20", to: "2026-11-20" }, "2026-11-20T00", "2026-11-20T23", 24],
  [{ from: "20261120T05", to: "2026-11-20T05" }, "2026-11-20T05", "2026-11-20T05", 1],
  [{ from: "2026-11-22" }, "2026-11-22T00", "2026-11-23T09", 34],
  [{ from: "2026-11-23T09", settleHours: 1 }, "2026-11-23T09", "2026-11-23T11", 3],
])("the range of %j", async (range, from, to, hours) => {
  const clock = noon();
  const credentials = { apiKey: "key", secretKey: "secret" };
  const plan = await planPull({ lake: await newPlace(), credentials, ...range }, () => clock.now);
  expect(plan).toMatchObject({ range: { from, to }, hours, settling: [], held: 0 });
  expect(plan.windows.flatMap((window) => hoursIn(window))).toEqual(
    hoursIn({ from: hour(from), to: hour(to) }),
  );
});

test("hours of a stated range that are too young are named, and not asked for", async () => {
  const clock = noon();
  const emulator = await emulated(clock, { end: hour("2026-11-23T23"), days: 1 });
  const lake = await newPlace();
  const { report, requests } = await bring(emulator, clock, lake, {
    from: "2026-11-23T08",
    to: "2026-11-23",
  });
  expect(requests).toEqual(["20261123T08-20261123T09"]);
  expect(report.settling).toEqual(["2026-11-23T10", "2026-11-23T11", "2026-11-23T12"]);
  await expectWhole(lake, clock);
});

test.each([
  [{ last: "7 days" }, /"7 days" is no duration/],
  [{ last: "0d" }, /"0d" is no duration/],
  [{ last: "7d", from: "2026-11-20" }, /together/],
  [{ last: "999999w" }, /nothing from before 2012/],
  [{ from: "0001-01-01" }, /nothing from before 2012/],
  [{ from: "yesterday" }, /From yesterday to .* is no range/],
  [{ from: "2026-11-31" }, /no range/],
  [{ from: "2026-11-20", to: "2026-11-19" }, /From 2026-11-20 to 2026-11-19 is no range/],
  [{ from: "2026-12-24" }, /lies in the future; it is 2026-11-23T12/],
  [{ to: "2026-11-20" }, /--to was given without --from/],
  [{ concurrency: 0 }, /concurrency 0 is not a whole number/],
  [{ concurrency: 5 }, /concurrency 5/],
  [{ concurrency: 1.5 }, /concurrency 1.5/],
  [{ endpoint: "http://example.com" }, /plain http/],
  [{ settleHours: -1 }, /settle/],
  [{ settleHours: Number.NaN }, /settle/],
])("%j is refused in words before anything is asked or made", async (wrong, words) => {
  const clock = noon();
  const emulator = await emulated(clock);
  const lake = await newPlace();
  await expect(bring(emulator, clock, lake, wrong)).rejects.toMatchObject({
    ...{ name: "UsageError", exitStatus: 2 },
    message: expect.stringMatching(words),
    wayOut: expect.stringMatching(/\w/),
  });
  expect(emulator.requests).toEqual([]);
  expect(await readdir(join(lake, ".."))).toEqual([]);
});

test("the plan is a value that tells what the pull then does, and makes no lake", async () => {
  const clock = noon();
  const emulator = await emulated(clock);
  const lake = await newPlace();
  const options = { lake, ...keysOf(emulator), last: "50h" };
  const plan = await planPull(options, () => clock.now);
  expect(plan.windows).toEqual([
    { from: "2026-11-21T08", to: "2026-11-21T23" },
    { from: "2026-11-22T00", to: "2026-11-22T23" },
    { from: "2026-11-23T00", to: "2026-11-23T09" },
  ]);
  expect(await readdir(join(lake, ".."))).toEqual([]);
  const { requests } = await bring(emulator, clock, lake, { last: "50h" });
  expect(requests.length).toBe(plan.windows.length);
  expect(JSON.stringify(plan)).not.toContain(emulator.apiKey);
});

test("archives are kept on demand, and only then", async () => {
  const clock = noon();
  const emulator = await emulated(clock);
  const lake = await newPlace();
  const range = { from: "2026-11-21", to: "2026-11-21" };
  const { report } = await bring(emulator, clock, lake, { ...range, keepArchives: true });
  const archives = join(lake, "_ampframe/archives");
  const [source] = await readdir(archives);
  expect(await readdir(join(archives, source ?? ""))).toEqual(["2026-11-21T00_2026-11-21T23.zip"]);
  expect(report.bytes).toBeGreaterThan(0);
  await bring(emulator, clock, lake, { from: "2026-11-22", to: "2026-11-22" });
  expect(await readdir(join(archives, source ?? ""))).toHaveLength(1);
  expect(await readdir(join(lake, "_ampframe/staging"))).toEqual([]);
});
