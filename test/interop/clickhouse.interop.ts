import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { funnel, type Lake, openLake, writeLake } from "../../src/index.js";
import { hour } from "../emulator/emulated.js";
import { prepareDeltaRs, runPython } from "./python.js";

const STEPS = ["Product Viewed", "Product Added", "Checkout Started", "Order Completed", "Order Shipped"];

let room: string;
let lake: Lake;

beforeAll(async () => {
  await prepareDeltaRs();
  room = await mkdtemp(join(tmpdir(), "interop-"));
  const shop = { end: hour("2026-11-22T20"), days: 8, eventsPerDay: 5_000, users: 1_500, seed: 5 };
  await writeLake({ ...shop, lake: join(room, "lake") });
  lake = await openLake(join(room, "lake"));
  const events = await lake.query(
    "SELECT amplitude_id, epoch_us(event_time) // 1000000, event_type FROM events WHERE event_time IS NOT NULL",
  );
  const lines: string[] = [];
  for await (const row of events.rows()) lines.push(Object.values(row).join("\t"));
  await writeFile(join(room, "events.tsv"), `${lines.join("\n")}\n`);
});

afterAll(async () => {
  await lake.close();
  await rm(room, { recursive: true, force: true });
});

/** ClickHouse's windowFunnel means the same where steps are different event types, by the second. */
test.each(["30s", "15m", "6h", "1d", "2w"])("windowFunnel of ClickHouse counts the same within %s", async (window) => {
  const seconds = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }[window.at(-1) ?? ""] ?? 0;
  const [from, until] = ["2026-11-16", "2026-11-21"];
  const inRange = `t >= toUnixTimestamp('${from}', 'UTC') AND t < toUnixTimestamp('${until}', 'UTC')`;
  const conditions = STEPS.map((step, i) => `event = '${step}'${i === 0 ? ` AND ${inRange}` : ""}`);
  const sql = `SELECT ${STEPS.map((_, i) => `countIf(level > ${i})`).join(", ")} FROM (
    SELECT windowFunnel(${Number.parseInt(window, 10) * seconds})(toUInt32(t), ${conditions.join(", ")}) AS level
    FROM file('events.tsv', TSV, 'id Int64, t Int64, event String') GROUP BY id)`;
  const printed = await runPython(`import chdb\nprint(chdb.query(${JSON.stringify(sql)}, 'CSV'))`, room);
  const found = await funnel(lake, STEPS, { from, to: "2026-11-20", window });
  const users = found.rows.map((row) => row.users);
  expect(users).toEqual(printed.trim().split(",").map(Number));
  expect(users[0]).toBeGreaterThan(300);
  expect(users[1]).toBeGreaterThan(10);
}); // biome-ignore format: short enough
