import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLake } from "../../src/index.js";
import { snippetsOf } from "../docs/snippets.js";
import { engine, makeLake } from "./lake.js";
import { prepareDeltaRs, runPython } from "./python.js";

const programs = snippetsOf("docs/open-the-lake.md").filter(({ language }) => language === "python");
let room: string;

beforeAll(async () => {
  await prepareDeltaRs();
  room = await mkdtemp(join(tmpdir(), "interop-page-"));
  await (await makeLake(join(room, "amplitude"))).close();
});
afterAll(async () => {
  engine.close();
  await rm(room, { recursive: true, force: true });
});

test("every Python program of docs/open-the-lake.md runs where the lake is", {
  timeout: 120_000,
}, async () => {
  expect(programs.length).toBeGreaterThan(4);
  for (const { text } of programs) {
    const names = [...text.matchAll(/^(\w+) = /gm)]
      .map(([, name]) => name)
      .filter((name) => name !== "events");
    const printed = await runPython(`${text}\nprint(len(${names.at(-1)}))\n`, room);
    expect(printed.trim(), text).toMatch(/^\d+$/);
  }
});

test("pandas, polars, DuckDB and SQLite read the files that are written, row by row", {
  timeout: 120_000,
}, async () => {
  const lake = await openLake(join(room, "amplitude"));
  const frame = lake.frame({ columns: ["uuid", "event_time", "amplitude_id", "event_type"] });
  const rows = await frame.count();
  const [sum] = await (
    await lake.sql<{ ids: string; last: string }>`
      SELECT sum(amplitude_id)::VARCHAR AS ids, max(epoch_us(event_time))::VARCHAR AS last FROM events`
  ).head();
  await frame.write(join(room, "events.parquet"));
  await frame.write(join(room, "events.duckdb"));
  await frame.write(join(room, "events.sqlite"));
  await frame.write(join(room, "out"), { partitionBy: "day" });
  await lake.close();
  const program = `
import sqlite3, duckdb, pandas as pd, polars as pl
def told(df):
    ids = sum(int(i) for i in df["amplitude_id"].dropna())
    return f"{len(df)} {ids}"
print(told(pd.read_parquet("events.parquet", dtype_backend="pyarrow")))
print(told(pd.read_parquet("out", dtype_backend="pyarrow")))
print(told(pl.scan_parquet("out/**/*.parquet", hive_partitioning=True).collect().to_pandas(use_pyarrow_extension_array=True)))
duck = duckdb.connect("events.duckdb", read_only=True).sql("SELECT count(*), sum(amplitude_id)::VARCHAR, max(epoch_us(event_time)) FROM events").fetchall()[0]
print(duck[0], duck[1], duck[2])
lite = sqlite3.connect("events.sqlite").execute("SELECT amplitude_id, event_time FROM events").fetchall()
last = max(t for _, t in lite if t)
print(len(lite), sum(i for i, _ in lite if i is not None), duckdb.sql(f"SELECT epoch_us(TIMESTAMP '{last}')").fetchall()[0][0])
`;
  const printed = (await runPython(program, room)).trim().split("\n");
  const told = `${rows} ${sum!.ids}`;
  expect(printed).toEqual([told, told, told, `${told} ${sum!.last}`, `${told} ${sum!.last}`]);
});
