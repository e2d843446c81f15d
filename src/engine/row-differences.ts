import { EXTRA, FIELDS, UPLOAD_DATE } from "../event.js";
import type { Hour } from "../hour.js";
import type { Engine, QueryOptions } from "./engine.js";
import { lakeSelect } from "./lake-view.js";
import { identifier, literal, pathList } from "./sql-text.js";

/** Parquet files of the lake, and of which upload hours their rows count. */
export interface RowsOfHours {
  readonly paths: readonly string[];
  readonly hours: readonly Hour[];
}

/** What is to be compared: the rows that are held with the same hours' rows as they came again. */
export interface RowComparison {
  readonly held: readonly RowsOfHours[];
  readonly again: RowsOfHours;
  /** Files in which another upload hour may have kept the copy of an event; `held` may be among them. */
  readonly anywhere: readonly string[];
}

/**
 * An event that is not the same: `missing` where it is held nowhere, `elsewhere` where another hour keeps its copy,
 * `gone` where it did not come again, `cameElsewhere` where of its copies one of another hour was kept when they came
 * again, `changed` in `columns`.
 */
export interface RowDifference {
  readonly hour: Hour;
  readonly uuid: string;
  readonly kind: "missing" | "elsewhere" | "gone" | "cameElsewhere" | "changed";
  readonly columns: readonly string[];
  /** How many events of this hour differ in this way; some of them are given, the first by uuid. */
  readonly total: number;
}

type DifferenceRow = [hour: Hour, uuid: string, kind: RowDifference["kind"], total: bigint];

/** Of each hour and kind so many events are given. */
const GIVEN = 20;

const COLUMNS = [...FIELDS.map(({ name }) => name), EXTRA, UPLOAD_DATE];

/** The events that differ, by hour and uuid. Rows are compared by value, all columns; only hashes are joined. */
export async function rowDifferences(
  engine: Engine,
  comparison: RowComparison,
  options: QueryOptions = {},
): Promise<RowDifference[]> {
  const { held, again, anywhere } = comparison;
  const ours = union(held.map(rowsOf));
  const theirs = union([rowsOf(again)]);
  const hashed = (rows: string) =>
    `SELECT uuid, hour, hash(row(${COLUMNS.map(identifier).join(", ")})) AS content FROM (${rows})`;
  const copies = uuidsIn(anywhere);
  const sql = `WITH ours AS (${hashed(ours)}), theirs AS (${hashed(theirs)}),
    differing AS (
      SELECT coalesce(ours.hour, theirs.hour) AS hour, coalesce(ours.uuid, theirs.uuid) AS uuid,
        CASE WHEN ours.uuid IS NULL THEN 'missing' WHEN theirs.uuid IS NULL THEN 'gone' ELSE 'changed' END AS kind
      FROM ours FULL JOIN theirs ON ours.uuid = theirs.uuid AND ours.hour = theirs.hour
      WHERE ours.content IS DISTINCT FROM theirs.content)
    SELECT *, count(*) OVER same AS total FROM (SELECT hour, uuid, CASE
        WHEN kind = 'missing' AND uuid IN (SELECT uuid FROM (${copies}) SEMI JOIN differing USING (uuid)) THEN 'elsewhere'
        WHEN kind = 'gone' AND uuid IN (SELECT uuid FROM (${uuidsIn(again.paths)})) THEN 'cameElsewhere'
        ELSE kind END AS kind FROM differing)
    WINDOW same AS (PARTITION BY hour, kind)
    QUALIFY row_number() OVER (PARTITION BY hour, kind ORDER BY uuid) <= ${GIVEN}
    ORDER BY ALL`;
  const found = (await engine.query(sql, undefined, options)).rows() as DifferenceRow[];
  const changed = found.filter(([, , kind]) => kind === "changed").map(([, uuid]) => uuid);
  const columns = await changedColumns(engine, ours, theirs, changed, options);
  return found.map(([hour, uuid, kind, total]) => ({
    ...{ hour, uuid, kind, total: Number(total) },
    columns: (kind === "changed" && columns.get(`${hour} ${uuid}`)) || [],
  }));
}

async function changedColumns(
  engine: Engine,
  ours: string,
  theirs: string,
  uuids: readonly string[],
  options: QueryOptions,
): Promise<Map<string, string[]>> {
  if (uuids.length === 0) return new Map();
  const among = `WHERE uuid IN (${uuids.map(literal).join(", ")})`;
  const names = COLUMNS.map((name) => {
    const column = identifier(name);
    return `CASE WHEN ours.${column} IS DISTINCT FROM theirs.${column} THEN ${literal(name)} END`;
  });
  const sql = `WITH ours AS (SELECT * FROM (${ours}) ${among}), theirs AS (SELECT * FROM (${theirs}) ${among})
    SELECT ours.hour, ours.uuid, concat_ws(',', ${names.join(", ")})
    FROM ours JOIN theirs ON ours.uuid = theirs.uuid AND ours.hour = theirs.hour`;
  const rows = (await engine.query(sql, undefined, options)).rows();
  return new Map(
    rows.map(([hour, uuid, list]) => [`${hour} ${uuid}`, String(list).split(",").filter(Boolean)]),
  );
}

function rowsOf({ paths, hours }: RowsOfHours): string {
  const files = paths.map((path) => ({ path, eventTime: null, serverUploadTime: null }));
  const hour = "strftime(server_upload_time, '%Y-%m-%dT%H')";
  const wanted = hours.length > 0 ? `hour IN (${hours.map(literal).join(", ")})` : "false";
  return `SELECT *, ${hour} AS hour FROM (${lakeSelect(files)}) WHERE ${wanted}`;
}

function union(selects: readonly string[]): string {
  return selects.length > 0 ? selects.join(" UNION ALL ") : rowsOf({ paths: [], hours: [] });
}

function uuidsIn(paths: readonly string[]): string {
  if (paths.length === 0) return "SELECT NULL::VARCHAR AS uuid WHERE false";
  return `SELECT uuid FROM read_parquet(${pathList(paths)}, hive_partitioning = false)`;
}
