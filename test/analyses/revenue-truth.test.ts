import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engagement } from "../../src/analyses/engagement.js";
import { lifetimeValue } from "../../src/analyses/lifetime-value.js";
import { revenue } from "../../src/analyses/revenue.js";
import { resolveShop } from "../../src/emulator/shop/shop.js";
import { tellTruth } from "../../src/emulator/shop/truth.js";
import type { Lake } from "../../src/frame/lake.js";

import { openLake } from "../../src/pipeline/open-lake.js";
import { writeLake } from "../../src/pipeline/write-lake.js";
import { hour } from "../emulator/emulated.js";

const options = { end: hour("2026-11-22T20"), days: 4, eventsPerDay: 2_000, users: 800, seed: 3 };
const truth = tellTruth(resolveShop(options));
const identity = { merges: truth.merges };

let dir: string;
let lake: Lake;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "ampframe-"));
  await writeLake({ ...options, lake: dir });
  lake = await openLake(dir);
}, 60_000);

afterAll(async () => {
  await lake.close();
  await rm(dir, { recursive: true });
});

test("revenue and lifetime value are what the shop took", async () => {
  const cents = (amounts: readonly number[]) => Math.round(amounts.reduce((sum, one) => sum + one, 0) * 100);
  const all = { from: "2026-01-01", to: "2027-01-01", identity };
  const { rows } = await revenue(lake, all);
  expect(cents(rows.map((row) => row.revenue))).toBe(truth.revenueCents);
  expect(truth.revenueCents).toBeGreaterThan(0);
  const value = await lifetimeValue(lake, { ...all, interval: "month", intervals: 12 });
  const last = new Map(value.rows.filter(({ cohort }) => cohort !== null).map((row) => [row.cohort, row]));
  expect(cents([...last.values()].map((row) => row.revenue))).toBe(truth.revenueCents);
  expect([...last.values()].reduce((sum, { users }) => sum + users, 0)).toBe(truth.users);
});

test("engagement has each event of each user once", async () => {
  const [type = "", { events, users } = { events: 0, users: 0 }] = Object.entries(truth.eventTypes)[0] ?? [];
  const { rows } = await engagement(lake, type, { from: "2026-01-01", to: "2027-01-01", identity });
  expect(rows.reduce((sum, row) => sum + row.users, 0)).toBe(users);
  expect(rows.reduce((sum, row) => sum + row.users * row.from, 0)).toBe(events);
});
