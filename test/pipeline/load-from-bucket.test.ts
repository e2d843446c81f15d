import { readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { load } from "../../src/pipeline/load.js";
import { addressOf, answerer, cacheFolder, newPrefix } from "../lake/store/in-bucket.js";
import { eventAt, ndjson, newPlace, rowsOf } from "./scene.js";

process.env.AMPFRAME_CACHE = cacheFolder;

const HOURS = ["2026-11-20 01", "2026-11-20 02", "2026-11-21 05"];

/** Exports as Amplitude writes them to a bucket, with a marker and something else. */
function exported(prefix: string): void {
  const put = (key: string, body: Buffer) =>
    answerer.objects.set(`${prefix}/312746/${key}`, { body, modified: Date.now() });
  for (const [i, hour] of HOURS.entries()) {
    const text = ndjson([eventAt(`${hour}:00:00`), eventAt(`${hour}:30:00`)]);
    put(`312746_${hour.replace(" ", "_")}#${i}.json.gz`, gzipSync(text));
  }
  put("312746_2026-11-20_complete", Buffer.from(""));
}

/** What lies in the cache of this machine. */
const left = () =>
  readdirSync(cacheFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

test("exports are loaded from the bucket in which they lie, once, and leave nothing behind", async () => {
  const prefix = newPrefix();
  exported(prefix);
  const lake = await newPlace();
  const paths = [`${addressOf(prefix).replace("?", "/?")}`];
  const report = await load({ lake, paths });
  expect(report).toMatchObject({ members: 3, loaded: 6, refused: [], alreadyLoaded: [] });
  expect(report.skipped.join()).toContain("312746_2026-11-20_complete");
  expect((await rowsOf(lake, "uuid")).length).toBe(6);
  expect(left()).toEqual([]);
  const again = await load({ lake, paths });
  expect(again).toMatchObject({ loaded: 0 });
  expect(again.alreadyLoaded[0]).toMatch(/^s3:\/\/events\/.*#0\.json\.gz$/);
});

test("one object is loaded by its key; a damaged one is refused by its name, and the others are brought", async () => {
  const prefix = newPrefix();
  exported(prefix);
  const [lake, other] = [await newPlace(), await newPlace()];
  const key = `${prefix}/312746/312746_2026-11-20_02#1.json.gz`;
  expect(await load({ lake, paths: [addressOf(key)] })).toMatchObject({ loaded: 2, refused: [] });
  const { body } = answerer.objects.get(key)!;
  answerer.objects.set(key, { body: body.subarray(0, -8), modified: Date.now() });
  const report = await load({ lake: other, paths: [addressOf(prefix)] });
  expect(report).toMatchObject({ loaded: 4 });
  expect(report.refused).toMatchObject([{ what: `s3://events/${key}` }]);
  expect(left()).toEqual([]);
});

test("a bucket whose objects break off is read again; an empty place is told", async () => {
  const prefix = newPrefix();
  exported(prefix);
  let cuts = 0;
  answerer.fault = ({ kind }) => (kind === "GET" && cuts++ < 2 ? { status: "cut" } : undefined);
  expect(await load({ lake: await newPlace(), paths: [addressOf(prefix)] })).toMatchObject({ loaded: 6 });
  const nothing = load({ lake: await newPlace(), paths: [addressOf("nothing-there")] });
  await expect(nothing).rejects.toThrow("s3://events/nothing-there holds no object");
});
