import { join } from "node:path";
import { expect, test } from "vitest";
import { load } from "../../src/pipeline/load.js";
import { openTable } from "../../src/pipeline/open-table.js";
import {
  eventAt,
  expectWhole,
  lakeUuids,
  ndjson,
  newFolder,
  newPlace,
  noon,
  uuidsOf,
  write,
} from "./scene.js";

test("every twenty commits leave a checkpoint, from which the lake is read", async () => {
  const [lake, folder] = [await newPlace(), await newFolder()];
  const events = Array.from({ length: 22 }, () => eventAt("2026-11-20 03:00:00"));
  for (const [i, event] of events.entries()) {
    await load({ lake, paths: [await write(join(folder, `${i}.json.gz`), ndjson([event]))] });
  }
  expect((await openTable(lake)).snapshot).toMatchObject({ version: 22, checkpoint: 20 });
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  await expectWhole(lake, noon());
});
