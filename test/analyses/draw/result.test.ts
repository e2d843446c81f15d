import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { svgToPng } from "../../../src/analyses/draw/picture/png.js";
import { chartText } from "../../../src/analyses/draw/terminal.js";
import { UsageError } from "../../../src/errors/index.js";
import { JUPYTER_DISPLAY } from "../../../src/frame/table.js";
import { BARS, CHARTS, FUNNEL } from "./made-charts.js";
import { madeResult } from "./made-result.js";
import { parsedXml } from "./xml.js";

const HOSTILE = `<script>alert(1)</script>"&'\u001b[31m`;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ampframe-result-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("as text it is the picture, then the rows", () => {
  const result = madeResult(BARS);
  const style = { width: 60, colors: false };
  expect(result.toText(style)).toBe(`${chartText(BARS, style)}\n\n${result.rows.toText(style)}`);
  expect(inspect(result)).toContain("Orders by country\n");
});

test("a notebook shows the picture as SVG, and the rows", async () => {
  const shown = await madeResult(BARS, HOSTILE)[JUPYTER_DISPLAY]();
  expect(shown["text/plain"]).toContain("Orders by country");
  expect(shown["text/html"]).toContain("<svg ");
  expect(shown["text/html"]).toContain("<table ");
  expect(shown["text/html"]).not.toMatch(/<script|var\(--af/);
});

test.each(Object.entries(CHARTS))("the picture of %s is XML with its title and names", async (_, chart) => {
  const svg = await madeResult(chart).toSVG();
  const [root] = parsedXml(svg);
  expect(root?.attributes).toMatchObject({ role: "img", width: "840" });
  expect(root?.attributes["aria-label"]).toContain(`${chart.title}: `);
  expect(svg).toContain(`<title>${chart.title}</title>`);
});

test("the picture holds the values", async () => {
  const svg = await madeResult(FUNNEL).toSVG({ theme: "dark", width: 500 });
  for (const text of ["12,345", "49.4 %", "6,245 dropped off", "2  Add to Cart"])
    expect(svg).toContain(`>${text.startsWith("6,2") ? "↓ " : ""}${text}<`);
});

test("thirty days of retention still have a number in each cell", async () => {
  const columns = Array.from({ length: 31 }, (_, i) => `Day ${i}`);
  const cells = columns.map((_, i) => ({ value: i === 0 ? 1 : 0.4, incomplete: i === 30 }));
  const rows = [{ name: "2026-11-01", size: 900, cells }];
  const svg = await madeResult({ kind: "heat map", title: "R", unit: "percent", columns, rows }).toSVG();
  expect(svg.match(/>40\*?</g)).toHaveLength(30);
  expect(svg).toContain(">Day 12<");
});

test.each<[Parameters<ReturnType<typeof madeResult>["toSVG"]>[0], string]>([
  [{ theme: "sepia" as "dark" }, "There is no theme sepia."],
  [{ width: 10 }, "A picture's width of 10 is not possible."],
  [{ height: Number.NaN }, "A picture's height of NaN is not possible."],
])("%j is refused in words", async (options, message) => {
  await expect(madeResult().toSVG(options)).rejects.toThrow(message);
});

test("the page has everything, escaped, and may load and run nothing", async () => {
  const chart = { ...BARS, title: HOSTILE, bars: [{ name: HOSTILE, value: 12345 }] };
  const file = join(folder, "report.html");
  const written = await madeResult(chart, HOSTILE).write(file);
  const page = readFileSync(file, "utf8");
  expect(written).toEqual({ file, format: "html", bytes: Buffer.byteLength(page) });
  expect(page).not.toMatch(/<script|\son\w+=|@import|url\(/i);
  expect(page).not.toContain("\u001b");
  expect(page.match(/&lt;script&gt;/g)!.length).toBeGreaterThan(5);
  expect(page).toContain(
    `http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;`.replaceAll("&#39;", "'"),
  );
  for (const part of [
    "12,345",
    "Each amplitude_id is one user.",
    "Amplitude merges users",
    "9007199254740993",
    "FROM events",
  ]) {
    expect(page).toContain(part);
  }
  expect(page).toContain('<a href="https://amplitude.com/docs/');
  expect(page).not.toContain('href="javascript:');
  expect(page).toContain("prefers-color-scheme:dark");
});

test("rows as CSV and JSON", async () => {
  const csv = join(folder, "rows.csv");
  await madeResult(BARS, '=1+"2"').write(csv, { escapeFormulas: true });
  expect(readFileSync(csv, "utf8")).toBe(
    [
      "time,country,start,users,rate",
      `2026-11-01,"'=1+""2""",2026-11-01 00:00:00.000000,4200,0.25`,
      '2026-11-02,"",2026-11-02 00:00:00.000000,4800,',
      "2026-11-03,,2026-11-03 00:00:00.000000,9007199254740993,nan\n",
    ].join("\n"),
  );
  const json = join(folder, "rows.json");
  await madeResult().write(json);
  expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject([
    { time: "2026-11-01", users: 4200, rate: 0.25 },
    { country: "", rate: null },
    { country: null, users: "9007199254740993" },
  ]);
});

test("as Markdown no name ends its block or begins a tag", async () => {
  const file = join(folder, "report.md");
  await madeResult(BARS, "```\n<b>").write(file);
  const text = readFileSync(file, "utf8");
  expect(text).toContain("# Orders by country\n\n```text\nOrders by country\n");
  expect(text).toContain("````sql\n");
  expect(text).toContain("(\\`\\`\\` \\<b\\>)");
});

test("a PNG is twice as large as the picture, and not empty", async () => {
  const file = join(folder, "picture.png");
  await madeResult(BARS).write(file, { width: 400 });
  const bytes = readFileSync(file);
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  expect(bytes.readUInt32BE(16)).toBe(800);
  expect(bytes.length).toBeGreaterThan(5000);
});

test("without fonts a PNG is refused: it would have no words", async () => {
  const svg = await madeResult(BARS).toSVG();
  await expect(svgToPng(svg, { loadSystemFonts: false })).rejects.toThrow("This machine has no fonts");
});

test("a file is whole or not there, and says why it is not", async () => {
  const result = madeResult(BARS);
  const there = join(folder, "old.svg");
  writeFileSync(there, "old");
  await expect(result.write(there, { width: 1 })).rejects.toThrow(UsageError);
  expect(readFileSync(there, "utf8")).toBe("old");
  await result.write(there);
  expect(readFileSync(there, "utf8")).toMatch(/^<svg .*<\/svg>\n$/);
  await expect(result.write(join(folder, "no/where.svg"))).rejects.toThrow("does not exist");
  await expect(result.write(join(folder, "chart.pdf"))).rejects.toThrow(
    /The format of .*chart.pdf is unknown/,
  );
  await expect(result.write(folder)).rejects.toThrow(UsageError);
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});
