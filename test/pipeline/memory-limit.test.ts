import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLake } from "../../src/pipeline/open-lake.js";
import { writeLake } from "../../src/pipeline/write-lake.js";
import { hour } from "../emulator/emulated.js";

const folder = mkdtempSync(join(tmpdir(), "ampframe-memory-"));
const dir = join(folder, "lake");
const spilled = (): string[] =>
  readdirSync(tmpdir()).filter((name) => new RegExp(`^ampframe-${process.pid}-\\d+$`).test(name));

beforeAll(() =>
  writeLake({ lake: dir, end: hour("2026-11-22T20"), days: 1, eventsPerDay: 500, users: 50, seed: 3 }),
);
afterAll(() => rmSync(folder, { recursive: true }));

test("what a question has beyond the limit goes to temporary files, which do not stay", async () => {
  const lake = await openLake(dir, { memoryLimit: "80MB" });
  // 1.5 million rows of some 100 bytes, which are put in order.
  const sorted =
    "SELECT row_number() OVER (ORDER BY hash(range), range) AS n, repeat('x', 90) || range AS t FROM range(1500000)";
  const stream = await lake.query(`SELECT * FROM (${sorted}) WHERE t <> '' AND n < 40000`);
  let rows = 0;
  let seen = spilled();
  for await (const _ of stream.rows()) {
    rows += 1;
    if (seen.length === 0) seen = spilled();
  }
  expect(rows).toBe(39_999);
  expect(seen).toHaveLength(1);
  await lake.close();
  expect(spilled()).toEqual([]);
});

test("without being told, a lake takes at most 1.25 GiB", async () => {
  const lake = await openLake(dir);
  const frame = await lake.query<{ most: string }>("SELECT current_setting('memory_limit') AS most");
  for await (const { most } of frame.rows()) {
    const [, number, unit] = /^([\d.]+) (MiB|GiB)$/.exec(most) ?? [];
    expect(Number(number) * (unit === "GiB" ? 1024 : 1)).toBeLessThanOrEqual(1281);
  }
  await lake.close();
});
