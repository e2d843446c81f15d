import fc from "fast-check";
import { expect, test } from "vitest";
import { EntryReader, entriesOf } from "../../../src/cli/prompt/entry.js";
import { lasting, needsItsSession, onlyReads } from "../../../src/cli/prompt/statement-kind.js";
import { allStatements, ended, splitStatements } from "../../../src/cli/prompt/statements.js";
import { tokensOf } from "../../../src/cli/prompt/tokens.js";

test.each([
  ["SELECT 1; SELECT 2;", ["SELECT 1", "SELECT 2"], "", undefined],
  ["SELECT 1; SELECT", ["SELECT 1"], "SELECT", undefined],
  ["SELECT ';', 'it''s;' ; x", ["SELECT ';', 'it''s;'"], "x", undefined],
  ["SELECT 'a\\'; x", ["SELECT 'a\\'"], "x", undefined],
  ["SELECT e'a\\';b'; x", ["SELECT e'a\\';b'"], "x", undefined],
  ['SELECT 1 AS ";""";', ['SELECT 1 AS ";"""'], "", undefined],
  ["SELECT $$;$$, $t$ $$; $t$; x", ["SELECT $$;$$, $t$ $$; $t$"], "x", undefined],
  ["SELECT $1; SELECT $2;", ["SELECT $1", "SELECT $2"], "", undefined],
  ["SELECT 1 AS a$b$; x", ["SELECT 1 AS a$b$"], "x", undefined],
  ["SELECT 1 -- no; end\n;", ["SELECT 1 -- no; end"], "", undefined],
  ["SELECT /* ; /* ; */ ; */ 1;", ["SELECT /* ; /* ; */ ; */ 1"], "", undefined],
  [";; -- nothing\n;/* x */", [], "", undefined],
  ["SELECT 'open", [], "SELECT 'open", "'"],
  ['SELECT "open', [], 'SELECT "open', '"'],
  ["SELECT $t$ open $$", [], "SELECT $t$ open $$", "$"],
  ["/* open /* */", [], "/* open /* */", "*"],
  ["SELECT count(", [], "SELECT count(", "("],
  ["SELECT 1 -- open", [], "SELECT 1 -- open", undefined],
] as const)("%s is cut where statements end", (text, statements, rest, open) => {
  expect(splitStatements(text)).toEqual({ statements, rest, open });
});

test("tokens never overlap, leave out white space only, and cut alike whatever is put behind", () => {
  const piece = fc.constantFrom(
    "'",
    '"',
    "$$",
    "$t$",
    "--",
    "/*",
    "*/",
    ";",
    "e'",
    "\\",
    "\n",
    " ",
    "a",
    "1",
    "🎉",
    "(",
    ")",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join("");
      let end = 0;
      for (const token of tokensOf(text)) {
        expect(text.slice(end, token.start).trim()).toBe("");
        expect(token.end).toBeGreaterThan(token.start);
        if (!token.closed) expect(token.end).toBe(text.length);
        end = token.end;
      }
      expect(text.slice(end).trim()).toBe("");
      const { statements } = splitStatements(text);
      expect(splitStatements(`${text} x`).statements).toEqual(statements);
      for (const statement of statements) {
        expect(allStatements(statement)).toEqual([statement]);
        expect(splitStatements(ended(statement))).toEqual({
          statements: [statement],
          rest: "",
          open: undefined,
        });
      }
    }),
    { numRuns: 2000 },
  );
});

test("lines become entries when they are complete, commands at once", () => {
  const reader = new EntryReader();
  expect(reader.take("SELECT '")).toEqual([]);
  expect(reader.open).toBe("'");
  expect(reader.take(".mode json")).toEqual([]);
  expect(reader.take("';  .5 AS x")).toEqual([{ kind: "statement", text: "SELECT '\n.mode json\n'" }]);
  expect(reader.pending).toBe(".5 AS x\n");
  reader.drop();
  expect(reader.take("  .mode json ")).toEqual([{ kind: "dot", text: ".mode json" }]);
  expect(reader.take("Quit;")).toEqual([{ kind: "dot", text: ".quit" }]);
  expect(reader.take("\\q")).toEqual([{ kind: "dot", text: ".quit" }]);
  expect(reader.take("-- only a comment")).toEqual([]);
  expect(reader.pending).toBe("");
  expect(reader.take("/* long")).toEqual([]);
  expect(reader.open).toBe("*");
  expect(reader.take("*/ SELECT 1;")).toEqual([{ kind: "statement", text: "/* long\n*/ SELECT 1" }]);
});

test("a file's last statement needs no semicolon, even behind a comment", () => {
  expect(entriesOf(".mode csv\r\nSELECT 1;\nSELECT 2 -- two")).toEqual([
    { kind: "dot", text: ".mode csv" },
    { kind: "statement", text: "SELECT 1" },
    { kind: "statement", text: "SELECT 2 -- two" },
  ]);
});

test.each([
  ["SELECT 1", true],
  ["-- why\n(SELECT 1)", true],
  ["FROM events", true],
  ["WITH a AS (SELECT 'INSERT') SELECT * FROM a", true],
  ["WITH a AS (SELECT 1) INSERT INTO t FROM a", false],
  ["EXPLAIN SELECT 1", false],
  ["CREATE TABLE t (a INT)", false],
  ["", false],
])("%s only reads: %s", (statement, expected) => expect(onlyReads(statement)).toBe(expected));

test("what a statement sets outlives its session where that can be, and the rest is known", () => {
  expect(lasting("SET threads = 2")).toBe("SET GLOBAL threads = 2");
  expect(lasting("set session TimeZone='UTC'")).toBe("set GLOBAL TimeZone='UTC'");
  expect(lasting("RESET threads")).toBe("RESET GLOBAL threads");
  expect(lasting("CREATE OR REPLACE TEMP TABLE t AS SELECT 1")).toBe("CREATE OR REPLACE TABLE t AS SELECT 1");
  expect(lasting("-- why\n/* SET */ create temporary view v AS SELECT 1")).toBe(
    "-- why\n/* SET */ create view v AS SELECT 1",
  );
  for (const kept of [
    "SET GLOBAL a = 1",
    "SET schema = 'x'",
    "SET SESSION enable_profiling = 'json'",
    "SET VARIABLE a = 1",
    "SELECT 1",
    "CREATE TABLE temp (a INT)",
  ]) {
    expect(lasting(kept)).toBe(kept);
  }
  expect(["SET VARIABLE a = 1", "BEGIN", "USE x", "PRAGMA enable_profiling"].every(needsItsSession)).toBe(
    true,
  );
  expect(["SET threads = 1", "SELECT 1", "SET x = 1", "PRAGMA version"].some(needsItsSession)).toBe(false);
});
