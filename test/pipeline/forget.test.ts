import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { LakeTable } from "../../src/lake/table.js";
import { compact } from "../../src/pipeline/compact.js";
import { forget, planForget } from "../../src/pipeline/forget.js";
import { load } from "../../src/pipeline/load.js";
import { openTable } from "../../src/pipeline/open-table.js";
import { quarantine } from "../../src/pipeline/quarantine.js";
import { verify } from "../../src/pipeline/verify.js";
import { filesHolding } from "./forgetting.js";
import {
  bring,
  effects,
  emulated,
  eventAt,
  expectWhole,
  keysOf,
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

const ANNA = { user_id: "anna@example.com", device_id: "device-of-anna", amplitude_id: 987654321012 };
const IDS = {
  userIds: [ANNA.user_id],
  deviceIds: [ANNA.device_id],
  amplitudeIds: [ANNA.amplitude_id],
};
const TEXTS = [ANNA.user_id, ANNA.device_id, String(ANNA.amplitude_id)];
const BORIS = { user_id: "boris@example.com", device_id: "device-of-boris", amplitude_id: 555 };

/** Events of both in four hours of two days; of each of Anna's ids one event has nothing else. */
function twoPersons(): { anna: Served[]; boris: Served[] } {
  const hours = ["2026-11-21 01", "2026-11-21 02", "2026-11-22 01", "2026-11-22 02"];
  const boris = hours.flatMap((hour) => [eventAt(`${hour}:10:00`, BORIS), eventAt(`${hour}:20:00`, BORIS)]);
  const anna = [
    eventAt("2026-11-21 01:15:00", ANNA),
    eventAt("2026-11-21 02:15:00", { user_id: ANNA.user_id }),
    eventAt("2026-11-21 02:16:00", { device_id: ANNA.device_id }),
    eventAt("2026-11-22 01:15:00", { amplitude_id: ANNA.amplitude_id }),
    eventAt("2026-11-22 01:16:00", { amplitude_id: String(ANNA.amplitude_id) }),
  ];
  return { anna, boris };
}

const DAYS = { from: "2026-11-21", to: "2026-11-22" } as const;

/** The same events in the order of their hours. */
const inOrder = (...events: Served[][]) =>
  events.flat().sort((a, b) => (a.server_upload_time < b.server_upload_time ? -1 : 1));

async function contentsOf(lake: string): Promise<Map<string, string>> {
  const names = (await readdir(lake, { recursive: true, withFileTypes: true })).filter((of) => of.isFile());
  const paths = names.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(path, "base64")] as const)),
  );
}

test("a person's rows go from the table, old versions, archives and quarantine; the others' stay as they were", async () => {
  const clock = noon();
  const { anna, boris } = twoPersons();
  const folder = await newFolder();
  for (const hour of ["2026-11-21T01", "2026-11-21T02", "2026-11-22T01", "2026-11-22T02"]) {
    const isIn = ({ server_upload_time: at }: Served) => at.startsWith(hour.replace("T", " "));
    const torn = `{"uuid":"x","user_id":"${ANNA.user_id}","event_type":\n{"uuid":"y","user_id":"boris@exam`;
    await write(
      join(folder, `77_${hour.slice(0, 10)}_${Number(hour.slice(11))}#0.json.gz`),
      `${ndjson(inOrder(anna, boris).filter(isIn))}${hour === "2026-11-21T02" ? `${torn}\n` : ""}`,
    );
  }
  const emulator = await emulated(clock, { replay: folder });
  const lake = await newPlace();
  for (const day of ["2026-11-21", "2026-11-22"]) {
    await bring(emulator, clock, lake, { from: day, to: day, keepArchives: true });
  }
  const byHand = [eventAt("2026-11-21 01:17:00", ANNA), eventAt("2026-11-21 01:18:00", BORIS)];
  await load({ lake, paths: [await write(join(await newFolder(), "hand.json"), ndjson(byHand))] });
  await compact({ lake }, () => clock.now);
  const others = await rowsOf(lake, "*", "WHERE user_id LIKE 'boris%' ORDER BY ALL");
  expect(others).toHaveLength(9);
  const holding = await filesHolding(lake, TEXTS);
  expect(holding.filter((name) => name.endsWith(".zip"))).toHaveLength(2);
  expect(holding.filter((name) => name.endsWith(".parquet"))).toHaveLength(6);
  expect(holding.filter((name) => name.includes("quarantine"))).toHaveLength(1);

  const before = await contentsOf(lake);
  const plan = await planForget({ lake, ...IDS });
  expect(await contentsOf(lake)).toEqual(before);
  expect(plan).toMatchObject({ ids: 3, rows: 6, quarantine: [{ lines: 1 }], refused: [] });
  expect([plan.files.length, plan.replaced.length, plan.archives.length]).toEqual([3, 3, 2]);

  const report = await forget({ lake, ...IDS }, () => clock.now);
  expect(report).toMatchObject({ ids: 3, rows: 6, files: plan.files, archives: plan.archives, refused: [] });
  expect(report.quarantine).toEqual(plan.quarantine);
  expect(report.replaced).toEqual(plan.replaced);
  expect(await filesHolding(lake, TEXTS)).toEqual([]);
  expect(await rowsOf(lake, "*")).toEqual(others);
  expect(await quarantine({ lake })).toMatchObject({ lines: 1 });
  const found = await expectWhole(lake, clock);
  expect(found.sources.map(({ rows }) => rows)).toEqual([8, 1]);
  expect(await verify({ lake, deep: true })).toMatchObject({ faults: [] });
  expect(await planForget({ lake, ...IDS })).toMatchObject({
    rows: 0,
    files: [],
    replaced: [],
    archives: [],
  });
});

test("later answers and files do not bring the person back; what they have of her is counted", async () => {
  const clock = noon();
  const { anna, boris } = twoPersons();
  const emulator = await replayed(clock, [...anna, ...boris]);
  const lake = await newPlace();
  await bring(emulator, clock, lake, DAYS);
  expect(await forget({ lake, ...IDS }, () => clock.now)).toMatchObject({ rows: 5, refused: [] });
  const version = (await openTable(lake)).snapshot.version;

  const { report } = await bring(emulator, clock, lake, { refresh: DAYS, keepArchives: true });
  expect(report).toMatchObject({ loaded: 13, duplicates: 0, forgotten: 5 });
  const path = await write(
    join(await newFolder(), "again.json"),
    ndjson([...anna, ...boris, eventAt("2026-11-22 02:30:00")]),
  );
  const loaded = await load({ lake, paths: [path] });
  expect(loaded).toMatchObject({ loaded: 14, duplicates: 8, forgotten: 5 });
  expect(await filesHolding(lake, TEXTS)).toEqual([]);
  expect(await lakeUuids(lake)).toHaveLength(9);
  const counted = { refresh: 0, load: 0 };
  for await (const { account } of (await openTable(lake)).accounts(version)) {
    const { operation, hours } = account;
    const forgotten = hours.reduce((sum, { forgotten = 0 }) => sum + forgotten, 0);
    counted[operation as keyof typeof counted] += forgotten;
  }
  expect(counted).toEqual({ refresh: 5, load: 5 });
  await expectWhole(lake, clock);
  await compact({ lake }, () => clock.now);
  await expectWhole(lake, clock);
  expect(await lakeUuids(lake)).toEqual(expect.arrayContaining(uuidsOf(boris)));
  const against = { ...keysOf(emulator), sample: 4 };
  expect(await verify({ lake, deep: true, against }, effects(clock))).toMatchObject({ faults: [] });
});

test("a load that had not seen the tombstones when it began leaves the person out all the same", async () => {
  const clock = noon();
  const { anna, boris } = twoPersons();
  const lake = await newPlace();
  const folder = await newFolder();
  await load({ lake, paths: [await write(join(folder, "first.json"), ndjson(boris.slice(0, 1)))] });
  const { commit } = LakeTable.prototype;
  const spy = vi.spyOn(LakeTable.prototype, "commit").mockImplementationOnce(async function (
    this: LakeTable,
    change,
  ) {
    await forget({ lake, ...IDS });
    return commit.call(this, change);
  });
  const torn = `{"device_id" : "${ANNA.device_id}", \n`;
  const path = await write(join(folder, "second.json"), `${ndjson([...anna, ...boris])}${torn}`);
  const report = await load({ lake, paths: [path] });
  spy.mockRestore();
  expect(report).toMatchObject({ loaded: 13, duplicates: 1, forgotten: 5, quarantined: 1 });
  expect(await filesHolding(lake, TEXTS)).toEqual([]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(boris));
  expect(await quarantine({ lake })).toMatchObject({ lines: 0 });
  await expectWhole(lake, clock);
});

test("ids that were sent as another kind of value are found; others that only look like them are not", async () => {
  const clock = noon();
  const lake = await newPlace();
  const at = "2026-11-21 01:00:00";
  const theirs = [
    eventAt(at, { user_id: 4711 }),
    eventAt(at, { user_id: "4711" }),
    eventAt(at, { device_id: 'it\'s \u0000 a "device"' }),
  ];
  const others = [
    eventAt(at, { user_id: "04711" }),
    eventAt(at, { device_id: "4711" }),
    eventAt(at, { amplitude_id: 4711 }),
    eventAt(at, { event_properties: { user_id: "4711" } }),
  ];
  const events = ndjson([...theirs, ...others]);
  await load({ lake, paths: [await write(join(await newFolder(), "a.json"), events)] });
  const ids = { userIds: ["4711", "4711"], deviceIds: ['it\'s \u0000 a "device"'] };
  expect(await forget({ lake, ...ids })).toMatchObject({ ids: 2, rows: 3 });
  expect(await lakeUuids(lake)).toEqual(uuidsOf(others));
  const again = await write(join(await newFolder(), "b.json"), `${events}\n`);
  expect(await load({ lake, paths: [again] })).toMatchObject({ forgotten: 3, duplicates: 4 });
  await expectWhole(lake, clock);
});

test.each([
  [{}, "Nobody was named"],
  [{ userIds: [""] }, "An empty user_id"],
  [{ amplitudeIds: ["12a"] }, '"12a" is no amplitude_id'],
  [{ amplitudeIds: [2 ** 53] }, "no amplitude_id"],
])("%j is wrong use, and notes nothing", async (ids, words) => {
  const lake = await newPlace();
  await load({
    lake,
    paths: [await write(join(await newFolder(), "a.json"), ndjson([eventAt("2026-11-21 01:00:00")]))],
  });
  await expect(forget({ lake, ...ids })).rejects.toThrow(words);
  expect(await readdir(join(lake, "_ampframe"))).not.toContain("forgotten");
});

test("a damaged tombstone stops pulls and loads, and verify names it", async () => {
  const lake = await newPlace();
  const { anna, boris } = twoPersons();
  await load({ lake, paths: [await write(join(await newFolder(), "a.json"), ndjson(boris))] });
  await forget({ lake, ...IDS });
  await writeFile(join(lake, "_ampframe/forgotten/salt"), "");
  const path = await write(join(await newFolder(), "b.json"), ndjson(anna));
  await expect(load({ lake, paths: [path] })).rejects.toThrow("missing or damaged");
  expect((await verify({ lake })).faults).toMatchObject([{ what: "_ampframe/forgotten" }]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(boris));
});
