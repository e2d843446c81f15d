import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { diskFiles, type LakeFiles } from "../../src/lake/files.js";
import { LakeTable } from "../../src/lake/table.js";
import { compact, compactTable } from "../../src/pipeline/compact.js";
import { load } from "../../src/pipeline/load.js";
import { checkpoints } from "../lake/making.js";
import { afterThisFile } from "../undo.js";
import {
  bring,
  emulated,
  eventAt,
  expectWhole,
  lakeUuids,
  member,
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
const now = () => clock.now;

/** Each list of events is a file of its own in the lake. */
async function loadAll(lake: string, lists: readonly (readonly Served[])[]): Promise<void> {
  const folder = await newFolder();
  for (const [i, events] of lists.entries()) {
    await load({ lake, paths: [await write(join(folder, `${i}.json`), ndjson(events))] });
  }
}

/** Does `other` just before the first entry is put into the log. */
function overtaken(other: () => Promise<unknown>): LakeFiles {
  let first = true;
  return {
    ...diskFiles,
    async link(from, to) {
      if (first && to.endsWith(".json")) {
        first = false;
        await other();
      }
      return diskFiles.link(from, to);
    },
  };
}

const openWith = (lake: string, files: LakeFiles) => LakeTable.open(lake, { files, checkpoints, now });

const days = ["2026-11-18", "2026-11-19", "2026-11-20"];
const fourADay = () => days.flatMap((day) => [1, 2, 3, 4].map((hour) => [eventAt(`${day} 0${hour}:00:00`)]));

let made: Promise<{ lake: string; events: Served[][] }> | undefined;
/** A lake of three days, each in four files; made once. */
async function fullLake(): Promise<{ lake: string; events: Served[][] }> {
  made ??= make();
  const { events, lake: first } = await made;
  const lake = await newPlace();
  await cp(first, lake, { recursive: true });
  return { lake, events };
}

async function make() {
  const folder = await mkdtemp(join(tmpdir(), "ampframe-race-"));
  afterThisFile(() => rm(folder, { recursive: true }));
  const [lake, events] = [join(folder, "lake"), fourADay()];
  await loadAll(lake, events);
  return { lake, events };
}

test("two compactions at once: each day once, no row lost or doubled, and nobody is told of a failure", async () => {
  const { lake, events } = await fullLake();
  const both = await Promise.all([compact({ lake }, now), compact({ lake }, now)]);
  expect(both.flatMap(({ refused }) => refused)).toEqual([]);
  expect(both[0].days + both[1].days).toBe(3);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events.flat()));
  expect(await expectWhole(lake, clock)).toMatchObject({ files: 3, rows: 12 });
  expect(await readdir(join(lake, "_ampframe/staging"))).toEqual([]);
});

test("a compaction that another overtakes at the last moment gives way", async () => {
  const { lake, events } = await fullLake();
  const table = await openWith(
    lake,
    overtaken(() => compact({ lake }, now)),
  );
  expect(await compactTable(table, {}, now)).toMatchObject({ days: 0, refused: [] });
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events.flat()));
  expect(await expectWhole(lake, clock)).toMatchObject({ files: 3 });
});

test("a load into a day that is being compacted: its rows are there, once, and the next run merges them", async () => {
  const { lake, events } = await fullLake();
  const added = [eventAt("2026-11-18 09:00:00"), events[0]![0]!];
  const table = await openWith(
    lake,
    overtaken(() => loadAll(lake, [added])),
  );
  expect(await compactTable(table, {}, now)).toMatchObject({ days: 3, refused: [] });
  const all = uuidsOf([...events.flat(), ...added]);
  expect(await lakeUuids(lake)).toEqual(all);
  expect(await expectWhole(lake, clock)).toMatchObject({ files: 4 });
  expect(await compact({ lake }, now)).toMatchObject({ days: 1, before: { files: 2 } });
  expect(await lakeUuids(lake)).toEqual(all);
  expect(await expectWhole(lake, clock)).toMatchObject({ files: 3 });
});

test("loads and compactions at the same time end with every event once", async () => {
  const lake = await newPlace();
  const events = fourADay();
  await loadAll(lake, events.slice(0, 6));
  const [again] = events[2]!;
  await Promise.all([
    loadAll(lake, events.slice(6, 9)),
    compact({ lake }, now),
    loadAll(lake, [...events.slice(9), [again!]]),
    compact({ lake }, now),
  ]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events.flat()));
  await expectWhole(lake, clock);
  await compact({ lake }, now);
  expect(await expectWhole(lake, clock)).toMatchObject({ files: 3, rows: 12 });
});

test("an hour that is brought again while its day is compacted is replaced once", async () => {
  const later = noon();
  const day = "2026-11-23";
  const [before, after] = [await newFolder(), await newFolder()];
  const [kept, early, late] = ["10:30", "11:10", "11:50"].map((time) => eventAt(`${day} ${time}:00`));
  for (const folder of [before, after]) await member(folder, `${day}T10`, [kept!]);
  await member(before, `${day}T11`, [early!]);
  await member(after, `${day}T11`, [early!, late!]);
  const lake = await newPlace();
  const young = await emulated(later, { replay: before, settleHours: 1 });
  for (const hour of [`${day}T10`, `${day}T11`]) {
    await bring(young, later, lake, { from: hour, to: hour, settleHours: 1 });
  }
  later.pass(24);
  const grown = await emulated(later, { replay: after, settleHours: 1 });
  const pulling = () => bring(grown, later, lake, { from: `${day}T10`, to: `${day}T11` });
  const table = await LakeTable.open(lake, { files: overtaken(pulling), checkpoints, now: () => later.now });
  await compactTable(table, {}, () => later.now);
  expect(await lakeUuids(lake)).toEqual(uuidsOf([kept!, early!, late!]));
  expect(await expectWhole(lake, later)).toMatchObject({ files: 1 });
});

test("of copies that two compactions would leave out, one row always stays", async () => {
  const lake = await newPlace();
  const first = eventAt("2026-10-01 01:00:00");
  const copies = ["2026-10-20", "2026-11-01", "2026-11-15"].map((day) => ({
    ...first,
    server_upload_time: `${day} 01:00:00.000000`,
  }));
  await loadAll(
    lake,
    [first, ...copies].map((event) => [event]),
  );
  const both = await Promise.all([compact({ lake }, now), compact({ lake }, now)]);
  expect(both.flatMap(({ refused }) => refused)).toEqual([]);
  expect(both[0].duplicates + both[1].duplicates).toBe(3);
  expect(await rowsOf(lake, "uuid, upload_date::VARCHAR")).toEqual([[first.uuid, "2026-10-01"]]);
  await expectWhole(lake, clock);
});
