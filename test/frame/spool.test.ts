import { afterAll, expect, test } from "vitest";
import type { ColumnType, Value } from "../../src/engine/column-type.js";
import { openEngine } from "../../src/engine/duckdb.js";
import { Spool } from "../../src/frame/remote/spool.js";

const spool = new Spool(() => openEngine());
afterAll(() => spool.close());

test.each([
  ["a text", "'a'", "a"],
  ["a number that JSON has not", "'NaN'::DOUBLE", Number.NaN],
  ["numbers in a list", "[1.5::DOUBLE, NULL, 'inf'::DOUBLE]", [1.5, null, Number.POSITIVE_INFINITY]],
  ["numbers in lists of a struct", "{'a': [0.25::DOUBLE], 'b': 'x'}", { a: [0.25], b: "x" }],
  ["an integer beyond 2^53", "9007199254740993", 9007199254740993n],
])("%s comes back from the spool as it was", async (_, sql, expected) => {
  const engine = await spool.engine();
  const { engine: same, sql: kept } = await spool.keep(await engine.stream(`SELECT ${sql} AS x`));
  const found = await same.query(kept);
  const direct = await engine.query(`SELECT ${sql} AS x`);
  expect(found.columns.map(({ type }): ColumnType => type)).toEqual(direct.columns.map(({ type }) => type));
  expect([...found.rows()].map(([x]): Value | undefined => x)).toEqual([expected]);
});
