import { afterAll, expect, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";
import type { Param, Params } from "../../src/engine/engine.js";
import { withParameters } from "../../src/engine/sql-parameters.js";

const engine = openEngine();
afterAll(async () => (await engine).close());

/** Rewritten to parameters behind three others. */
function renumbered(sql: string, params: Params): { sql: string; params: Param[] } {
  const all: Param[] = ["a", "b", "c"];
  return { sql: withParameters(sql, params, (value) => `$${all.push(value)}`), params: all };
}

const CASES: readonly (readonly [string, Params])[] = [
  ["SELECT ?, ? + 1", ["x", 2]],
  ["SELECT $2, $1, $2", ["x", 2]],
  ["SELECT $n, $m || $n", { n: "x", m: "y" }],
  ["SELECT '?', '$1', 'it''s ?', ?", [1]],
  ["SELECT E'it\\'s ?', e'\\\\', ?", [1]],
  ['SELECT ? AS "a?""$1", ?', [1, 2]],
  ["SELECT -- why? $1\n ? /* ? /* $1 */ ? */, ?", [1, 2]],
  ["SELECT $$ ? $1 $$, $t$ $$ ? $t$, ?", [1]],
  ["SELECT ? AS a$1, 1 AS b$2, ?", [1, null]],
  ["SELECT ?::VARCHAR, ?::BIGINT[]", ["ü?", [1n, 2n]]],
  ["SELECT 'no parameter?'", []],
];

test.each(CASES)("%s gives the same behind other parameters", async (sql, params) => {
  const running = await engine;
  const given = Array.isArray(params) ? params.length > 0 : true;
  const before = (await running.query(sql, given ? params : undefined)).rows();
  const { sql: after, params: all } = renumbered(sql, params);
  const [row] = (await running.query(`SELECT $1, $2, $3, t.* FROM (${after}) AS t`, all)).rows();
  expect(row).toEqual(["a", "b", "c", ...before[0]!]);
});

test("what has no value stays, and an open quote or comment ends nothing else", () => {
  expect(withParameters("SELECT ?, ?", [1], () => "X")).toBe("SELECT X, ?");
  expect(withParameters("SELECT ? /* ?", [1, 2], () => "X")).toBe("SELECT X /* ?");
});
