import { readdir, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DiskWatch } from "../../src/pipeline/disk-watch.js";
import { load } from "../../src/pipeline/load.js";
import { bring, emulated, eventAt, member, ndjson, newFolder, newPlace, noon, write } from "./scene.js";

const MB = 1_000_000;

test("too little free space is refused in words before anything is asked or made", async () => {
  const clock = noon();
  const emulator = await emulated(clock);
  const lake = await newPlace();
  const folders: string[] = [];
  const freeBytes = async (folder: string) => {
    folders.push(folder);
    return folder === lake ? null : 100 * MB;
  };
  await expect(bring(emulator, clock, lake, { last: "2d" }, { freeBytes })).rejects.toMatchObject({
    ...{ name: "LakeError", exitStatus: 1, wayOut: expect.stringMatching(/--min-free/) },
    message: expect.stringMatching(/has 100 MB free; this needs about 256 MB for 48 hours/),
  });
  expect(folders).toEqual([lake, join(lake, "..")]);
  expect(emulator.requests).toEqual([]);
  expect(await readdir(join(lake, ".."))).toEqual([]);
});

test("what is needed grows with the hours, by what the lake's hours have taken; an option sets it, 0 checks nothing", async () => {
  const clock = noon();
  const emulator = await emulated(clock, { days: 8, eventsPerDay: 300 });
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: "2026-11-22", to: "2026-11-22" });
  const free = (bytes: number) => ({ freeBytes: async () => bytes });
  const day = { from: "2026-11-21", to: "2026-11-21" };
  await expect(bring(emulator, clock, lake, day, free(256 * MB))).rejects.toThrow(/by what its hours so far/);
  await expect(bring(emulator, clock, lake, { ...day, minFree: 2 * MB }, free(MB))).rejects.toThrow(/2 MB/);
  await expect(bring(emulator, clock, lake, { ...day, minFree: 0 }, free(63 * MB))).rejects.toMatchObject({
    message: "The lake's disk has 63 MB free; the limit is 64 MB that stay free.",
    wayOut: expect.stringContaining("--limit free=SIZE"),
  });
  await bring(emulator, clock, lake, { ...day, minFree: 0, limits: { freeBytes: 0 } }, free(1));
  expect((await bring(emulator, clock, lake, day, free(1))).report).toMatchObject({ hours: 0 });
  await bring(emulator, clock, lake, { from: "2026-11-20", to: "2026-11-20" }, free(257 * MB));
});

test("the real disk is asked, and where the system does not tell, the pull goes on", async () => {
  const clock = noon();
  const emulator = await emulated(clock);
  const lake = await newPlace();
  const real = { freeBytes: undefined as never };
  await expect(bring(emulator, clock, lake, { last: "1h", minFree: 10 ** 18 }, real)).rejects.toThrow(/free/);
  await bring(emulator, clock, lake, { last: "1h" }, { freeBytes: async () => null });
});

test("a load that has too little free space is refused before anything is read or made, by what its files take", async () => {
  const [folder, lake] = [await newFolder(), await newPlace()];
  const big = join(folder, "big.zip");
  await write(big, "");
  await truncate(big, 1000 * MB);
  const small = await member(folder, "2026-11-22_5", [eventAt("2026-11-22 05:00:00")]);
  const free = (bytes: number) => ({ freeBytes: async () => bytes });
  await expect(load({ lake, paths: [folder] }, free(1255 * MB))).rejects.toMatchObject({
    ...{ name: "LakeError", wayOut: expect.stringMatching(/--min-free/) },
    message: expect.stringMatching(
      /has 1,255 MB free; this needs about 1,256 MB to load 2 files of 1,000 MB\.$/,
    ),
  });
  expect(await readdir(join(lake, ".."))).toEqual([]);
  const { refused } = await load({ lake, paths: [folder] }, free(1257 * MB));
  expect(refused).toMatchObject([{ what: big }]);
  await expect(load({ lake, paths: [folder], minFree: 2 * MB }, free(MB))).rejects.toThrow(/about 2 MB/);
  const other = await member(folder, "2026-11-22_6", [eventAt("2026-11-22 06:00:00")]);
  await expect(load({ lake, paths: [small, other] }, free(MB))).rejects.toThrow(/to load 1 file of 0 MB/);
  expect(await load({ lake, paths: [small] }, free(MB))).toMatchObject({ alreadyLoaded: [small] });
  expect(await load({ lake, paths: [other], minFree: 0 }, free(MB))).toMatchObject({ loaded: 1 });
});

test("a plain file is taken to need an eighth of its size", async () => {
  const [folder, lake] = [await newFolder(), await newPlace()];
  const path = await write(join(folder, "plain.ndjson"), ndjson([eventAt("2026-11-22 05:00:00")]));
  await truncate(path, 800 * MB);
  const refused = load({ lake, paths: [path] }, { freeBytes: async () => 355 * MB });
  await expect(refused).rejects.toThrow(/needs about 356 MB to load 1 file of 800 MB/);
});

test("while it decodes, a run looks once in 8 MiB whether enough stays free", () => {
  const free = [100, 70, 63].map((mb) => mb * MB);
  const watch = new DiskWatch("any", 64 * MB, () => free.shift() ?? null);
  watch.expect(1);
  for (let i = 0; i < 15; i++) watch.expect(2 ** 20);
  expect(free).toHaveLength(1);
  expect(() => watch.expect(2 ** 20)).toThrow(/has 63 MB free; the limit is 64 MB/);
  for (let i = 0; i < 100; i++) watch.expect(2 ** 20);
  new DiskWatch("any", 0, () => 0).expect(2 ** 30);
  expect(() => new DiskWatch(tmpdir(), 10 ** 18).expect(1)).toThrow(/stay free/);
});
