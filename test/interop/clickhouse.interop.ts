import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { funnel, type Lake, openLake, retention, writeLake } from "../../src/index.js";
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

/**
 * ClickHouse's retention asks whether a user met a first condition and others, whatever their order in time. So it means the
 * same with days of the calendar, one cohort at a time. It knows no intervals that begin with each user (mode `rolling`), and
 * no users of several cohorts together.
 */
test.each(["on", "on or after"] as const)("retention of ClickHouse counts the same: %s", async (method) => {
  const [start, back] = ["Product Viewed", "Order Completed"];
  const dates = ["2026-11-16", "2026-11-17", "2026-11-18"];
  const since = [0, 1, 2, 3];
  const is = method === "on" ? "=" : ">=";
  const queries = dates.map((date) => {
    const conditions = since.map((n) => `event = '${back}' AND day ${is} toDate('${date}') + ${n}`);
    const counts = ["met[1]", ...since.map((n) => `met[${n + 2}]`)].map((one) => `countIf(${one})`);
    return `SELECT ${counts.join(", ")} FROM (
      SELECT retention(event = '${start}' AND day = toDate('${date}'), ${conditions.join(", ")}) AS met
      FROM (SELECT id, toDate(toDateTime(t, 'UTC')) AS day, event FROM file('events.tsv', TSV, 'id Int64, t Int64, event String'))
      GROUP BY id)`;
  });
  const printed = await runPython(
    `import chdb\nfor sql in ${JSON.stringify(queries)}: print(chdb.query(sql, 'CSV'))`,
    room,
  );
  const found = await retention(lake, {
    ...{ start, return: back, method, mode: "calendar", intervals: 3, from: "2026-11-16", to: "2026-11-18" },
  });
  const expected = printed.trim().split(/\n+/).map((line) => line.split(",").map(Number));
  const counted = dates.map((date) => {
    const row = found.rows.filter(({ cohort }) => cohort === date);
    return [row[0]?.users, ...row.map(({ returned }) => returned)];
  });
  expect(counted).toEqual(expected);
  expect(expected[0]![0]).toBeGreaterThan(100);
  expect(expected[0]![1]).toBeGreaterThan(5);
}); // biome-ignore format: short enough
