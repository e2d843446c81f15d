import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALLOWED_FUNCTIONS, ALLOWED_TABLE_FUNCTIONS } from "../../src/engine/confined/allowed-functions.js";
import { confine } from "../../src/engine/confined/open-confined.js";
import { openEngine } from "../../src/engine/duckdb.js";
import type { Engine } from "../../src/engine/engine.js";
import { type ConfinedLake, openConfinedLake, openLake, promote, writeLake } from "../../src/index.js";

const folder = mkdtempSync(join(tmpdir(), "ampframe-confined-"));
const dir = join(folder, "lake");
const secret = join(folder, "secret.csv");
let lake: ConfinedLake;
let file: string;
let bare: Engine;

beforeAll(async () => {
  await writeLake({ lake: dir, days: 2, eventsPerDay: 200, seed: 1 });
  await promote({ lake: dir, properties: ["price"] });
  const writer = await openEngine();
  await writer.run(`COPY (SELECT 'canary' AS secret) TO '${secret}'`);
  await writer.run(`COPY (SELECT 'canary' AS secret) TO '${secret}.parquet'`);
  writer.close();
  const [name] = readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((path) =>
    /^app=.*\.parquet$/.test(path),
  );
  file = join(dir, name ?? "");
  lake = await openConfinedLake(dir);
  bare = await openEngine();
  await confine(bare, {
    files: [file],
    views: async () => ({ events: `SELECT * FROM read_parquet('${file}')` }),
  });
});
afterAll(async () => {
  await lake?.close();
  bare?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Where `FILE`, `SECRET` and `DIR` stand, their paths are put. */
const placed = (sql: string): string =>
  sql.replaceAll("FILE", file).replaceAll("SECRET", secret).replaceAll("DIR", folder);

describe("what is no SELECT of events does not run", () => {
  test.each([
    // No statement, or several.
    ...[
      "",
      " ",
      ";",
      "-- nothing",
      "SELECT 1; SELECT 2",
      "SELECT 1; DROP VIEW events",
      "SELECT 1;;SET threads = 1",
    ],
    // Other statements.
    ...[
      "CREATE TABLE t AS SELECT 1",
      "CREATE OR REPLACE VIEW events AS SELECT 1",
      "CREATE TEMP TABLE t (a INT)",
    ],
    ...["CREATE MACRO m() AS 1", "CREATE SECRET s (TYPE http)", "CREATE SEQUENCE s", "CREATE SCHEMA s"],
    ...["CREATE TYPE t AS ENUM ('a')", "DROP VIEW events", "ALTER VIEW events RENAME TO other"],
    ...[
      "INSERT INTO events SELECT * FROM events",
      "UPDATE events SET app = 1",
      "DELETE FROM events",
      "TRUNCATE events",
    ],
    ...["MERGE INTO events USING events AS e ON true WHEN MATCHED THEN DELETE"],
    ...["COPY events TO 'DIR/out.csv'", "COPY (SELECT 1) TO 'DIR/out.parquet'", "COPY (SELECT 1) TO 'FILE'"],
    ...["COPY (SELECT 1) TO 'FILE' (USE_TMP_FILE false)", "COPY events FROM 'SECRET'"],
    ...[
      "EXPORT DATABASE 'DIR/out'",
      "IMPORT DATABASE 'DIR'",
      "ATTACH 'DIR/x.db'",
      "ATTACH ':memory:' AS m",
      "DETACH memory",
    ],
    ...["USE memory", "INSTALL httpfs", "LOAD httpfs", "LOAD 'DIR/x.so'", "UPDATE EXTENSIONS"],
    ...["SET threads = 1", "SET GLOBAL memory_limit = '1TB'", "RESET threads", "SET VARIABLE x = 1"],
    ...[
      "SET enable_external_access = true",
      "SET lock_configuration = false",
      "SET allowed_paths = ['SECRET']",
    ],
    ...[
      "PRAGMA database_list",
      "PRAGMA enable_profiling",
      "PRAGMA threads = 1",
      "PRAGMA table_info('events')",
    ],
    ...["BEGIN", "COMMIT", "CHECKPOINT", "VACUUM", "ANALYZE", "CALL duckdb_settings()", "EXPLAIN SELECT 1"],
    ...[
      "EXPLAIN ANALYZE SELECT 1",
      "PREPARE p AS SELECT 1",
      "EXECUTE p",
      "DEALLOCATE p",
      "SHOW TABLES",
      "SHOW ALL TABLES",
    ],
    ...["SHOW DATABASES", "FROM (SHOW TABLES)", "PIVOT events ON platform USING count(*)"],
    // Files, by name and by function.
    ...[
      "FROM 'SECRET'",
      'FROM "SECRET"',
      "FROM 'SECRET.parquet'",
      "FROM 'FILE'",
      "FROM read_parquet('FILE')",
    ],
    ...["SELECT * FROM read_csv('SECRET')", "FROM read_csv_auto('SECRET')", "FROM read_text('/etc/passwd')"],
    ...[
      "FROM read_blob('SECRET')",
      "FROM glob('DIR/*')",
      "FROM read_json('SECRET')",
      "FROM read_ndjson('SECRET')",
    ],
    ...["FROM read_json_objects('SECRET')", "FROM parquet_scan('FILE')", "FROM parquet_metadata('FILE')"],
    ...["FROM parquet_schema('FILE')", "FROM parquet_kv_metadata('FILE')", "FROM sniff_csv('SECRET')"],
    ...["FROM read_duckdb('DIR/x.db')", "SELECT (SELECT content FROM read_text('SECRET'))"],
    ...["SELECT 1 WHERE EXISTS (FROM read_csv('SECRET'))", "SELECT * FROM events JOIN 'SECRET' ON true"],
    ...["SELECT * FROM events, read_text('SECRET')", "FROM events UNION ALL BY NAME FROM 'SECRET'"],
    ...[
      "WITH a AS (FROM 'SECRET') FROM a",
      "FROM (FROM (FROM 'SECRET'))",
      "VALUES ((SELECT 1 FROM 'SECRET'))",
    ],
    ...[
      "SELECT * FROM events ORDER BY (SELECT count(*) FROM 'SECRET')",
      "FROM events LIMIT (SELECT 1 FROM 'SECRET')",
    ],
    ...[
      "SELECT [x FOR x IN (SELECT list(secret) FROM 'SECRET')]",
      "DESCRIBE FROM 'SECRET'",
      "SUMMARIZE FROM 'SECRET'",
    ],
    ...[
      "DESCRIBE 'SECRET'",
      "SUMMARIZE 'SECRET'",
      "FROM 'http://127.0.0.1:1/x.csv'",
      "FROM 's3://b/x.parquet'",
    ],
    ...[
      "SELECT sum(1) OVER (ORDER BY (SELECT 1 FROM 'SECRET'))",
      "SELECT count(*) FILTER ((SELECT true FROM 'SECRET'))",
    ],
    ...[
      "SELECT CASE WHEN true THEN (SELECT secret FROM 'SECRET') END",
      "FROM events PIVOT (count(*) FOR app IN (SELECT 1 FROM 'SECRET'))",
    ],
    // Names that are seen elsewhere only.
    ...['WITH "SECRET" AS (SELECT 1) FROM "SECRET"', 'WITH "SECRET" AS (FROM "SECRET") SELECT 1'],
    ...["SELECT (WITH duckdb_settings AS (SELECT 1) SELECT 1), (SELECT 1 FROM duckdb_settings)"],
    ...[
      "FROM (WITH pg_class AS (SELECT 1) FROM pg_class), pg_class",
      "WITH pg_class AS (FROM pg_class) FROM pg_class",
    ],
    ...["WITH RECURSIVE pg_class AS (FROM pg_class UNION SELECT 1) FROM pg_class"],
    ...["WITH b AS (FROM pg_class), pg_class AS (SELECT 1) FROM b"],
    // The engine's own tables.
    ...[
      "FROM duckdb_settings()",
      "FROM duckdb_settings",
      "FROM duckdb_logs",
      "FROM duckdb_secrets()",
      "FROM sqlite_master",
    ],
    ...[
      "FROM information_schema.tables",
      "FROM pg_catalog.pg_class",
      "FROM pg_class",
      "FROM memory.main.events",
    ],
    ...[
      "FROM main.events",
      "FROM other.events",
      "FROM duckdb_views()",
      "FROM pragma_database_size()",
      "FROM seq_scan('events')",
    ],
    ...[
      "FROM events AT (VERSION => 1)",
      "FROM test_all_types()",
      "FROM repeat_row(1, num_rows = 9)",
      "FROM summary((FROM events))",
    ],
    // Functions that do, tell or run something.
    ...[
      "FROM enable_logging('QueryLog')",
      "FROM disable_logging()",
      "FROM checkpoint()",
      "FROM force_checkpoint()",
    ],
    ...[
      "FROM enable_profiling()",
      "FROM query('SELECT 1')",
      "FROM query_table('events')",
      "FROM sql_auto_complete('SEL')",
    ],
    ...[
      "FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
      "SELECT json_serialize_sql('SELECT 1')",
    ],
    ...["SELECT json_serialize_plan('FROM ''SECRET''')", "SELECT current_setting('home_directory')"],
    ...["SELECT getvariable('x')", "SELECT getenv('HOME')", "SELECT nextval('s')", "SELECT setseed(0.1)"],
    ...["SELECT write_log('x')", "SELECT sleep_ms(10)", "SELECT pg_sleep(1)", "SELECT json_structure('{}')"],
    ...[
      "SELECT current_query()",
      "SELECT txid_current()",
      "SELECT pg_get_viewdef(1)",
      "SELECT inet_server_addr()",
    ],
    ...["SELECT pg_catalog.pg_typeof(1)", "SELECT stats(app) FROM events", "SELECT in_search_path('a', 'b')"],
    ...[
      "SELECT [1].list_transform(lambda x: getenv(x::VARCHAR))",
      "SELECT ('x').getenv()",
      "SELECT 1::other.type",
      "SELECT temp.main.upper('a')",
    ],
    // Values from elsewhere, and texts that are cut.
    ...["SELECT $1", "SELECT ?", "SELECT $name", "SELECT 1\0; DROP VIEW events", "SELECT '\0'"],
    `SELECT ${"abs(".repeat(600)}1${")".repeat(600)}`,
    `SELECT ${"1 + ".repeat(3000)}1`,
    `SELECT '${"x".repeat(100_000)}'`,
    ...["SELEC 1", "SELECT FROM WHERE"],
  ])("%s", async (sql) => {
    // What the engine says has the query behind "In:": it was not to get that far.
    await expect(lake.select(placed(sql))).rejects.toMatchObject({
      name: "QueryError",
      message: expect.not.stringContaining(" In: "),
    });
  });
});

test("a SELECT runs", async () => {
  const { columns, rows, cut } = await lake.select("SELECT 1 AS a, 2 AS a, 'x' AS b");
  expect(columns.map(({ name }) => name)).toEqual(["a", "a", "b"]);
  expect({ rows, cut }).toEqual({ rows: [[1, 2, "x"]], cut: false });
});

describe("what asks about events runs", () => {
  test.each([
    ...[
      "FROM events",
      "TABLE events",
      "SELECT count(*) FROM EVENTS;",
      "DESCRIBE events",
      "SUMMARIZE events",
      "SHOW events",
    ],
    ...[
      "SELECT event_type, count(*) FROM events GROUP BY ALL ORDER BY ALL LIMIT 5",
      "SELECT price FROM promoted",
    ],
    ...["WITH a AS (FROM events), b AS (SELECT count(*) AS n FROM a) SELECT * FROM a, b LIMIT 3"],
    ...["WITH a AS MATERIALIZED (SELECT 1 AS x) SELECT * FROM a JOIN A AS b USING (x)"],
    ...["WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n) FROM t"],
    ...["SELECT (event_properties->>'price')::DOUBLE, event_properties->'$.price' FROM events"],
    ...["SELECT j.key, count(*) FROM events, json_each(event_properties) AS j GROUP BY 1"],
    ...[
      "SELECT time_bucket(INTERVAL 1 HOUR, event_time) AS hour, count(DISTINCT amplitude_id) FROM events GROUP BY 1",
    ],
    ...["SELECT event_time - lag(event_time) OVER (PARTITION BY user_id ORDER BY event_time) FROM events"],
    ...["SELECT row_number() OVER w FROM events WINDOW w AS (ORDER BY uuid) QUALIFY row_number() OVER w < 3"],
    ...[
      "SELECT count(*) FILTER (platform = 'iOS'), median(session_id), mode(country), quantile_cont(app, 0.5) FROM events",
    ],
    ...[
      "SELECT * EXCLUDE (uuid) REPLACE (app + 1 AS app) FROM events LIMIT 1",
      "SELECT COLUMNS('.*_time') FROM events LIMIT 1",
    ],
    ...[
      "SELECT list_filter([1, 2, 3], lambda x: x > 1), [x * 2 FOR x IN [1, 2] IF x > 1]",
      "SELECT {'a': 1}.a, MAP {'b': 2}['b']",
    ],
    ...["SELECT CASE app WHEN 1 THEN 'a' ELSE 'b' END, app IN (1, 2), app BETWEEN 1 AND 2 FROM events"],
    ...[
      "SELECT EXTRACT(year FROM event_time), event_time AT TIME ZONE 'UTC', date_trunc('day', event_time) FROM events",
    ],
    ...[
      "SELECT 'a' LIKE 'A%', 'a' ILIKE 'A%', 'a' SIMILAR TO 'a.*', regexp_matches('a', 'b'), 'a' COLLATE NOCASE = 'A'",
    ],
    ...[
      "SELECT coalesce(NULL, 1), ifnull(NULL, 1), nullif(1, 1), greatest(1, 2), if(true, 1, 2), TRY_CAST('x' AS INT)",
    ],
    ...[
      "SELECT upper('a'), ('a').upper(), main.upper('a'), 'a' || 'b', [1, 2][1], 'abc'[1:2], position('a' IN 'ba')",
    ],
    ...[
      "SELECT 1 UNION ALL SELECT 2 EXCEPT SELECT 3 INTERSECT SELECT 4",
      "VALUES (1, 'a'), (2, 'b')",
      "FROM (VALUES (1)) AS t(a)",
    ],
    ...[
      "SELECT * FROM range(5) AS r(n) LEFT JOIN generate_series(1, 3) AS g(m) ON n = m",
      "SELECT unnest([1, 2])",
    ],
    ...[
      "FROM events PIVOT (count(*) FOR platform IN ('iOS', 'Web') GROUP BY country)",
      "UNPIVOT (SELECT 1 AS a, 2 AS b) ON a, b",
    ],
    ...[
      "SELECT country FROM events WHERE EXISTS (SELECT 1) AND app = ANY (SELECT app FROM events) USING SAMPLE 10 ROWS",
    ],
    ...[
      "FROM events AS e ASOF JOIN events AS f ON e.app = f.app AND e.event_time >= f.event_time SELECT count(*)",
    ],
    ...[
      "SELECT country, platform, grouping(country) FROM events GROUP BY ROLLUP (country, platform)",
      "SELECT now(), current_date, today()",
    ],
    ...[
      "SELECT DISTINCT ON (platform) platform, country FROM events",
      "SELECT '2026-01-01'::DATE + INTERVAL 1 DAY, 1.5::DECIMAL(4, 2)",
    ],
    ...[
      "SELECT list_aggregate([1, 2], 'sum'), struct_pack(a := 1), row(1, 2), hash(1), md5('a'), strftime(now(), '%Y')",
    ],
  ])("%s", async (sql) => {
    const { columns } = await lake.select(sql, { limit: 100 });
    expect(columns.length).toBeGreaterThan(0);
  });
});

test("nothing was written", () => {
  expect(readdirSync(folder).sort()).toEqual(["lake", "secret.csv", "secret.csv.parquet"]);
  expect(readFileSync(file).subarray(0, 4).toString()).toBe("PAR1");
});

test.each([
  ...[
    "FROM read_text('/etc/passwd')",
    "FROM 'SECRET'",
    "FROM 'SECRET.parquet'",
    "FROM glob('DIR/*')",
    "ATTACH 'DIR/x.db'",
  ],
  ...["COPY (SELECT 1) TO 'DIR/out.csv'", "EXPORT DATABASE 'DIR/out'", "INSTALL httpfs", "LOAD 'DIR/x.so'"],
  ...[
    "SET threads = 1",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET allowed_paths",
  ],
  ...["SET allowed_paths = ['SECRET']", "SET temp_directory = 'DIR'", "FROM 'http://127.0.0.1:1/x.csv'"],
])("the engine itself refuses too: %s", async (sql) => {
  await expect(bare.query(placed(sql))).rejects.toMatchObject({ name: "QueryError" });
});

test("every function that is allowed is one of DuckDB's", async () => {
  const engine = await openEngine();
  const rows = (await engine.query("SELECT DISTINCT lower(function_name) FROM duckdb_functions()")).rows();
  engine.close();
  const known = new Set(rows.map(([name]) => String(name)));
  // Of the parser's own making, or the binder's.
  const special = new Set(["->", "list", "unnest"]);
  const all = [...ALLOWED_FUNCTIONS, ...ALLOWED_TABLE_FUNCTIONS];
  expect(all.filter((name) => !known.has(name) && !special.has(name))).toEqual([]);
});

test("rows are cut at the limit and at the bytes, and no sooner", async () => {
  const all = "SELECT * FROM range(3000)";
  expect(await lake.select(all, { limit: 3000 })).toMatchObject({ cut: false });
  const some = await lake.select(all, { limit: 2999 });
  expect([some.rows.length, some.cut]).toEqual([2999, true]);
  const few = await lake.select("SELECT repeat('x', 1000) FROM range(3000)", { maxBytes: 10_000 });
  expect([few.rows.length, few.cut]).toEqual([11, true]);
});

test("a query can be ended, and the newest commit is seen", async () => {
  const signal = AbortSignal.timeout(200);
  const slow = lake.select(
    "SELECT count(*) FROM range(1000000000) AS a, range(1000) AS b WHERE hash(a) = hash(b)",
    { signal },
  );
  await expect(slow).rejects.toMatchObject({ name: "CancelledError" });
  const before = (await lake.select("SELECT count(*) FROM events")).rows;
  await writeLake({ lake: join(folder, "lake"), days: 2, eventsPerDay: 200, seed: 2 }).catch(() => undefined);
  const opened = await openLake(dir);
  const now = await opened.frame().count();
  await opened.close();
  expect((await lake.select("SELECT count(*) FROM events")).rows).toEqual([[BigInt(now)]]);
  expect(before).toHaveLength(1);
});
