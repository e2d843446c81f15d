import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { gunzipSync } from "node:zlib";
import { tableFromIPC } from "@uwdata/flechette";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";
import { CancelledError, QueryError, UsageError } from "../../src/errors/index.js";
import { type MadeLake, makeLake } from "./made-lake.js";

let made: MadeLake;
const dir = mkdtempSync(join(tmpdir(), "ampframe-out-"));
const at = (name: string) => join(dir, name);
const text = (name: string) => readFileSync(at(name), "utf8");

beforeAll(async () => {
  made = await makeLake();
  await made.add({ app: "123", day: "2026-11-23" }, [
    {
      uuid: "'a'",
      event_type: "'=cmd|'' /C calc''!A0'",
      event_time: "'2026-11-23 05:06:07.12+00'",
      server_upload_time: "'2026-11-23 06:00:00+00'",
      amplitude_id: "9223372036854775807",
      location_lat: "0.1",
      paying: "false",
      user_id: "''",
      city: "'say \"hi\", ' || chr(10) || '👩‍👩‍👧'",
      event_properties: '\'{ "x" : 1.50,\' || chr(10) || \'"n":12345678901234567890123,"x":2}\'',
      groups: "'{}'",
      extra: '\'{"new key":[1.0],"location_lat":0.10000000000000000001,"$schema":"two"}\'',
    },
    {
      uuid: "'b'",
      event_type: "'x'",
      server_upload_time: "'2026-11-23 06:00:01+00'",
      extra: "'{ }'",
    },
  ]);
});
afterAll(async () => {
  await made.close();
  rmSync(dir, { recursive: true });
});

const COLUMNS = ["uuid", "event_type", "event_time", "amplitude_id", "user_id", "city", "paying"] as const;

describe("NDJSON", () => {
  test("is what an export is: JSON as it was kept, times in its form, unknown keys beside the fields", async () => {
    const written = await made.lake.frame().write(at("all.ndjson"));
    const lines = text("all.ndjson").split("\n");
    expect([lines.length, lines[2]]).toEqual([3, ""]);
    expect(written).toEqual({
      file: at("all.ndjson"),
      format: "ndjson",
      rows: 2,
      bytes: Buffer.byteLength(text("all.ndjson")),
    });
    expect(lines[0]).toContain('"event_properties":{ "x" : 1.50, "n":12345678901234567890123,"x":2}');
    expect(lines[0]).toContain('"event_time":"2026-11-23 05:06:07.120000"');
    expect(lines[0]).toContain('"amplitude_id":9223372036854775807,"app":123,');
    expect(lines[0]).toContain('"location_lat":0.10000000000000000001');
    expect(lines[0]!.match(/"location_lat":/g)?.length).toBe(1);
    expect(lines[0]).toContain('"new key":[1.0]');
    expect(lines[0]).not.toContain('"extra"');
    const [a, b] = lines.slice(0, 2).map((line) => JSON.parse(line));
    expect(a).toMatchObject({
      uuid: "a",
      city: 'say "hi", \n👩‍👩‍👧',
      paying: false,
      user_id: "",
      $schema: "two",
      groups: {},
    });
    expect(Object.keys(a).length).toBe(56);
    expect(Object.keys(b).length).toBe(55);
    expect(b).toMatchObject({ uuid: "b", event_time: null, $schema: null });
  });

  test("of a query quotes text that is no JSON and keeps what is", async () => {
    const found = await made.lake.query(
      `SELECT 'oops' AS event_properties, '{"a":1.50}' AS user_properties, 'NaN'::DOUBLE AS d, [1] AS l, 1.50 AS p,
        INTERVAL 1 DAY AS i, '{"z":1}'::JSON AS j, '{"k":1}' AS extra, DATE '2026-11-23' AS day, TIMESTAMP '2026-11-23' AS t`,
    );
    await found.write(at("query.ndjson"));
    expect(text("query.ndjson")).toBe(
      '{"event_properties":"oops","user_properties":{"a":1.50},"d":null,"l":[1],"p":1.50,"i":"1 day","j":{"z":1},"extra":{"k":1},"day":"2026-11-23","t":"2026-11-23 00:00:00.000000"}\n',
    );
  });
});

test("JSON is one array, and empty it is one too", async () => {
  await made.lake.frame({ columns: ["uuid"] }).write(at("rows.json"));
  expect(JSON.parse(text("rows.json"))).toEqual([{ uuid: "a" }, { uuid: "b" }]);
  await made.lake.frame({ columns: ["uuid"], events: [] }).write(at("none.json"));
  expect(JSON.parse(text("none.json"))).toEqual([]);
});

describe("CSV", () => {
  test("tells null from empty text and is exact", async () => {
    await made.lake.frame({ columns: COLUMNS }).write(at("rows.csv"));
    expect(text("rows.csv")).toBe(
      [
        "uuid,event_type,event_time,amplitude_id,user_id,city,paying",
        `a,=cmd|' /C calc'!A0,2026-11-23 05:06:07.120000,9223372036854775807,"","say ""hi"", \n👩‍👩‍👧",false`,
        "b,x,,,,,",
        "",
      ].join("\n"),
    );
  });

  test("keeps formulas from running, if asked", async () => {
    await made.lake
      .frame({ columns: ["event_type", "amplitude_id"] })
      .write(at("safe.csv"), { escapeFormulas: true });
    expect(text("safe.csv").split("\n")[1]).toBe("'=cmd|' /C calc'!A0,9223372036854775807");
  });

  test("is gzipped by its name", async () => {
    const { bytes, rows } = await made.lake.frame({ columns: COLUMNS }).write(at("rows.csv.gz"));
    const file = readFileSync(at("rows.csv.gz"));
    expect([rows, bytes]).toEqual([2, file.length]);
    expect(gunzipSync(file).toString()).toBe(text("rows.csv"));
  });
});

test("Parquet keeps types, with times marked as UTC", async () => {
  const written = await made.lake
    .frame({ columns: [...COLUMNS, "app", "upload_date"] })
    .write(at("rows.parquet"));
  expect(written.rows).toBe(2);
  const engine = await openEngine();
  const rows = await engine.query(
    `SELECT * , typeof(event_time) AS t FROM '${at("rows.parquet")}' ORDER BY uuid`,
  );
  expect(rows.objects()[0]).toMatchObject({
    t: "TIMESTAMP WITH TIME ZONE",
    event_time: BigInt(Date.parse("2026-11-23T05:06:07.120Z")) * 1000n,
    amplitude_id: 2n ** 63n - 1n,
    app: 123n,
    upload_date: Date.parse("2026-11-23") / 86_400_000,
  });
  engine.close();
});

test("Arrow files are read back whole", async () => {
  await made.lake.frame({ columns: COLUMNS }).write(at("rows.arrow"));
  const table = tableFromIPC(readFileSync(at("rows.arrow")), { useBigInt: true, useDate: true });
  expect(table.get(0)).toMatchObject({ uuid: "a", amplitude_id: 2n ** 63n - 1n, user_id: "" });
});

test.each(["csv", "ndjson", "parquet", "arrow"] as const)(
  "%s goes to a stream that stays open",
  async (format) => {
    const stream = new PassThrough();
    const pieces: Buffer[] = [];
    stream.on("data", (piece) => pieces.push(piece));
    const frame = made.lake.frame({ columns: ["uuid"] });
    const { rows, bytes, file } = await frame.write(stream, { format });
    await new Promise((done) => stream.write("", done));
    expect([rows, file, stream.writableEnded]).toEqual([2, undefined, false]);
    expect(Buffer.concat(pieces).length).toBe(bytes);
  },
);

test.each(["csv", "ndjson", "json", "arrow", "parquet"])(
  "a frame with properties that was not read is written as %s",
  async (format) => {
    const frame = made.lake.frame({ columns: ["uuid"], properties: ["n"] });
    await frame.write(at(`properties.${format}`));
    expect(frame.columns).toEqual(["uuid", "n"]);
    if (format === "csv") expect(text("properties.csv")).toContain("a,12345678901234567890123");
  },
);

describe("what cannot be written", () => {
  test.each([
    ["x.xls", {}, "format of"],
    ["x", {}, "format of"],
    ["x.parquet.gz", {}, "gzipped parquet"],
    ["no/such/folder/x.csv", {}, "does not exist"],
    [".", { format: "csv" }, "is a folder"],
  ] as const)("%s is refused in words", async (name, options, words) => {
    const writing = made.lake.frame().write(join(dir, name), options);
    await expect(writing).rejects.toBeInstanceOf(UsageError);
    await expect(writing).rejects.toThrow(words);
  });

  test("a stream needs a format", async () => {
    await expect(made.lake.frame().write(new PassThrough())).rejects.toThrow("no name");
  });

  test("leaves what was there before, and nothing beside it", async () => {
    writeFileSync(at("kept.ndjson"), "old");
    const before = readdirSync(dir).length;
    const failing = made.lake.frame({ where: "error('boom')" });
    await expect(failing.write(at("kept.ndjson"))).rejects.toBeInstanceOf(QueryError);
    await expect(failing.write(at("new.csv.gz"))).rejects.toThrow("boom");
    await expect(failing.write(at("new.parquet"))).rejects.toThrow("boom");
    const aborted = { signal: AbortSignal.abort() };
    await expect(made.lake.frame().write(at("kept.ndjson"), aborted)).rejects.toBeInstanceOf(CancelledError);
    expect([text("kept.ndjson"), readdirSync(dir).length, existsSync(at("new.parquet"))]).toEqual([
      "old",
      before,
      false,
    ]);
  });
});
