import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { writeArchives } from "../../src/emulator/write-archives.js";
import type { Hour } from "../../src/hour.js";
import { DEFAULT_LIMITS, type LimitName, type Limits, limitsOf } from "../../src/limits.js";
import { load } from "../../src/pipeline/load.js";
import { retryQuarantine } from "../../src/pipeline/retry-quarantine.js";
import { verify } from "../../src/pipeline/verify.js";
import { bring, emulated, eventAt, lakeUuids, ndjson, newFolder, newPlace, noon, write } from "./scene.js";

const at = "2026-11-22 05:00:00";
const EVENT = eventAt(at);

/** A file that passes the limit, which is set to `limit`, and one that does not. */
const CASES: readonly { readonly limit: Partial<Limits>; readonly words: RegExp; readonly option: string }[] =
  [
    {
      limit: { entries: 23 },
      words: /2026-11-22\.zip: it has \d+ entries, the limit is 23\./,
      option: "entries=",
    },
    {
      limit: { memberBytes: 999 },
      words: /member .*json\.gz: it holds at least \d+ bytes of NDJSON, the limit is 999\./,
      option: "member=",
    },
    {
      limit: { totalBytes: 9999 },
      words: /zip: its entries hold at least \d+ bytes, the limit is 9999\./,
      option: "total=",
    },
    {
      limit: { lineBytes: 1 },
      words: /member .*json\.gz: line 2 has at least \d+ bytes, the limit is 1\./,
      option: "line=",
    },
  ];

async function archive(): Promise<string> {
  const dir = await newFolder();
  await writeArchives({ dir, days: 1, eventsPerDay: 500, users: 40, end: "2026-11-22T23" as Hour });
  const [name = ""] = await readdir(dir);
  return join(dir, name);
}

test.each(CASES)("a zip that passes $limit is refused by name; files beside it are loaded", async (given) => {
  const lake = await newPlace();
  const path = await archive();
  // Without a line feed in the first piece, the second begins within a line.
  const long = { ...EVENT, uuid: "long", event_properties: { a: "x".repeat(600_000) } };
  const zip = given.limit.lineBytes ? await withLongLine(path, long) : path;
  const good = await write(join(await newFolder(), "good.json"), `${JSON.stringify(EVENT)}\n`);
  const report = await load({ lake, paths: [zip, good], limits: given.limit });
  expect(report).toMatchObject({
    loaded: 1,
    refused: [{ what: zip, reason: expect.stringMatching(given.words) }],
  });
  expect(report.refused[0]?.wayOut).toContain(`--limit ${given.option}`);
  expect(await lakeUuids(lake)).toEqual([EVENT.uuid]);
  expect((await load({ lake, paths: [zip] })).refused).toEqual([]);
});

async function withLongLine(beside: string, event: object): Promise<string> {
  const { buildZip } = await import("../archive/build-zip.js");
  const data = gzipSync(ndjson([EVENT, { ...event }]));
  return write(join(beside, "../long.zip"), buildZip([{ name: "a.json.gz", data }]));
}

test("a ratio above the limit refuses a gzip, and a raised limit takes it", async () => {
  const lake = await newPlace();
  const blank = Buffer.alloc(70 * 2 ** 20, "\n");
  const path = await write(join(await newFolder(), "a.json.gz"), blank);
  const [refusal] = (await load({ lake, paths: [path] })).refused;
  expect(refusal?.reason).toMatch(/bytes unfold to at least \d+, the limit is 500 to one/);
  expect(refusal?.wayOut).toContain("--limit ratio=NUMBER (in code limits.ratio)");
  const report = await load({ lake, paths: [path], limits: { ratio: 2000 } });
  expect(report).toMatchObject({ blank: 70 * 2 ** 20, refused: [] });
});

test("an archive that passes a limit is asked for once, refused with the option, and brought when that is raised", async () => {
  const clock = noon();
  const emulator = await emulated(clock);
  const lake = await newPlace();
  const day = { from: "2026-11-22", to: "2026-11-22" };
  for (const limits of [{ entries: 3 }, { memberBytes: 10 }, { totalBytes: 2000 }]) {
    const { report, requests } = await bring(emulator, clock, lake, { ...day, limits });
    expect(requests).toHaveLength(1);
    expect(report).toMatchObject({ hours: 0, refused: [{ wayOut: expect.stringContaining("--limit ") }] });
  }
  const { report } = await bring(emulator, clock, lake, day);
  expect(report).toMatchObject({ hours: 24, refused: [] });
});

test("lines of more levels are quarantined, kept with a raised limit, and loaded by retry with it", async () => {
  const [lake, other] = [await newPlace(), await newPlace()];
  const deep = (levels: number) => JSON.parse(`${"[".repeat(levels)}1${"]".repeat(levels)}`);
  const event = { ...EVENT, event_properties: { a: deep(600) } };
  const path = await write(join(await newFolder(), "deep.json"), ndjson([event]));
  expect(await load({ lake, paths: [path] })).toMatchObject({ loaded: 0, quarantined: 1 });
  expect(await retryQuarantine({ lake })).toMatchObject({ loaded: 0, remaining: 1 });
  expect(await retryQuarantine({ lake, nesting: 602 })).toMatchObject({ loaded: 1, remaining: 0 });
  const raised = { limits: { nesting: 602 } };
  expect(await load({ lake: other, paths: [path], ...raised })).toMatchObject({ loaded: 1, quarantined: 0 });
  expect(await lakeUuids(other)).toEqual(await lakeUuids(lake));
});

test("verify decodes kept archives within the limits that it is given, whatever their size was", async () => {
  const clock = noon();
  const emulator = await emulated(clock);
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: "2026-11-22", to: "2026-11-22", keepArchives: true });
  const tight = { entries: 1, memberBytes: 1, totalBytes: 1, ratio: 1, lineBytes: 1 };
  expect(await verify({ lake, deep: true, limits: tight })).toMatchObject({ ok: true, archives: 1 });
  const found = await verify({ lake, deep: true, limits: { nesting: 1 } });
  expect(found.faults[0]).toMatchObject({ found: expect.stringMatching(/\(loaded\)/) });
});

test.each([
  [{ entries: 0 }, /The limit entries is 0; a whole number of at least 1 was expected/],
  [{ lineBytes: 256e6 + 1 }, /from 1 to 256000000/],
  [{ nesting: 2001 }, /from 1 to 2000/],
  [{ freeBytes: -1 }, /of at least 0 was expected/],
  [{ ratio: Number.NaN }, /The limit ratio is NaN/],
  [{ lines: 1 } as object, /There is no limit lines/],
])("%j is wrong use, before anything is made", async (limits, words) => {
  const lake = await newPlace();
  await expect(load({ lake, paths: ["none.json"], limits })).rejects.toThrow(words);
  expect(() => limitsOf(limits)).toThrow(words);
});

test("what is not given has its default, and the docstring of each limit says it", async () => {
  expect(limitsOf({ entries: undefined, nesting: 5 })).toEqual({ ...DEFAULT_LIMITS, nesting: 5 });
  const source = await readFile(join(import.meta.dirname, "../../src/limits.ts"), "utf8");
  for (const [name, value] of Object.entries(DEFAULT_LIMITS) as [LimitName, number][]) {
    const doc = new RegExp(`/\\*\\*([^/]*)\\*/\\s*readonly ${name}: number`).exec(source)?.[1] ?? "";
    const said = /Bytes$/.test(name)
      ? `${value / (value < 1e9 ? 1e6 : 1e9)} ${value < 1e9 ? "MB" : "GB"}`
      : value.toLocaleString("en-US");
    expect(doc).toContain(`Default ${said}.`);
  }
});
