import { readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { load } from "../../src/pipeline/load.js";
import { checkpoints } from "../../src/pipeline/open-table.js";
import { type LakeStatus, status } from "../../src/pipeline/status.js";
import { verify } from "../../src/pipeline/verify.js";
import { bring, eventAt, expectWhole, ndjson, newFolder, newPlace, noon, replayed, write } from "./scene.js";

/** A lake of two sources: hours that were pulled, with copies, and files, one of them with a line that is none. */
async function twoSources(commits: number) {
  const clock = noon();
  const lake = await newPlace();
  const emulator = await replayed(clock, [eventAt("2026-11-22 03:00:00"), eventAt("2026-11-22 04:00:00")]);
  await bring(emulator, clock, lake, { from: "2026-11-22T00", to: "2026-11-22T05" });
  const folder = await newFolder();
  for (let i = 1; i < commits; i += 1) {
    const events = [eventAt(`2026-11-2${i % 2} 0${i % 9}:00:00`), eventAt(`2026-11-21 0${i % 9}:30:00`)];
    const path = await write(join(folder, `${i}.json`), `${ndjson(events)}${i === 1 ? "bad line\n" : ""}`);
    await load({ lake, paths: [path] });
  }
  return { clock, lake };
}

/** A status but for the size of the log and what is free, which the test itself changes. */
function saidOf({ disk: { log: _, free: __, ...disk }, ...status }: LakeStatus) {
  return { ...status, disk };
}

test("the twentieth commit writes a checkpoint, which the lake can be read from alone", async () => {
  const { clock, lake } = await twoSources(20);
  const log = join(lake, "_delta_log");
  expect(await readdir(log)).toContain("00000000000000000020.checkpoint.parquet");
  const before = saidOf(await expectWhole(lake, clock));
  for (const name of await readdir(log)) if (name.endsWith(".json")) await unlink(join(log, name));
  expect(saidOf(await expectWhole(lake, clock))).toEqual(before);
});

test("status and verify say the same after another program's checkpoint and log clean-up", async () => {
  const { clock, lake } = await twoSources(7);
  const said = async () => {
    const { seconds: _, ...proof } = await verify({ lake, deep: true });
    return { proof, status: saidOf(await status({ lake }, () => clock.now)) };
  };
  const before = await said();
  expect(before.proof).toMatchObject({ ok: true, accounts: 7 });
  await foreignCheckpoint(lake);
  expect(await said()).toEqual(before);
  const log = join(lake, "_delta_log");
  const entries = (await readdir(log)).filter((name) => name.endsWith(".json")).sort();
  for (const name of entries.slice(0, -1)) await unlink(join(log, name));
  expect(await said()).toEqual(before);
  await unlink(join(log, entries.at(-1)!));
  expect(await said()).toEqual(before);
});

/** As other writers do it: the actions in another order, stats in other words, removed files and no pointer. */
async function foreignCheckpoint(lake: string): Promise<void> {
  const { openTable } = await import("../../src/pipeline/open-table.js");
  const { snapshot } = await openTable(lake);
  const restated = (stats: string | null | undefined) => {
    const { numRecords, minValues, maxValues } = JSON.parse(stats ?? "{}");
    const plain = (values: Record<string, string>) =>
      Object.fromEntries(Object.entries(values).map(([name, time]) => [name, time.replace(".000Z", "Z")]));
    return JSON.stringify({
      maxValues: plain(maxValues),
      minValues: plain(minValues),
      nullCount: {},
      numRecords,
    });
  };
  const actions = [
    ...[...snapshot.files.values()].reverse().map(({ add }) => ({
      add: { ...add, dataChange: false, stats: restated(add.stats) },
    })),
    ...[...snapshot.transactions.values()].map((txn) => ({ txn })),
    { metaData: snapshot.metaData },
    { protocol: snapshot.protocol },
  ];
  const ndjson = await write(
    join(await newFolder(), "checkpoint.ndjson"),
    actions.map((action) => `${JSON.stringify(action)}\n`).join(""),
  );
  const name = `${String(snapshot.version).padStart(20, "0")}.checkpoint.parquet`;
  await checkpoints.write(ndjson, join(lake, "_delta_log", name));
}
