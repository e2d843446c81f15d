import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";
import type { Engine } from "../../src/engine/engine.js";
import type { LakeFile } from "../../src/engine/lake-view.js";
import { countRows, partsOf } from "../../src/frame/schema/profile-parts.js";
import { manyEventsSql, writeLakeFile } from "../engine/lake-files.js";

let engine: Engine;
let dir: string;
const files: LakeFile[] = [];

beforeAll(async () => {
  engine = await openEngine();
  dir = mkdtempSync(join(tmpdir(), "ampframe-parts-"));
  for (const [i, rows] of [30, 40, 20_000, 10].entries()) {
    const events = manyEventsSql(rows, {
      event_type: "'A'",
      event_time: "TIMESTAMPTZ '2026-11-16 10:00:00+00'",
    });
    files.push(
      await writeLakeFile(engine, dir, { app: "1", day: "2026-11-16", name: `part-${i}.parquet` }, events),
    );
  }
});
afterAll(() => {
  engine.close();
  rmSync(dir, { recursive: true });
});

const counted = async (sql: string) =>
  Number((await engine.query(`SELECT count(*) FROM (${sql})`)).rows()[0]?.[0]);

test("parts have at most so many events, and together all of them", async () => {
  const known = await countRows(engine, files, {});
  expect(known.map(({ rows }) => rows)).toEqual([30, 40, 20_000, 10]);
  const parts = partsOf(known, 9000);
  expect(parts.map(({ events }) => events)).toEqual([70, 6667, 6666, 6667, 10]);
  expect(await Promise.all(parts.map(({ sql }) => counted(sql)))).toEqual([70, 6667, 6666, 6667, 10]);
});

test("what the log says of a file's rows is taken without opening it, and loses none if it is wrong", async () => {
  const told = files.map((file) => ({ ...file, rows: 10_000 }));
  expect((await countRows(engine, told, {})).map(({ rows }) => rows)).toEqual([
    10_000, 10_000, 10_000, 10_000,
  ]);
  const parts = partsOf(await countRows(engine, told, {}), 9000);
  const counts = await Promise.all(parts.map(({ sql }) => counted(sql)));
  expect(counts.reduce((a, b) => a + b)).toBe(20_080);
});

test("bounds hold in every part", async () => {
  const known = await countRows(engine, files, {});
  const bounds = { eventTime: { from: BigInt(Date.UTC(2026, 10, 17)) * 1000n } };
  const within = partsOf(known, 9000, bounds);
  const counts = await Promise.all(within.map(({ sql }) => counted(sql)));
  expect(counts.every((count) => count === 0)).toBe(true);
});
