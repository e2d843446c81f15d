import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copiesOf } from "../../src/engine/copies.js";
import { openEngine } from "../../src/engine/duckdb.js";
import { findDuplicates } from "../../src/engine/duplicates.js";
import type { Engine } from "../../src/engine/engine.js";
import { writePart } from "../../src/engine/parts.js";

// More than a call takes arguments.
const ROWS = 200_000;
const HOUR = Date.parse("2026-11-20T05:00:00Z");
let engine: Engine;
let folder: string;
let [old, fresh] = ["", ""];

beforeAll(async () => {
  engine = await openEngine({ memoryLimit: "256MB", threads: 2, preserveInsertionOrder: false });
  folder = await mkdtemp(join(tmpdir(), "many-copies-"));
  [old, fresh] = [join(folder, "old.parquet"), join(folder, "fresh.parquet")];
  const rows = (hour: number) =>
    `SELECT 'u' || i AS uuid, make_timestamptz(${hour * 1000} + i) AS server_upload_time, 7 AS app
     FROM range(${ROWS}) t(i)`;
  await engine.run(`COPY (${rows(HOUR)}) TO '${old}' (FORMAT parquet)`);
  await engine.run(`COPY (${rows(HOUR + 3_600_000)}) TO '${fresh}' (FORMAT parquet)`);
});

afterAll(async () => {
  engine.close();
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ["parts", { parts: () => [fresh], candidates: () => [] }],
  ["candidates", { parts: () => [], candidates: () => [fresh] }],
])("a file of %s whose every row is in the lake already is all copies", async (_, { parts, candidates }) => {
  const search = { parts: parts(), candidates: candidates(), seen: [], existing: [old] };
  const found = await findDuplicates(engine, search);
  expect(found).toHaveLength(ROWS);
  expect(new Set(found.map(({ row }) => row)).size).toBe(ROWS);
  expect(found[0]).toMatchObject({ file: fresh, hour: HOUR + 3_600_000, keptHour: HOUR });
});

test("so are they for a compaction", async () => {
  const found = await copiesOf(engine, [fresh], [old, fresh]);
  expect(found).toHaveLength(ROWS);
  expect(found.every(({ file, keptFile }) => file === fresh && keptFile === old)).toBe(true);
});

test.each([1, 99, 100, ROWS - 1])(
  "a file is written without %d of its rows, or with these only",
  async (count) => {
    const rows = Array.from({ length: count }, (_, i) => i * Math.floor(ROWS / count));
    const written = async (selection: { without: number[] } | { only: number[] }) => {
      const path = join(folder, `${count}-${Object.keys(selection)[0]}.parquet`);
      await writePart(engine, old, path, selection);
      const result = await engine.query(`SELECT uuid FROM '${path}'`);
      return new Set(result.rows().map(([uuid]) => String(uuid)));
    };
    const [without, only] = [await written({ without: rows }), await written({ only: rows })];
    expect(without.size).toBe(ROWS - count);
    expect(only).toEqual(new Set(rows.map((row) => `u${row}`)));
    expect(rows.some((row) => without.has(`u${row}`))).toBe(false);
  },
);
