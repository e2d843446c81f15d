import { type ColumnName, EXTRA, FIELDS, UPLOAD_DATE } from "../event.js";
import { identifier, pathList, timestampTz } from "./sql-text.js";

/** First and last of some times, both in microseconds since 1970, UTC, both included. */
export interface TimeSpan {
  readonly min: bigint;
  readonly max: bigint;
}

/** A data file of the lake, with what is known of its rows without opening it. */
export interface LakeFile {
  /** Absolute; ends with `app=…/upload_date=…/<name>`, from which those two columns are read. */
  readonly path: string;
  /** Null if not known: the file is then never skipped. `max` may be cut to its millisecond, as Delta does. */
  readonly eventTime: TimeSpan | null;
  /** As `eventTime`. */
  readonly serverUploadTime: TimeSpan | null;
  /** How many rows it has; absent if not known. */
  readonly rows?: number | undefined;
}

/** Times in microseconds since 1970, UTC. `from` is included, `until` is not; undefined means no bound. */
export interface TimeBounds {
  readonly from?: bigint | undefined;
  readonly until?: bigint | undefined;
}

/** Which rows of the lake are wanted, as far as their files can be chosen by it. */
export interface LakeBounds {
  readonly eventTime?: TimeBounds | undefined;
  readonly serverUploadTime?: TimeBounds | undefined;
  /** Rows of each file by their number in it, from 0: `from` is included, `until` is not; undefined means to the end. */
  readonly fileRows?: { readonly from: number; readonly until: number | undefined } | undefined;
}

const CUT_BY_STATS = 999n;

/** The files that may hold rows within `bounds`; no other file does. */
export function filesWithin<F extends LakeFile>(files: readonly F[], bounds: LakeBounds): F[] {
  return files.filter(
    (file) =>
      overlaps(file.eventTime, bounds.eventTime) && overlaps(file.serverUploadTime, bounds.serverUploadTime),
  );
}

/** The first files that have `rows` rows together; all if it is not known how many they have. */
export function firstFiles<F extends LakeFile>(files: readonly F[], rows: number): readonly F[] {
  let known = 0;
  for (const [index, file] of files.entries()) {
    if (known >= rows) return files.slice(0, index);
    if (file.rows === undefined) return files;
    known += file.rows;
  }
  return files;
}

function overlaps(span: TimeSpan | null, bounds: TimeBounds = {}): boolean {
  if (span === null) return true;
  if (bounds.from !== undefined && span.max + CUT_BY_STATS < bounds.from) return false;
  return bounds.until === undefined || span.min < bounds.until;
}

/**
 * A SELECT that gives the events of `files` within `bounds`: the 55 fields in the order of FIELDS, then `extra`
 * and `upload_date`. Times are TIMESTAMP holding UTC. They are not TIMESTAMPTZ, as in the files, because
 * DuckDB's functions on that type are five to two hundred times slower and change with the session's time zone.
 * No files give no rows of the same types.
 */
export function lakeSelect(files: readonly LakeFile[], bounds: LakeBounds = {}): string {
  const wanted = filesWithin(files, bounds);
  if (wanted.length === 0) return `SELECT ${COLUMNS_OF_NOTHING} WHERE false`;
  return selectFrom(wanted, bounds, COLUMNS_OF_FILES);
}

/** The name of the column that `numberedLakeSelect` adds. */
export const ROW_ORDER = "row order";

/** As `lakeSelect`, of at least one file, with a column of integers after the others that rise in the order of the rows. */
export function numberedLakeSelect(files: readonly LakeFile[], bounds: LakeBounds = {}): string {
  const order = `raw.file_index::BIGINT * ${2 ** 40} + raw.file_row_number AS ${identifier(ROW_ORDER)}`;
  return selectFrom(filesWithin(files, bounds), bounds, `${COLUMNS_OF_FILES}, ${order}`);
}

/** Some files that are not none, as `lakeSelect` gives them, but with these columns. */
function selectFrom(wanted: readonly LakeFile[], bounds: LakeBounds, columns: string): string {
  const source = `read_parquet(${pathList(wanted.map((file) => file.path))}, hive_partitioning = false) AS raw`;
  const conditions = [
    ...conditionsOf("event_time", bounds.eventTime),
    ...conditionsOf("server_upload_time", bounds.serverUploadTime),
    ...(bounds.fileRows === undefined ? [] : [rowsWithin(bounds.fileRows)]),
  ];
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : "";
  return `SELECT ${columns} FROM ${source}${where}`;
}

/**
 * As `lakeSelect`, over `projections`, at least one: the same rows with PROJECTION_COLUMNS, and after them all that a
 * projection's file has beside them, as it is.
 */
export function projectionSelect(
  projections: readonly LakeFile[],
  bounds: LakeBounds,
  others: readonly string[],
): string {
  const columns = [
    ...PROJECTION_COLUMNS.map(columnOfFiles),
    ...others.map((name) => `raw.${identifier(name)}`),
  ];
  return selectFrom(projections, bounds, columns.join(", "));
}

/** On the raw column, so that the engine skips row groups by their statistics. */
function conditionsOf(column: string, bounds: TimeBounds = {}): string[] {
  const raw = `raw.${identifier(column)}`;
  return [
    ...(bounds.from === undefined ? [] : [`${raw} >= ${timestampTz(bounds.from)}`]),
    ...(bounds.until === undefined ? [] : [`${raw} < ${timestampTz(bounds.until)}`]),
  ];
}

function rowsWithin({ from, until }: NonNullable<LakeBounds["fileRows"]>): string {
  const before = until === undefined ? "" : ` AND raw.file_row_number < ${until}`;
  return `raw.file_row_number >= ${from}${before}`;
}

const SQL_TYPES = {
  text: "VARCHAR",
  json: "VARCHAR",
  int: "BIGINT",
  double: "DOUBLE",
  boolean: "BOOLEAN",
  time: "TIMESTAMP",
} as const;

/**
 * Partition values are taken from the end of each file's path, once for each batch of rows. DuckDB's own
 * hive_partitioning takes the first `app=` of the whole path, which may be a folder around the lake.
 */
const PARTITION = `regexp_extract(raw.filename, '[/\\\\]app=([^/\\\\]*)[/\\\\]upload_date=([^/\\\\]*)[/\\\\][^/\\\\]*$', ['app', 'day'])`;
const APP = `nullif(${PARTITION}.app, '__HIVE_DEFAULT_PARTITION__')::BIGINT AS "app"`;
const DAY = `${PARTITION}.day::DATE AS ${identifier(UPLOAD_DATE)}`;

const TIMES: ReadonlySet<string> = new Set(
  FIELDS.flatMap(({ name, kind }) => (kind === "time" ? [name] : [])),
);

function columnOfFiles(name: ColumnName): string {
  const column = identifier(name);
  if (name === "app") return APP;
  if (name === UPLOAD_DATE) return DAY;
  return TIMES.has(name) ? `make_timestamp(epoch_us(raw.${column})) AS ${column}` : `raw.${column}`;
}

const COLUMNS_OF_FILES = [...FIELDS.map(({ name }): ColumnName => name), EXTRA, UPLOAD_DATE]
  .map((name) => columnOfFiles(name as ColumnName))
  .join(", ");

/** Columns that make up two thirds of a data file, and that few look at beside a property. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "uuid",
  "$insert_id",
  "$insert_key",
  "client_event_time",
  "client_upload_time",
  "server_received_time",
  "processed_time",
  "ip_address",
]);

/** The columns of the lake that a projection has beside its properties: no JSON, no ids of one event, no further clocks. */
export const PROJECTION_COLUMNS: readonly ColumnName[] = [
  ...FIELDS.flatMap(({ name, kind }) => (kind === "json" || LEFT_OUT.has(name) ? [] : [name])),
  UPLOAD_DATE,
];

/** Those of them that stand in the file itself, not in its path. */
export const PROJECTION_FIELDS = PROJECTION_COLUMNS.filter((name) => name !== "app" && name !== UPLOAD_DATE);

const COLUMNS_OF_NOTHING = [
  ...FIELDS.map(({ name, kind }) => `NULL::${SQL_TYPES[kind]} AS ${identifier(name)}`),
  `NULL::VARCHAR AS ${identifier(EXTRA)}`,
  `NULL::DATE AS ${identifier(UPLOAD_DATE)}`,
].join(", ");
