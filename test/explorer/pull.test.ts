import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { PullState } from "../../src/explorer/api.js";
import { type Emulator, pull, startEmulator, writeLake } from "../../src/index.js";
import { type Opened, openExplorer } from "./start.js";

const SECRET = "5ecre7-canary-0123456789abcdef";
const folder = mkdtempSync(join(tmpdir(), "ampframe-explorer-pull-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function withExplorer(
  name: string,
  use: (explorer: Opened, emulator: Emulator) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator({ days: 1, eventsPerDay: 300, secretKey: SECRET });
  const lake = join(folder, name);
  const { apiKey, secretKey, url: endpoint } = emulator;
  const options = { lake, credentials: { apiKey, secretKey }, endpoint };
  await pull({ ...options, last: "12h" });
  const explorer = await openExplorer({ lake, pull: (how) => pull({ ...options, last: "22h", ...how }) });
  try {
    await use(explorer, emulator);
  } finally {
    await explorer.close();
    await emulator.close();
  }
}

async function ended(explorer: Opened): Promise<{ last: PullState; seen: PullState[] }> {
  const seen: PullState[] = [];
  for (let i = 0; i < 600; i++) {
    const state = await explorer.ask("pull-state", {});
    seen.push(state);
    if (state.state !== "running") return { last: state, seen };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("The pull did not end.");
}

test("a pull brings what is missing, and the page sees it", async () => {
  await withExplorer("brings", async (explorer) => {
    const before = await explorer.ask("lake", {});
    expect(before.canPull).toBe(true);
    expect(await explorer.ask("pull-state", {})).toMatchObject({ state: "idle" });
    expect(await explorer.ask("pull", {})).toMatchObject({ state: "running" });
    const { last } = await ended(explorer);
    expect(last).toMatchObject({ state: "done" });
    const after = await explorer.ask("lake", {});
    expect(after.events - before.events).toBe(last.events);
    expect(after.events).toBeGreaterThan(before.events);
    expect(after.version).toBeGreaterThan(before.version);
    const { rows } = await explorer.ask("query", { sql: "SELECT count(*) FROM events" });
    expect(rows).toEqual([[after.events]]);
  });
});

test("a pull that cannot go on says why, and never the keys", async () => {
  await withExplorer("fails", async (explorer, emulator) => {
    emulator.inject({ fault: { kind: "status", status: 403 }, times: Number.POSITIVE_INFINITY });
    await explorer.ask("pull", {});
    const { last, seen } = await ended(explorer);
    expect(last.state).toBe("failed");
    expect(last.wayOut).toBeTruthy();
    expect(JSON.stringify(seen)).not.toContain(SECRET);
    expect(JSON.stringify(seen)).not.toContain(Buffer.from(`demo-api-key:${SECRET}`).toString("base64"));
  });
  const texts = readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
  expect(texts.length).toBeGreaterThan(5);
  expect(texts.some((text) => text.includes(SECRET))).toBe(false);
});

test("a pull is stopped on demand, and there is one at a time", async () => {
  await withExplorer("stops", async (explorer, emulator) => {
    emulator.inject({ fault: { kind: "delay", ms: 20_000 }, times: Number.POSITIVE_INFINITY });
    await explorer.ask("pull", {});
    expect(await explorer.ask("pull", {})).toMatchObject({ state: "running" });
    expect(await explorer.ask("stop-pull", {})).toMatchObject({ state: "stopped" });
    expect(emulator.requests.length).toBeLessThan(4);
  });
});

test("without keys nothing is pulled", async () => {
  const lake = join(folder, "none");
  await writeLake({ lake, days: 1, eventsPerDay: 100 });
  const explorer = await openExplorer({ lake });
  try {
    expect(await explorer.fault("pull", {})).toMatchObject({ status: 409 });
    expect(await explorer.ask("stop-pull", {})).toMatchObject({ state: "idle" });
  } finally {
    await explorer.close();
  }
});
