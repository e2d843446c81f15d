// Writes a lake of many times as many events as another: `node bench/grow-lake.mjs LAKE OUT TIMES [COLUMNS]`, after `npm run build`.
// With COLUMNS, names with commas between, only these and `server_upload_time` hold values: enough for questions that read no others.
// LAKE is one of the emulator's, compacted; OUT may hold its first copies already. Copy k of its events is of other people, as many days before LAKE as k times its own.
import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { openEngine } from "../build/engine/duckdb.js";
import { measurePart } from "../build/engine/parts.js";
import { identifier, literal } from "../build/engine/sql-text.js";
import { openOrCreateTable, openTable } from "../build/pipeline/open-table.js";

const [from, to, times, only] = process.argv.slice(2);
if (from === undefined || to === undefined || !(Number(times) > 0 && Number(times) <= 16)) {
  console.error("node bench/grow-lake.mjs LAKE OUT TIMES [COLUMNS] (at most 16 times)");
  process.exit(2);
}
const DAY_MS = 86_400_000;
/** @type {Record<string, string>} */
const TYPES = { int64: "BIGINT", double: "DOUBLE", boolean: "BOOLEAN", timestamp: "TIMESTAMPTZ" };
const engine = await openEngine();
await engine.run("SET preserve_insertion_order = true");
const { dir, snapshot } = await openTable(resolve(from));
const files = [...snapshot.files.values()].filter((file) => file.uploadDate !== null);
const days = files.map(({ uploadDate }) => Date.parse(`${uploadDate}`));
const span = Math.round((Math.max(...days) - Math.min(...days)) / DAY_MS) + 1;
const columns = await engine.describe(
  `SELECT * FROM read_parquet(${literal(join(dir, files[0]?.path ?? ""))}, hive_partitioning = false)`,
);
const table = await openOrCreateTable(resolve(to));
const folder = await table.stagingDir();
for (let k = table.snapshot.version; k < Number(times); k++) {
  const began = performance.now();
  const add = [];
  for (const { path, app, uploadDate } of files) {
    const staged = join(folder, `${randomUUID()}.parquet`);
    const source = `read_parquet(${literal(join(dir, path))}, hive_partitioning = false)`;
    await engine.run(
      `COPY (SELECT ${columns.map((column) => shifted(column, k)).join(", ")} FROM ${source}) TO ${literal(staged)}
       (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, PARQUET_VERSION v1)`,
    );
    const { hours, ...figures } = await measurePart(engine, staged);
    const date = new Date(Date.parse(`${uploadDate}`) - k * span * DAY_MS).toISOString().slice(0, 10);
    add.push({ path: staged, app, uploadDate: date, ...figures, hours: Object.fromEntries(hours) });
  }
  const rows = add.reduce((sum, file) => sum + file.rows, 0);
  const hours = new Map();
  for (const file of add)
    for (const [hour, count] of Object.entries(file.hours)) hours.set(hour, (hours.get(hour) ?? 0) + count);
  const member = {
    name: `copy-${k}`,
    bytes: rows,
    crc32: 0,
    lines: rows,
    loaded: rows,
    quarantined: 0,
    blank: 0,
  };
  await table.commit({
    account: {
      ...{ operation: "load", source: { id: "files", project: "copies" }, requests: [], quarantine: null },
      inputs: [{ name: `copy-${k}`, bytes: rows, sha256: `${k}`.padStart(64, "0"), members: [member] }],
      hours: [...hours]
        .sort()
        .map(([hour, count]) => ({ hour, mark: "loaded", loaded: count, duplicates: 0, rows: count })),
    },
    add: add.map((file) => ({ ...file, compacted: /** @type {const} */ ("others") })),
    basedOn: table.snapshot,
  });
  console.log(`copy ${k}: ${rows} events in ${((performance.now() - began) / 1000).toFixed(0)} s`);
}
await table.close();
engine.close();

/**
 * What a column holds in copy k.
 * @param {{ name: string, type: { kind: string } }} column
 * @param {number} k
 */
function shifted({ name, type }, k) {
  const column = identifier(name);
  if (only !== undefined && !["server_upload_time", ...only.split(",")].includes(name))
    return `NULL::${TYPES[type.kind] ?? "VARCHAR"} AS ${column}`;
  if (k === 0) return column;
  // The emulator's uuids are of version 4: the digit that says so tells the copies apart.
  if (name === "uuid")
    return `left(uuid, 14) || '${((4 + k) % 16).toString(16)}' || substr(uuid, 16) AS uuid`;
  if (name === "amplitude_id" || name === "merged_amplitude_id")
    return `${column} + ${k} * 1000000000000 AS ${column}`;
  if (name === "user_id" || name === "device_id") return `${column} || '-${k}' AS ${column}`;
  if (type.kind.startsWith("timestamp")) return `${column} - INTERVAL ${k * span} DAYS AS ${column}`;
  return column;
}
