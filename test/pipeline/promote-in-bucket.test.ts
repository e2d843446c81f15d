import { expect, test } from "vitest";
import { promote } from "../../src/pipeline/promote.js";
import { verify } from "../../src/pipeline/verify.js";
import { addressOf, cacheFolder, newPrefix } from "../lake/store/in-bucket.js";
import { loadInto, sold } from "./promoting.js";

process.env.AMPFRAME_CACHE = cacheFolder;

test("promotions that end at the same moment in a bucket keep each other's properties", async () => {
  const prefix = newPrefix();
  const lake = addressOf(prefix);
  await loadInto(lake, "77_2026-11-21_1#0.json", [sold("2026-11-21 01:10:00", 1)]);
  const names = ["price", "cost", "a.b"];
  const reports = await Promise.all(names.map((name) => promote({ lake, properties: [name] })));
  expect(reports.map(({ properties }) => properties.length).sort()).toEqual([1, 2, 3]);
  const { properties } = await promote({ lake });
  expect(properties.map(({ property }) => property).sort()).toEqual([
    'event_properties."a.b"',
    "event_properties.cost",
    "event_properties.price",
  ]);
  await promote({ lake, drop: names });
  expect((await promote({ lake })).properties).toEqual([]);
  expect((await verify({ lake })).faults).toEqual([]);
});
