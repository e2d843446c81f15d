import type { Engine } from "./engine.js";
import { UPLOAD_HOUR } from "./parts.js";
import { pathList } from "./sql-text.js";

/** A row whose uuid another row has as well, and the file and upload hour (milliseconds since 1970) of that one. */
export interface Copy {
  readonly file: string;
  /** From 0. */
  readonly row: number;
  readonly hour: number;
  readonly keptFile: string;
  readonly keptHour: number;
}

/** Uuids of one slice are held in memory as hashes: about 16 bytes each. */
const SLICE_ROWS = 4_000_000;

/**
 * The rows of the Parquet files `among` to leave out so that each uuid of the files `of`, which are some of them,
 * occurs once: of copies the one stays that was uploaded first. Memory stays bounded but for the copies themselves.
 */
export async function copiesOf(
  engine: Engine,
  of: readonly string[],
  among: readonly string[],
  signal?: AbortSignal,
): Promise<Copy[]> {
  if (of.length === 0) return [];
  const [own, all] = [filesOf(of), filesOf(among)];
  const [total] = (await engine.query(`SELECT count(*) FROM ${own}`)).rows();
  const slices = Math.max(1, Math.ceil(Number(total?.[0] ?? 0) / SLICE_ROWS));
  const copies: Copy[] = [];
  for (let slice = 0; slice < slices; slice++) {
    const wanted = `SELECT hash(uuid) FROM ${own} WHERE hash(uuid) % ${slices} = ${slice}`;
    const suspects = `SELECT h FROM (SELECT hash(uuid) AS h FROM ${all} WHERE hash(uuid) IN (${wanted}))
      GROUP BY h HAVING count(*) > 1`;
    await engine.run(`CREATE OR REPLACE TABLE suspects AS ${suspects}`, undefined, { signal });
    const result = await engine.query("SELECT count(*) FROM suspects");
    if (result.rows()[0]?.[0] !== 0n) await addCopies(copies, engine, among, signal);
  }
  await engine.run("DROP TABLE suspects");
  return copies;
}

async function addCopies(
  copies: Copy[],
  engine: Engine,
  among: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const sql = `WITH found AS (
      SELECT uuid, server_upload_time AS uploaded, ${UPLOAD_HOUR} AS hour, filename AS file, file_row_number AS row
      FROM read_parquet(${pathList(among)}, hive_partitioning = false, filename = true, file_row_number = true)
      WHERE hash(uuid) IN (FROM suspects)),
    ranked AS (
      SELECT *, row_number() OVER same AS copy, first_value(file) OVER same AS kept_file,
        first_value(hour) OVER same AS kept_hour
      FROM found WINDOW same AS (PARTITION BY uuid ORDER BY uploaded, file, row))
    SELECT file, row, hour, kept_file, kept_hour FROM ranked WHERE copy > 1`;
  for await (const batch of await engine.stream(sql, undefined, { signal })) {
    const [file, row, hour, keptFile, keptHour] = [0, 1, 2, 3, 4].map((column) => batch.values(column));
    for (let i = 0; i < batch.length; i++) {
      copies.push({
        ...{ file: String(file![i]), row: Number(row![i]), hour: Number(hour![i]) },
        ...{ keptFile: String(keptFile![i]), keptHour: Number(keptHour![i]) },
      });
    }
  }
}

function filesOf(paths: readonly string[]): string {
  return `read_parquet(${pathList(paths)}, hive_partitioning = false)`;
}
