import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planPull } from "../../src/pipeline/pull.js";
import {
  bring,
  eventAt,
  expectWhole,
  keysOf,
  lakeUuids,
  newPlace,
  noon,
  replayed,
  uuidsOf,
  write,
} from "./scene.js";

const DAY = "2026-11-22";
const range = { from: DAY, to: DAY };
const events = [eventAt(`${DAY} 05:00:00`), eventAt(`${DAY} 06:00:00`)];

test.each<[string, readonly string[], readonly string[]]>([
  ["the folder", [], []],
  ["the folder of the log", ["_delta_log"], []],
  ["the folder of accounts", ["_delta_log", "_ampframe/accounts"], []],
  [
    "the first entry beside the log",
    ["_delta_log", "_ampframe/accounts"],
    ["_ampframe/staging/a-run/1-0.json"],
  ],
])("a pull that was killed when it had made %s: the next goes on", async (_, folders, files) => {
  const clock = noon();
  const emulator = await replayed(clock, events);
  const lake = await newPlace();
  await mkdir(lake);
  for (const folder of folders) await mkdir(join(lake, folder), { recursive: true });
  for (const file of files) await write(join(lake, file), "{");
  expect(await planPull({ lake, ...keysOf(emulator), ...range })).toMatchObject({ held: 0 });
  await bring(emulator, clock, lake, range);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  expect((await expectWhole(lake, clock)).rows).toBe(2);
});

test.each(["notes.txt", "app=77/upload_date=2026-11-20/1.parquet"])(
  "a folder with %s and no log is refused, not made a lake",
  async (name) => {
    const clock = noon();
    const emulator = await replayed(clock, events);
    const lake = await newPlace();
    await write(join(lake, name), "not ours");
    await mkdir(join(lake, "_delta_log"));
    await expect(bring(emulator, clock, lake, range)).rejects.toMatchObject({
      ...{ name: "LakeError", message: expect.stringMatching(/There is no lake at/) },
    });
    expect(emulator.requests).toEqual([]);
  },
);
