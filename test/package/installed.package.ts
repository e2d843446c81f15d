import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");
const MEGABYTE = 1e6;

const EXAMPLE = `
import { type EventRow, isAmpframeError, openLake, pull, startEmulator, verify } from "ampframe";

const emulator = await startEmulator({ days: 3, eventsPerDay: 500 });
const { apiKey, secretKey, url } = emulator;
const report = await pull({ lake: "lake", credentials: { apiKey, secretKey }, endpoint: url, last: "2d" });
await emulator.close();
const lake = await openLake("lake");
const frame = lake.frame({ columns: ["event_time", "event_type", "amplitude_id"] });
const [first] = await frame.head(1);
const type: string | undefined = first?.event_type;
const time: Date | null | undefined = first?.event_time;
const id: EventRow["amplitude_id"] | undefined = first?.amplitude_id;
// @ts-expect-error a column that does not exist is no column
const wrong = () => lake.frame({ columns: ["evnt_time"] });
const { ok } = await verify({ lake: "lake" });
console.log(JSON.stringify({ rows: await frame.count(), loaded: report.loaded - report.duplicates, ok, typed: [typeof type, time instanceof Date, typeof id], own: isAmpframeError(wrong) }));
await lake.close();
`;

let folder: string;
const npm = (...args: string[]) => run("npm", args, { cwd: folder });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ampframe-package-"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: ROOT });
  const [{ filename }] = JSON.parse(stdout);
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "someone", type: "module", private: true }),
  );
  await npm("install", join(folder, filename));
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true }));

test("what npm installs for production is under 150 MB, and holds the decoder", () => {
  const installed = join(folder, "node_modules");
  const bytes = bytesIn(installed);
  console.log(`installed: ${(bytes / MEGABYTE).toFixed(1)} MB`);
  expect(bytes).toBeLessThan(150 * MEGABYTE);
  expect(existsSync(join(installed, "ampframe/dist/decoder.wasm"))).toBe(true);
  expect(existsSync(join(installed, "nodejs-polars"))).toBe(false);
  expect(existsSync(join(installed, "@observablehq"))).toBe(false);
  expect(existsSync(join(installed, "ampframe/dist/THIRD-PARTY-NOTICES.txt"))).toBe(true);
});

test("the library compiles strictly in a project of one's own, and runs", { timeout: 120_000 }, async () => {
  await npm("install", "--save-dev", "typescript@6.0.3", "@types/node@20");
  writeFileSync(join(folder, "example.ts"), EXAMPLE);
  const flags = [
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "--types",
    "node",
    "--skipLibCheck",
    "false",
  ];
  const compiled = await run("npx", ["tsc", ...flags, "example.ts"], { cwd: folder }).catch((error) => error);
  expect(compiled.stdout).toBe("");
  const { stdout } = await run(process.execPath, ["example.js"], { cwd: folder });
  const said = JSON.parse(stdout);
  expect(said).toMatchObject({ ok: true, typed: ["string", true, "bigint"], own: false });
  expect(said.rows).toBe(said.loaded);
  expect(said.rows).toBeGreaterThan(100);
});

test("the command runs from there", async () => {
  const { stdout } = await run("npx", ["ampframe", "--help"], { cwd: folder });
  expect(stdout).toContain("pull");
});

function bytesIn(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
}
