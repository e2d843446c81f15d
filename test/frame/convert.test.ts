import { tableFromIPC, tableToIPC } from "@uwdata/flechette";
import pl from "nodejs-polars";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CancelledError, QueryError } from "../../src/errors/index.js";
import { type MadeLake, makeLake } from "./made-lake.js";

let made: MadeLake;
const micros = (iso: string, more: bigint) => BigInt(Date.parse(iso)) * 1000n + more;

beforeAll(async () => {
  made = await makeLake();
  await made.add({ app: "4611686018427387905", day: "2026-11-23" }, [
    {
      uuid: "'a'",
      event_type: "'Ünï 👩‍👩‍👧 ' || chr(0) || chr(10)",
      event_time: "'2026-11-23 05:06:07.123457+00'",
      server_upload_time: "'1969-12-31 23:59:59.999999+00'",
      amplitude_id: "9223372036854775807",
      session_id: "-9223372036854775808",
      event_id: "9007199254740993",
      location_lat: "0.1",
      paying: "false",
      user_id: "''",
      event_properties: '\'{"x":1.50,"n":12345678901234567890}\'',
    },
    { uuid: "'b'", event_type: "'x'", server_upload_time: "'2026-11-23 05:00:00+00'" },
  ]);
});
afterAll(() => made.close());

const SELECTION = { where: "true" } as const;

describe("nodejs-polars", () => {
  test("holds integers, microseconds and nulls exactly", async () => {
    const df = await made.lake.frame(SELECTION).toPolars();
    expect([df.height, df.width]).toEqual([2, 56]);
    const text = (column: string) => df.select(pl.col(column).cast(pl.Utf8)).getColumn(column).toArray();
    expect(text("amplitude_id")).toEqual(["9223372036854775807", null]);
    expect(text("session_id")).toEqual(["-9223372036854775808", null]);
    expect(text("event_id")).toEqual(["9007199254740993", null]);
    expect(text("app")).toEqual(["4611686018427387905", "4611686018427387905"]);
    expect(text("event_time")).toEqual(["2026-11-23 05:06:07.123457", null]);
    expect(text("server_upload_time")).toEqual(["1969-12-31 23:59:59.999999", "2026-11-23 05:00:00.000000"]);
    expect(df.getColumn("location_lat").toArray()).toEqual([0.1, null]);
    expect(df.getColumn("paying").toArray()).toEqual([false, null]);
    expect(df.getColumn("user_id").toArray()).toEqual(["", null]);
    expect(df.getColumn("event_type").toArray()).toEqual(["Ünï 👩‍👩‍👧 \u0000\n", "x"]);
    expect(df.getColumn("event_properties").toArray()).toEqual(['{"x":1.50,"n":12345678901234567890}', null]);
    expect(String(df.schema.event_time)).toBe("DataType(Datetime(us,))");
  });

  test("compares times with a Date", async () => {
    const df = await made.lake.frame({ columns: ["event_time"] }).toPolars();
    expect(df.filter(pl.col("event_time").gt(pl.lit(new Date("2026-11-01")))).height).toBe(1);
  });

  test("takes every kind of a query's result, and names that repeat", async () => {
    const found = await made.lake.query(
      `SELECT sum(1) AS s, 1.5 AS d, uuid() AS u, '{}'::JSON AS j, INTERVAL 1 DAY AS i, MAP {'a': 1} AS m, 'x'::BLOB AS b,
        DATE '2026-11-23' AS day, [1, 2] AS l, {'a': 1} AS st, 2 AS S, TIMESTAMPTZ '2026-11-23 00:00:00+00' AS z`,
    );
    const df = await found.toPolars();
    expect(df.columns).toEqual(["s", "d", "u", "j", "i", "m", "b", "day", "l", "st", "S_1", "z"]);
    expect(df.getColumn("s").toArray()).toEqual([1]);
    expect(df.getColumn("m").toArray()).toEqual(['{"a":1}']);
    expect(df.getColumn("l").toArray()).toEqual([[1, 2]]);
  });

  test("a sum that no int64 holds is refused, not rounded", async () => {
    const found = await made.lake.query("SELECT sum(9223372036854775807) FROM range(3)");
    await expect(found.toPolars()).rejects.toBeInstanceOf(QueryError);
  });
});

describe("Arrow", () => {
  test("holds every value exactly, before and after IPC", async () => {
    const table = await made.lake.frame(SELECTION).toArrow({ timestamps: "micros" });
    const again = tableFromIPC(tableToIPC(table, { format: "file" })!, {
      useBigInt: true,
      useBigIntTimestamp: true,
    });
    for (const t of [table, again]) {
      const column = (name: string) => [...t.getChild(name)!];
      expect([t.numRows, t.numCols]).toEqual([2, 56]);
      expect(column("amplitude_id")).toEqual([2n ** 63n - 1n, null]);
      expect(column("session_id")).toEqual([-(2n ** 63n), null]);
      expect(column("app")).toEqual([4611686018427387905n, 4611686018427387905n]);
      expect(column("event_time")).toEqual([micros("2026-11-23T05:06:07Z", 123457n), null]);
      expect(column("server_upload_time")).toEqual([-1n, micros("2026-11-23T05:00:00Z", 0n)]);
      expect(column("event_type")).toEqual(["Ünï 👩‍👩‍👧 \u0000\n", "x"]);
      expect(column("user_id")).toEqual(["", null]);
      expect(column("paying")).toEqual([false, null]);
      expect(column("location_lat")).toEqual([0.1, null]);
    }
    const field = again.schema.fields.find(({ name }) => name === "event_time");
    expect(field?.type).toMatchObject({ unit: 2, timezone: "UTC" });
  });

  test("gives Date and bigint, or numbers that refuse to round", async () => {
    const frame = made.lake.frame({ columns: ["event_time", "amplitude_id"] });
    expect((await frame.toArrow()).get(0)).toEqual({
      event_time: new Date("2026-11-23T05:06:07.123Z"),
      amplitude_id: 2n ** 63n - 1n,
    });
    const numbers = await frame.toArrow({ integers: "number" });
    expect(() => numbers.getChild("amplitude_id")!.at(0)).toThrow();
  });

  test("has no rows and still its columns when nothing is selected", async () => {
    const table = await made.lake.frame({ columns: ["uuid", "event_time"], events: [] }).toArrow();
    expect([table.numRows, table.names]).toEqual([0, ["uuid", "event_time"]]);
    expect(tableFromIPC(tableToIPC(table, { format: "file" })!).numRows).toBe(0);
  });

  test("keeps rows together over several batches, and every kind of a result", async () => {
    const found = await made.lake.query(
      `SELECT range AS i, range::VARCHAR AS t, CASE WHEN range % 2 = 0 THEN range END AS half,
        DATE '1969-12-31' + range::INT AS day, [range] AS l, {'a': range} AS s, sum(range) OVER (ORDER BY range) AS total,
        18446744073709551615::UBIGINT AS u, NULL AS nothing, 1.5 AS d, 'x'::BLOB AS b
        FROM range(150000) ORDER BY range`,
    );
    const table = await found.toArrow();
    expect(table.numRows).toBe(150_000);
    for (const i of [0, 1, 65_535, 65_536, 149_999]) {
      const row = table.get(i)!;
      expect(row).toMatchObject({ i: BigInt(i), t: String(i), half: i % 2 === 0 ? BigInt(i) : null, d: 1.5 });
      expect(row.day).toEqual(new Date((i - 1) * 86_400_000));
      expect([...(row.l as Iterable<bigint>)]).toEqual([BigInt(i)]);
      expect(row.s).toEqual({ a: BigInt(i) });
      expect([row.u, row.nothing]).toEqual([2n ** 64n - 1n, null]);
    }
  });

  test("ends with its signal", async () => {
    const frame = made.lake.frame();
    await expect(frame.toArrow({ signal: AbortSignal.abort() })).rejects.toBeInstanceOf(CancelledError);
    await expect(frame.toPolars({ signal: AbortSignal.abort() })).rejects.toBeInstanceOf(CancelledError);
  });
});

/** Each kind of a column, with what nodejs-polars and Arrow give for one value of it; null stays null in all. */
const TIME = "TIMESTAMP '2026-11-23 05:06:07.123457'";
const UUID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
describe.each<[string, unknown, unknown]>([
  ["TIME '05:06:07.000001'", "05:06:07.000001", "05:06:07.000001"],
  [`'${UUID}'::UUID`, UUID, UUID],
  ["18446744073709551615::UBIGINT", 2n ** 64n - 1n, 2n ** 64n - 1n],
  ["9223372036854775807::HUGEINT", 9223372036854776000, 2n ** 63n - 1n],
  ["1.50::DECIMAL(4,2)", 1.5, 1.5],
  ["12345678901234567.89::DECIMAL(19,2)", "12345678901234567.89", "12345678901234567.89"],
  ["DATE '1969-12-31'", new Date("1969-12-31"), new Date("1969-12-31")],
  ["'\\x00\\xFF'::BLOB", "AP8=", new Uint8Array([0, 255])],
  ["INTERVAL 36 HOUR", "36:00:00", "36:00:00"],
  ["MAP {'a': 1}", '{"a":1}', '{"a":1}'],
  ["['a', NULL]", ["a", null], ["a", null]],
  ["[true, NULL]", [true, null], [true, null]],
  ["[[1], [2, NULL]]", [[1], [2, null]], [[1], [2, null]]],
  [`[${TIME}]`, [new Date("2026-11-23T05:06:07.123Z")], '["2026-11-23 05:06:07.123457"]'],
  [`['${UUID}'::UUID]`, [UUID], `["${UUID}"]`],
  ["['{}'::JSON]", ["{}"], ["{}"]],
  ["[1.50::DECIMAL(4,2)]", [1.5], "[1.5]"],
  ["['a'::BLOB]", '["a"]', '["a"]'],
  ["{'a': 1::BIGINT, 'b': 'ü', 'c': [1.5::DOUBLE]}", { a: 1, b: "ü", c: [1.5] }, { a: 1n, b: "ü", c: [1.5] }],
  ["[{'a': 1}, NULL]", [{ a: 1 }, { a: null }], [{ a: 1 }, null]],
  [`{'u': '${UUID}'::UUID, 'd': 1.5}`, { u: UUID, d: 1.5 }, `{"u":"${UUID}","d":1.5}`],
])("%s", (sql, inPolars, inArrow) => {
  const found = () => made.lake.query(`SELECT * FROM (VALUES (1, ${sql}), (2, NULL)) AS t(i, v) ORDER BY i`);
  /** Typed arrays and the like as plain ones. */
  const plain = (value: unknown): unknown => {
    if (value === null || typeof value !== "object" || value instanceof Date || value instanceof Uint8Array)
      return value;
    if (Symbol.iterator in value) return [...(value as Iterable<unknown>)].map(plain);
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, plain(entry)]));
  };

  test("goes to polars and to Arrow, there and back, with its null", async () => {
    const column = (await (await found()).toPolars()).getColumn("v");
    expect(column.toArray()[0]).toEqual(inPolars);
    expect(column.nullCount()).toBe(1);
    const table = await (await found()).toArrow();
    const again = tableFromIPC(tableToIPC(table, { format: "file" })!, { useBigInt: true, useDate: true });
    for (const one of [table, again]) expect([...one.getChild("v")!].map(plain)).toEqual([inArrow, null]);
    const arquero = await (await found()).toArquero();
    expect(plain(arquero.get("v", 0))).toEqual(inArrow);
  });
});

test("Arquero has the rows with exact integers and Dates", async () => {
  const table = await made.lake.frame({ columns: ["uuid", "event_time", "amplitude_id"] }).toArquero();
  expect(table.orderby("uuid").objects()).toEqual([
    { uuid: "a", event_time: new Date("2026-11-23T05:06:07.123Z"), amplitude_id: 2n ** 63n - 1n },
    { uuid: "b", event_time: null, amplitude_id: null },
  ]);
  expect(table.groupby("uuid").count().numRows()).toBe(2);
});
