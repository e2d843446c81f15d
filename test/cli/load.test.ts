import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { limitsIn } from "../../src/cli/limits.js";
import { LOAD } from "../../src/cli/tree/bring.js";
import { LIMIT } from "../../src/cli/tree/options.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { buildZip } from "../archive/build-zip.js";
import { ampframe, emptyFolder } from "./run.js";

function event(uuid: string): string {
  const server_upload_time = "2026-11-16 05:00:01.000000";
  return JSON.stringify({
    uuid,
    event_type: "Order",
    app: 1,
    server_upload_time,
    event_time: server_upload_time,
  });
}

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = emptyFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

test("--json prints one object with the documented keys; the same bytes again change nothing", async () => {
  const cwd = folderWith({
    "a.json.gz": gzipSync(`${event("u1")}\n${event("u2")}\n`),
    "b.json": `${event("u2")}\n\n`,
  });
  const first = await ampframe(["load", ".", "--json"], { cwd });
  expect(first).toMatchObject({ status: 0, stderr: "" });
  const report = JSON.parse(first.stdout);
  expect(Object.keys(report).sort()).toEqual(Object.keys(LOAD.json ?? {}).sort());
  expect(report).toMatchObject({ lines: 4, loaded: 3, blank: 1, quarantined: 0, duplicates: 1, members: 2 });
  const again = await ampframe(["load", "a.json.gz", "b.json", "--json"], { cwd });
  expect(JSON.parse(again.stdout)).toMatchObject({ loaded: 0 });
  expect(JSON.parse(again.stdout).alreadyLoaded).toHaveLength(2);
});

test("quarantined lines are a warning with status 0, and with --strict status 3", async () => {
  const cwd = folderWith({ "a.json": `${event("u1")}\n{"no":"event"}\n` });
  const lax = await ampframe(["load", "a.json", "--lake", "lax"], { cwd });
  expect(lax).toMatchObject({ status: 0, stdout: "" });
  expect(lax.stderr).toMatch(
    /1 line quarantined.*\nwarning: 1 line could not be read: see lax\/_ampframe\/quarantine\/\n$/,
  );
  const strict = await ampframe(["load", "a.json", "--lake", "strict", "--strict", "--quiet"], { cwd });
  expect(strict).toMatchObject({ status: 3, stdout: "" });
  expect(strict.stderr).toMatch(/^warning: 1 line could not be read/);
});

test("a damaged file is refused with status 3, and the others are loaded", async () => {
  const whole = gzipSync(`${event("u1")}\n`);
  const cwd = folderWith({ "cut.json.gz": whole.subarray(0, -4), "whole.json": `${event("u2")}\n` });
  const ran = await ampframe(["load", ".", "--json"], { cwd });
  expect(ran.status).toBe(3);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    loaded: 1,
    refused: [{ what: expect.stringContaining("cut.json.gz") }],
  });
  expect(ran.stderr).toMatch(/^warning: refused .*cut\.json\.gz/);
});

test.each([
  [["load", "none.zip"], "none.zip"],
  [["load", ".", "--complete", "2026-11-16"], "two dots"],
  [["load", ".", "--complete", "2026-11-17..2026-11-16"], "no range of upload hours"],
])("%j is wrong use", async (args, words) => {
  const ran = await ampframe(args);
  expect(ran).toMatchObject({ status: 2, stdout: "" });
  expect(ran.stderr).toContain(words);
});

test("--complete makes hours held", async () => {
  const cwd = folderWith({ "a.json": `${event("u1")}\n` });
  await ampframe(["load", "a.json", "--complete", "2026-11-16T04..2026-11-16T06"], { cwd });
  const { stdout } = await ampframe(["status", "--json"], { cwd });
  const [source] = JSON.parse(stdout).sources;
  expect(source.counts).toMatchObject({ held: 1, empty: 2, loaded: 0 });
});

test("a file that passes a limit is refused with the option, which takes it; the limits of the help are the real ones", async () => {
  const blank = gzipSync("\n".repeat(3_000_000));
  const zip = buildZip(["a", "b"].map((name) => ({ name: `${name}.json.gz`, data: blank })));
  const cwd = folderWith({ "two.zip": zip, "good.json": event("u1") });
  const refused = await ampframe(["load", ".", "--limit", "total=5MB"], { cwd });
  expect(refused.status).toBe(3);
  expect(refused.stderr).toMatch(/two\.zip: it holds at least \d+ bytes of NDJSON, the limit is 5000000\./);
  expect(refused.stderr).toContain("--limit total=SIZE");
  expect(refused.stderr).toContain("loaded 1 hour, 1 event");
  const line = `{"uuid":"long","x":"${"x".repeat(700_000)}"}`;
  const long = folderWith({ "long.json": `${event("u1")}\n${line}\n${line}\n` });
  const tooLong = await ampframe(["load", "long.json", "--limit", "line=0.3MB"], { cwd: long });
  expect(tooLong.stderr).toMatch(
    /refused long\.json: long\.json: line 2 has at least \d+ bytes, the limit is 300000\./,
  );
  const given = ["--limit", "total=6 MB", "--limit", "line=256MB", "--limit", "nesting=2000"];
  expect(await ampframe(["load", ".", ...given], { cwd })).toMatchObject({ status: 0 });
  const said = (LIMIT.byDefault ?? "").split(", ");
  expect(limitsIn(said)).toEqual(DEFAULT_LIMITS);
});

test.each([
  [["--limit", "lines=5"], /`lines=5`, which does not set a limit[\s\S]*entries, member, total/],
  [["--limit", "line"], /does not set a limit/],
  [["--limit", "line=long"], /--limit line was given `long`\.\nGive a size/],
  [["--limit", "nesting=1e3"], /Give a whole number/],
  [["--limit", "nesting=3000"], /The limit nesting is 3000; a whole number from 1 to 2000 was expected/],
])("%j is wrong use", async (options, words) => {
  const cwd = folderWith({ "a.json": event("u1") });
  const ran = await ampframe(["load", "a.json", ...options], { cwd });
  expect(ran.status).toBe(2);
  expect(ran.stderr).toMatch(words);
  expect(readdirSync(cwd)).toEqual(["a.json"]);
});

test("without room on the disk nothing is read", async () => {
  const cwd = folderWith({ "a.json": event("u1") });
  const ran = await ampframe(["load", "a.json", "--min-free", "900000TB"], { cwd });
  expect(ran.status).toBe(1);
  expect(ran.stderr).toMatch(/MB free; this needs about 900,000,000,000 MB to load 1 file of 0 MB\./);
  expect(readdirSync(cwd)).toEqual(["a.json"]);
  const full = await ampframe(["load", "a.json", "--limit", "free=900000TB"], { cwd });
  expect(full).toMatchObject({ status: 1, stderr: expect.stringContaining("--limit free=SIZE") });
});
