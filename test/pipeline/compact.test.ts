import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";
import { contentOf } from "../../src/engine/sorted-rows.js";
import { LakeTable } from "../../src/lake/table.js";
import { compact, planCompact } from "../../src/pipeline/compact.js";
import { load } from "../../src/pipeline/load.js";
import { mergeRows } from "../../src/pipeline/merge-rows.js";
import { openLake } from "../../src/pipeline/open-lake.js";
import { openTable } from "../../src/pipeline/open-table.js";
import { verify } from "../../src/pipeline/verify.js";
import { bring as bringHour, door, draft } from "../lake/making.js";
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
  replayed,
  rowsOf,
  type Served,
  uuidsOf,
  write,
} from "./scene.js";

/** Rows of 100 KB in a day: with `AMPFRAME_SWEEP=full` more than are sorted at once. */
const WIDE_ROWS = process.env.AMPFRAME_SWEEP === "full" ? 2_000 : 60;

async function loadEvents(lake: string, ...files: (readonly object[])[]): Promise<void> {
  const folder = await newFolder();
  for (const [i, events] of files.entries()) {
    await load({ lake, paths: [await write(join(folder, `${i}.json`), ndjson(events))] });
  }
}

const filesOf = async (lake: string) => [...(await openTable(lake)).snapshot.files.values()];
const onDisk = async (lake: string) =>
  (await readdir(lake, { recursive: true })).filter((name) => /^app=.*\.parquet$/.test(name)).sort();

/** A lake of two closed days and some hours of a third, pulled in pieces of six hours; made once. */
let pulled: Promise<string> | undefined;
async function pulledLake(): Promise<string> {
  pulled ??= pull();
  const lake = await newPlace();
  await cp(await pulled, lake, { recursive: true });
  return lake;
}

async function pull(): Promise<string> {
  const clock = noon();
  const emulator = await emulated(clock, { eventsPerDay: 600, end: "2026-11-23T09" as never });
  const folder = await mkdtemp(join(tmpdir(), "ampframe-compact-"));
  afterThisFile(() => rm(folder, { recursive: true }));
  const lake = join(folder, "lake");
  for (const day of ["2026-11-21", "2026-11-22", "2026-11-23"]) {
    for (const [from, to] of [
      ["00", "05"],
      ["06", "11"],
      ["12", "17"],
      ["18", "23"],
    ]) {
      if (`${day}T${from}` > "2026-11-23T09") break;
      await bring(emulator, clock, lake, { from: `${day}T${from}`, to: `${day}T${to}` });
    }
  }
  return lake;
}

test("closed days become one sorted file each with the same rows in all columns; open days are left alone", async () => {
  const clock = noon();
  const lake = await pulledLake();
  const before = await rowsOf(lake, "*");
  const found = await expectWhole(lake, clock);
  const closed = (await filesOf(lake)).filter(({ uploadDate }) => (uploadDate ?? "") < "2026-11-23");
  const bytes = closed.reduce((sum, file) => sum + file.bytes, 0);
  expect(closed.length).toBeGreaterThanOrEqual(6);

  const plan = await planCompact({ lake }, () => clock.now);
  expect(plan.days.map(({ uploadDate }) => uploadDate)).toEqual(["2026-11-21", "2026-11-22"]);
  expect(plan.days.reduce((sum, day) => sum + day.files, 0)).toBe(closed.length);
  expect(await rowsOf(lake, "*")).toEqual(before);

  const report = await compact({ lake }, () => clock.now);
  expect(report).toMatchObject({ days: 2, before: { files: closed.length, bytes }, after: { files: 2 } });
  expect(report).toMatchObject({ duplicates: 0, refused: [], waiting: { files: closed.length, bytes } });
  expect(report.version).toBe(found.version + 2);
  expect(report.after.bytes).toBeLessThan(bytes);
  expect(before.length).toBeGreaterThan(1000);
  expect(await rowsOf(lake, "*")).toEqual(before);
  expect(await expectWhole(lake, clock)).toMatchObject({ rows: found.rows, sources: found.sources });
  for (const date of ["2026-11-21", "2026-11-22"]) {
    const [file, ...others] = (await filesOf(lake)).filter(({ uploadDate }) => uploadDate === date);
    expect(others).toEqual([]);
    const rows = `FROM read_parquet('${join(lake, file?.path ?? "")}', file_row_number = true)`;
    const unsorted = await rowsOf(
      lake,
      `(SELECT count(*) FROM (SELECT row(amplitude_id, event_time) AS k, lag(k) OVER (ORDER BY file_row_number) AS before ${rows}) WHERE k < before)`,
      "LIMIT 1",
    );
    expect(unsorted).toEqual([[0n]]);
  }
  expect(await compact({ lake }, () => clock.now)).toMatchObject({ days: 0, version: report.version });
  expect(await readdir(join(lake, "_ampframe/staging"))).toEqual([]);
});

test("streaming readers see no change: the log entry says that no data changed", async () => {
  const clock = noon();
  const lake = await newPlace();
  await loadEvents(lake, [eventAt("2026-11-20 01:00:00")], [eventAt("2026-11-20 02:00:00")]);
  const { version } = await compact({ lake }, () => clock.now);
  const name = `${String(version).padStart(20, "0")}.json`;
  const actions = (await readFile(join(lake, "_delta_log", name), "utf8")).trim().split("\n");
  const changes = actions.map((line) => JSON.parse(line)).flatMap(({ add, remove }) => add ?? remove ?? []);
  expect(changes.map(({ dataChange }) => dataChange)).toEqual([false, false, false]);
});

test("one who opened the lake before reads on; replaced files go only after the grace period", async () => {
  const clock = noon();
  const lake = await pulledLake();
  const reader = await openLake(lake);
  const held = await filesOf(lake);
  const count = async () => (await reader.query("SELECT count(*) AS n FROM events")).toText();
  const before = await count();
  const all = await onDisk(lake);
  await compact({ lake }, () => clock.now);
  for (const { path } of held) await stat(join(lake, path));
  expect(await count()).toEqual(before);

  clock.pass(7 * 24 - 0.1);
  const early = await compact({ lake, grace: "7d" }, () => clock.now);
  expect(early).toMatchObject({ days: 1, freed: { files: 0 } });
  for (const name of all) await stat(join(lake, name));
  clock.pass(0.2);
  const due = await compact({ lake, grace: "7d" }, () => clock.now);
  expect(due.freed.files).toBe(held.length - 2);
  expect(due.waiting.files).toBe(2);
  const live = (await filesOf(lake)).map(({ path }) => path);
  const left = await onDisk(lake);
  expect(left.filter((name) => all.includes(name))).toHaveLength(2);
  expect(left).toEqual(expect.arrayContaining(live));
  expect(await count()).toEqual(before);
  await reader.close();
  await expectWhole(lake, clock);
});

test("a replaced file goes even after the log has forgotten it", async () => {
  const clock = noon();
  const lake = await newPlace();
  await loadEvents(lake, [eventAt("2020-01-01 01:00:00")], [eventAt("2020-01-01 02:00:00")]);
  await compact({ lake }, () => Date.parse("2020-01-05T00:00:00Z"));
  // A checkpoint names removals of the last week only.
  const table = await LakeTable.open(lake, door({ checkpointEvery: 1 }));
  const account = draft({ "2026-11-20T03": 1 }, { operation: "load", mark: "loaded" });
  await bringHour(table, "2026-11-20T03", 1, { account });
  await table.close();
  const { checkpoint, removed } = (await openTable(lake)).snapshot;
  expect(checkpoint).toBeGreaterThan(0);
  expect(removed.size).toBe(0);
  const { freed } = await compact({ lake }, () => clock.now);
  expect(freed.files).toBe(2);
  await expectWhole(lake, clock);
});

test("a large day is split by users into files of about the size that is asked for", async () => {
  const clock = noon();
  const lake = await newPlace();
  const noise = (seed: number) =>
    Array.from({ length: 40 }, (_, i) => Math.sin(seed * 99 + i).toString(36)).join("");
  const events = Array.from({ length: 8_000 }, (_, i) =>
    eventAt("2026-11-20 01:00:00", {
      amplitude_id: i === 17 ? null : (i * 7919) % 1000,
      event_properties: { text: noise(i) },
    }),
  );
  await loadEvents(lake, events.slice(0, 5_000), events.slice(5_000));
  const { after } = await compact({ lake, fileBytes: 1_000_000 }, () => clock.now);
  expect(after.files).toBeGreaterThan(2);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  const spans: [bigint, bigint][] = [];
  for (const { path } of await filesOf(lake)) {
    const of = (figure: string) => `(SELECT ${figure} FROM read_parquet('${join(lake, path)}'))`;
    const [[least, most] = []] = await rowsOf(
      lake,
      ["min(amplitude_id)", "max(amplitude_id)"].map(of).join(", "),
      "LIMIT 1",
    );
    spans.push([least as bigint, most as bigint]);
  }
  spans.sort(([a], [b]) => Number(a - b));
  for (const [i, [least]] of spans.slice(1).entries()) expect(least).toBeGreaterThan(spans[i]![1]);
  await expectWhole(lake, clock);
  expect(await compact({ lake, fileBytes: 1_000_000 }, () => clock.now)).toMatchObject({ days: 0 });
});

/** Two files of rows of 100 KB, which a file of a lake holds with their users in no order. */
async function wideLake(rows: number): Promise<string> {
  const lake = await newPlace();
  const wide = (i: number) => `${i} `.repeat(12_000);
  const events = Array.from({ length: rows }, (_, i) =>
    eventAt("2026-11-20 01:00:00", {
      amplitude_id: (i * 7919) % rows,
      event_properties: { text: wide(i), more: wide(i + 1) },
    }),
  );
  await loadEvents(lake, events.slice(0, rows / 2), events.slice(rows / 2));
  return lake;
}

const WRONG_ORDER =
  "count(*) FROM (SELECT amplitude_id < lag(amplitude_id) OVER (ORDER BY file_row_number) AS wrong FROM";

test("wide rows are sorted in runs that are joined, and every value stays", async () => {
  const lake = await wideLake(80);
  const pieces = (await filesOf(lake)).map(({ path }) => ({ path: join(lake, path) }));
  const folder = await newFolder();
  const engine = await openEngine();
  const before = await contentOf(engine, pieces);
  const [[texts] = []] = await rowsOf(lake, "sum(strlen(event_properties))::BIGINT", "");
  expect(before.memoryBytes).toBeGreaterThan(Number(texts));
  expect(before.memoryBytes).toBeLessThan(Number(texts) * 1.1);
  const named: string[] = [];
  const newPath = () => {
    named.push(join(folder, `${named.length}.parquet`));
    return named.at(-1)!;
  };
  const shape = { files: 1, rows: 80, memoryBytes: 500 * 2 ** 20, newPath, signal: undefined };
  const merged = await mergeRows(engine, pieces, shape);
  expect(named).toHaveLength(4);
  expect(merged).toEqual(named.slice(3));
  expect(await readdir(folder)).toEqual(["3.parquet"]);
  expect(await contentOf(engine, [{ path: merged[0]! }])).toEqual(before);
  const order = `SELECT ${WRONG_ORDER} read_parquet('${merged[0]}', file_row_number = true)) WHERE wrong`;
  expect((await engine.query(order)).rows()).toEqual([[0n]]);
  engine.close();
});

test("a day of wide rows is sorted, and every value stays", async () => {
  const clock = noon();
  const lake = await wideLake(WIDE_ROWS);
  const columns = "uuid, md5(event_properties)";
  const before = await rowsOf(lake, columns);
  expect(await compact({ lake }, () => clock.now)).toMatchObject({ after: { files: 1 }, rows: WIDE_ROWS });
  expect(await rowsOf(lake, columns)).toEqual(before);
  await expectWhole(lake, clock);
  const [file] = await filesOf(lake);
  const rows = `read_parquet('${join(lake, file?.path ?? "")}', file_row_number = true)`;
  expect(await rowsOf(lake, `(SELECT ${WRONG_ORDER} ${rows}) WHERE wrong)`, "LIMIT 1")).toEqual([[0n]]);
});

const later = (event: Served, at: string): Served => ({ ...event, server_upload_time: `${at}.000000` });

test("copies that lie further apart than a load looks are left out and counted; the first upload stays", async () => {
  const clock = noon();
  const lake = await newPlace();
  const [a, b, c] = [1, 2, 3].map((hour) => eventAt(`2026-10-01 0${hour}:00:00`)) as [Served, Served, Served];
  // The later upload first, and one copy in a day that is still open.
  await loadEvents(lake, [later(a, "2026-11-01 05:00:00"), eventAt("2026-11-01 05:30:00")], [a, b, c]);
  await loadEvents(lake, [later(b, "2026-11-15 06:00:00")], [later(c, "2026-11-23 01:00:00")]);
  const broken = await verify({ lake });
  expect(broken.faults.map(({ what }) => what).sort()).toEqual(uuidsOf([a, b, c]).map((u) => `uuid ${u}`));
  const plan = await planCompact({ lake }, () => clock.now);
  expect(plan.days.map(({ uploadDate, duplicates }) => [uploadDate, duplicates])).toEqual([
    ["2026-10-01", 0],
    ["2026-11-01", 1],
    ["2026-11-15", 1],
    ["2026-11-23", 1],
  ]);
  expect(await compact({ lake }, () => clock.now)).toMatchObject({ days: 4, duplicates: 3, refused: [] });
  const kept = await rowsOf(lake, "uuid, left(server_upload_time::VARCHAR, 13)");
  expect(kept).toEqual(
    expect.arrayContaining([a, b, c].map((event, i) => [event.uuid, `2026-10-01 0${i + 1}`])),
  );
  expect(kept).toHaveLength(4);
  await expectWhole(lake, clock);
  const table = await openTable(lake);
  const accounts = (await table.summaries()).filter(({ operation }) => operation === "compact");
  expect(accounts.flatMap(({ hours }) => hours)).toContainEqual({
    ...{ hour: "2026-11-01T05", mark: "loaded", loaded: 0, duplicates: 1, rows: -1 },
    keptBy: { "2026-10-01T01": 1 },
  });
});

test("a pulled hour stays held when compaction leaves out one of its rows", async () => {
  const clock = noon();
  const lake = await newPlace();
  const first = eventAt("2026-10-01 01:00:00");
  const emulator = await replayed(clock, [
    later(first, "2026-11-20 01:30:00"),
    eventAt("2026-11-20 01:31:00"),
  ]);
  await loadEvents(lake, [first]);
  await bring(emulator, clock, lake, { from: "2026-11-20", to: "2026-11-20" });
  expect(await compact({ lake }, () => clock.now)).toMatchObject({ duplicates: 1 });
  const { sources } = await expectWhole(lake, clock);
  const hour = sources[1]?.hours.find(({ hour }) => hour === "2026-11-20T01");
  expect(hour).toMatchObject({ state: "held", rows: 1 });
  expect((await bring(emulator, clock, lake, { from: "2026-11-20", to: "2026-11-20" })).requests).toEqual([]);
});

test("rows that came in answers for other hours stay when their own hour is brought again after compaction", async () => {
  const clock = noon();
  const day = "2026-11-23";
  const stray = eventAt(`${day} 11:00:01`);
  const [early, late] = [eventAt(`${day} 11:10:00`), eventAt(`${day} 11:50:00`)];
  const own = eventAt(`${day} 10:59:00`);
  const [before, after] = [await newFolder(), await newFolder()];
  for (const folder of [before, after]) await member(folder, `${day}T10`, [own, stray]);
  await member(before, `${day}T11`, [early]);
  await member(after, `${day}T11`, [early, late]);
  const lake = await newPlace();
  const byHand = eventAt(`${day} 11:20:00`);
  await loadEvents(lake, [byHand]);
  const young = await emulated(clock, { replay: before, settleHours: 1 });
  for (const hour of [`${day}T10`, `${day}T11`]) {
    await bring(young, clock, lake, { from: hour, to: hour, settleHours: 1 });
  }
  clock.pass(24);
  const report = await compact({ lake }, () => clock.now);
  // By hand; answers for their own hours; the stray row.
  expect(report).toMatchObject({ days: 2, after: { files: 3 } });
  expect(await compact({ lake }, () => clock.now)).toMatchObject({ days: 0 });
  await expectWhole(lake, clock);
  const grown = await emulated(clock, { replay: after, settleHours: 1 });
  const { requests } = await bring(grown, clock, lake, { from: `${day}T11`, to: `${day}T11` });
  expect(requests).toHaveLength(1);
  expect(await lakeUuids(lake)).toEqual(uuidsOf([byHand, own, stray, early, late]));
  await expectWhole(lake, clock);
  expect(await compact({ lake }, () => clock.now)).toMatchObject({ days: 1, after: { files: 2 } });
  expect(await lakeUuids(lake)).toEqual(uuidsOf([byHand, own, stray, early, late]));
  await expectWhole(lake, clock);
});

test("a damaged file is never written anew as if it were whole; the other days are compacted", async () => {
  const clock = noon();
  const lake = await newPlace();
  await loadEvents(lake, [eventAt("2026-11-19 01:00:00")], [eventAt("2026-11-20 02:00:00")]);
  const [file] = (await filesOf(lake)).filter(({ uploadDate }) => uploadDate === "2026-11-19");
  const path = join(lake, file?.path ?? "");
  const bytes = await readFile(path);
  const damaged = Buffer.from(bytes);
  damaged[5]! ^= 1;
  await writeFile(path, damaged);
  const report = await compact({ lake }, () => clock.now);
  expect(report).toMatchObject({
    ...{ days: 1, after: { files: 1 } },
    refused: [
      { what: expect.stringContaining("2026-11-19"), reason: expect.stringContaining("its account says") },
    ],
  });
  await writeFile(path, bytes);
  expect(await compact({ lake }, () => clock.now)).toMatchObject({ days: 1, refused: [] });
  await expectWhole(lake, clock);
});

test.each([
  [{ grace: "30m" }, "too short"],
  [{ grace: "0h" }, "too short"],
  [{ grace: "soon" }, "no grace period"],
  [{ fileBytes: 10 }, "10 bytes"],
  [{ settleHours: -1 }, "cannot settle"],
])("%j is wrong use", async (options, words) => {
  await expect(compact({ lake: await newPlace(), ...options })).rejects.toThrow(words);
});

test("a cancelled compaction leaves a whole lake, and the next goes on", async () => {
  const clock = noon();
  const lake = await pulledLake();
  const before = await rowsOf(lake, "*");
  const cancelling = new AbortController();
  const options = {
    lake,
    signal: cancelling.signal,
    onProgress: () => cancelling.abort(new Error("enough")),
  };
  await expect(compact(options, () => clock.now)).rejects.toMatchObject({ name: "CancelledError" });
  await expectWhole(lake, clock);
  expect(await readdir(join(lake, "_ampframe/staging"))).toEqual([]);
  expect(await compact({ lake }, () => clock.now)).toMatchObject({ days: 1 });
  expect(await rowsOf(lake, "*")).toEqual(before);
});
