import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CancelledError, QueryError, UsageError } from "../../src/errors/index.js";
import { type MadeLake, makeLake } from "./made-lake.js";

let made: MadeLake;

beforeAll(async () => {
  made = await makeLake();
  await made.addMany({ app: "1", day: "2026-11-23" }, 5000, {
    uuid: "'u' || i",
    event_type: "CASE WHEN i % 10 = 0 THEN 'it''s' ELSE 'b' END",
    event_time: "TIMESTAMP '2026-11-23' + to_seconds(i)",
    server_upload_time: "'2026-11-23 05:00:00+00'",
    amplitude_id: "i",
    event_properties: "'{\"i\":' || i || '}'",
  });
});
afterAll(() => made.close());

test("a template binds its values", async () => {
  const type = "it's";
  const ids = [10n, 20n, 21n];
  const found = await made.lake.sql<{ uuid: string }>`
    SELECT uuid FROM events WHERE event_type = ${type} AND amplitude_id IN (SELECT unnest(${ids})) ORDER BY 1;`;
  expect([...(await found.head())]).toEqual([{ uuid: "u10" }, { uuid: "u20" }]);
  expect(await found.count()).toBe(2);
});

test("named parameters and times work", async () => {
  const found = await made.lake.query(
    "SELECT count(*) AS n, max(event_time) AS last FROM events WHERE event_time < $until",
    { until: new Date("2026-11-23T00:00:10Z") },
  );
  expect([...(await found.head())]).toEqual([{ n: 10n, last: new Date("2026-11-23T00:00:09Z") }]);
});

test("a small result is run once, whatever is asked of it", async () => {
  const found = await made.lake.query("SELECT random() AS x FROM range(50)");
  const first = [...(await found.head(50))].map(({ x }) => x);
  const again: unknown[] = [];
  for await (const { x } of found) again.push(x);
  expect(again).toEqual(first);
  expect(inspect(found)).toMatch(/50 rows × 1 column$/);
});

test("a large result is read row by row and says that there is more", async () => {
  const found = await made.lake.query("FROM events");
  expect(inspect(found)).toMatch(/more than 1,000 rows × 57 columns/);
  let rows = 0;
  for await (const _ of found) rows += 1;
  expect([rows, await found.count()]).toEqual([5000, 5000]);
  expect(inspect(found)).toMatch(/\n5,000 rows × 57 columns/);
});

test("values of every kind come as documented", async () => {
  const found = await made.lake.query(
    `SELECT sum(amplitude_id) AS total, 1.50 AS price, 12345678901234567.89 AS big, DATE '2026-11-23' AS day,
      [TIMESTAMP '2026-11-23 00:00:00.123457'] AS times, {'a': 1::BIGINT} AS s, MAP {'k': 1} AS m, INTERVAL 1 DAY AS i,
      event_properties FROM events WHERE uuid = 'u3' GROUP BY ALL`,
  );
  expect([...(await found.head())]).toEqual([
    {
      total: 3n,
      price: 1.5,
      big: "12345678901234567.89",
      day: "2026-11-23",
      times: [new Date("2026-11-23T00:00:00.123Z")],
      s: { a: 1n },
      m: new Map([["k", 1]]),
      i: "1 day",
      event_properties: '{"i":3}',
    },
  ]);
  expect(found.schema.find(({ name }) => name === "event_properties")?.type.kind).toBe("json");
});

test("statements without rows and several statements work", async () => {
  await made.lake.query("CREATE TABLE vip AS SELECT 'u1' AS uuid");
  const found = await made.lake.query(
    "SET VARIABLE x = 1; SELECT count(*) AS n FROM events JOIN vip USING (uuid);",
  );
  expect([...(await found.head())]).toEqual([{ n: 1n }]);
  expect((await made.lake.query("SHOW TABLES")).columns).toEqual(["name"]);
  expect((await (await made.lake.query("DESCRIBE events")).head(3)).map((row) => row.column_name)).toEqual([
    "$insert_id",
    "$insert_key",
    "$schema",
  ]);
});

test("the table events follows the lake, and is made anew only when it changed", async () => {
  const other = await makeLake();
  const count = async () => [...(await (await other.lake.query("SELECT count(*) AS n FROM events")).head())];
  expect(await count()).toEqual([{ n: 0n }]);
  await other.add({ app: "1", day: "2026-11-23" }, [{ uuid: "'x'", event_type: "'x'" }]);
  expect(await count()).toEqual([{ n: 1n }]);
  expect(await count()).toEqual([{ n: 1n }]);
  await other.close();
});

test("a frame's sql and params run as a query", async () => {
  const frame = made.lake.frame({
    columns: ["uuid"],
    events: "it's",
    where: { sql: "amplitude_id < ?", params: [25] },
  });
  const same = await made.lake.query(frame.sql, frame.params);
  expect([...(await same.head(100))]).toEqual([...(await frame.head(100))]);
});

test("errors are in words, and a signal ends a query", async () => {
  await expect(made.lake.query("SELECT no_such FROM events")).rejects.toBeInstanceOf(QueryError);
  await expect(made.lake.query("SELECT $1", [])).rejects.toBeInstanceOf(UsageError);
  const stop = AbortSignal.timeout(50);
  await expect(
    made.lake.query("SELECT count(*) FROM range(1000000000000) r WHERE sin(r.range) > 2", undefined, {
      signal: stop,
    }),
  ).rejects.toBeInstanceOf(CancelledError);
});

test("0 and -0 are counted as one value, 0", async () => {
  const found = await made.lake.query<{ x: number }>(
    "SELECT unnest(['-0', '1.5', '0', '-0']::DOUBLE[]) AS x",
  );
  expect((await found.valueCounts("x")).map(({ x, count }) => [x, count])).toEqual([
    [0, 3],
    [1.5, 1],
  ]);
});
