import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { QUARANTINE } from "../../src/cli/tree/keep.js";
import { emptyFolder } from "./run.js";
import { ampframeHere as ampframe } from "./run-here.js";

async function withLake(lines: readonly (string | Buffer)[]): Promise<string> {
  const cwd = emptyFolder();
  writeFileSync(
    join(cwd, "a.json"),
    Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from("\n")])),
  );
  expect(await ampframe(["load", "a.json", "--quiet"], { cwd })).toMatchObject({ status: 0 });
  return cwd;
}

const at = "2026-11-16 05:00:01.000000";
const good = JSON.stringify({ uuid: "u1", event_type: "Order", server_upload_time: at, event_time: at });

test("the reasons are listed with examples that cannot steer the terminal, and --json has the documented keys", async () => {
  const cwd = await withLake([good, '{"uuid":"x"}', "bad \u001b[2J one", '{"uuid":"y"}']);
  const list = await ampframe(["quarantine", "--examples", "1"], { cwd });
  expect(list).toMatchObject({ status: 0, stderr: "" });
  expect(list.stdout).toBe(
    [
      "3 lines in quarantine in ./amplitude",
      "2 lines  no event_type",
      `  a.json, line 2 (byte ${good.length + 1})`,
      '    {"uuid":"x"}',
      "1 line  not valid JSON",
      `  a.json, line 3 (byte ${good.length + 14})`,
      "    bad \\u001b[2J one",
      "After an update, ampframe quarantine retry loads what can be read then.\n",
    ].join("\n"),
  );
  const json = JSON.parse((await ampframe(["quarantine", "--json"], { cwd })).stdout);
  expect(Object.keys(json).sort()).toEqual(Object.keys(QUARANTINE.json ?? {}).sort());
  const some = await ampframe(["quarantine", "list", "--reason", "event_type", "--export", "out.ndjson"], {
    cwd,
  });
  expect(some).toMatchObject({ status: 0, stderr: "2 lines written to out.ndjson\n" });
  expect(some.stdout).toMatch(/^2 lines whose reason has "event_type" in it in quarantine/);
  expect(readFileSync(join(cwd, "out.ndjson"), "utf8")).toBe('{"uuid":"x"}\n{"uuid":"y"}\n');
});

test("retry says what could be read now", async () => {
  const cwd = await withLake([good, "bad"]);
  const ran = await ampframe(["quarantine", "retry"], { cwd });
  expect(ran).toMatchObject({ status: 0, stdout: "" });
  expect(ran.stderr).toMatch(
    /^! 0 events of 1 line could be read now; in quarantine in \.\/amplitude: 1 line/,
  );
  const json = JSON.parse((await ampframe(["quarantine", "retry", "--json"], { cwd })).stdout);
  expect(Object.keys(json)).toEqual([
    "lake",
    "version",
    "lines",
    "loaded",
    "duplicates",
    "remaining",
    "seconds",
  ]);
  const clean = await ampframe(["quarantine"], { cwd: await withLake([good]) });
  expect(clean.stdout).toBe("✓ No line is in quarantine in ./amplitude\n");
});

test.each([
  [["quarantine", "drop"], "list, retry"],
  [["quarantine", "retry", "--reason", "x"], "for listing"],
  [["quarantine", "--examples", "x"], "whole number"],
])("%j is wrong use", async (args, words) => {
  const ran = await ampframe(args);
  expect(ran).toMatchObject({ status: 2, stdout: "" });
  expect(ran.stderr).toContain(words);
});
