import { type Hour, hourAt } from "../hour.js";
import type { Engine } from "./engine.js";
import { identifier, literal, pathList } from "./sql-text.js";

/** What a part holds, counted from its file. */
export interface PartFigures {
  readonly rows: number;
  /** Rows by upload hour. */
  readonly hours: ReadonlyMap<Hour, number>;
  /** First and last value in microseconds since 1970, UTC; null if all are null. */
  readonly eventTime: { readonly min: bigint; readonly max: bigint } | null;
  readonly serverUploadTime: { readonly min: bigint; readonly max: bigint } | null;
}

/** Which rows of a file go into a part. All of them by default. */
export interface PartSelection {
  /** Only rows of this project and this UTC date of `server_upload_time`. */
  readonly partition?: { readonly app: bigint | null; readonly uploadDate: string };
  /** Rows to leave out, by number from 0. */
  readonly without?: readonly number[];
  /** Only rows with these numbers. */
  readonly only?: readonly number[];
  /** Only rows of these upload hours, or all but these; milliseconds since 1970. */
  readonly hours?: readonly number[];
  readonly withoutHours?: readonly number[];
}

/**
 * The upload hour of a row, as milliseconds since 1970 at which it begins. Counted from the year 1, so that the
 * division never meets a negative; date_trunc on TIMESTAMPTZ asks a calendar for each row and is far slower.
 */
export const UPLOAD_HOUR =
  "((epoch_us(server_upload_time) + 62135596800000000) // 3600000000 - 17259888) * 3600000";

// Level 1 and row groups small in rows and bytes keep a writer's memory low; dictionaries of more than a thousand
// values cost more than they save beside zstd. Version 2's encodings save about 5 %, but Spark before 4 cannot read
// one of them (BYTE_STREAM_SPLIT).
const FORMAT = [
  "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v1",
  "ROW_GROUP_SIZE 20480, ROW_GROUP_SIZE_BYTES 33554432, DICTIONARY_SIZE_LIMIT 1000",
].join(", ");

/**
 * Writes rows of the Parquet files `from` to a new Parquet file. `app`, which the lake keeps in the folder's
 * name, is left out unless `keepApp`.
 */
export async function writePart(
  engine: Engine,
  from: string | readonly string[],
  to: string,
  selection: PartSelection = {},
  keepApp = false,
): Promise<void> {
  const numbered = selection.only !== undefined || (selection.without?.length ?? 0) > 0;
  const left = [...(numbered ? ["file_row_number"] : []), ...(keepApp ? [] : ["app"])];
  const exclude = left.length > 0 ? ` EXCLUDE (${left.join(", ")})` : "";
  const source = `read_parquet(${pathList(from)}, hive_partitioning = false, file_row_number = ${numbered})`;
  await engine.run(
    `COPY (SELECT *${exclude} FROM ${source} ${where(selection)}) TO ${literal(to)} (${FORMAT})`,
  );
}

function where({ partition, without, only, hours, withoutHours }: PartSelection): string {
  const conditions: string[] = [];
  if (partition) {
    const date = `TIMESTAMPTZ '${partition.uploadDate} 00:00:00+00'`;
    conditions.push(
      `app IS NOT DISTINCT FROM ${partition.app ?? "NULL"}`,
      `server_upload_time >= ${date} AND server_upload_time < ${date} + INTERVAL 1 DAY`,
    );
  }
  if (without && without.length > 0) conditions.push(`file_row_number NOT IN ${numbers(without)}`);
  if (only) conditions.push(`file_row_number IN ${numbers(only)}`);
  if (hours) conditions.push(`${UPLOAD_HOUR} IN (${hours.join(", ")})`);
  if (withoutHours) conditions.push(`${UPLOAD_HOUR} NOT IN (${withoutHours.join(", ")})`);
  return conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
}

/** DuckDB takes seconds for ten thousands of literals, and none for one that holds them all. */
function numbers(rows: readonly number[]): string {
  if (rows.length < 100) return `(${rows.join(", ")})`;
  return `(SELECT unnest(string_split('${rows.join(",")}', ','))::BIGINT)`;
}

/** The projects and UTC upload dates of a file that keeps `app`, but for the rows `without` (numbers from 0). */
export async function partitionsIn(
  engine: Engine,
  path: string,
  without: readonly number[],
): Promise<NonNullable<PartSelection["partition"]>[]> {
  const day = "make_timestamp(epoch_us(server_upload_time))::DATE::VARCHAR";
  const source = `read_parquet(${literal(path)}, hive_partitioning = false, file_row_number = true)`;
  const result = await engine.query(`SELECT DISTINCT app, ${day} FROM ${source} ${where({ without })}`);
  return (result.rows() as [bigint | null, string][]).map(([app, uploadDate]) => ({ app, uploadDate }));
}

/** Counts what a Parquet file holds, by reading it. */
export async function measurePart(engine: Engine, path: string): Promise<PartFigures> {
  const spans = ["event_time", "server_upload_time"].map(
    (column) => `epoch_us(min(${identifier(column)})), epoch_us(max(${identifier(column)}))`,
  );
  const result = await engine.query(
    `SELECT ${UPLOAD_HOUR}, count(*), ${spans.join(", ")} FROM read_parquet(${literal(path)}) GROUP BY 1`,
  );
  const groups = result.rows() as [bigint, bigint, ...(bigint | null)[]][];
  return {
    rows: groups.reduce((sum, [, rows]) => sum + Number(rows), 0),
    hours: new Map(groups.map(([hour, rows]) => [hourAt(Number(hour)), Number(rows)])),
    eventTime: spanOf(groups.map((group) => [group[2], group[3]])),
    serverUploadTime: spanOf(groups.map((group) => [group[4], group[5]])),
  };
}

function spanOf(groups: readonly (readonly (bigint | null | undefined)[])[]): PartFigures["eventTime"] {
  const [first, ...rest] = groups.flat().filter((value) => typeof value === "bigint");
  if (first === undefined) return null;
  let [min, max] = [first, first];
  for (const value of rest) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}
