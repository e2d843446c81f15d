import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { Column, Value } from "../../src/engine/column-type.js";
import { cellText } from "../../src/frame/print/cell-text.js";
import { clipped, clippedWithin, displayWidth } from "../../src/frame/print/display-width.js";
import { htmlTable } from "../../src/frame/print/html-table.js";
import { textTable } from "../../src/frame/print/text-table.js";
import { colorsWanted, JUPYTER_DISPLAY, Table } from "../../src/frame/table.js";

const column = (name: string, kind: "text" | "int64" | "double" | "timestamp" | "json"): Column => ({
  name,
  type: { kind },
});
const plain = (width: number) => ({ width, colors: false });

describe("width on a terminal", () => {
  test.each([
    ["abc", 3],
    ["Łódź", 4],
    ["e\u0301", 1],
    ["日本", 4],
    ["한국", 4],
    ["ｆｕ", 4],
    ["👩‍👩‍👧", 2],
    ["🇩🇪", 2],
    ["❤️", 2],
    ["👍🏽", 2],
    ["a\u200bb", 2],
    ["…", 1],
  ])("of %s is %i", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test("clipping never splits a character or exceeds the width", () => {
    expect(clipped("日本語", 4)).toBe("日…");
    expect(clipped("👩‍👩‍👧👩‍👩‍👧", 3)).toBe("👩‍👩‍👧…");
    expect(clipped("abc", 3)).toBe("abc");
    expect(clippedWithin("abcdefghijkl", 9)).toBe("ab…ghijkl");
    expect(clippedWithin("日本語の文字列", 7)).toBe("…文字列");
    expect(clippedWithin("abc", 3)).toBe("abc");
    for (const width of [1, 2, 3, 5, 8, 13])
      expect(displayWidth(clippedWithin("日本語 of any kind", width))).toBeLessThanOrEqual(width);
    expect(clipped("abcd", 3)).toBe("ab…");
  });
});

describe("cells", () => {
  test("hold no character that acts on a terminal", () => {
    const hostile = "\u001b[31mred\u0007\r\n\t\u0085\u009b2J\u202eevil\u2066\u2028\ufeff\ud800";
    const shown = cellText(hostile, { kind: "text" });
    expect(shown).toBe(
      "\\u001b[31mred\\u0007\\r\\n\\t\\u0085\\u009b2J\\u202eevil\\u2066\\u2028\\ufeff\\ud800",
    );
  });

  test.each<[Value, Column["type"], string]>([
    [1795410367123457n, { kind: "timestamp" }, "2026-11-23 05:06:07.123457"],
    [1795410367000000n, { kind: "timestamp" }, "2026-11-23 05:06:07"],
    [-1n, { kind: "timestamp" }, "1969-12-31 23:59:59.999999"],
    [20780, { kind: "date" }, "2026-11-23"],
    [1, { kind: "double" }, "1.0"],
    [0.1 + 0.2, { kind: "double" }, "0.3"],
    [1e300, { kind: "double" }, "1e+300"],
    [Number.NaN, { kind: "double" }, "NaN"],
    [null, { kind: "text" }, "null"],
    [["a", null], { kind: "list", item: { kind: "text" } }, "[a, null]"],
    [new Uint8Array(3), { kind: "blob" }, "3 bytes"],
  ])("%s as %j is %s", (value, type, text) => {
    expect(cellText(value, type)).toBe(text);
  });

  test("of huge texts are cut before they are measured", () => {
    const began = performance.now();
    expect(cellText("👩‍👩‍👧".repeat(1_000_000), { kind: "text" }).length).toBeLessThan(500);
    expect(performance.now() - began).toBeLessThan(200);
  });
});

describe("a table", () => {
  const columns = [
    column("id", "int64"),
    column("name", "text"),
    column("props", "json"),
    column("at", "timestamp"),
  ];
  const rows: Value[][] = [
    [1n, "日本", '{"a":1}', 1795410367123457n],
    [1234567n, null, `{"b":"${"x".repeat(100)}"}`, null],
  ];
  const content = { columns, rows, rowCount: 12345 };

  test("aligns numbers right, shows types, and counts", () => {
    expect(textTable({ ...content, rowCount: 2 }, plain(200))).toBe(
      [
        `     id  name  props${" ".repeat(105)}at`,
        `  int64  text  json${" ".repeat(106)}timestamp`,
        `      1  日本  {"a":1}${" ".repeat(103)}2026-11-23 05:06:07.123457`,
        `1234567  null  {"b":"${"x".repeat(100)}"}  null`,
        "2 rows × 4 columns",
      ].join("\n"),
    );
  });

  test.each([20, 40, 60, 80, 120])("fits into %i columns, cutting text but no number or time", (width) => {
    const text = textTable(content, plain(width));
    for (const line of text.split("\n").slice(0, -1)) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    expect(text).toContain("1234567");
    if (text.includes("2026")) expect(text).toContain("2026-11-23 05:06:07.123457");
    expect(text).toMatch(/\n…\n12,345 rows × 4 columns/);
  });

  test("says how many columns are not shown and leads with what tells most", () => {
    const many = Array.from({ length: 30 }, (_, i) => column(`c${i}`, "text"));
    const wide = {
      columns: many,
      rows: [many.map((_, i) => (i === 7 ? null : "x"))],
      rowCount: 1,
      lead: ["c9", "c7", "c3"],
    };
    const text = textTable(wide, plain(24));
    expect(text.split("\n")[0]).toMatch(/^c9 {4}c3 {4}c0/);
    expect(text).toContain("1 row × 30 columns (26 not shown)");
  });

  test("may have very many rows", () => {
    const rows = Array.from({ length: 200_000 }, (_, i): Value[] => [BigInt(i)]);
    const text = textTable({ columns: [column("i", "int64")], rows, rowCount: rows.length }, plain(80));
    expect(text.split("\n").length).toBe(200_003);
  });

  test("uses styles only when asked", () => {
    expect(textTable(content, { width: 80, colors: true })).toContain("\u001b[1m");
    expect(textTable(content, plain(80))).not.toContain("\u001b");
    expect(inspect(new Table(content), { colors: false })).not.toContain("\u001b");
  });

  test("NO_COLOR and pipes get no styles", () => {
    const before = process.env.NO_COLOR;
    process.env.NO_COLOR = "1";
    expect(colorsWanted({ isTTY: true })).toBe(false);
    delete process.env.NO_COLOR;
    expect(colorsWanted({})).toBe(false);
    if (before !== undefined) process.env.NO_COLOR = before;
  });

  test("in HTML has everything from the data escaped", () => {
    const html = htmlTable({
      columns: [column("<b>name</b>", "text")],
      rows: [['<script>alert("1")</script>'], ["' onload='x"], ["&amp;"]],
      rowCount: 3,
    });
    expect(html).not.toMatch(/<script|<b>name|' onload/);
    expect(html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
    expect(html).toContain("&amp;amp;");
    const long = htmlTable({
      columns: [column("n", "text")],
      rows: [[`" onload=">${"x".repeat(80)}`]],
      rowCount: 1,
    });
    expect(long).toContain(`title="&quot; onload=&quot;&gt;${"x".repeat(80)}"`);
    expect(long).toContain(`>&quot; onload=&quot;&gt;${"x".repeat(48)}…<`);
  });

  test("in HTML has numbers at the right, types in the head, and says what it leaves out", () => {
    const columns = Array.from({ length: 30 }, (_, i) => column(`c${i}`, i % 2 ? "int64" : "text"));
    const rows = [columns.map((_, i) => (i === 3 ? null : i % 2 ? BigInt(i) : "a"))];
    const html = htmlTable({ columns, rows, rowCount: 7, lead: ["c29"] });
    const heads = [...html.matchAll(/<th style="[^"]*text-align:(\w+)">(\w+)<br><small[^>]*>(\w+)/g)];
    expect(heads.length).toBe(20);
    expect(heads.slice(0, 5).map(([, side, name, type]) => `${name} ${type} ${side}`)).toEqual([
      "c29 int64 right",
      "c0 text left",
      "c1 int64 right",
      "c2 text left",
      "c4 text left",
    ]);
    expect(html).toMatch(/<td style="[^"]*right">29</);
    expect(html).toContain("7 rows × 30 columns (10 not shown)");
    expect(html).toContain("…");
    expect(htmlTable({ columns, rows, rowCount: 1 })).not.toContain("…");
  });
});

describe("rows in memory", () => {
  const table = new Table<{ id: bigint; at: Date | null }>({
    columns: [column("id", "int64"), column("at", "timestamp")],
    rows: [
      [1n, 1795410367123457n],
      [2n ** 60n, null],
    ],
    rowCount: 2,
  });

  test("are an array of objects", () => {
    expect(table.length).toBe(2);
    expect(table[0]).toEqual({ id: 1n, at: new Date("2026-11-23T05:06:07.123Z") });
    const ids = table.map(({ id }) => id);
    expect([ids, ids.constructor]).toEqual([[1n, 2n ** 60n], Array]);
    expect(table.columns).toEqual(["id", "at"]);
  });

  test("become JSON although integers are bigint", () => {
    expect(JSON.parse(JSON.stringify(table))).toEqual([
      { id: 1, at: "2026-11-23T05:06:07.123Z" },
      { id: "1152921504606846976", at: null },
    ]);
  });

  test("show themselves in a notebook", () => {
    const shown = table[JUPYTER_DISPLAY]();
    expect(shown["text/html"]).toContain("<table ");
    expect(shown["text/plain"]).toContain("2 rows × 2 columns");
  });
});

test("as CSV values are exact, nothing is null, and text cannot break out of its cell", () => {
  const kinds: readonly (readonly [Column["type"], Value])[] = [
    [{ kind: "timestamp" }, 1795410367123457n],
    [{ kind: "date" }, 20780],
    [{ kind: "int64" }, 9007199254740993n],
    [{ kind: "double" }, Number.NEGATIVE_INFINITY],
    [{ kind: "boolean" }, true],
    [{ kind: "text" }, 'a,"b"\n'],
    [{ kind: "blob" }, Uint8Array.of(1, 2)],
    [{ kind: "list", item: { kind: "int64" } }, [1n, 9007199254740993n]],
    [{ kind: "text" }, null],
  ];
  const columns = kinds.map(([type], i) => ({ name: i === 0 ? "a,b" : `c${i}`, type }));
  const table = new Table({ columns, rows: [kinds.map(([, value]) => value)], rowCount: 1 });
  expect(table.toCSV()).toBe(
    `"a,b",c1,c2,c3,c4,c5,c6,c7,c8\n2026-11-23 05:06:07.123457,2026-11-23,9007199254740993,-inf,true,"a,""b""\n",AQI=,"[1,""9007199254740993""]",\n`,
  );
});
