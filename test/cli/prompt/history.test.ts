import { appendFileSync, chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { History } from "../../../src/cli/prompt/history.js";
import {
  HistoryFile,
  historyPath,
  LONGEST_ENTRY,
  MOST_ENTRIES,
} from "../../../src/cli/prompt/history-file.js";
import { emptyFolder } from "../run.js";

test("the file stands where the platform keeps state", () => {
  const at = (env: Record<string, string>, platform: NodeJS.Platform) => historyPath(env, platform);
  expect(at({ XDG_STATE_HOME: "/s", HOME: "/h" }, "linux")).toBe(join("/s", "ampframe", "sql_history"));
  expect(at({ XDG_STATE_HOME: "s", HOME: "/h" }, "linux")).toBe(join("/h/.local/state/ampframe/sql_history"));
  expect(at({ HOME: "/h" }, "darwin")).toBe(join("/h/Library/Application Support/ampframe/sql_history"));
  expect(at({ LOCALAPPDATA: "/l" }, "win32")).toBe(join("/l/ampframe/sql_history"));
});

test("entries with line breaks and backslashes survive, for the user's eyes only", async () => {
  const file = new HistoryFile(join(emptyFolder(), "state", "ampframe", "sql_history"));
  expect(await file.read()).toEqual([]);
  const entries = ["SELECT 1\n  -- x\r\n;", "SELECT '\\n', e'\\\\n';", ".mode json"];
  for (const entry of entries) await file.add(entry);
  await file.add("x".repeat(LONGEST_ENTRY + 1));
  expect(await file.read()).toEqual(entries);
  if (process.platform !== "win32") {
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    chmodSync(file.path, 0o644);
    await file.read();
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
  }
});

test("the file is bounded, and keeps the newest", async () => {
  const file = new HistoryFile(join(emptyFolder(), "sql_history"));
  const lines = Array.from({ length: 2 * MOST_ENTRIES + 1 }, (_, i) => `SELECT ${i};\n`);
  writeFileSync(file.path, lines.join(""), { mode: 0o600 });
  const read = await file.read();
  expect(read).toHaveLength(MOST_ENTRIES);
  expect(read.at(-1)).toBe(`SELECT ${2 * MOST_ENTRIES};`);
  expect(readFileSync(file.path, "utf8").split("\n")).toHaveLength(MOST_ENTRIES + 1);
  appendFileSync(file.path, "SELECT 'next';\n");
  expect((await file.read()).at(-1)).toBe("SELECT 'next';");
});

test("readline's list holds whole statements, the newest first, and a repeated one once", async () => {
  const kept: string[] = [];
  const history = new History(["a", "b"], { add: async (entry) => void kept.push(entry) });
  const list = ["line of a statement", "b", "a"];
  history.govern(list);
  expect(list).toEqual(["b", "a"]);
  await history.add("c\nd;");
  await history.add("c\nd;");
  expect(list).toEqual(["c\nd;", "b", "a"]);
  expect(kept).toEqual(["c\nd;"]);
});

test("a file that cannot be written is told once, and the prompt goes on", async () => {
  const folder = join(emptyFolder(), "sql_history");
  mkdirSync(folder);
  const history = new History([], new HistoryFile(folder));
  expect(await history.add("a")).toMatchObject({ code: "EISDIR" });
  expect(await history.add("b")).toBeUndefined();
  expect(history.entries).toEqual(["b", "a"]);
});
