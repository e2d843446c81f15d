import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openInput } from "../../src/archive/index.js";
import type { Hour } from "../../src/hour.js";
import { compact } from "../../src/pipeline/compact.js";
import { forget } from "../../src/pipeline/forget.js";
import { type CommitIntent, type Committed, Ingest } from "../../src/pipeline/ingest.js";
import { load } from "../../src/pipeline/load.js";
import { openOrCreateTable, openTable } from "../../src/pipeline/open-table.js";
import {
  bring,
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

// A commit leaves copies out in favour of what the table holds. Here other runs change the table meanwhile, so that
// the commit is attempted again, and what it left out before may be held no longer.
const HOUR = "2026-11-20T05" as Hour;
const HOUR_BEFORE = "2026-11-20T04";
const clock = noon();
const now = () => clock.now;
const at = (time: string, more = {}) => eventAt(`2026-11-20 ${time}:00`, more);
const project = (events: readonly Served[]) => replayed(clock, events, { apiKey: "same-key" });
const refresh = async (lake: string, hour: string, events: readonly Served[]) =>
  bring(await project(events), clock, lake, { refresh: { from: hour, to: hour } });

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** What happens once an attempt has its table; and what it intends beside loading the events. */
interface Attempt {
  readonly meanwhile?: () => Promise<unknown>;
  readonly intent?: Partial<CommitIntent>;
}

/** Loads `events` into the lake, with these attempts; a further one fails. */
async function loadIn(lake: string, events: readonly Served[], attempts: readonly Attempt[]) {
  const ingest = await Ingest.open(openOrCreateTable(lake), {});
  ends.push(() => ingest.close());
  const input = await openInput(await write(join(await newFolder(), "a.json"), ndjson(events)));
  await ingest.decode(input, input.name, await input.sha256());
  await input.close();
  let attempted = 0;
  const committed = await ingest.commit(await ingest.seal(), async () => {
    const attempt = attempts[attempted++];
    if (!attempt) throw new Error(`There were more than ${attempts.length} attempts.`);
    const basedOn = await ingest.table.refresh();
    await attempt.meanwhile?.();
    return {
      ...{ operation: "load", source: { id: "files", project: "files" }, requests: [], hours: new Map() },
      ...{ remove: [], basedOn, ...attempt.intent },
    };
  });
  expect(attempted).toBe(attempts.length);
  expect(await stagedFiles(lake)).toEqual([]);
  return committed;
}

/** What a commit has left in staging: nothing but the run's own description. */
async function stagedFiles(lake: string): Promise<string[]> {
  const names = await readdir(join(lake, "_ampframe", "staging"), { recursive: true });
  return names.filter((name) => name.endsWith(".parquet"));
}

const hoursOf = (committed: Committed) => {
  const hours = committed.kind === "committed" ? committed.hours : [];
  return hours.map(({ hour, loaded, duplicates, rows, keptBy = {} }) => {
    return { hour, loaded, duplicates, rows, keptBy };
  });
};

test("an event whose other copy is taken out between two attempts is brought by the second", async () => {
  const lake = await newPlace();
  const [kept, gone, fresh] = [at("05:10"), at("05:20"), at("05:30")];
  await bring(await project([kept, gone]), clock, lake, { from: HOUR, to: HOUR });
  const committed = await loadIn(
    lake,
    [gone, kept, fresh],
    [{ meanwhile: () => refresh(lake, HOUR, [kept]) }, {}],
  );
  expect(hoursOf(committed)).toEqual([{ hour: HOUR, loaded: 3, duplicates: 1, rows: 2, keptBy: {} }]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf([kept, gone, fresh]));
  await expectWhole(lake, clock);
});

test("nor is it lost if the file of the other copy is compacted before it is taken out", async () => {
  const lake = await newPlace();
  const [kept, gone, fresh] = [at("05:10"), at("05:20"), at("05:30")];
  const early = at("04:10");
  await bring(await project([early]), clock, lake, { from: HOUR_BEFORE, to: HOUR_BEFORE });
  const day = { from: "2026-11-20", to: "2026-11-20" };
  await bring(await project([early, kept, gone]), clock, lake, day);
  const compactIt = async () => expect(await compact({ lake }, now)).toMatchObject({ days: 1 });
  const committed = await loadIn(
    lake,
    [gone, kept, fresh, early],
    [{ meanwhile: compactIt }, { meanwhile: () => refresh(lake, HOUR, [kept]) }, {}],
  );
  expect(hoursOf(committed)).toEqual([
    { hour: HOUR_BEFORE, loaded: 1, duplicates: 1, rows: 0, keptBy: {} },
    { hour: HOUR, loaded: 3, duplicates: 1, rows: 2, keptBy: {} },
  ]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf([early, kept, gone, fresh]));
  await expectWhole(lake, clock);
});

test("nor if the other copy is taken out and no file comes in its place", async () => {
  const lake = await newPlace();
  const [gone, other, fresh] = [at("05:20"), at("04:20"), at("05:30")];
  await bring(await project([other]), clock, lake, { from: HOUR_BEFORE, to: HOUR_BEFORE });
  await bring(await project([gone]), clock, lake, { from: HOUR, to: HOUR });
  // The hour has one event left, which the hour before has kept.
  const left = { ...other, server_upload_time: "2026-11-20 05:50:00.000000" };
  const committed = await loadIn(lake, [gone, fresh], [{ meanwhile: () => refresh(lake, HOUR, [left]) }, {}]);
  expect(hoursOf(committed)).toEqual([{ hour: HOUR, loaded: 2, duplicates: 0, rows: 2, keptBy: {} }]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf([gone, other, fresh]));
  await expectWhole(lake, clock);
});

test("a second attempt that replaces the file in whose favour the first left a copy out brings the event", async () => {
  const lake = await newPlace();
  const [kept, moved, fresh] = [at("05:10"), at("05:20"), at("05:30")];
  await bring(await project([kept, moved]), clock, lake, { from: HOUR, to: HOUR });
  const table = await openTable(lake);
  const [source] = await table.sources();
  const another = await write(join(await newFolder(), "another.json"), ndjson([at("06:10")]));
  const replacing: Partial<CommitIntent> = {
    ...{ operation: "refresh", source: source!, remove: [...table.snapshot.files.keys()] },
    hours: new Map([[HOUR, { mark: "held" }]]),
  };
  const committed = await loadIn(
    lake,
    [kept, moved, fresh],
    [{ meanwhile: () => load({ lake, paths: [another] }) }, { intent: replacing }],
  );
  expect(hoursOf(committed)).toEqual([{ hour: HOUR, loaded: 3, duplicates: 0, rows: 3, keptBy: {} }]);
  expect(await lakeUuids(lake)).toHaveLength(4);
  expect(await lakeUuids(lake)).toEqual(expect.arrayContaining(uuidsOf([kept, moved, fresh])));
  await expectWhole(lake, clock);
});

test("copies among the events themselves, and a copy that came meanwhile, are counted once after three attempts", async () => {
  const lake = await newPlace();
  const [twice, came, fresh] = [at("05:10"), at("05:20"), at("05:30")];
  const later = { ...twice, server_upload_time: "2026-11-20 06:50:00.000000" };
  const folder = await newFolder();
  const bringIn = (name: string, events: Served[]) => async () =>
    load({ lake, paths: [await write(join(folder, name), ndjson(events))] });
  const committed = await loadIn(
    lake,
    [twice, later, came, twice, fresh],
    [{ meanwhile: bringIn("1.json", [at("04:10")]) }, { meanwhile: bringIn("2.json", [came]) }, {}],
  );
  expect(hoursOf(committed)).toEqual([
    { hour: HOUR, loaded: 4, duplicates: 2, rows: 2, keptBy: {} },
    { hour: "2026-11-20T06", loaded: 1, duplicates: 1, rows: 0, keptBy: { [HOUR]: 1 } },
  ]);
  expect((await rowsOf(lake, "count(*), count(DISTINCT uuid)", ""))[0]).toEqual([4n, 4n]);
  await expectWhole(lake, clock);
});

test("a person who is forgotten between two attempts stays out, and the copies of others are looked for anew", async () => {
  const lake = await newPlace();
  const [kept, gone, fresh] = [at("05:10"), at("05:20"), at("05:30")];
  const [theirs, also] = [at("05:40", { user_id: "ada" }), at("05:45", { user_id: "ada" })];
  await bring(await project([kept, gone, theirs]), clock, lake, { from: HOUR, to: HOUR });
  const committed = await loadIn(
    lake,
    [gone, theirs, kept, also, fresh, also],
    [
      { meanwhile: () => refresh(lake, HOUR, [kept]) },
      { meanwhile: () => forget({ lake, userIds: ["ada"] }) },
      {},
    ],
  );
  expect(committed).toMatchObject({ forgotten: 3 });
  expect(hoursOf(committed)).toEqual([{ hour: HOUR, loaded: 6, duplicates: 1, rows: 2, keptBy: {} }]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf([kept, gone, fresh]));
  await expectWhole(lake, clock);
});
