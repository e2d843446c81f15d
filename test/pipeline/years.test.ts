import { join } from "node:path";
import { expect, test } from "vitest";
import { load } from "../../src/pipeline/load.js";
import { eventAt, expectWhole, ndjson, newFolder, newPlace, noon, rowsOf, write } from "./scene.js";

test("upload times at the ends of the calendar find their day", async () => {
  const lake = await newPlace();
  const days = ["0001-01-02", "0999-12-31", "1969-12-31", "1970-01-01", "2014-11-12", "9999-12-30"];
  const events = days.flatMap((day) => [eventAt(`${day} 23:59:59`), eventAt(`${day} 00:00:00`)]);
  const path = await write(join(await newFolder(), "a.json"), ndjson([...events, ...events]));
  const report = await load({ lake, paths: [path] });
  expect(report).toMatchObject({ loaded: 24, duplicates: 12, quarantined: 0 });
  expect(await rowsOf(lake, "upload_date::VARCHAR, count(*)", "GROUP BY ALL ORDER BY ALL")).toEqual(
    days.map((day) => [day, 2n]),
  );
  const again = await write(join(await newFolder(), "b.json"), ndjson(events));
  expect(await load({ lake, paths: [again] })).toMatchObject({ duplicates: 12 });
  const found = await expectWhole(lake, noon());
  expect(found).toMatchObject({
    rows: 12,
    sources: [{ range: { from: "0001-01-02T00", to: "9999-12-30T23" } }],
  });
  expect(found.sources[0]?.counts).toMatchObject({ loaded: 12, missing: 110, settling: 22 });
}, 60_000);
