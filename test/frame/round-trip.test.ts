import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { load, openLake } from "../../src/index.js";
import { makeLake } from "./made-lake.js";

const dir = mkdtempSync(join(tmpdir(), "ampframe-round-"));
afterAll(() => rmSync(dir, { recursive: true }));

const ALL = { timestamps: "micros" } as const;

test("what is written as NDJSON loads as the same events", async () => {
  const made = await makeLake();
  await made.add({ app: "123", day: "2026-11-23" }, [
    {
      uuid: "'a'",
      event_type: "'Ünï 👩‍👩‍👧 ' || chr(0) || chr(10) || chr(34) || chr(65279)",
      event_time: "'2026-11-21 23:59:59.999999+00'",
      server_upload_time: "'2026-11-23 05:00:00.000001+00'",
      amplitude_id: "9223372036854775807",
      session_id: "-9223372036854775808",
      location_lat: "0.30000000000000004",
      location_lng: "'-0.0'",
      paying: "false",
      is_attribution_event: "true",
      user_id: "''",
      event_properties: '\'{"n":12345678901234567890123,"x":1.50,"A":{"a":[],"":null}}\'',
      groups: "'{}'",
      extra: '\'{"new":[1.0,{}],"$schema":"two","sample_rate":0.10000000000000000001}\'',
      sample_rate: "0.1",
    },
    { uuid: "'b'", event_type: "''", server_upload_time: "'2026-11-23 05:00:02+00'" },
  ]);
  const file = join(dir, "events.ndjson.gz");
  await made.lake.frame().write(file);
  const report = await load({ lake: join(dir, "lake"), paths: [file] });
  expect(report).toMatchObject({ lines: 2, loaded: 2, quarantined: 0, blank: 0 });
  const again = await openLake(join(dir, "lake"));
  const rowsOf = async (lake: typeof again) => {
    const rows = [];
    for await (const row of lake.frame().rows(ALL)) rows.push(row);
    return rows.sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
  };
  const [before, after] = [await rowsOf(made.lake), await rowsOf(again)];
  const [extraBefore, extraAfter] = [before, after].map((rows) =>
    rows.map(({ extra }) => extra && JSON.parse(extra)),
  );
  expect(extraAfter).toEqual(extraBefore);
  const fields = (rows: typeof before) => rows.map(({ extra: _, ...row }) => row);
  expect(fields(after)).toEqual(fields(before));
  await again.close();
  await made.close();
});
