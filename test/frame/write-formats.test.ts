import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { streamXlsxRows } from "hucre/xlsx";
import sqlite from "node-sqlite3-wasm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";
import type { Engine } from "../../src/engine/engine.js";
import { CancelledError, QueryError, UsageError } from "../../src/errors/index.js";
import { load } from "../../src/index.js";
import { type MadeLake, makeLake } from "./made-lake.js";

let made: MadeLake;
let engine: Engine;
const dir = mkdtempSync(join(tmpdir(), "ampframe-formats-"));
const at = (name: string) => join(dir, name);
const ODD = "Ünï 👩‍👩‍👧 \u0000\n\r\t\uFEFF _x0041_";

/** Two rows of every kind of a column, the second all null. */
const KINDS = `
  SELECT * FROM (VALUES (
    1, $odd, '', '=1+1', '{"x":1.50,"n":12345678901234567890}'::JSON, true, 9223372036854775807, -9223372036854775808,
    123456789012345, 1234567890123456, 18446744073709551615::UBIGINT, 170141183460469231731687303715884105727::HUGEINT,
    0.1::DOUBLE, '-0.0'::DOUBLE, 1e300::DOUBLE, 'infinity'::DOUBLE, 1.50::DECIMAL(4,2), 12345678901234567.89::DECIMAL(19,2),
    TIMESTAMP '2026-11-23 05:06:07.123457', TIMESTAMP '1899-12-31 23:59:59.999999', DATE '2026-11-23', TIME '05:06:07.000001',
    INTERVAL 36 HOUR, '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::UUID, '\\x00\\xFFa'::BLOB, [1, NULL, 3], {'a': 1, 'b': 'ü'},
    MAP {'k': 2}), (2, ${Array(27).fill("NULL").join(", ")})) AS t(i, odd, empty, formula, j, flag, big, least, d15, d16, u, h,
    small, minus, huge, inf, dec, longdec, ts, old, day, clock, span, id, bytes, l, st, m) ORDER BY i`;
const all = () => made.lake.query(KINDS, { odd: ODD });
const fitting = () => made.lake.query(`SELECT * EXCLUDE (u, h) FROM (${KINDS})`, { odd: ODD });

beforeAll(async () => {
  made = await makeLake();
  engine = await openEngine();
  const event = (uuid: string, type: string, time: string) => ({
    uuid: `'${uuid}'`,
    event_type: `'${type}'`,
    event_time: `'${time}'`,
    server_upload_time: "'2026-11-23 06:00:00+00'",
    amplitude_id: "9223372036854775807",
    event_properties: "'{\"x\":1.50}'",
  });
  await made.add({ app: "123", day: "2026-11-23" }, [
    event("a", "Order / Done=1 é", "2026-11-22 23:59:59.999999+00"),
    event("b", "View", "2026-11-23 00:00:00+00"),
    event("c", "View", "2026-11-23 05:00:00+00"),
    { ...event("d", "", "2026-11-23 05:00:00+00"), event_time: "NULL" },
  ]);
});
afterAll(async () => {
  await made.close();
  engine.close();
  rmSync(dir, { recursive: true });
});

describe("a DuckDB database", () => {
  test("has every kind of value as it was, in the table events", async () => {
    const frame = await all();
    const written = await frame.write(at("all.duckdb"));
    expect(written).toMatchObject({
      format: "duckdb",
      rows: 2,
      bytes: readFileSync(at("all.duckdb")).length,
    });
    await engine.run(`ATTACH '${at("all.duckdb")}' AS there (READ_ONLY)`);
    const [back, before] = [
      await engine.query("FROM there.events ORDER BY i"),
      await engine.query(KINDS, { odd: ODD }),
    ];
    expect(back.columns).toEqual(before.columns);
    expect(back.rows()).toEqual(before.rows());
    await engine.run("DETACH there");
  });

  test("is let go of, so that the next one can be written and read", async () => {
    await made.lake.frame().write(at("all.duckdb"));
    await made.lake.frame().write(at("all.duckdb"));
    const back = await engine.query(
      `ATTACH '${at("all.duckdb")}' AS again; SELECT count(*) FROM again.events`,
    );
    expect(back.rows()).toEqual([[4n]]);
    await engine.run("DETACH again");
    expect(readdirSync(dir).filter((name) => name.startsWith("."))).toEqual([]);
  });
});

describe("a SQLite database", () => {
  const rowsOf = (name: string, sql = "SELECT * FROM events") => {
    const database = new sqlite.Database(at(name), { readOnly: true });
    try {
      return database.all(sql);
    } finally {
      database.close();
    }
  };

  test("has whole numbers exactly, times as text, and what SQLite has not as text", async () => {
    expect(await (await fitting()).write(at("all.sqlite"))).toMatchObject({ format: "sqlite", rows: 2 });
    const [first, second] = rowsOf("all.sqlite");
    expect(first).toEqual({
      ...{
        i: 1,
        odd: expect.anything(),
        empty: "",
        formula: "=1+1",
        j: '{"x":1.50,"n":12345678901234567890}',
        flag: 1,
      },
      ...{ big: 2n ** 63n - 1n, least: -(2n ** 63n), d15: 123456789012345, d16: 1234567890123456 },
      ...{
        small: 0.1,
        minus: 0,
        huge: 1e300,
        inf: Number.POSITIVE_INFINITY,
        dec: "1.50",
        longdec: "12345678901234567.89",
      },
      ...{ ts: "2026-11-23 05:06:07.123457", old: "1899-12-31 23:59:59.999999", day: "2026-11-23" },
      ...{ clock: "05:06:07.000001", span: "36:00:00", id: "6ba7b810-9dad-11d1-80b4-00c04fd430c8" },
      ...{ bytes: new Uint8Array([0, 255, 97]), l: "[1,null,3]", st: '{"a":1,"b":"ü"}', m: '{"k":2}' },
    });
    const { i, ...nulls } = second!;
    expect([i, new Set(Object.values(nulls))]).toEqual([2, new Set([null])]);
    const [{ hex, day }] = rowsOf(
      "all.sqlite",
      "SELECT hex(odd) AS hex, date(ts, '+1 day') AS day FROM events",
    ) as [Record<string, string>];
    expect(Buffer.from(String(hex), "hex").toString()).toBe(ODD);
    expect(day).toBe("2026-11-24");
    expect(rowsOf("all.sqlite", "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
  });

  test("declares types that other readers know, and names that repeat once", async () => {
    await (await made.lake.query("SELECT 1 AS a, true AS A, TIMESTAMP '2026-11-23' AS t, 'x' AS s")).write(
      at("x.db"),
    );
    const { sql } = rowsOf("x.db", "SELECT sql FROM sqlite_schema")[0]!;
    expect(sql).toBe('CREATE TABLE "events" ("a" INTEGER, "A_1" BOOLEAN, "t" TIMESTAMP, "s" TEXT)');
  });

  test("refuses a whole number that it cannot hold, and leaves nothing", async () => {
    const frame = await made.lake.query("SELECT 18446744073709551615::UBIGINT AS u");
    await expect(frame.write(at("too-large.sqlite"))).rejects.toBeInstanceOf(QueryError);
    expect(readdirSync(dir).filter((name) => name.includes("too-large"))).toEqual([]);
  });
});

describe("an Excel workbook", () => {
  const rowsOf = async (name: string) => {
    const rows = [];
    for await (const { values } of streamXlsxRows(readFileSync(at(name)))) rows.push(values);
    return rows;
  };

  test("has text as text, long numbers with all digits, dates as dates", async () => {
    const frame = await all();
    expect(await frame.write(at("all.xlsx"))).toMatchObject({ format: "xlsx", rows: 2 });
    const [head, first, second] = await rowsOf("all.xlsx");
    expect(head).toEqual(frame.columns);
    expect(Object.fromEntries(frame.columns.map((name, i) => [name, first![i]]))).toEqual({
      ...{ i: 1, odd: ODD, empty: "", formula: "=1+1", j: '{"x":1.50,"n":12345678901234567890}', flag: true },
      ...{
        big: "9223372036854775807",
        least: "-9223372036854775808",
        d15: 123456789012345,
        d16: "1234567890123456",
      },
      ...{
        u: "18446744073709551615",
        h: "170141183460469231731687303715884105727",
        small: 0.1,
        minus: 0,
        huge: 1e300,
      },
      ...{ inf: "Infinity", dec: 1.5, longdec: "12345678901234567.89" },
      ...{ ts: new Date("2026-11-23T05:06:07.123Z"), old: "1899-12-31T23:59:59.999Z" },
      ...{ day: new Date("2026-11-23T00:00:00Z"), clock: "05:06:07.000001", span: "36:00:00" },
      ...{
        id: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        bytes: "AP9h",
        l: "[1,null,3]",
        st: '{"a":1,"b":"ü"}',
        m: '{"k":2}',
      },
    });
    expect(second?.filter((value) => value !== null)).toEqual([2]);
  });

  test("has no formula in it", async () => {
    await (
      await made.lake.query("SELECT '=HYPERLINK(\"http://x\")' AS \"=a\", '+1' AS b, '@x' AS c, '-1' AS d")
    ).write(at("formula.xlsx"));
    expect(await rowsOf("formula.xlsx")).toEqual([
      ["=a", "b", "c", "d"],
      ['=HYPERLINK("http://x")', "+1", "@x", "-1"],
    ]);
  });

  test.each([
    ["more rows", "SELECT NULL::INTEGER AS i FROM range(1048576)", "more than 1048575 rows"],
    ["a longer text", "SELECT repeat('x', 32768) AS props", "a value of props has 32768"],
  ])(
    "refuses %s than it can hold, in words",
    async (_, sql, words) => {
      const writing = (await made.lake.query(sql)).write(at("beyond.xlsx"));
      await expect(writing).rejects.toBeInstanceOf(UsageError);
      await expect(writing).rejects.toThrow(words);
      expect(readdirSync(dir).filter((name) => name.includes("beyond"))).toEqual([]);
    },
    60_000,
  );
});

describe("every kind of value", () => {
  test("comes back from Parquet as it was, 128-bit numbers that fit as int64", async () => {
    const frame = await made.lake.query(`SELECT * EXCLUDE (h) FROM (${KINDS})`, { odd: ODD });
    await frame.write(at("all.parquet"));
    const sql = `SELECT * REPLACE (make_timestamp(epoch_us(ts)) AS ts, make_timestamp(epoch_us(old)) AS old) FROM`;
    const back = await engine.query(`${sql} '${at("all.parquet")}' ORDER BY i`);
    const before = await engine.query(`SELECT * EXCLUDE (h) FROM (${KINDS})`, { odd: ODD });
    expect(back.columns).toEqual(before.columns);
    expect(back.rows()).toEqual(before.rows());
  });

  test("comes back from CSV and NDJSON, read with the types it had", async () => {
    const frame = await made.lake.query(`SELECT * EXCLUDE (odd, bytes, l, st, m) FROM (${KINDS})`, {
      odd: ODD,
    });
    const types = (
      await engine.query(`DESCRIBE SELECT * EXCLUDE (odd, bytes, l, st, m) FROM (${KINDS})`, { odd: "" })
    )
      .objects()
      .map(({ column_name, column_type }) => `'${column_name}': '${column_type}'`);
    const before = await engine.query(`SELECT * EXCLUDE (odd, bytes, l, st, m) FROM (${KINDS})`, {
      odd: ODD,
    });
    await frame.write(at("all.csv"));
    const csv = await engine.query(
      `FROM read_csv('${at("all.csv")}', columns = {${types.join(", ")}}, allow_quoted_nulls = false, header = true)`,
    );
    expect(csv.rows()).toEqual(before.rows());
    await frame.write(at("all.ndjson"));
    const lines = await engine.query(
      `FROM read_json('${at("all.ndjson")}', columns = {${types.join(", ")}})`,
    );
    const names = lines.columns.map(({ name }) => name);
    // JSON has no infinity; DuckDB's reader writes `1.50` in JSON as `1.5`, and reads decimals by way of doubles.
    const comparable = (rows: typeof lines) =>
      rows.rows().map((row) => row.filter((_, i) => !["inf", "j", "longdec"].includes(names[i]!)));
    expect(comparable(lines)).toEqual(comparable(before));
  });
});

describe("a partitioned folder", () => {
  const places = (name: string) =>
    readdirSync(at(name), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(parquet|csv|ndjson)/.test(file))
      .sort();

  test("of Parquet has a folder a value, and reads as the same rows", async () => {
    const columns = ["uuid", "event_type", "event_time", "amplitude_id"] as const;
    const written = await made.lake
      .frame({ columns })
      .write(`${at("by-type")}/`, { partitionBy: ["event_type"] });
    expect(written).toMatchObject({ format: "parquet", rows: 4, files: 3 });
    expect(places("by-type")).toEqual([
      "event_type=/part-0.parquet",
      "event_type=Order%20%2F%20Done%3D1%20%C3%A9/part-0.parquet",
      "event_type=View/part-0.parquet",
    ]);
    const back = await engine.query(
      `SELECT uuid, event_type, make_timestamp(epoch_us(event_time)) AS event_time, amplitude_id FROM read_parquet('${at("by-type")}/**/*.parquet', hive_partitioning = true) ORDER BY uuid`,
    );
    const before = await engine.query((await made.lake.frame({ columns }).statement()).sql);
    expect(back.rows()).toEqual(before.rows());
    expect(back.length).toBe(4);
  });

  test("by day and type, where rows without a day have a folder of their own", async () => {
    await made.lake.frame().write(at("by-day"), { partitionBy: ["day", "event_type"], format: "ndjson" });
    expect(places("by-day")).toEqual([
      "day=2026-11-22/event_type=Order%20%2F%20Done%3D1%20%C3%A9/part-0.ndjson",
      "day=2026-11-23/event_type=View/part-0.ndjson",
      "day=__HIVE_DEFAULT_PARTITION__/event_type=/part-0.ndjson",
    ]);
    const again = await load({ lake: at("again"), paths: [at("by-day")] });
    expect(again).toMatchObject({ loaded: 4, quarantined: 0 });
  });

  test("of lines has the head in each file, and members of gzip that read as one", async () => {
    const frame = await made.lake.query(
      "SELECT range % 3 AS k, repeat('x', 1000) || range AS t FROM range(60000)",
    );
    const written = await frame.write(at("csv"), { format: "csv", gzip: true, partitionBy: "k" });
    expect(written).toMatchObject({ rows: 60000, files: 3, file: at("csv") });
    expect(places("csv")).toEqual(["k=0/part-0.csv.gz", "k=1/part-0.csv.gz", "k=2/part-0.csv.gz"]);
    const back = await engine.query(
      `SELECT k, count(*), count(DISTINCT t), min(length(t)) FROM read_csv('${at("csv")}/*/*.csv.gz', hive_partitioning = true) GROUP BY k ORDER BY k`,
    );
    expect(back.rows()).toEqual([0n, 1n, 2n].map((k) => [k, 20000n, 20000n, 1001n]));
  });

  test("appears whole or not at all, and never beside what is there", async () => {
    const failing = made.lake.frame({ where: "error('boom')" });
    await expect(failing.write(at("none"), { partitionBy: "day" })).rejects.toBeInstanceOf(QueryError);
    const cancelled = made.lake
      .frame()
      .write(at("none"), { partitionBy: "day", signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
    expect(existsSync(at("none"))).toBe(false);
    expect(readdirSync(dir).filter((name) => name.startsWith("."))).toEqual([]);
    await mkdir(at("full"));
    writeFileSync(at("full/mine.txt"), "mine");
    await expect(made.lake.frame().write(at("full"), { partitionBy: "day" })).rejects.toThrow("not empty");
    expect(readdirSync(at("full"))).toEqual(["mine.txt"]);
    await mkdir(at("empty"));
    await made.lake.frame().write(at("empty"), { partitionBy: "day" });
    expect(places("empty").length).toBe(3);
  });

  test.each([
    [{ partitionBy: ["event_tipe"] }, '"event_tipe"'],
    [{ partitionBy: [] }, "names nothing"],
    [{ partitionBy: ["day", "day"] }, "named twice"],
    [{ partitionBy: ["uuid"], format: "xlsx" }, "xlsx cannot be partitioned"],
    [{ partitionBy: ["uuid"], gzip: true }, "gzipped parquet"],
  ] as const)("%j is refused in words", async (options, words) => {
    const writing = made.lake.frame().write(at("refused"), options);
    await expect(writing).rejects.toBeInstanceOf(UsageError);
    await expect(writing).rejects.toThrow(words);
  });

  test("a stream, and a frame of that column alone, cannot be partitioned", async () => {
    const uuid = made.lake.frame({ columns: ["uuid"] });
    await expect(uuid.write(new PassThrough(), { partitionBy: "uuid" })).rejects.toThrow("stream");
    await expect(uuid.write(at("refused"), { partitionBy: "uuid" })).rejects.toThrow("all columns");
    await expect(uuid.write(at("refused"), { partitionBy: "day" })).rejects.toThrow("event_time");
  });
});

test.each(["xlsx", "duckdb", "sqlite"] as const)("%s goes to a stream that stays open", async (format) => {
  const stream = new PassThrough();
  const pieces: Buffer[] = [];
  stream.on("data", (piece) => pieces.push(piece));
  const { rows, bytes } = await made.lake.frame({ columns: ["uuid"] }).write(stream, { format });
  await new Promise((done) => stream.write("", done));
  expect([rows, stream.writableEnded, Buffer.concat(pieces).length]).toEqual([4, false, bytes]);
});

test.each(["xlsx", "duckdb", "sqlite"] as const)(
  "a failing %s leaves what was there before",
  async (format) => {
    const file = at(`kept.${format}`);
    writeFileSync(file, "old");
    await expect(made.lake.frame({ where: "error('boom')" }).write(file)).rejects.toThrow("boom");
    expect(readFileSync(file, "utf8")).toBe("old");
    expect(readdirSync(dir).filter((name) => name.startsWith("."))).toEqual([]);
  },
);

test.each(["xlsx", "duckdb", "sqlite"] as const)(
  "a %s that is cancelled half-way leaves nothing",
  async (format) => {
    const frame = await made.lake.query("SELECT range AS i, range::VARCHAR AS t FROM range(1000000)");
    const writing = frame.write(at(`half.${format}`), { signal: AbortSignal.timeout(60) });
    await expect(writing).rejects.toBeInstanceOf(CancelledError);
    expect(readdirSync(dir).filter((name) => name.includes("half"))).toEqual([]);
    await made.lake.frame().write(at(`whole.${format}`));
  },
);

test("several databases can be written at a time", async () => {
  await Promise.all(
    ["p.sqlite", "q.sqlite", "p.duckdb", "q.duckdb"].map((name) => made.lake.frame().write(at(name))),
  );
  for (const name of ["p.sqlite", "q.sqlite"]) {
    expect(readFileSync(at(name)).subarray(0, 15).toString()).toBe("SQLite format 3");
  }
});
