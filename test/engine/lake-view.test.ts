import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { typeName } from "../../src/engine/column-type.js";
import { openEngine } from "../../src/engine/duckdb.js";
import type { Engine } from "../../src/engine/engine.js";
import { filesWithin, type LakeFile, lakeSelect } from "../../src/engine/lake-view.js";
import { FIELDS } from "../../src/event.js";
import { eventsSql, manyEventsSql, writeLakeFile } from "./lake-files.js";

let engine: Engine;
let files: LakeFile[];
const home = mkdtempSync(join(tmpdir(), "ampframe-view-"));
// The folders around a lake may look like partitions, and hold quotes.
const lake = join(home, "app=9", "upload_date=2001-01-01", "it's a lake");
const at = (iso: string) => BigInt(Date.parse(iso)) * 1000n;

beforeAll(async () => {
  mkdirSync(lake, { recursive: true });
  engine = await openEngine({ threads: 2 });
  const write = (app: string, day: string, sql: string) => writeLakeFile(engine, lake, { app, day }, sql);
  files = [
    await write(
      "4611686018427387905",
      "2026-11-23",
      eventsSql([
        {
          uuid: "'a'",
          event_type: "'x'",
          event_time: "'2026-11-22 23:59:59.123457+00'",
          server_upload_time: "'2026-11-23 05:00:00.999999+00'",
          amplitude_id: "9223372036854775807",
          session_id: "-9223372036854775808",
          location_lat: "-0.1",
          paying: "true",
          event_properties: "'{\"a\":1.50}'",
          extra: "'{\"new\":1}'",
        },
      ]),
    ),
    await write(
      "__HIVE_DEFAULT_PARTITION__",
      "2026-11-24",
      eventsSql([{ uuid: "'b'", event_type: "''", server_upload_time: "'2026-11-24 00:00:00+00'" }]),
    ),
  ];
});
afterAll(() => {
  engine.close();
  rmSync(home, { recursive: true });
});

test("gives the fields in order, then extra and upload_date, with exact types", async () => {
  const expected = [
    ...FIELDS.map(({ name, kind }) => [
      name,
      { text: "text", json: "text", int: "int64", double: "double", boolean: "boolean", time: "timestamp" }[
        kind
      ],
    ]),
    ["extra", "text"],
    ["upload_date", "date"],
  ];
  for (const select of [lakeSelect(files), lakeSelect([])]) {
    const columns = await engine.describe(select);
    expect(columns.map(({ name, type }) => [name, typeName(type)])).toEqual(expected);
  }
  expect((await engine.query(lakeSelect([]))).length).toBe(0);
});

test("takes app and upload_date from the end of the path, and keeps every value", async () => {
  const rows = await engine.query(`SELECT * FROM (${lakeSelect(files)}) ORDER BY uuid`);
  const [a, b] = rows.objects();
  expect(a).toMatchObject({
    app: 4611686018427387905n,
    upload_date: Date.parse("2026-11-23") / 86_400_000,
    event_time: at("2026-11-22T23:59:59Z") + 123457n,
    server_upload_time: at("2026-11-23T05:00:00Z") + 999999n,
    amplitude_id: 2n ** 63n - 1n,
    session_id: -(2n ** 63n),
    location_lat: -0.1,
    paying: true,
    event_properties: '{"a":1.50}',
    extra: '{"new":1}',
    user_id: null,
  });
  expect(b).toMatchObject({ app: null, event_time: null, event_type: "" });
});

test("skips files by their times, never one that might hold a row", () => {
  const span = { min: at("2026-11-23T05:00:00Z"), max: at("2026-11-23T05:59:59.123Z") };
  const file: LakeFile = { path: "f", eventTime: span, serverUploadTime: null };
  const kept = (from?: bigint, until?: bigint) => filesWithin([file], { eventTime: { from, until } }).length;
  expect(kept()).toBe(1);
  expect(kept(span.max + 999n)).toBe(1);
  expect(kept(span.max + 1000n)).toBe(0);
  expect(kept(undefined, span.min)).toBe(0);
  expect(kept(undefined, span.min + 1n)).toBe(1);
  expect(filesWithin([file], { serverUploadTime: { from: 2n ** 62n } }).length).toBe(1);
});

test("bounds are exact to the microsecond", async () => {
  const moment = at("2026-11-22T23:59:59Z") + 123457n;
  const count = async (from: bigint, until: bigint) =>
    (await engine.query(lakeSelect(files, { eventTime: { from, until } }))).length;
  expect(await count(moment, moment + 1n)).toBe(1);
  expect(await count(moment - 1n, moment)).toBe(0);
  expect(await count(moment + 1n, moment + 2n)).toBe(0);
});

test("bounds let the engine skip row groups of a file", async () => {
  const big = await writeLakeFile(
    engine,
    join(home, "big"),
    { app: "1", day: "2026-11-23" },
    manyEventsSql(50_000, {
      uuid: "i",
      event_type: "'e'",
      event_time: "TIMESTAMP '2026-11-01' + to_seconds(i)",
      server_upload_time: "TIMESTAMP '2026-11-23'",
    }),
  );
  const from = at("2026-11-01T00:00:10Z");
  const plan = await engine.query(
    `EXPLAIN ANALYZE SELECT uuid FROM (${lakeSelect([big], { eventTime: { from, until: from + 5_000_000n } })})`,
  );
  expect(plan.rows().join()).toMatch(/event_time\s*>=/);
  const rows = await engine.query(lakeSelect([big], { eventTime: { from, until: from + 5_000_000n } }));
  expect(rows.length).toBe(5);
});

test("a lake of thousands of files is one view", async () => {
  const [first] = files;
  const many = Array.from({ length: 5000 }, () => first!);
  await engine.run(`CREATE OR REPLACE VIEW many AS ${lakeSelect(many)}`);
  const began = performance.now();
  expect((await engine.query("SELECT uuid FROM many LIMIT 3")).length).toBe(3);
  expect(performance.now() - began).toBeLessThan(2000);
  expect((await engine.query("SELECT count(*), sum(amplitude_id > 0)::BIGINT FROM many")).rows()).toEqual([
    [5000n, 5000n],
  ]);
});
