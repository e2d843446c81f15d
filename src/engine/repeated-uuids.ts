import type { Engine } from "./engine.js";
import { pathList } from "./sql-text.js";

/** Rows of one slice are held in memory as hashes: about 16 bytes each. */
const SLICE_ROWS = 4_000_000;
const SHOWN = 100;

/** Up to 100 uuids that occur more than once in the Parquet files `paths`, with how often. Memory stays bounded. */
export async function repeatedUuids(
  engine: Engine,
  paths: readonly string[],
): Promise<{ readonly uuid: string; readonly rows: number }[]> {
  if (paths.length === 0) return [];
  const files = `read_parquet(${pathList(paths)}, hive_partitioning = false)`;
  const [total] = (await engine.query(`SELECT count(*) FROM ${files}`)).rows();
  const slices = Math.max(1, Math.ceil(Number(total?.[0] ?? 0) / SLICE_ROWS));
  const repeated: { uuid: string; rows: number }[] = [];
  for (let slice = 0; slice < slices && repeated.length < SHOWN; slice++) {
    const hashes = `SELECT hash(uuid) AS h FROM ${files} WHERE hash(uuid) % ${slices} = ${slice}`;
    const suspects = `SELECT h FROM (${hashes}) GROUP BY h HAVING count(*) > 1`;
    const sql = `SELECT uuid, count(*) FROM ${files} WHERE hash(uuid) IN (${suspects})
      GROUP BY uuid HAVING count(*) > 1 LIMIT ${SHOWN - repeated.length}`;
    const result = await engine.query(sql);
    repeated.push(...result.rows().map(([uuid, rows]) => ({ uuid: String(uuid), rows: Number(rows) })));
  }
  return repeated;
}
