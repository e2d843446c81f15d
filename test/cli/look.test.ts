import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXPORT, SQL, STATUS, VERIFY } from "../../src/cli/tree/look.js";
import { emptyFolder, type RunOptions } from "./run.js";
import { ampframeHere as ampframe } from "./run-here.js";

const MAIN = join(import.meta.dirname, "../../dist/main.js");
let cwd = "";

beforeAll(async () => {
  cwd = emptyFolder("keep");
  const lines = Array.from({ length: 200 }, (_, i) => {
    const at = `2026-11-16 0${i % 4}:00:00.00000${i % 10}`;
    const event_type = i % 3 === 0 ? "Order" : "Page, Viewed";
    return JSON.stringify({
      uuid: `u${i}`,
      event_type,
      user_id: `p${i % 7}`,
      app: 1,
      event_time: at,
      server_upload_time: at,
      event_properties: { price: i / 2 },
    });
  });
  writeFileSync(join(cwd, "a.json"), lines.join("\n"));
  expect(await ampframe(["load", "a.json"], { cwd })).toMatchObject({ status: 0 });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const look = (args: readonly string[], options: RunOptions = {}) => ampframe(args, { cwd, ...options });

test("status shows a calendar, and --json the documented keys", async () => {
  const text = await look(["status"]);
  expect(text).toMatchObject({ status: 0, stderr: "" });
  expect(text.stdout).toMatch(/2026-11-16 {2}▒▒▒▒ +200\n {2}▒ 4 loaded from files\n/);
  const json = await look(["status", "--json"]);
  const found = JSON.parse(json.stdout);
  expect(Object.keys(found).sort()).toEqual(Object.keys(STATUS.json ?? {}).sort());
  expect(found).toMatchObject({ rows: 200, sources: [{ counts: { loaded: 4 } }] });
});

test("AMPFRAME_LAKE names the lake, --lake outranks it, and where there is none that is said", async () => {
  const elsewhere = emptyFolder();
  const env = { AMPFRAME_LAKE: join(cwd, "amplitude") };
  expect(await look(["status"], { cwd: elsewhere, env })).toMatchObject({ status: 0 });
  const none = await look(["status", "--lake", "none"], { cwd: elsewhere, env });
  expect(none).toMatchObject({ status: 1, stdout: "" });
  expect(none.stderr).toMatch(/no lake at .*none.*\n.*ampframe pull/);
});

test("verify proves the lake, and ends with status 3 where a byte of it was changed", async () => {
  const whole = await look(["verify", "--json"]);
  expect(whole).toMatchObject({ status: 0, stderr: "" });
  expect(Object.keys(JSON.parse(whole.stdout)).sort()).toEqual(Object.keys(VERIFY.json ?? {}).sort());
  expect((await look(["verify"])).stdout).toMatch(/^✓ \.\/amplitude is as its accounts say {2}200 events/);
  expect(await look(["verify", "--quiet"])).toEqual({ status: 0, stdout: "", stderr: "" });

  const lake = join(cwd, "amplitude");
  const part =
    readdirSync(lake, { recursive: true, encoding: "utf8" }).find((name) => name.endsWith(".parquet")) ?? "";
  const bytes = readFileSync(join(lake, part));
  const changed = Buffer.from(bytes);
  changed[100] = (changed[100] ?? 0) ^ 1;
  try {
    writeFileSync(join(lake, part), changed);
    const broken = await look(["verify", "--quiet"]);
    expect(broken).toMatchObject({ status: 3, stderr: "" });
    expect(broken.stdout).toContain("SHA-256");
  } finally {
    writeFileSync(join(lake, part), bytes);
  }
});

test("sql prints a table with all rows and columns where stdout is no terminal", async () => {
  const ran = await look(["sql", "SELECT * FROM events ORDER BY uuid"]);
  expect(ran).toMatchObject({ status: 0, stderr: "" });
  expect(ran.stdout.split("\n").filter((line) => /\bu\d+\b/.test(line))).toHaveLength(200);
  expect(ran.stdout).toMatch(/200 rows × 57 columns\n$/);
});

test("sql reads the query from stdin and writes every format", async () => {
  const input =
    "SELECT event_type, count(*) AS n, 9007199254740993 AS big FROM events GROUP BY ALL ORDER BY n;\n";
  const csv = await look(["sql", "--format", "csv"], { input });
  expect(csv.stdout).toBe(
    'event_type,n,big\nOrder,67,9007199254740993\n"Page, Viewed",133,9007199254740993\n',
  );
  const ndjson = await look(["sql", "--format", "ndjson"], { input });
  expect(ndjson.stdout.split("\n")[0]).toBe('{"event_type":"Order","n":67,"big":9007199254740993}');
  expect(JSON.parse((await look(["sql", "--format", "json"], { input })).stdout)).toHaveLength(2);
  const object = await look(["sql", "--json"], { input });
  expect(Object.keys(JSON.parse(object.stdout))).toEqual(Object.keys(SQL.json ?? {}));
  expect(JSON.parse(object.stdout)).toMatchObject({ columns: ["event_type", "n", "big"], rowCount: 2 });
  const parquet = await look(["sql", "-o", "answer.parquet"], { input });
  expect(parquet).toMatchObject({ status: 0, stdout: "" });
  expect(readFileSync(join(cwd, "answer.parquet")).subarray(0, 4).toString()).toBe("PAR1");
});

test("of several statements each runs once, in any format, and the last one's rows are written", async () => {
  const input =
    "CREATE TEMP TABLE t AS SELECT 'a;b' AS x FROM range(1500); -- so many;\nSELECT count(*) AS n FROM t;";
  expect((await look(["sql", "--format", "csv"], { input })).stdout).toBe("n\n1500\n");
  const all = await look(["sql", "CREATE TABLE t AS SELECT 7 AS x FROM range(1500); SELECT x FROM t"]);
  expect(all).toMatchObject({ status: 0, stderr: "" });
  expect(all.stdout).toMatch(/1,500 rows × 1 column\n$/);
  const variable = await look(["sql", "SET VARIABLE a = 3; SELECT getvariable('a') AS a"]);
  expect(variable.stdout).toMatch(/a\nint32\n +3\n/);
  const broken = await look(["sql", "SELEC 1; SELECT 2"]);
  expect(broken).toMatchObject({ status: 1, stdout: "" });
  expect(await look(["sql", "-- nothing"])).toMatchObject({ status: 2, stdout: "" });
});

test.each([
  [["sql", "SELEC 1"], 1, "syntax error"],
  [["sql", "SELECT event_tipe FROM events"], 1, "event_type"],
  [["sql", "  "], 2, "empty"],
  [["sql", "--json", "--format", "csv", "SELECT 1"], 2, "both say"],
  [["sql", "-o", "x.txt", "SELECT 1"], 2, "x.txt"],
  [["export"], 2, "neither a file"],
  [["export", "-o", "x.csv", "--columns", "user_di"], 2, "user_id"],
  [["export", "-o", "x.csv", "--from", "2026-13-40"], 2, "2026-13-40"],
  [["export", "-o", "x.csv", "--time-zone", "Europe/Berlim"], 2, "Europe/Berlin"],
  [["export", "-o", "x.csv", "--last", "7 days"], 2, "7d"],
])("%j ends with status %i and says %s", async (args, status, words) => {
  const ran = await look(args);
  expect(ran).toMatchObject({ status, stdout: "" });
  expect(ran.stderr).toContain(words);
});

test("export takes properties, by name or all", async () => {
  const csv = [
    "export",
    "-o",
    "-",
    "--format",
    "csv",
    "--columns",
    "uuid",
    "--where",
    "uuid = 'u3'",
    "--properties",
  ];
  expect(await look([...csv, "price"])).toMatchObject({ status: 0, stdout: "uuid,price\nu3,1.5\n" });
  expect(await look([...csv, "all"])).toMatchObject({
    status: 0,
    stdout: "uuid,event_properties.price\nu3,1.5\n",
  });
  expect(await look([...csv, "prise"])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('"price"'),
  });
});

test("export takes days of a time zone", async () => {
  const night = [
    "--from",
    "2026-11-15",
    "--to",
    "2026-11-15",
    "--time-zone",
    "America/New_York",
    "--format",
    "ndjson",
  ];
  const ran = await look(["export", "-o", "-", "--columns", "uuid", ...night]);
  expect(ran.stdout.trim().split("\n")).toHaveLength(200);
});

test.each([
  ["rows.xlsx", "PK"],
  ["rows.duckdb", "DUCK"],
  ["rows.sqlite", "SQLite format 3"],
])("sql and export write %s", async (file, mark) => {
  expect(await look(["sql", "-o", file, "SELECT uuid FROM events"])).toMatchObject({ status: 0, stdout: "" });
  expect(readFileSync(join(cwd, file)).subarray(0, 20).toString("latin1")).toContain(mark);
  const exported = await look(["export", "-o", file, "--json"]);
  expect(JSON.parse(exported.stdout)).toMatchObject({ file, rows: 200, files: 1 });
});

test("export --partition-by writes a folder, and says how many files are in it", async () => {
  const ran = await look(["export", "-o", "parts/", "--partition-by", "day,event_type", "--json"]);
  expect(JSON.parse(ran.stdout)).toMatchObject({ file: "parts/", format: "parquet", rows: 200, files: 2 });
  expect(readdirSync(join(cwd, "parts/day=2026-11-16")).sort()).toEqual([
    "event_type=Order",
    "event_type=Page%2C%20Viewed",
  ]);
  const again = await look(["export", "-o", "parts/", "--partition-by", "day"]);
  expect(again).toMatchObject({ status: 2, stdout: "" });
  expect(again.stderr).toContain("not empty");
});

test("export writes the selection; --json describes it; - is stdout", async () => {
  const some = ["--events", "Page\\, Viewed", "--columns", "uuid,event_type", "--to", "2026-11-16T00"];
  const file = await look(["export", "-o", "some.csv", ...some, "--json"]);
  expect(file).toMatchObject({ status: 0, stderr: "" });
  const written = JSON.parse(file.stdout);
  expect(Object.keys(written)).toEqual(Object.keys(EXPORT.json ?? {}));
  const text = readFileSync(join(cwd, "some.csv"), "utf8");
  expect(written).toMatchObject({ file: "some.csv", format: "csv", rows: 33, bytes: text.length });
  const piped = await look(["export", "-o", "-", "--format", "csv", ...some]);
  expect(piped).toEqual({ status: 0, stdout: text, stderr: "" });
});

test("export warns of an event type that no event has, and writes what there is", async () => {
  const ran = await look(["export", "-o", "-", "--format", "csv", "--columns", "uuid", "--events", "Orders"]);
  const warning = 'warning: No event of type "Orders" was found. Did you mean "Order"?\n';
  expect(ran).toEqual({ status: 0, stdout: "uuid\n", stderr: warning });
});

test.skipIf(process.platform === "win32")("a reader that leaves early is no error", () => {
  const line = `"${process.execPath}" "${MAIN}" sql --format ndjson "SELECT * FROM range(3000000)" | head -1; echo "\${PIPESTATUS[0]}"`;
  const ran = spawnSync("bash", ["-c", line], { cwd, encoding: "utf8" });
  expect(ran).toMatchObject({ stdout: '{"range":0}\n0\n', stderr: "" });
});
