import type { Engine } from "./engine.js";
import { UPLOAD_HOUR } from "./parts.js";
import { identifier, literal, pathList } from "./sql-text.js";

/** Rows of a data file of the lake: all of them by default. */
export interface Piece {
  /** Absolute. */
  readonly path: string;
  /** Only rows of these upload hours, in milliseconds since 1970. */
  readonly hours?: readonly number[];
  /** Rows to leave out, by number from 0. */
  readonly without?: readonly number[];
}

/** All that rows are, whatever their order and whichever file they are in. */
export interface Content {
  /** Name and type of each column, in the order of names. */
  readonly columns: string;
  readonly rows: number;
  /** By upload hour (milliseconds since 1970): the rows, and the sum of the hashes of all their values. */
  readonly hours: ReadonlyMap<number, { readonly rows: number; readonly digest: bigint }>;
  /** About the bytes that the rows take in memory. */
  readonly memoryBytes: number;
}

/** A condition in SQL on the rows that go into one run of a sort. */
export type SortRange = string;

const ORDER = "ORDER BY amplitude_id, event_time";

/** Counts and hashes all values of the rows. Equal rows have equal contents, and others, but for a chance of 2^-64, not. */
export async function contentOf(
  engine: Engine,
  pieces: readonly Piece[],
  signal?: AbortSignal,
): Promise<Content> {
  const described = await engine.describe(`SELECT * FROM ${rowsOf(pieces)}`);
  const columns = [...described].sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = columns.map(({ name }) => identifier(name));
  const sizes = columns.map(({ name, type }) =>
    type.kind === "text" || type.kind === "json" ? `coalesce(strlen(${identifier(name)}), 0) + 16` : "8",
  );
  const result = await engine.query(
    `SELECT ${UPLOAD_HOUR}, count(*), sum(hash(${names.join(", ")})::HUGEINT), sum(${sizes.join(" + ")})::BIGINT
     FROM ${rowsOf(pieces)} GROUP BY 1`,
    undefined,
    { signal },
  );
  const groups = result.rows() as [bigint, bigint, bigint, bigint][];
  return {
    columns: JSON.stringify(columns.map(({ name, type }) => [name, type])),
    rows: groups.reduce((sum, [, rows]) => sum + Number(rows), 0),
    hours: new Map(groups.map(([hour, rows, digest]) => [Number(hour), { rows: Number(rows), digest }])),
    memoryBytes: groups.reduce((sum, [, , , bytes]) => sum + Number(bytes), 0),
  };
}

/**
 * Up to three uuids of rows that are on one side only, or oftener there, or with other values; for the words of
 * an error.
 */
export async function differingUuids(
  engine: Engine,
  one: readonly Piece[],
  other: readonly Piece[],
): Promise<string[]> {
  const side = (pieces: readonly Piece[]) =>
    `(SELECT uuid, hash(rows) FROM (SELECT * FROM ${rowsOf(pieces)}) AS rows)`;
  const [a, b] = [side(one), side(other)];
  const result = await engine.query(
    `SELECT DISTINCT uuid FROM ((FROM ${a} EXCEPT ALL FROM ${b}) UNION ALL (FROM ${b} EXCEPT ALL FROM ${a})) LIMIT 3`,
  );
  return result.rows().map(([uuid]) => String(uuid));
}

/** Splits the rows by their users into at most `count` ranges of about as many rows, in order. */
export async function sortRanges(
  engine: Engine,
  pieces: readonly Piece[],
  count: number,
): Promise<SortRange[]> {
  if (count <= 1) return ["true"];
  const shares = Array.from({ length: count - 1 }, (_, i) => (i + 1) / count);
  const result = await engine.query(
    `SELECT quantile_disc(amplitude_id, [${shares.join(", ")}]) FROM ${rowsOf(pieces)}`,
  );
  const [[found = null] = []] = result.rows() as [readonly bigint[] | null][];
  const bounds = [...new Set(found ?? [])];
  return [undefined, ...bounds].map((from, i) => {
    const until = bounds[i];
    const conditions = [
      ...(from === undefined ? [] : [`amplitude_id >= ${from}`]),
      ...(until === undefined ? [] : [`amplitude_id < ${until}`]),
    ];
    if (until !== undefined) return conditions.join(" AND ");
    return conditions.length === 0 ? "true" : `(${conditions.join(" AND ")} OR amplitude_id IS NULL)`;
  });
}

/** Writes the rows of a range, sorted by `amplitude_id` and `event_time`, to a new Parquet file. */
export async function writeSorted(
  engine: Engine,
  pieces: readonly Piece[],
  range: SortRange,
  to: string,
  rowGroup: number,
  signal?: AbortSignal,
): Promise<void> {
  const rows = `SELECT * FROM ${rowsOf(pieces)} WHERE ${range} ${ORDER}`;
  await engine.run(copy(rows, to, rowGroup), undefined, { signal });
}

/** Writes the rows of `from`, file after file, to a new Parquet file. The engine must keep the order of files. */
export async function joinSorted(
  engine: Engine,
  from: readonly string[],
  to: string,
  rowGroup: number,
  signal?: AbortSignal,
): Promise<void> {
  const rows = `SELECT * FROM read_parquet(${pathList(from)}, hive_partitioning = false)`;
  await engine.run(copy(rows, to, rowGroup), undefined, { signal });
}

/** Writes rows of a file, in their order, to a new Parquet file. The engine must keep the order of rows. */
export async function copyRows(
  engine: Engine,
  from: Piece,
  to: string,
  rowGroup: number,
  signal?: AbortSignal,
): Promise<void> {
  await engine.run(copy(`SELECT * FROM ${rowsOf([from])}`, to, rowGroup), undefined, { signal });
}

/** Version 1, as every reader knows it: see parts.ts. Level 3 is worth its time, since these files stay. */
function copy(rows: string, to: string, rowGroup: number): string {
  const format = `FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, PARQUET_VERSION v1, ROW_GROUP_SIZE ${rowGroup}`;
  return `COPY (${rows}) TO ${literal(to)} (${format})`;
}

function rowsOf(pieces: readonly Piece[]): string {
  const isWhole = ({ hours, without = [] }: Piece) => hours === undefined && without.length === 0;
  const whole = pieces.filter(isWhole).map(({ path }) => path);
  const parts = pieces.filter((piece) => !isWhole(piece)).map(partOf);
  if (whole.length > 0) {
    parts.push(
      `SELECT * FROM read_parquet(${pathList(whole)}, hive_partitioning = false, union_by_name = true)`,
    );
  }
  return `(${parts.join(" UNION ALL BY NAME ")})`;
}

function partOf({ path, hours, without = [] }: Piece): string {
  const conditions = [
    ...(hours ? [`${UPLOAD_HOUR} IN (${hours.join(", ")})`] : []),
    ...(without.length > 0 ? [`file_row_number NOT IN (${without.join(", ")})`] : []),
  ];
  return `SELECT * EXCLUDE (file_row_number) FROM read_parquet(${pathList(path)}, hive_partitioning = false,
    file_row_number = true) WHERE ${conditions.join(" AND ")}`;
}
