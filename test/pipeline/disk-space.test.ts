import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bring, emulated, newPlace, noon } from "./scene.js";

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
  await bring(emulator, clock, lake, { ...day, minFree: 0 }, free(1));
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
