import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type * as SortedRows from "../../src/engine/sorted-rows.js";
import { compact } from "../../src/pipeline/compact.js";
import { load } from "../../src/pipeline/load.js";
import { eventAt, expectWhole, ndjson, newFolder, newPlace, noon, rowsOf, write } from "./scene.js";

/** What an engine that goes wrong writes in place of the range. */
let wrongRange: string | undefined;
vi.mock("../../src/engine/sorted-rows.js", async (original) => {
  const right = await original<typeof SortedRows>();
  const writeSorted: typeof right.writeSorted = (engine, pieces, range, ...rest) =>
    right.writeSorted(engine, pieces, wrongRange ?? range, ...rest);
  return { ...right, writeSorted };
});

test.each([
  "event_type <> 'lost'",
  "false",
  "true UNION ALL (SELECT * REPLACE ('x' AS city) FROM read_parquet('$1', hive_partitioning = false) LIMIT 1)",
])("a merge that would change rows (%s) is refused, and nothing is changed", async (wrong) => {
  const clock = noon();
  const [lake, folder] = [await newPlace(), await newFolder()];
  const lost = eventAt("2026-11-20 03:00:00", { event_type: "lost" });
  for (const [i, event] of [eventAt("2026-11-20 02:00:00"), lost].entries()) {
    await load({ lake, paths: [await write(join(folder, `${i}.json`), ndjson([event]))] });
  }
  const rows = await rowsOf(lake, "*");
  const { version } = await expectWhole(lake, clock);
  const names = await readdir(lake, { recursive: true });
  const path = names.find((name) => name.endsWith(".parquet")) ?? "";
  wrongRange = wrong.replace("$1", join(lake, path));
  const report = await compact({ lake }, () => clock.now).finally(() => {
    wrongRange = undefined;
  });
  expect(report).toMatchObject({ days: 0, version });
  expect(report.refused).toMatchObject([{ reason: expect.stringContaining("would have changed its rows") }]);
  if (wrong.includes("lost")) expect(report.refused[0]?.reason).toContain(lost.uuid);
  expect(await rowsOf(lake, "*")).toEqual(rows);
  await expectWhole(lake, clock);
  expect(await readdir(join(lake, "_ampframe/staging"))).toEqual([]);
  expect(await compact({ lake }, () => clock.now)).toMatchObject({ days: 1, refused: [] });
});
