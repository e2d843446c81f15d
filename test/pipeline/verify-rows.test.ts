import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";
import { formatAccount, parseAccount } from "../../src/lake/account-json.js";
import { contentId } from "../../src/lake/sha256.js";
import { statsText } from "../../src/lake/stats.js";
import { load } from "../../src/pipeline/load.js";
import { verify } from "../../src/pipeline/verify.js";
import {
  bring,
  type Clock,
  effects,
  emulated,
  eventAt,
  keysOf,
  member,
  ndjson,
  newFolder,
  newPlace,
  noon,
  replayed,
  rowsOf,
  type Served,
  write,
} from "./scene.js";

const texts = (faults: readonly object[]) => faults.map((fault) => Object.values(fault).join(" | "));

/**
 * Rewrites the rows of the data files whose path matches, and makes log and account agree with it, as whoever knows
 * how a lake is made could: only the events' origin can then tell.
 */
async function forge(lake: string, path: RegExp, select: string): Promise<void> {
  const accounts = join(lake, "_ampframe/accounts");
  const log = join(lake, "_delta_log");
  for (const name of (await readdir(accounts)).filter((name) => name.endsWith(".json"))) {
    const account = parseAccount(await readFile(join(accounts, name), "utf8"), name);
    const file = account.files.find((one) => path.test(one.path));
    if (!file) continue;
    const onDisk = join(lake, file.path);
    const engine = await openEngine({ threads: 1 });
    await engine.run(`COPY (${select.replace("FILE", `'${onDisk}'`)}) TO '${onDisk}.new' (FORMAT parquet)`);
    engine.close();
    await copyFile(`${onDisk}.new`, onDisk);
    await rm(`${onDisk}.new`);
    const bytes = await readFile(onDisk);
    const forged = { ...file, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
    const text = formatAccount({
      ...account,
      files: account.files.map((one) => (one === file ? forged : one)),
    });
    const [before, after] = [name.slice(21, 37), contentId(text)];
    await rm(join(accounts, name));
    await writeFile(join(accounts, name.replace(before, after)), text);
    const entry = join(log, `${name.slice(0, 20)}.json`);
    const lines = (await readFile(entry, "utf8")).replaceAll(before, after).split("\n").filter(Boolean);
    const edited = lines.map((line) => {
      const action = JSON.parse(line);
      if (action.add?.path !== file.path) return line;
      const stats = statsText(forged.rows, forged.eventTime, forged.serverUploadTime);
      return JSON.stringify({ add: { ...action.add, size: forged.bytes, stats } });
    });
    await writeFile(entry, `${edited.join("\n")}\n`);
  }
}

/** A pulled lake of six hours around midnight whose archives were kept. */
async function pulledLake(events: readonly Served[], clock: Clock) {
  const emulator = await replayed(clock, events);
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: "2026-11-20T21", to: "2026-11-21T02", keepArchives: true });
  return { emulator, lake };
}

const priced = () => {
  const events = ["20", "21"].flatMap((day) =>
    Array.from({ length: 30 }, (_, i) =>
      eventAt(`2026-11-${day === "20" ? `20 2${1 + (i % 3)}` : `21 0${i % 3}`}:10:00`, {
        event_properties: { price: i },
      }),
    ),
  );
  const copy = { ...events[3]!, server_upload_time: "2026-11-21 01:59:00.000000" };
  return [...events, copy];
};

test("deep compares every row of a lake with its kept archives, and finds nothing in one that is whole", async () => {
  const { lake } = await pulledLake(priced(), noon());
  const before = await readdir(dirname(lake));
  const proof = await verify({ lake, deep: true });
  expect(proof.faults).toEqual([]);
  expect(proof).toMatchObject({ ok: true, archives: 2, rows: 60 });
  expect(proof.deep).toMatchObject({ rows: 60, distinct: 60, compared: 60 });
  expect(proof.deep?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(await readdir(dirname(lake))).toEqual(before);
});

test("a price that was altered with log and account brought in line is found by the archives and by Amplitude", async () => {
  const clock = noon();
  const { lake, emulator } = await pulledLake(priced(), clock);
  const [[uuid] = []] = await rowsOf(
    lake,
    "uuid",
    "WHERE event_properties = '{\"price\":7}' AND upload_date = '2026-11-21'",
  );
  await forge(
    lake,
    /upload_date=2026-11-21/,
    `SELECT * REPLACE (replace(event_properties, '"price":7}', '"price":8}') AS event_properties) FROM FILE`,
  );
  expect((await verify({ lake })).faults).toEqual([]);
  const deep = await verify({ lake, deep: true });
  expect(texts(deep.faults)).toEqual([
    `hour 2026-11-21T01, uuid ${uuid} | other values in event_properties | the values that the archive 2026-11-21T00_2026-11-21T02.zip has`,
  ]);
  expect(deep.doubtful).toEqual(["2026-11-21T01"]);
  const against = { ...keysOf(emulator), sample: 100, seed: 1 };
  const exported = await verify({ lake, against }, effects(clock));
  expect(texts(exported.faults)).toEqual([
    `hour 2026-11-21T01, uuid ${uuid} | other values in event_properties | the values that Amplitude has`,
  ]);
});

test("a row that was exchanged for another, all figures in line, is named as gone and as missing", async () => {
  const clock = noon();
  const { lake, emulator } = await pulledLake(priced(), clock);
  await forge(
    lake,
    /upload_date=2026-11-20/,
    `SELECT * REPLACE (CASE WHEN event_properties = '{"price":9}' THEN 'made-up' ELSE uuid END AS uuid) FROM FILE`,
  );
  expect((await verify({ lake })).faults).toEqual([]);
  for (const proof of [
    await verify({ lake, deep: true }),
    await verify({ lake, against: { ...keysOf(emulator), sample: 48 } }, effects(clock)),
  ]) {
    expect(texts(proof.faults).join("\n")).toMatch(/uuid made-up \| in the lake \| no such event/);
    expect(texts(proof.faults).join("\n")).toMatch(/uuid 0000\S+ \| not in the lake \| the event, which/);
    expect(proof.faults).toHaveLength(2);
  }
});

test("against exports the hours that the seed chooses, all of them held and final, and says which", async () => {
  const clock = noon();
  const emulator = await emulated(clock);
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: "2026-11-22T00", to: "2026-11-22T23" });
  const of = async (seed: number) => {
    const before = emulator.requests.length;
    const proof = await verify({ lake, against: { ...keysOf(emulator), sample: 4, seed } }, effects(clock));
    expect(proof.faults).toEqual([]);
    expect(emulator.requests.slice(before)).toHaveLength(4);
    return proof.against;
  };
  const first = await of(7);
  expect(first).toMatchObject({ seed: 7, refused: [] });
  expect(first?.hours).toHaveLength(4);
  expect(await of(7)).toEqual(first);
  expect((await of(8))?.hours).not.toEqual(first?.hours);
  const all = await verify({ lake, against: { ...keysOf(emulator), sample: 99, seed: 1 } }, effects(clock));
  expect(all.faults).toEqual([]);
  expect(all.against?.hours.length).toBeGreaterThan(20);
  expect(all.against?.rows).toBe(all.rows);
});

test("an hour of which Amplitude now has more or fewer events is named, with the events", async () => {
  const clock = noon();
  const events = priced();
  const { lake } = await pulledLake(events, clock);
  const late = eventAt("2026-11-20 22:30:00");
  const later = await replayed(clock, [...events.filter((_, i) => i !== 5), late]);
  const keys = keysOf(later);
  const proof = await verify({ lake, against: { ...keys, sample: 48 } }, effects(clock));
  expect(texts(proof.faults).sort()).toEqual(
    [
      `hour 2026-11-20T22, uuid ${late.uuid} | not in the lake | the event, which Amplitude has`,
      `hour 2026-11-20T23, uuid ${events[5]!.uuid} | in the lake | no such event, as Amplitude has none`,
    ].sort(),
  );
});

test("of many events that differ some are named, and the others counted", async () => {
  const { lake } = await pulledLake(
    Array.from({ length: 90 }, () => eventAt("2026-11-20 22:00:00", { event_properties: { price: 1 } })),
    noon(),
  );
  await forge(lake, /upload_date=2026-11-20/, "SELECT * REPLACE ('free' AS event_properties) FROM FILE");
  const { faults, doubtful } = await verify({ lake, deep: true });
  expect(faults).toHaveLength(21);
  expect(texts(faults).at(-1)).toMatch(/^hour 2026-11-20T22 \| 70 events more that differ/);
  expect(doubtful).toEqual(["2026-11-20T22"]);
});

test.each([
  ["both", 0],
  ["only the copy of the other hour", 1],
])("of copies in two hours either may stay; an answer that has %s gives %i faults", async (has, count) => {
  const clock = noon();
  const [first, copy, other] = [
    eventAt("2026-11-20 01:10:00", { uuid: "twice" }),
    eventAt("2026-11-20 02:10:00", { uuid: "twice" }),
    eventAt("2026-11-20 01:20:00"),
  ];
  const serving = async (events: readonly object[]) => {
    const folder = await newFolder();
    await member(folder, "2026-11-20T01", events);
    return emulated(clock, { replay: folder });
  };
  const lake = await newPlace();
  const range = { from: "2026-11-20T01", to: "2026-11-20T01" };
  await bring(await serving([first, copy, other]), clock, lake, range);
  expect(await rowsOf(lake, "hour(server_upload_time)::INTEGER", "WHERE uuid = 'twice'")).toEqual([[1]]);
  const again = await serving(has === "both" ? [copy, first, other] : [copy, other]);
  const against = { ...keysOf(again), sample: 1, seed: 1 };
  const { faults } = await verify({ lake, against }, effects(clock));
  expect(texts(faults)).toEqual(
    Array(count).fill(
      "hour 2026-11-20T01 | 1 events that came in other hours only | at most 0, as Amplitude says",
    ),
  );
});

test("against refuses keys of a project that the lake does not know", async () => {
  const clock = noon();
  const lake = await newPlace();
  const path = await write(join(await newFolder(), "a.json"), ndjson([eventAt("2026-11-20 01:00:00")]));
  await load({ lake, paths: [path] });
  const against = { credentials: { apiKey: "a", secretKey: "b" }, endpoint: "http://127.0.0.1:1" };
  await expect(verify({ lake, against }, effects(clock))).rejects.toMatchObject({ name: "UsageError" });
});

test("a kept archive that is altered, or that no account names, is a fault; one that is gone is none", async () => {
  const { lake } = await pulledLake(priced(), noon());
  const archives = join(lake, "_ampframe/archives");
  const [source = ""] = await readdir(archives);
  const [first = "", second = ""] = (await readdir(join(archives, source))).sort();
  const path = join(archives, source, first);
  const bytes = await readFile(path);
  bytes[bytes.length >> 1]! ^= 4;
  await writeFile(path, bytes);
  await rm(join(archives, source, second));
  const altered = await verify({ lake, deep: true });
  expect(texts(altered.faults)).toEqual([expect.stringContaining(`${source}/${first} | SHA-256`)]);
  expect(altered.archives).toBe(1);
  await rm(path);
  expect((await verify({ lake, deep: true })).faults).toEqual([]);
  await mkdir(join(archives, source), { recursive: true });
  await writeFile(join(archives, source, "2026-01-01T00_2026-01-01T23.zip"), "x");
  expect(texts((await verify({ lake })).faults)).toEqual([expect.stringContaining("no account names it")]);
});
