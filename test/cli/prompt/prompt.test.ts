import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ampframe, emptyFolder } from "../run.js";
import { onTerminalOfItsOwn } from "./terminal.js";

const MAIN = join(import.meta.dirname, "../../../dist/main.js");
const PATIENCE_MS = 20_000;
let cwd = "";
const ends: (() => void)[] = [];

beforeAll(async () => {
  cwd = emptyFolder("keep");
  const lines = Array.from({ length: 60 }, (_, i) => {
    const at = `2026-11-1${i % 2} 05:00:00.000000`;
    const event_properties = { plan: i % 3 === 0 ? "pro" : "free" };
    const event_type = i % 3 === 0 ? "Order" : "Page Viewed";
    return JSON.stringify({
      uuid: `u${i}`,
      event_type,
      event_properties,
      app: 1,
      event_time: at,
      server_upload_time: at,
    });
  });
  writeFileSync(join(cwd, "a.json"), lines.join("\n"));
  expect(await ampframe(["load", "a.json"], { cwd })).toMatchObject({ status: 0 });
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** The prompt on a terminal of its own. What `sees` has found is not looked at again. */
function openPrompt(args: readonly string[] = [], env: Record<string, string> = {}) {
  const { PATH = "", HOME = "" } = process.env;
  const state = join(cwd, "state");
  const terminal = onTerminalOfItsOwn([process.execPath, MAIN, "sql", ...args]);
  const child = spawn(terminal.file, terminal.args, {
    cwd,
    env: { PATH, HOME, TERM: "xterm", NO_COLOR: "1", XDG_STATE_HOME: state, ...env },
  });
  ends.push(() => child.kill("SIGKILL"));
  let screen = "";
  let seen = 0;
  let changed = (): void => {};
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    changed();
  });
  const left = new Promise<number | null>((resolve) => child.on("close", resolve));
  const sees = async (wanted: string | RegExp, patience = PATIENCE_MS): Promise<void> => {
    const pattern =
      typeof wanted === "string" ? new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "g") : wanted;
    const until = performance.now() + patience;
    for (;;) {
      pattern.lastIndex = seen;
      const found = pattern.exec(screen);
      if (found) {
        seen = pattern.lastIndex;
        return;
      }
      if (performance.now() > until) throw new Error(`${pattern} did not come after:\n${screen.slice(seen)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const keys = (text: string) => void child.stdin.write(text);
  /** Types `text` and presses Tab until `rest` stands behind it: names are looked up in the background. */
  const completes = async (text: string, rest: string): Promise<void> => {
    keys(text);
    await sees(text);
    for (const last of [false, false, false, true]) {
      keys("\t");
      try {
        return await sees(rest, last ? PATIENCE_MS : 2000);
      } catch (error) {
        if (last) throw error;
      }
    }
  };
  return { keys, sees, completes, left, screen: () => screen, state };
}

const onTerminal = test.skipIf(process.platform === "win32");
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const UP = "\u001b[A";

onTerminal("a query, Tab, Ctrl-C while one runs, .mode json, Ctrl-D", { timeout: 90_000 }, async () => {
  const { keys, sees, completes, left, screen, state } = openPrompt();
  await sees("./amplitude  60 events, uploaded 2026-11-10 to 2026-11-11");
  await sees("ampframe> ");
  keys("SELECT event_type, count(*) AS n\r");
  await sees(".> ");
  keys("FROM events GROUP BY ALL ORDER BY n;\r");
  await sees(/Order +20\r\n[\s\S]*2 rows × 2 columns\r\n\d+ ms\r\n/g);
  await sees("ampframe> ");

  await completes("SELECT count(*) AS pages FROM ev", "ents");
  await completes(" WHERE event_type = 'Pa", "ge Viewed'");
  await completes(" AND (event_properties->>'pl", "an'");
  await completes(") = 'pro' OR event_type LIKE 'Ord", "er'");
  keys(";\r");
  await sees(/pages\r\nint64\r\n +20\r\n/g);

  keys("SELECT count(*) FROM range(1000000000000) WHERE hash(range) = 1;\r");
  await sees("running for");
  keys(CTRL_C);
  await sees("Ended by Ctrl-C.");
  await sees("ampframe> ");

  keys(".mode json\r");
  await sees("mode json\r\n");
  keys("SELECT 1 AS one;\r");
  await sees('[\r\n{"one":1}\r\n]\r\n');
  await sees("ampframe> ");
  keys(CTRL_D);
  expect(await left).toBe(0);
  expect(screen()).not.toContain("Ending cleanly");
  expect(readFileSync(join(state, "ampframe/sql_history"), "utf8")).toMatch(
    /^SELECT event_type, count\(\*\) AS n\\nFROM events GROUP BY ALL ORDER BY n;\nSELECT count[\s\S]*\n\.mode json\nSELECT 1 AS one;\n$/,
  );
  expect(statSync(join(state, "ampframe/sql_history")).mode & 0o777).toBe(0o600);
});

onTerminal(
  "errors are words with a place; Ctrl-C drops what is typed and, twice, leaves",
  { timeout: 90_000 },
  async () => {
    const { keys, sees, left, screen } = openPrompt();
    await sees("ampframe> ");
    keys("SELECT 1,\r   event_tipe FROM events;\r");
    await sees(/error: Binder Error: .*event_tipe[\s\S]*LINE 2: {4}event_tipe FROM events\r\n {11}\^\r\n/g);
    await sees("ampframe> ");
    keys(".mod nothing\r");
    await sees("There is no mode nothing.");
    await sees("ampframe> ");
    keys("SELECT 'half");
    await sees("half");
    keys(CTRL_C);
    await sees("^C\r\n");
    await sees("ampframe> ");
    keys("SELECT 7 AS seven;\r");
    await sees(/seven\r\nint32\r\n +7\r\n/g);
    await sees("ampframe> ");
    keys(CTRL_C);
    await sees("Ctrl-C again, or Ctrl-D, leaves.");
    keys(CTRL_C);
    expect(await left).toBe(0);
    expect(screen()).not.toMatch(/\bat .*\.js:\d+/);
  },
);

onTerminal(
  "what is set lasts, .output and .read use files, and every statement sees the newest commit",
  { timeout: 90_000 },
  async () => {
    const lake = join(emptyFolder(), "lake");
    expect(await ampframe(["load", "a.json", "--lake", lake], { cwd })).toMatchObject({ status: 0 });
    const { keys, sees, left } = openPrompt(["--lake", lake, "--format", "csv"]);
    await sees("ampframe> ");
    keys("CREATE TEMP TABLE t AS SELECT 5 AS five; SET TimeZone = 'Asia/Kolkata';\r");
    await sees("done, 1 row");
    keys("SELECT five, current_setting('TimeZone') AS zone FROM t;\r");
    await sees("five,zone\r\n5,Asia/Kolkata\r\n");
    keys(".output rows.ndjson\r");
    keys("SELECT uuid FROM events ORDER BY uuid;\r");
    await sees(/60 rows, [\d.]+ B in rows\.ndjson/g);
    expect(readFileSync(join(cwd, "rows.ndjson"), "utf8").split("\n")).toHaveLength(61);
    writeFileSync(
      join(cwd, "more.sql"),
      ".limit 2\nSELECT uuid FROM events ORDER BY uuid;\nSELEC;\nSELECT 'never'",
    );
    keys(".read more.sql\r");
    await sees("uuid\r\nu0\r\nu1\r\n2 rows of 60 shown");
    await sees("syntax error");
    await sees("ampframe> ");
    const at = "2026-11-12 05:00:00.000000";
    writeFileSync(
      join(cwd, "b.json"),
      JSON.stringify({ uuid: "late", event_type: "Late", app: 1, event_time: at, server_upload_time: at }),
    );
    expect(await ampframe(["load", "b.json", "--lake", lake], { cwd })).toMatchObject({ status: 0 });
    keys("SELECT count(*) AS n FROM events;\r");
    await sees("n\r\n61\r\n");
    keys(".quit\r");
    expect(await left).toBe(0);
  },
);

onTerminal(
  "typed ahead and recalled: lines wait their turn, and a statement comes back whole",
  { timeout: 90_000 },
  async () => {
    const { keys, sees, left } = openPrompt([], { XDG_STATE_HOME: join(emptyFolder(), "state") });
    await sees("ampframe> ");
    keys("SELECT 'a'\r|| 'b' AS first;\rSELECT 'second' AS s;\r");
    await sees(/first\r\ntext\r\nab\r\n/g);
    await sees("ampframe> SELECT 'second' AS s;");
    await sees(/s\r\ntext\r\nsecond\r\n/g);
    await sees("ampframe> ");
    keys(`${UP}${UP}\r`);
    await sees(/first\r\ntext\r\nab\r\n/g);
    keys(CTRL_D);
    expect(await left).toBe(0);
  },
);

onTerminal("where there is no lake that is said, and no prompt opens", async () => {
  const { left, screen } = openPrompt(["--lake", "none"]);
  expect(await left).toBe(1);
  expect(screen()).toMatch(/error: .*no lake at .*none/);
  expect(screen()).not.toContain("ampframe> ");
  expect(existsSync(join(cwd, "none"))).toBe(false);
});
