import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { copiesOf } from "../../src/engine/copies.js";
import { openEngine } from "../../src/engine/duckdb.js";
import { contentOf, differingUuids, sortRanges } from "../../src/engine/sorted-rows.js";

const folder = mkdtempSync(join(tmpdir(), "sorted-rows-"));
const engine = await openEngine({ threads: 1 });
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

let made = 0;

/** A Parquet file of rows (uuid, hour of the day, amplitude_id, text, number), each a tuple in SQL. */
async function file(...rows: readonly string[]): Promise<string> {
  const path = join(folder, `${made++}.parquet`);
  const values = rows.length > 0 ? rows.join(", ") : "('', 0, 0, '', 0)";
  await engine.run(
    `COPY (SELECT uuid::VARCHAR AS uuid, TIMESTAMPTZ '2026-11-20 00:30:00Z' + to_hours(h) AS server_upload_time,
      id::BIGINT AS amplitude_id, text::VARCHAR AS text, n::DOUBLE AS n FROM (VALUES ${values}) t(uuid, h, id, text, n)
      WHERE ${rows.length > 0}) TO '${path}' (FORMAT parquet)`,
  );
  return path;
}

const contents = async (...paths: readonly string[]) =>
  contentOf(
    engine,
    paths.map((path) => ({ path })),
  );
const told = ({ columns, rows, hours }: Awaited<ReturnType<typeof contents>>) => ({
  ...{ columns, rows },
  hours: new Map([...hours].sort(([a], [b]) => a - b)),
});

const ROWS = ["('a', 1, 5, 'x', 1.5)", "('b', 1, 6, NULL, 2)", "('c', 2, NULL, '', NULL)"];

test("the same rows in another order and other files have the same content", async () => {
  const whole = told(await contents(await file(...ROWS)));
  const [a, b, c] = ROWS as [string, string, string];
  expect(told(await contents(await file(c, a), await file(b)))).toEqual(whole);
  expect(whole).toMatchObject({ rows: 3 });
  expect([...whole.hours.values()].map(({ rows }) => rows)).toEqual([2, 1]);
});

test.each<[string, readonly string[], readonly string[]]>([
  ["a text", ["('a', 1, 5, 'y', 1.5)", ...ROWS.slice(1)], ["a"]],
  ["a number", ["('a', 1, 5, 'x', 1.5000000000000002)", ...ROWS.slice(1)], ["a"]],
  ["an empty text for null", [ROWS[0]!, "('b', 1, 6, '', 2)", ROWS[2]!], ["b"]],
  ["another hour", ["('a', 2, 5, 'x', 1.5)", ...ROWS.slice(1)], ["a"]],
  ["values of two rows swapped", ["('a', 1, 6, 'x', 1.5)", "('b', 1, 5, NULL, 2)", ROWS[2]!], ["a", "b"]],
  ["a row less", ROWS.slice(1), ["a"]],
  ["a row twice in place of another", [ROWS[1]!, ROWS[1]!, ROWS[2]!], ["a", "b"]],
])("%s makes another content, and the uuids are told", async (_, rows, uuids) => {
  const [one, other] = [await file(...ROWS), await file(...rows)];
  expect(told(await contents(other))).not.toEqual(told(await contents(one)));
  const found = await differingUuids(engine, [{ path: one }], [{ path: other }]);
  expect(found.sort()).toEqual(uuids);
});

test("rows that are left out and hours that are chosen make the content of the rest", async () => {
  const path = await file(...ROWS);
  const rest = await contentOf(engine, [{ path, without: [0], hours: [Date.parse("2026-11-20T01:00:00Z")] }]);
  expect(told(rest)).toEqual(told(await contents(await file(ROWS[1]!))));
});

test("ranges hold every row once, those without a user in the last", async () => {
  const rows = Array.from({ length: 100 }, (_, i) => `('u${i}', 1, ${i % 10 === 0 ? "NULL" : i}, '', 0)`);
  const pieces = [{ path: await file(...rows) }];
  const ranges = await sortRanges(engine, pieces, 4);
  expect(ranges).toHaveLength(4);
  const counts: number[] = [];
  for (const range of ranges) {
    const found = await engine.query(
      `SELECT count(*), count(*) FILTER (amplitude_id IS NULL) FROM '${pieces[0]!.path}' WHERE ${range}`,
    );
    counts.push(...found.rows()[0]!.map(Number));
  }
  expect(counts.filter((_, i) => i % 2 === 0).reduce((a, b) => a + b)).toBe(100);
  expect(counts.filter((_, i) => i % 2 === 1)).toEqual([0, 0, 0, 10]);
  expect(Math.max(...counts)).toBeLessThan(40);
  const alike = [{ path: await file(...rows.map((_, i) => `('u${i}', 1, 7, '', 0)`)) }];
  expect((await sortRanges(engine, alike, 4)).length).toBeLessThanOrEqual(2);
});

test("of copies the first upload stays; copies among other files only are not looked for", async () => {
  const old = await file("('a', 3, 1, '', 0)", "('z', 1, 1, '', 0)");
  const older = await file("('z', 2, 1, '', 0)");
  const fresh = await file("('b', 1, 1, '', 0)", "('a', 2, 1, '', 0)", "('b', 1, 2, '', 0)");
  const found = await copiesOf(engine, [fresh], [old, older, fresh]);
  const at = (hour: number) => Date.parse(`2026-11-20T0${hour}:00:00Z`);
  expect(found.sort((a, b) => a.row - b.row)).toEqual([
    { file: old, row: 0, hour: at(3), keptFile: fresh, keptHour: at(2) },
    { file: fresh, row: 2, hour: at(1), keptFile: fresh, keptHour: at(1) },
  ]);
  expect(await copiesOf(engine, [], [old, older, fresh])).toEqual([]);
});
