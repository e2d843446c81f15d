import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";
import type { Hour } from "../../src/hour.js";
import { adoptFiles } from "../../src/pipeline/adopt-files.js";
import { load } from "../../src/pipeline/load.js";
import { openTable } from "../../src/pipeline/open-table.js";
import { verify } from "../../src/pipeline/verify.js";
import { eventAt, ndjson, newFolder, newPlace, rowsOf, write } from "./scene.js";

const FIRST = "2026-11-20 05:00:00";

/** A lake with one event, whose data file another engine writes anew: `columns` in the place of `*`. */
async function rewritten(columns = "*") {
  const lake = await newPlace();
  const file = await write(join(await newFolder(), "one.json"), ndjson([eventAt(FIRST)]));
  await load({ lake, paths: [file] });
  const [table, engine] = [await openTable(lake), await openEngine({ threads: 1 })];
  const [old = ""] = table.snapshot.files.keys();
  const path = `${await table.stagingInLake()}/other/part-0.parquet`;
  await mkdir(dirname(join(lake, path)), { recursive: true });
  await engine.run(
    `COPY (SELECT ${columns} FROM read_parquet('${table.filePath(old)}', hive_partitioning = false)) TO '${join(lake, path)}' (FORMAT parquet)`,
  );
  const micros = BigInt(Date.parse(`${FIRST}Z`)) * 1000n;
  const written = {
    ...{
      path,
      app: 77,
      uploadDate: "2026-11-20",
      rows: 1,
      hours: { "2026-11-20T05": 1 } as Record<Hour, number>,
    },
    ...{ eventTime: { min: micros, max: micros }, serverUploadTime: { min: micros, max: micros } },
  };
  return { lake, table, engine, old, written };
}

test("a file that another engine wrote joins the table by a commit, with its SHA-256 and length", async () => {
  const { lake, table, engine, old, written } = await rewritten();
  const rows = await rowsOf(lake, "*");
  const bytes = await readFile(join(lake, written.path));
  const add = await adoptFiles(table, engine, [written]);
  expect(add).toMatchObject([
    {
      sha256: createHash("sha256").update(bytes).digest("hex"),
      bytes: bytes.length,
      path: join(lake, written.path),
    },
  ]);
  const source = { id: "files", project: "files" };
  const account = {
    operation: "compact",
    source,
    requests: [],
    inputs: [],
    hours: [],
    quarantine: null,
  } as const;
  const outcome = await table.commit({
    ...{ account, add: add.map((file) => ({ ...file, compacted: "others" as const })) },
    ...{ remove: [old], basedOn: table.snapshot, dataChange: false },
  });
  expect(outcome.kind).toBe("committed");
  await table.close();
  engine.close();
  expect(await rowsOf(lake, "*")).toEqual(rows);
  expect((await verify({ lake, deep: true })).faults).toEqual([]);
});

test.each([
  [
    "* REPLACE (event_time::TIMESTAMP AS event_time)",
    1,
    "columns that are not the lake's: event_time TIMESTAMP.",
  ],
  ["* EXCLUDE (city)", 1, "columns that are not the lake's: city missing."],
  ["*", 2, "has 1 rows by its footer; the engine that wrote it counted 2."],
])("a file that is not as it should be (%s, %i rows) is refused", async (columns, rows, message) => {
  const { table, engine, written } = await rewritten(columns);
  await expect(adoptFiles(table, engine, [{ ...written, rows }])).rejects.toThrow(message);
  await table.close();
  engine.close();
});

test("a file that is not there is told as a wrong path", async () => {
  const { table, engine, written } = await rewritten();
  const elsewhere = { ...written, path: written.path.replace("part-0", "part-1") };
  await expect(adoptFiles(table, engine, [elsewhere])).rejects.toThrow(
    /said that it had written .*part-1\.parquet, which is not there/,
  );
  await table.close();
  engine.close();
});
