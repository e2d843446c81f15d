import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { PULL } from "../../src/cli/tree/bring.js";
import { type Emulator, type EmulatorOptions, parseFault, startEmulator } from "../../src/index.js";
import { ampframe, emptyFolder, type Ran, type RunOptions } from "./run.js";

const KEYS = { AMPLITUDE_API_KEY: "canary-api-7f3a91", AMPLITUDE_SECRET_KEY: "canary-secret-b20c44" };
const CANARIES = [
  ...Object.values(KEYS),
  Buffer.from(Object.values(KEYS).join(":")).toString("base64"),
  Buffer.from(KEYS.AMPLITUDE_SECRET_KEY).toString("base64").replace(/=+$/, ""),
];
const RANGE = ["--last", "24h"];

let emulator: Emulator | undefined;
afterEach(async () => {
  await emulator?.close();
  emulator = undefined;
});

/** An emulator of a few hundred events, and a way to pull from it into `lake`. */
async function setUp(options: EmulatorOptions = {}) {
  const running = await startEmulator({
    eventsPerDay: 300,
    days: 2,
    apiKey: KEYS.AMPLITUDE_API_KEY,
    secretKey: KEYS.AMPLITUDE_SECRET_KEY,
    ...options,
  });
  emulator = running;
  const lake = join(emptyFolder(), "lake");
  const pull = (args: readonly string[], more: RunOptions = {}): Promise<Ran> =>
    ampframe(["pull", "--endpoint", running.url, "--lake", lake, ...args], {
      ...more,
      env: { ...KEYS, ...more.env },
    });
  return { emulator: running, lake, pull };
}

function expectNoCanary(ran: Ran): void {
  for (const canary of CANARIES) expect(ran.stdout + ran.stderr).not.toContain(canary);
}

test("--json prints one object with the documented keys, and a second pull asks for nothing", async () => {
  const { emulator, pull } = await setUp();
  const first = await pull([...RANGE, "--json"]);
  expect(first).toMatchObject({ status: 0, stderr: "" });
  const report = JSON.parse(first.stdout);
  expect(Object.keys(report).sort()).toEqual(Object.keys(PULL.json ?? {}).sort());
  expect(report.lines).toBe(report.loaded + report.quarantined + report.blank);
  expect(report).toMatchObject({ hours: 24, refused: [] });
  expect(report.loaded).toBeGreaterThan(50);
  const asked = emulator.requests.length;
  const second = await pull([...RANGE, "--json"]);
  expect(JSON.parse(second.stdout)).toMatchObject({ hours: 0, requests: 0 });
  expect(emulator.requests).toHaveLength(asked);
});

test("without --json stdout stays empty and stderr has one line; --quiet leaves both empty", async () => {
  const { pull } = await setUp();
  const talking = await pull(RANGE);
  expect(talking).toMatchObject({ status: 0, stdout: "" });
  expect(talking.stderr).toMatch(/^pulled 24 hours.*, \d+ events into .*\n$/);
  expect(await pull(["--last", "30h", "--quiet"])).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("--dry-run prints the plan and asks for nothing", async () => {
  const { emulator, lake, pull } = await setUp();
  const plan = await pull([...RANGE, "--dry-run", "--json"]);
  expect(plan).toMatchObject({ status: 0, stderr: "" });
  expect(JSON.parse(plan.stdout)).toMatchObject({ hours: 24, held: 0 });
  expect((await pull([...RANGE, "--dry-run"])).stdout).toMatch(
    /missing {3}24 hours\n\n\d requests? would be made:\n/,
  );
  expect(emulator.requests).toEqual([]);
  expect(() => readdirSync(lake)).toThrow(/ENOENT/);
});

test("wrong keys end with status 2 and are shown nowhere, not even with --debug and --log-file", async () => {
  const { lake, pull } = await setUp({ secretKey: "another-secret" });
  const log = join(emptyFolder(), "pull.log");
  const ran = await pull([...RANGE, "--debug", "--log-file", log]);
  expect(ran).toMatchObject({ status: 2, stdout: "" });
  expect(ran.stderr).toMatch(/^error: .*(key|403)/);
  expect(ran.stderr).toContain("    at ");
  expectNoCanary(ran);
  const written = readdirSync(lake, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
  const all = [...written, readFileSync(log, "utf8")].join("\n");
  for (const canary of CANARIES) expect(all).not.toContain(canary);
});

test("a pull that worked leaves no key in the lake or the log, whose lines are JSON with a time", async () => {
  const { lake, pull } = await setUp({ faults: [parseFault("503:retry-after=0")] });
  const log = join(emptyFolder(), "pull.log");
  expectNoCanary(await pull([...RANGE, "--log-file", log, "--keep-archives"]));
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(JSON.parse(line).time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  const files = readdirSync(lake, { recursive: true, encoding: "utf8", withFileTypes: true });
  expect(files.some(({ name }) => name.endsWith(".zip"))).toBe(true);
  for (const file of files.filter((entry) => entry.isFile())) {
    const bytes = readFileSync(join(file.parentPath, file.name), "latin1");
    for (const canary of CANARIES) expect(bytes).not.toContain(canary);
  }
});

test("a refused hour ends with status 1, says why and the way out, and all other hours are brought", async () => {
  const { emulator, pull } = await setUp();
  const hour = emulator.hours()?.to;
  emulator.inject(parseFault(`too-large:hour=${hour},times=forever`));
  const ran = await pull([...RANGE, "--json"]);
  expect(ran.status).toBe(1);
  expect(JSON.parse(ran.stdout)).toMatchObject({ refused: [{ what: hour }] });
  expect(ran.stderr).toMatch(new RegExp(`^warning: refused ${hour}: .*4 GB.*S3`));
  expect(JSON.parse(ran.stdout).hours).toBeGreaterThanOrEqual(23);
});

test("a wrong range is wrong use", async () => {
  const { pull } = await setUp();
  for (const args of [
    ["--last", "7x"],
    ["--from", "2026-13-01"],
    ["--last", "7d", "--from", "2026-11-01"],
  ]) {
    expect(await pull(args)).toMatchObject({ status: 2, stdout: "" });
  }
});

test.skipIf(process.platform === "win32")(
  "Ctrl-C ends with status 130, and the next pull goes on",
  async () => {
    const { pull } = await setUp({ faults: [parseFault("stall:at=headers,request=2")] });
    const ended = await pull(["--last", "40h", "--concurrency", "1"], {
      onStart: (child) => {
        const waiting = setInterval(() => {
          if ((emulator?.requests.length ?? 0) < 2) return;
          clearInterval(waiting);
          child.kill("SIGINT");
        }, 20);
      },
    });
    expect(ended).toMatchObject({ status: 130, stdout: "" });
    expect(ended.stderr).toContain("Ending cleanly");
    const next = await pull(["--last", "40h", "--json"]);
    expect(next.status).toBe(0);
    expect(JSON.parse(next.stdout).hours).toBeGreaterThan(0);
  },
);
