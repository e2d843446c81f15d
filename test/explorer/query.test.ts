import { request } from "node:http";
import { expect, test } from "vitest";
import { openedShop } from "./start.js";

/** Has so many pairs of rows to hash that it ends on no machine within the test. */
const ENDLESS = "SELECT count(*) FROM range(10000000) AS a(x), range(10000000) AS b(y) WHERE x + y = -1";
/** One call of minutes, which looks at no interrupt while it runs. */
const DEAF = "SELECT levenshtein(repeat('a', 200000), repeat('b', 200000))";
const shop = openedShop({ timeLimit: 1.5, rowLimit: 50 });

test("rows are by column, with exact values as JSON carries them", async () => {
  const sql = `SELECT 1 AS a, 2 AS a, 9007199254740993 AS big, 9007199254740991 AS fits, 1.50::DECIMAL(4, 2) AS price,
    123456789012345678.25::DECIMAL(20, 2) AS long, 'nan'::DOUBLE AS nan, TIMESTAMP '2026-11-23 05:06:07.123457' AS t,
    DATE '2026-11-23' AS d, 'ab'::BLOB AS b, [1, NULL] AS l, {'x': DATE '2026-01-01'} AS s, MAP {'k': 1::BIGINT} AS m, NULL AS n,
    '<b>x</b>' AS html, TIMESTAMP '1969-12-31 23:59:59.999999' AS before`;
  const { columns, rows, cut, milliseconds } = await shop.explorer.ask("query", { sql });
  expect(columns.map(({ name }) => name).slice(0, 3)).toEqual(["a", "a", "big"]);
  expect(rows).toEqual([
    [
      ...[1, 2, "9007199254740993", 9007199254740991, 1.5, "123456789012345678.25", null],
      ...[
        "2026-11-23T05:06:07.123457Z",
        "2026-11-23",
        "YWI=",
        [1, null],
        { x: "2026-01-01" },
        [["k", 1]],
        null,
      ],
      ...["<b>x</b>", "1969-12-31T23:59:59.999999Z"],
    ],
  ]);
  expect(cut).toBe(false);
  expect(milliseconds).toBeGreaterThanOrEqual(0);
});

test("no more rows come than the limit, which nobody can raise", async () => {
  const all = await shop.explorer.ask("query", { sql: "FROM range(1000)" });
  expect([all.rows.length, all.cut]).toEqual([50, true]);
  const few = await shop.explorer.ask("query", { sql: "FROM range(1000)", limit: 3 });
  expect([few.rows.length, few.cut]).toEqual([3, true]);
  expect(await shop.explorer.fault("query", { sql: "SELECT 1", limit: 51 })).toMatchObject({ status: 400 });
});

test("SQL is confined", async () => {
  for (const sql of [
    "FROM read_text('/etc/passwd')",
    "SET threads = 1",
    "COPY events TO '/tmp/x'",
    "SELECT 1; SELECT 2",
  ]) {
    expect(await shop.explorer.fault("query", { sql })).toMatchObject({ status: 400 });
  }
});

test.each([
  ["what ends on an interrupt", ENDLESS],
  ["what does not", DEAF],
])("the time limit ends %s, and questions go on being answered", async (_, sql) => {
  const start = performance.now();
  const [slow, other] = await Promise.all([
    shop.explorer.fault("query", { sql }),
    shop.explorer.ask("query", { sql: "SELECT 7 AS x" }),
  ]);
  expect(slow).toMatchObject({ status: 400, error: "The answer took longer than 1.5 seconds." });
  expect(other.rows).toEqual([[7]]);
  expect(performance.now() - start).toBeLessThan(6000);
  const { rows } = await shop.explorer.ask("query", { sql: "SELECT count(*) > 0 FROM events" });
  expect(rows).toEqual([[true]]);
  expect((await shop.explorer.ask("lake", {})).name).toBe("shop");
});

test("a browser that goes away ends its query", async () => {
  const { port, cookie } = shop.explorer;
  const headers = { cookie, "content-type": "application/json" };
  const asked = request({ port, host: "127.0.0.1", path: "/api/query", method: "POST", headers });
  asked.on("error", () => {});
  asked.end(JSON.stringify({ sql: ENDLESS }));
  await new Promise((resolve) => setTimeout(resolve, 300));
  asked.destroy();
  const { rows } = await shop.explorer.ask("query", { sql: "SELECT 1" });
  expect(rows).toEqual([[1]]);
});
