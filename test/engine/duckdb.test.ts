import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { typeName } from "../../src/engine/column-type.js";
import { openEngine } from "../../src/engine/duckdb.js";
import type { Engine } from "../../src/engine/engine.js";
import { literal } from "../../src/engine/sql-text.js";
import { CancelledError, QueryError, UsageError } from "../../src/errors/index.js";

let engine: Engine;
const dir = mkdtempSync(join(tmpdir(), "ampframe-engine-"));

beforeAll(async () => {
  engine = await openEngine({ threads: 2 });
});
afterAll(() => {
  engine.close();
  rmSync(dir, { recursive: true });
});

async function one(expression: string) {
  const rows = await engine.query(`SELECT ${expression} AS v`);
  return [typeName(rows.columns[0]!.type), rows.rows()[0]![0]];
}

describe("values arrive exactly", () => {
  test.each([
    ["(-9223372036854775808)::BIGINT", "int64", -(2n ** 63n)],
    ["9223372036854775807", "int64", 2n ** 63n - 1n],
    ["18446744073709551615::UBIGINT", "uint64", 2n ** 64n - 1n],
    ["170141183460469231731687303715884105727", "int128", 2n ** 127n - 1n],
    ["sum(1)", "int128", 1n],
    ["4000000000::UINTEGER", "int64", 4000000000n],
    ["7::TINYINT", "int32", 7],
    ["0.1::DOUBLE", "double", 0.1],
    ["1.50", "decimal(3,2)", "1.50"],
    ["-0.05", "decimal(3,2)", "-0.05"],
    ["true", "boolean", true],
    ["'Ünï 👩‍👩‍👧 \\u0000'", "text", "Ünï 👩‍👩‍👧 \\u0000"],
    ["chr(65279) || 'a' || chr(65279)", "text", "\ufeffa\ufeff"],
    ["chr(65279) || 'longer than twelve bytes'", "text", "\ufefflonger than twelve bytes"],
    ['\'{"a":1.50,"b":12345678901234567890}\'::JSON', "json", '{"a":1.50,"b":12345678901234567890}'],
    ["TIMESTAMP '2026-11-23 05:06:07.123457'", "timestamp", 1795410367123457n],
    ["TIMESTAMPTZ '2026-11-23 05:06:07.123457'", "timestamp", 1795410367123457n],
    ["TIMESTAMP_MS '2026-11-23 05:06:07.123'", "timestamp", 1795410367123000n],
    ["DATE '1969-12-31'", "date", -1],
    ["[1, NULL]", "list<int32>", [1, null]],
    [
      "{'a': 1::BIGINT, 'b c': [DATE '1970-01-02']}",
      "struct<a: int64, b c: list<date>>",
      { a: 1n, "b c": [1] },
    ],
    ["MAP {'k': 2::BIGINT}", "map<text, int64>", [["k", 2n]]],
    ["INTERVAL 36 HOURS", "interval", "36:00:00"],
    ["'a'::ENUM ('a')", "text", "a"],
    ["NULL::BIGINT", "int64", null],
  ])("%s", async (expression, type, value) => {
    expect(await one(expression)).toEqual([type, value]);
  });
});

describe("parameters", () => {
  test("keep their type and value", async () => {
    const rows = await engine
      .query(
        "SELECT $1 AS a, typeof($1), $2 AS b, typeof($2), $3 AS c, typeof($3), $4 AS d, $5 AS e, typeof($6)",
        [2n ** 63n - 1n, 3, 1e300, new Date("2026-11-23T05:06:07.890Z"), null, 2n ** 64n] as const,
      )
      .catch((e: unknown) => e as Error);
    expect(rows).not.toBeInstanceOf(Error);
    expect((rows as Awaited<ReturnType<Engine["query"]>>).rows()).toEqual([
      [2n ** 63n - 1n, "BIGINT", 3n, "BIGINT", 1e300, "DOUBLE", 1795410367890000n, null, "HUGEINT"],
    ]);
  });

  test("can be named, and be lists, even empty ones", async () => {
    const rows = await engine.query(
      "SELECT list_contains($ids, 5::BIGINT), list_contains($none, 5::BIGINT), list_contains($names, 'b'), $mixed",
      { ids: [4n, 5], none: [], names: ["a", "b"], mixed: [1, 2.5, null] },
    );
    expect(rows.rows()).toEqual([[true, false, true, [1, 2.5, null]]]);
  });

  test("and literals may hold any text, NUL too", async () => {
    const text = 'it\'s \u0000 \u{1F600} "x" \\ $1 ? \n';
    expect((await engine.query(`SELECT $1, ${literal(text)}, $1 = ${literal(text)}`, [text])).rows()).toEqual(
      [[text, text, true]],
    );
  });

  test("that are missing or of no known kind are refused in words", async () => {
    await expect(engine.query("SELECT $1, $2", [1])).rejects.toThrow(
      "The query has 2 parameters, but 1 value was given.",
    );
    await expect(engine.query("SELECT $a", { b: 1 })).rejects.toThrow("parameter $a has no value");
    await expect(engine.query("SELECT $1", [new Date("no")])).rejects.toBeInstanceOf(UsageError);
    await expect(engine.query("SELECT $1", [[1, "x"]])).rejects.toThrow("mixes BIGINT and VARCHAR");
  });
});

describe("statements", () => {
  test("several run in order and the last gives the rows; none gives nothing", async () => {
    expect(
      (await engine.query("CREATE TABLE n (i INT); INSERT INTO n VALUES (1), (2); FROM n")).rows(),
    ).toEqual([[1], [2]]);
    expect((await engine.query("")).columns).toEqual([]);
    expect((await engine.query("-- nothing")).length).toBe(0);
  });

  test("COPY gives its statistics as rows", async () => {
    const file = join(dir, "stats.parquet");
    const rows = await engine.query(
      `COPY (SELECT range AS i FROM range(5000)) TO '${file}' (FORMAT parquet, RETURN_STATS)`,
    );
    expect(rows.objects()[0]).toMatchObject({ filename: file, count: 5000n });
  });

  test("describe names the columns without running anything", async () => {
    const columns = await engine.describe("SELECT 1 AS a, error('ran') AS b");
    expect(columns.map((c) => c.name)).toEqual(["a", "b"]);
  });

  test("the time zone is UTC whatever the process has", async () => {
    expect(await one("TIMESTAMP '2026-07-01 00:00:00'::TIMESTAMPTZ::VARCHAR")).toEqual([
      "text",
      "2026-07-01 00:00:00+00",
    ]);
  });
});

describe("streams", () => {
  test("give all rows in batches, and other queries may run meanwhile", async () => {
    const stream = await engine.stream("SELECT range AS i FROM range(10000) ORDER BY i");
    let sum = 0n;
    let batches = 0;
    for await (const batch of stream) {
      batches += 1;
      for (const value of batch.values(0)) sum += value as bigint;
      await engine.query("SELECT 1");
    }
    expect([sum, batches > 1]).toEqual([49995000n, true]);
  });

  test("can be left early without reading the rest", async () => {
    const stream = await engine.stream("SELECT range AS i FROM range(1000000000000)");
    for await (const batch of stream) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    stream.close();
  });
});

test("a stream closed while it reads ends without an error", async () => {
  const stream = await engine.stream("SELECT range, sin(range) FROM range(1000000000000)");
  const rows = stream[Symbol.asyncIterator]();
  await rows.next();
  const next = rows.next();
  stream.close();
  await next;
  expect((await rows.next()).done).toBe(true);
});

describe("cancelling", () => {
  test("stops a long query soon", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const began = performance.now();
    await expect(
      engine.query("SELECT count(*) FROM range(1000000000000) r WHERE sin(r.range) > 2", undefined, {
        signal: stop.signal,
      }),
    ).rejects.toBeInstanceOf(CancelledError);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(await one("1")).toEqual(["int32", 1]);
  });

  test("before the start runs nothing", async () => {
    await expect(
      engine.run("CREATE TABLE never (i INT)", undefined, { signal: AbortSignal.abort() }),
    ).rejects.toBeInstanceOf(CancelledError);
    await expect(engine.query("FROM never")).rejects.toBeInstanceOf(QueryError);
  });
});

describe("errors", () => {
  test("hold the engine's words, the query and a way out, and no picture", async () => {
    const error = await engine.query("SELECT nope\nFROM range(3)").catch((e: unknown) => e as QueryError);
    expect(error).toBeInstanceOf(QueryError);
    expect((error as QueryError).message).toBe(
      'Binder Error: Referenced column "nope" not found in FROM clause! Candidate bindings: "range" In: SELECT nope FROM range(3)',
    );
    expect((error as QueryError).wayOut).toContain("DESCRIBE");
  });

  test("come from the middle of a stream too", async () => {
    await expect(
      engine.query(
        "SELECT CASE WHEN range = 5000 THEN error('boom') ELSE range::VARCHAR END FROM range(9000)",
      ),
    ).rejects.toThrow("boom");
  });

  test("a closed engine says so", async () => {
    const other = await openEngine();
    other.close();
    other.close();
    await expect(other.query("SELECT 1")).rejects.toThrow("The engine is closed.");
  });

  test("closing during a query fails nothing else and says so", async () => {
    const other = await openEngine({ threads: 1 });
    const stream = await other.stream("SELECT range FROM range(100000)");
    const asked = other.query("SELECT 1").then(
      () => "done",
      (error: unknown) => error,
    );
    other.close();
    let rows = 0;
    for await (const batch of stream) rows += batch.length;
    expect(rows).toBe(100_000);
    const outcome = await asked;
    expect(outcome === "done" || outcome instanceof QueryError).toBe(true);
  });

  test("a wrong setting is named", async () => {
    await expect(openEngine({ memoryLimit: "many" })).rejects.toBeInstanceOf(QueryError);
  });
});

test("engines are apart from each other", async () => {
  const other = await openEngine({ threads: 1, memoryLimit: "256MB", preserveInsertionOrder: false });
  await engine.run("CREATE TABLE mine (i INT)");
  await expect(other.query("FROM mine")).rejects.toBeInstanceOf(QueryError);
  expect((await other.query("SELECT current_setting('memory_limit')")).rows()[0]![0]).toBe("244.1 MiB");
  other.close();
});

test("a stream that is cancelled at any moment fails, and never ends as if it were whole", async () => {
  const one = await openEngine();
  for (let ms = 1; ms <= 40; ms += 3) {
    let rows = 0;
    const reading = (async () => {
      const signal = AbortSignal.timeout(ms);
      const stream = await one.stream("SELECT range, range::VARCHAR FROM range(3000000)", undefined, {
        signal,
      });
      for await (const batch of stream) {
        rows += batch.length;
        // As long as a batch takes whoever reads it.
        for (const end = performance.now() + 1; performance.now() < end; );
      }
    })();
    await expect(reading, `after ${ms} ms and ${rows} rows`).rejects.toBeInstanceOf(CancelledError);
  }
  one.close();
});
