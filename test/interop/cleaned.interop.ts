import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { compact } from "../../src/pipeline/compact.js";
import { load } from "../../src/pipeline/load.js";
import { status } from "../../src/pipeline/status.js";
import { verify } from "../../src/pipeline/verify.js";
import {
  bring,
  emulated,
  eventAt,
  expectWhole,
  ndjson,
  newFolder,
  newPlace,
  noon,
  write,
} from "../pipeline/scene.js";
import { deltaRs, prepareDeltaRs } from "./python.js";

beforeAll(prepareDeltaRs);

const clock = noon();

/** All that `status` and `verify` say but for the clock and for the bytes of the log and the disk. */
async function said(lake: string) {
  const { disk, ...found } = await status({ lake }, () => clock.now);
  const { seconds: _, ...proof } = await verify({ lake, deep: true });
  const { data, replaced, archives, quarantine } = disk;
  return { ...found, disk: { data, replaced, archives, quarantine }, proof };
}

test("after delta-rs's checkpoint and log clean-up, status and verify say what they said before", async () => {
  const emulator = await emulated(clock);
  const lake = await newPlace();
  await bring(emulator, clock, lake, { from: "2026-11-20T12", to: "2026-11-21", keepArchives: true });
  await compact({ lake }, () => clock.now);
  const one = { from: "2026-11-21T05", to: "2026-11-21T06" };
  await bring(emulator, clock, lake, { refresh: one });
  const lines = `${ndjson([eventAt("2026-11-22 05:00:00"), eventAt("2026-11-22 06:00:00")])}no JSON\n`;
  await load({ lake, paths: [await write(join(await newFolder(), "hand.json"), lines)] });
  await bring(emulator, clock, lake, { to: "2026-11-22T20" });
  const before = await said(lake);
  expect(before).toMatchObject({ quarantined: 1, proof: { ok: true, faults: [], archives: 1 } });
  expect(before.disk.replaced).toBeGreaterThan(0);

  const log = join(lake, "_delta_log");
  for (const name of await readdir(log)) await utimes(join(log, name), 1_000_000_000, 1_000_000_000);
  await deltaRs("checkpoint", lake);
  await deltaRs("cleanup", lake);
  const left = (await readdir(log)).filter((name) => name.endsWith(".json"));
  expect(left.length).toBeLessThan(2);
  expect(await said(lake)).toEqual(before);

  await bring(emulator, clock, lake);
  const after = await expectWhole(lake, clock);
  expect(after.version).toBeGreaterThan(before.version);
  expect(after.sources.flatMap(({ gaps }) => gaps)).toEqual([]);
});
