import { QueryError } from "../../errors/index.js";
import { hourAt } from "../../hour.js";
import type { Column } from "../column-type.js";
import type { Engine, QueryOptions } from "../engine.js";
import type { PartFigures } from "../parts.js";
import type { Content } from "../sorted-rows.js";
import { SPARK } from "./spark-dialect.js";
import { SPARK_FILE_NAME } from "./spark-table.js";

const { identifier, literal } = SPARK;
/** The number of a row in its file, from 0. */
const ROW = "_metadata.row_index";
/** As `UPLOAD_HOUR` of parts.ts: milliseconds since 1970, counted from the year 1, since `div` cuts towards 0. */
const UPLOAD_HOUR =
  "((unix_micros(server_upload_time) + 62135596800000000) div 3600000000 - 17259888) * 3600000";
/** About what DuckDB makes of 122,880 rows: a question about one user reads one of them. */
const ROW_GROUP_BYTES = 32 * 2 ** 20;
const LAST = "9223372036854775807L";

/** Settings of a session that writes files of the lake: times as they are everywhere else, none moved by a calendar. */
export const WRITER_SETTINGS = {
  "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
  "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
  "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
  "spark.sql.parquet.writeLegacyFormat": "false",
};

/** Data files of a lake, as a cluster finds them. */
export interface SparkFiles {
  readonly engine: Engine;
  /** Where the lake lies, by the cluster's own path or URL. */
  readonly location: string;
  /** The columns that are in the files. */
  readonly columns: readonly Column[];
}

/** Rows of a file: all by default. */
export interface SparkPiece {
  /** Inside the lake. */
  readonly path: string;
  /** Only rows of these upload hours, in milliseconds since 1970. */
  readonly hours?: readonly number[] | undefined;
  /** Rows to leave out, by number from 0. */
  readonly without?: readonly number[] | undefined;
}

/** A row whose uuid another row has as well, its file inside the lake, and the file and upload hour (milliseconds since 1970) of that one. */
export interface SparkCopy {
  readonly file: string;
  /** From 0. */
  readonly row: number;
  readonly hour: number;
  readonly keptFile: string;
  readonly keptHour: number;
}

/** A file that Spark wrote, read back: its figures, and the content of its rows. */
export type SparkWritten = PartFigures & { readonly name: string; readonly content: Content };

/** What the cluster itself knows of the table at `path` (a path, URL or name): its Delta id, and where it lies. */
export async function tableDetail(
  engine: Engine,
  table: string,
  options: QueryOptions,
): Promise<{ id: string; location: string }> {
  const [row] = (await engine.query(`DESCRIBE DETAIL ${table}`, undefined, options)).objects();
  return { id: String(row?.id), location: String(row?.location).replace(/\/$/, "") };
}

/** Counts and hashes all values of rows, as `contentOf` of sorted-rows.ts does by DuckDB; the digests are of other hashes. */
export async function contentOnSpark(
  files: SparkFiles,
  pieces: readonly SparkPiece[],
  options: QueryOptions,
): Promise<Content> {
  const sql = `SELECT ${UPLOAD_HOUR} AS hour, count(*), ${digest(files)} FROM ${rowsOf(files, pieces)} GROUP BY 1`;
  const rows = (await files.engine.query(sql, undefined, options)).rows();
  return contentFrom(
    files,
    rows.map(([hour, count, sum]) => [hour, count, sum]),
  );
}

/** Writes rows, sorted by `amplitude_id` and `event_time`, to at most `count` Parquet files in the new folder `to`. */
export async function writeOnSpark(
  files: SparkFiles,
  pieces: readonly SparkPiece[],
  to: string,
  count: number,
  options: QueryOptions,
): Promise<void> {
  const names = files.columns.map(({ name }) => identifier(name)).join(", ");
  const rows = `SELECT ${names}, coalesce(amplitude_id, ${LAST}) AS range_ FROM ${rowsOf(files, pieces)}`;
  const ranged = `SELECT /*+ REPARTITION_BY_RANGE(${count}, range_) */ * FROM (${rows})`;
  await files.engine.run(
    `INSERT OVERWRITE DIRECTORY ${literal(to)} USING parquet
     OPTIONS ('compression' = 'zstd', 'parquet.block.size' = '${ROW_GROUP_BYTES}')
     SELECT ${names} FROM (${ranged}) SORT BY amplitude_id ASC NULLS LAST, event_time ASC NULLS LAST`,
    undefined,
    options,
  );
}

/** The files in the folder `to` that hold rows, read back. */
export async function readWritten(
  files: SparkFiles,
  to: string,
  options: QueryOptions,
): Promise<SparkWritten[]> {
  const spans = ["event_time", "server_upload_time"].map(
    (column) => `unix_micros(min(${column})), unix_micros(max(${column}))`,
  );
  const sql = `SELECT ${SPARK_FILE_NAME} AS file, ${UPLOAD_HOUR} AS hour, count(*), ${digest(files)}, ${spans.join(", ")}
    FROM ${writtenAt(to)} GROUP BY 1, 2`;
  const byFile = new Map<string, ReturnType<typeof groupOf>[]>();
  for (const row of (await files.engine.query(sql, undefined, options)).rows()) {
    const name = String(row[0]);
    byFile.set(name, [...(byFile.get(name) ?? []), groupOf(row.slice(1))]);
  }
  const same = JSON.stringify(typesOf(files.columns));
  const found = JSON.stringify(typesOf(await files.engine.describe(`SELECT * FROM ${writtenAt(to)}`)));
  if (found !== same) {
    throw new QueryError(
      `Spark wrote columns ${found}; ${same} were expected.`,
      "Please report it with this message.",
    );
  }
  return [...byFile].map(([name, groups]) => {
    const content = contentFrom(
      files,
      groups.map(({ hour, rows, sum }) => [hour, rows, sum]),
    );
    return {
      ...{ name, content, rows: content.rows },
      hours: new Map(groups.map(({ hour, rows }) => [hourAt(Number(hour)), Number(rows)])),
      eventTime: spanOf(groups.map(({ eventTime }) => eventTime)),
      serverUploadTime: spanOf(groups.map(({ uploadTime }) => uploadTime)),
    };
  });
}

/** Up to three uuids of rows that are not the same, or not as often, in `pieces` and in the folder `to`. */
export async function differingOnSpark(
  files: SparkFiles,
  pieces: readonly SparkPiece[],
  to: readonly string[],
  options: QueryOptions,
): Promise<string[]> {
  const rows = `uuid, ${rowHash(files)} AS hash`;
  const old = `SELECT ${rows} FROM ${rowsOf(files, pieces)}`;
  const fresh = to.map((folder) => `SELECT ${rows} FROM ${writtenAt(folder)}`).join(" UNION ALL ");
  const sql = `SELECT DISTINCT uuid FROM (((${old}) EXCEPT ALL (${fresh})) UNION ALL ((${fresh}) EXCEPT ALL (${old}))) LIMIT 3`;
  const found = await files.engine.query(sql, undefined, options);
  return found.rows().map(([uuid]) => String(uuid));
}

/**
 * The rows to leave out so that each uuid of the files `fresh` (by UTC upload date) occurs once in `table`, as Spark's FROM has it: of
 * copies the one stays that was uploaded first. Paths are inside the lake; `pathOf` gives that of a file by its name. Files for which it
 * gives none count for nothing.
 */
export async function copiesOnSpark(
  files: SparkFiles,
  table: string,
  fresh: ReadonlyMap<string, readonly string[]>,
  pathOf: (name: string) => string | undefined,
  options: QueryOptions,
): Promise<SparkCopy[]> {
  if (fresh.size === 0) return [];
  const names = [...fresh.values()].flat().map((path) => literal(nameOf(path)));
  const days = [...fresh.keys()].map((date) => `DATE ${literal(date)}`);
  const isFresh = `upload_date IN (${days.join(", ")}) AND ${SPARK_FILE_NAME} IN (${names.join(", ")})`;
  const all = `SELECT xxhash64(uuid) AS h, ${SPARK_FILE_NAME} AS file FROM ${table}`;
  const suspects = `SELECT h, collect_set(file) AS files
    FROM (${all}) LEFT SEMI JOIN (SELECT DISTINCT xxhash64(uuid) AS h FROM ${table} WHERE ${isFresh}) USING (h)
    GROUP BY h HAVING count(*) > 1`;
  const found = (await files.engine.query(suspects, undefined, options)).rows();
  const paths = new Set(found.flatMap(([, of]) => (Array.isArray(of) ? of : []).map(String)).map(pathOf));
  paths.delete(undefined);
  if (paths.size === 0) return [];
  const hashes = found.map(([hash]) => `${hash}L`).join(", ");
  const from = rowsOf(
    files,
    [...paths].map((path) => ({ path: path ?? "" })),
    `, ${SPARK_FILE_NAME} AS file, ${ROW} AS row`,
  );
  const sql = `SELECT file, row, hour, kept_file, kept_hour FROM (
      SELECT *, row_number() OVER same AS copy, first_value(file) OVER same AS kept_file,
        first_value(hour) OVER same AS kept_hour
      FROM (SELECT uuid, server_upload_time AS uploaded, ${UPLOAD_HOUR} AS hour, file, row FROM ${from}
        WHERE xxhash64(uuid) IN (${hashes}))
      WINDOW same AS (PARTITION BY uuid ORDER BY uploaded, file, row))
    WHERE copy > 1`;
  const copies = (await files.engine.query(sql, undefined, options)).rows();
  return copies.map(([file, row, hour, keptFile, keptHour]) => ({
    ...{ file: pathOf(String(file)) ?? "", row: Number(row), hour: Number(hour) },
    ...{ keptFile: pathOf(String(keptFile)) ?? "", keptHour: Number(keptHour) },
  }));
}

/** Rows of files as Spark's FROM has them, with `more` columns of their own. Each folder's files are one pattern. */
function rowsOf(files: SparkFiles, pieces: readonly SparkPiece[], more = ""): string {
  const byFolder = new Map<string, SparkPiece[]>();
  for (const piece of pieces) {
    const folder = piece.path.slice(0, piece.path.lastIndexOf("/"));
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), piece]);
  }
  const columns = files.columns.map(({ name }) => identifier(name)).join(", ");
  const parts = [...byFolder].map(([folder, own]) => {
    const names = own.map(({ path }) => nameOf(path));
    const pattern = `${escaped(`${files.location}/${folder}`)}/${names.length > 1 ? `{${names.join(",")}}` : names[0]}`;
    return `SELECT ${columns}${more} FROM parquet.${identifier(pattern)}${conditionOf(own)}`;
  });
  return `(${parts.join(" UNION ALL ")})`;
}

function conditionOf(pieces: readonly SparkPiece[]): string {
  const cases = pieces.map(({ path, hours, without = [] }) => {
    const conditions = [
      ...(hours ? [`${UPLOAD_HOUR} IN (${hours.map((hour) => `${hour}L`).join(", ")})`] : []),
      ...(without.length > 0 ? [`${ROW} NOT IN (${without.map((row) => `${row}L`).join(", ")})`] : []),
    ];
    return conditions.length === 0 ? "" : ` WHEN ${literal(nameOf(path))} THEN ${conditions.join(" AND ")}`;
  });
  const partly = cases.join("");
  return partly === "" ? "" : ` WHERE CASE ${SPARK_FILE_NAME}${partly} ELSE true END`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Spark takes what stands between its ticks for a pattern. */
function escaped(folder: string): string {
  return folder.replace(/[\\{}[\]*?]/g, "\\$&");
}

/** The files in a folder. */
function writtenAt(folder: string): string {
  return `parquet.${identifier(escaped(folder))}`;
}

function digest(files: SparkFiles): string {
  return `CAST(sum(CAST(${rowHash(files)} AS DECIMAL(20, 0))) AS STRING)`;
}

/** Spark's hash passes over nulls, and takes -0 for 0: which values are null is hashed, too, and doubles as their text. */
function rowHash({ columns }: SparkFiles): string {
  const values = [...columns].sort(byName).map(({ name, type }) => {
    const column = identifier(name);
    return type.kind === "double"
      ? `CAST(${column} AS STRING), ${column} IS NULL`
      : `${column}, ${column} IS NULL`;
  });
  return `xxhash64(${values.join(", ")})`;
}

function byName(a: Column, b: Column): number {
  return a.name < b.name ? -1 : 1;
}

function typesOf(columns: readonly Column[]) {
  return [...columns].sort(byName).map(({ name, type }) => [name, type]);
}

function contentFrom(files: SparkFiles, groups: readonly (readonly unknown[])[]): Content {
  const hours = groups.map(([hour, rows, sum]) => ({
    ...{ hour: Number(hour), rows: Number(rows), digest: BigInt(String(sum)) },
  }));
  return {
    columns: JSON.stringify(typesOf(files.columns)),
    rows: hours.reduce((all, { rows }) => all + rows, 0),
    hours: new Map(hours.map(({ hour, ...of }) => [hour, of])),
    memoryBytes: 0,
  };
}

function groupOf([hour, rows, sum, ...ends]: readonly unknown[]) {
  const [eventTime, uploadTime] = [0, 2].map((at) => spanFrom(ends[at], ends[at + 1]));
  return { hour, rows, sum, eventTime: eventTime ?? null, uploadTime: uploadTime ?? null };
}

function spanFrom(min: unknown, max: unknown): PartFigures["eventTime"] {
  return typeof min === "bigint" && typeof max === "bigint" ? { min, max } : null;
}

function spanOf(spans: readonly PartFigures["eventTime"][]): PartFigures["eventTime"] {
  return spans.reduce((all, span) => {
    if (all === null || span === null) return all ?? span;
    return { min: all.min < span.min ? all.min : span.min, max: all.max > span.max ? all.max : span.max };
  }, null);
}
