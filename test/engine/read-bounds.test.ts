import { afterAll, expect, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";
import type { Params } from "../../src/engine/engine.js";
import { statementReads } from "../../src/engine/read-bounds/statement-reads.js";

const engine = await openEngine();
afterAll(() => engine.close());

const at = (text: string) => BigInt(Date.parse(`${text}Z`)) * 1000n;
/** The bounds of each read: `[column, from, until]`, for those that there are. */
async function reads(sql: string, params?: Params) {
  const found = await statementReads(engine, sql, params, "events", {});
  return found?.map((bounds) =>
    (["eventTime", "serverUploadTime"] as const).flatMap((column) => {
      const { from, until } = bounds[column] ?? {};
      return from === undefined && until === undefined ? [] : [[column, from, until]];
    }),
  );
}

const DAY = 86_400_000_000n;
const [JAN, FEB] = [at("2026-01-01T00:00:00"), at("2026-02-01T00:00:00")];

test.each<
  [string, Params | undefined, readonly (readonly [string, bigint | undefined, bigint | undefined])[]]
>([
  ["event_time >= '2026-01-01'", undefined, [["eventTime", JAN, undefined]]],
  ["event_time < '2026-02-01'", undefined, [["eventTime", undefined, FEB + 1n]]],
  ["'2026-02-01' > event_time", undefined, [["eventTime", undefined, FEB + 1n]]],
  ["NOT event_time < '2026-01-01'", undefined, [["eventTime", JAN, undefined]]],
  [
    "event_type = 'a' AND event_time BETWEEN '2026-01-01' AND DATE '2026-01-01' + INTERVAL 31 DAY",
    undefined,
    [["eventTime", JAN, FEB + 1n]],
  ],
  ["event_time >= TIMESTAMPTZ '2026-01-01 02:00:00+02'", undefined, [["eventTime", JAN, undefined]]],
  ["event_time::DATE = '2026-01-01 07:00'", undefined, [["eventTime", JAN, at("2026-01-02T07:00:00")]]],
  ["date_trunc('month', event_time) = '2026-01-01'", undefined, [["eventTime", JAN, JAN + 31n * DAY]]],
  ["upload_date >= '2026-01-01'", undefined, [["serverUploadTime", JAN, undefined]]],
  ["upload_date <= DATE '2026-01-01'", undefined, [["serverUploadTime", undefined, JAN + DAY]]],
  [
    "event_time > '2026-01-01' AND server_upload_time <= '2026-02-01'",
    undefined,
    [
      ["eventTime", JAN, undefined],
      ["serverUploadTime", undefined, FEB + 1n],
    ],
  ],
  [
    "event_time = '2026-02-01' OR (event_time > '2026-01-01' AND event_time < '2026-01-05')",
    undefined,
    [["eventTime", JAN, FEB + 1n]],
  ],
  ["event_time > $1", [new Date("2026-01-01T00:00:00Z")], [["eventTime", JAN, undefined]]],
  ["event_type = $2 AND event_time > $1", ["2026-01-01", "a"], []],
  ["event_type = ? AND event_time > ?::TIMESTAMP", ["a", "2026-01-01"], [["eventTime", JAN, undefined]]],
  ["event_time > $since::DATE", { since: "2026-01-01" }, [["eventTime", JAN, undefined]]],
  ["e.event_time >= '2026-01-01'", undefined, [["eventTime", JAN, undefined]]],
])("WHERE %s", async (condition, params, expected) => {
  expect(await reads(`SELECT count(*) FROM events e WHERE ${condition}`, params)).toEqual([expected]);
});

test.each([
  "event_time >= '2026-01-01' OR event_type = 'a'",
  "event_time >= client_event_time",
  "event_time >= TIMESTAMP '2026-01-01' + random() * INTERVAL 1 DAY",
  "event_time >= (SELECT max(event_time) FROM events WHERE event_time < '2020-01-01') AND false",
  "TRY_CAST(event_time AS DATE) >= '2026-01-01'",
  "strftime(event_time, '%Y') >= '2026'",
  "coalesce(event_time, now()) >= '2026-01-01'",
  "other.event_time >= '2026-01-01'",
])("WHERE %s says nothing of the events themselves", async (condition) => {
  expect((await reads(`SELECT count(*) FROM events e WHERE ${condition}`))?.[0]).toEqual([]);
});

test("a clock that goes on is given a day", async () => {
  const [[[, from, until] = []] = []] =
    (await reads("SELECT 1 FROM events WHERE event_time BETWEEN now() - INTERVAL 7 DAY AND now()")) ?? [];
  const now = BigInt(Date.now()) * 1000n;
  for (const [bound, expected] of [
    [from, now - 8n * DAY],
    [until, now + DAY],
  ]) {
    expect(typeof bound === "bigint" && Number(bound - BigInt(expected ?? 0))).toBeLessThan(60e6);
  }
});

test.each<[string, readonly unknown[]]>([
  ["SELECT 1", []],
  [
    "WITH x AS (SELECT * FROM events WHERE event_time > '2026-01-01') FROM x",
    [[["eventTime", JAN, undefined]]],
  ],
  ["SELECT * FROM (FROM events) WHERE event_time > '2026-01-01'", [[]]],
  [
    "SELECT 1 FROM events a JOIN events b USING (user_id) WHERE a.event_time > '2026-01-01' AND event_time > '2026-02-01'",
    [[["eventTime", JAN, undefined]], []],
  ],
  ["SELECT 1 FROM events a, range(3) r WHERE event_time > '2026-01-01'", [[["eventTime", JAN, undefined]]]],
  [
    "SELECT 1 FROM range(3) t(i) ASOF JOIN events b ON t.i >= b.event_id WHERE b.event_time < '2026-01-01'",
    [[]],
  ],
  ["SELECT client_event_time AS event_time FROM events WHERE event_time > '2026-01-01'", [[]]],
  ["SELECT 1 FROM events AS e(event_time) WHERE event_time > 5", [[]]],
  ["SELECT 1 FROM events TABLESAMPLE 10% WHERE event_time > '2026-01-01'", [[]]],
  ["SELECT 1 FROM events WHERE event_time > '2026-01-01' USING SAMPLE 5", [[]]],
  [
    "FROM events WHERE event_time > '2026-01-01' UNION ALL FROM Events WHERE event_time > '2026-02-01'",
    [[["eventTime", JAN, undefined]], [["eventTime", FEB, undefined]]],
  ],
])("%s", async (sql, expected) => {
  expect(await reads(sql)).toEqual(expected);
});

test.each([
  "SELECT * FROM my_view WHERE event_time > '2026-01-01'",
  "SELECT * FROM main.events WHERE event_time > '2026-01-01'",
  "WITH events AS (SELECT 1 AS event_time) FROM events",
  "SELECT * FROM query('FROM events')",
  "DESCRIBE events",
  "PIVOT events ON event_type",
  "SELECT 1; SELECT 2",
  "CREATE TABLE t AS FROM events WHERE event_time > '2026-01-01'",
  "this is no SQL",
])("%s cannot be told", async (sql) => {
  expect(await reads(sql)).toBeUndefined();
});
