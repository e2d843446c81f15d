import { join } from "node:path";
import { expect, test } from "vitest";
import { load } from "../../src/pipeline/load.js";
import {
  bring,
  countsOf,
  eventAt,
  expectWhole,
  lakeUuids,
  ndjson,
  newFolder,
  newPlace,
  noon,
  replayed,
  rowsOf,
  uuidsOf,
  write,
} from "./scene.js";

const range = { from: "2026-11-22T03", to: "2026-11-22T05" };

test("a second project comes into a lake only under a name of its own, and each is pulled by itself", async () => {
  const clock = noon();
  const shop = [eventAt("2026-11-22 03:00:00", { app: 1 }), eventAt("2026-11-22 04:00:00", { app: 1 })];
  const blog = [eventAt("2026-11-22 03:00:00", { app: 2 })];
  const first = await replayed(clock, shop, { apiKey: "key-of-shop" });
  const second = await replayed(clock, blog, { apiKey: "key-of-blog" });
  const lake = await newPlace();
  await bring(first, clock, lake, { ...range, project: "shop" });

  await expect(bring(second, clock, lake, range)).rejects.toMatchObject({
    ...{ name: "UsageError", exitStatus: 2, message: expect.stringMatching(/does not know; it holds shop/) },
    wayOut: expect.stringMatching(/--project NAME/),
  });
  await expect(bring(second, clock, lake, { ...range, project: "shop" })).rejects.toMatchObject({
    ...{ name: "UsageError", wayOut: expect.stringMatching(/"shop", which is taken/) },
  });
  expect(second.requests).toEqual([]);
  await bring(second, clock, lake, { ...range, project: "blog" });
  expect(await lakeUuids(lake)).toEqual(uuidsOf([...shop, ...blog]));
  expect(await rowsOf(lake, "app, count(*)", "GROUP BY ALL ORDER BY ALL")).toEqual([
    [1n, 2n],
    [2n, 1n],
  ]);
  const found = await expectWhole(lake, clock);
  expect(found.sources.map(({ project, rows }) => [project, rows])).toEqual([
    ["shop", 2],
    ["blog", 1],
  ]);
  expect([countsOf(found, 0).held, countsOf(found, 1).held]).toEqual([2, 1]);

  for (const [emulator, project] of [
    [first, undefined],
    [second, undefined],
    [second, "blog"],
  ] as const) {
    expect((await bring(emulator, clock, lake, { ...range, project })).requests).toEqual([]);
  }
});

test("a known project cannot take another's name", async () => {
  const clock = noon();
  const lake = await newPlace();
  const [first, second] = await Promise.all(
    ["a", "b"].map((key) => replayed(clock, [eventAt("2026-11-22 03:00:00")], { apiKey: `key-${key}` })),
  );
  await bring(first!, clock, lake, { ...range, project: "shop" });
  await bring(second!, clock, lake, { ...range, project: "blog" });
  await expect(bring(second!, clock, lake, { ...range, project: "shop" })).rejects.toMatchObject({
    ...{ name: "UsageError", wayOut: expect.stringMatching(/"shop", which is taken/) },
  });
});

test("the same key in the other region is another project", async () => {
  const clock = noon();
  const lake = await newPlace();
  const emulator = await replayed(clock, [eventAt("2026-11-22 03:00:00")]);
  await bring(emulator, clock, lake, range);
  await expect(bring(emulator, clock, lake, { ...range, region: "eu" })).rejects.toMatchObject({
    name: "UsageError",
  });
});

test("files that were loaded by hand do not make a pull leave an hour out", async () => {
  const clock = noon();
  const events = [eventAt("2026-11-22 03:00:00"), eventAt("2026-11-22 04:00:00")];
  const lake = await newPlace();
  await load({ lake, paths: [await write(join(await newFolder(), "a.json"), ndjson(events.slice(0, 1)))] });
  const emulator = await replayed(clock, events);
  const { requests, report } = await bring(emulator, clock, lake, range);
  expect(requests).toEqual(["20261122T03-20261122T05"]);
  expect(report).toMatchObject({ loaded: 2, duplicates: 1 });
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  await expectWhole(lake, clock);
});

test("a folder that holds something else is not pulled into", async () => {
  const clock = noon();
  const emulator = await replayed(clock, [eventAt("2026-11-22 03:00:00")]);
  const folder = await newFolder();
  await write(join(folder, "thesis.txt"), "precious");
  await expect(bring(emulator, clock, folder, range)).rejects.toMatchObject({
    ...{ name: "LakeError", message: expect.stringMatching(/no lake/) },
  });
  await expect(bring(emulator, clock, join(folder, "thesis.txt"), range)).rejects.toMatchObject({
    name: "LakeError",
  });
  expect(emulator.requests).toEqual([]);
});
