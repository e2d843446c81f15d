import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { load } from "../../src/pipeline/load.js";
import { eventAt, expectWhole, lakeUuids, ndjson, newFolder, newPlace, noon, write } from "./scene.js";
import { eventsOf, expectSameValues } from "./source-values.js";

const corpus = process.env.AMPFRAME_CORPUS;
const skipped = corpus ? "" : " (skipped: AMPFRAME_CORPUS is not set)";
const real = test.skipIf(!corpus);
const file = (path: string) => join(corpus ?? "", "exports", path);
const linesIn = (path: string) =>
  readFileSync(file(path), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

real(`real exports come in line for line and value for value${skipped}`, async () => {
  const paths = [
    "flutter-shop-2025/test-round-trip.json",
    "flutter-shop-2025/inline_test_event.json",
    "web-2022/comment_event.json",
  ];
  const sources = paths.flatMap(linesIn);
  const lake = await newPlace();
  const report = await load({ lake, paths: paths.map(file) });
  expect(report).toMatchObject({ lines: sources.length, loaded: sources.length, quarantined: 0, blank: 0 });
  expect(report).toMatchObject({ duplicates: 1, refused: [], skipped: [] });
  const rows = await eventsOf(lake);
  expect(rows.length).toBe(sources.length - 1);
  for (const row of rows) {
    const copies = sources.filter(({ uuid }) => uuid === row.uuid);
    const same = copies.some((source) => {
      try {
        expectSameValues(row, source);
        return true;
      } catch (error) {
        if (copies.length === 1) throw error;
        return false;
      }
    });
    expect(same).toBe(true);
  }
  await expectWhole(lake, noon());
});

real(`a folder of all real exports: each file is loaded, skipped or refused in words${skipped}`, async () => {
  const lake = await newPlace();
  const report = await load({ lake, paths: [file("")] });
  expect(report.lines).toBe(report.loaded + report.quarantined + report.blank);
  const of = (list: readonly string[], name: string) => list.some((path) => path.includes(name));
  expect(of(report.skipped, "test_json7.json")).toBe(true);
  const reasons = new Map(report.refused.map(({ what, reason }) => [what.slice(file("").length), reason]));
  for (const [path, reason] of reasons) {
    if (path.endsWith(".zip")) expect(reason).toMatch(/Invalid API\/Secret Key combination/);
    if (path.endsWith("example_json.json")) expect(reason).toMatch(/several lines/);
  }
  expect(reasons.size).toBe(3);
  await expectWhole(lake, noon());
});

real(`a pretty-printed file that is named is read or refused in words${skipped}`, async () => {
  const lake = await newPlace();
  const report = await load({ lake, paths: [file("segment-2020/readme_events.pretty.txt")] });
  expect(report.refused).toMatchObject([{ reason: expect.stringMatching(/several lines/) }]);
});

real(
  `every broken zip is refused by its name and a reason, and its neighbours are brought${skipped}`,
  async () => {
    const folder = join(corpus ?? "", "zip/test/failure");
    const names = readdirSync(folder).sort();
    expect(names.length).toBeGreaterThan(20);
    const neighbours = [eventAt("2026-11-22 05:00:00"), eventAt("2026-11-22 06:00:00")];
    const own = await newFolder();
    const [first, last] = await Promise.all(
      neighbours.map((event, i) => write(join(own, `${i}.json`), ndjson([event]))),
    );
    const lake = await newPlace();
    const paths = [first ?? "", ...names.map((name) => join(folder, name)), last ?? ""];
    const report = await load({ lake, paths });
    expect(report.refused.map(({ what }) => what.slice(folder.length + 1)).sort()).toEqual(names);
    for (const { what, reason, wayOut } of report.refused) {
      const name = what.slice(folder.length + 1);
      expect(reason).toContain(name);
      expect(reason.length).toBeGreaterThan(name.length + 10);
      expect(wayOut).toMatch(/\w{3}/);
    }
    expect(await lakeUuids(lake)).toEqual(neighbours.map(({ uuid }) => uuid).sort());
    await expectWhole(lake, noon());
  },
);
