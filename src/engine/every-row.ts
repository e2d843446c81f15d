import { EXTRA, FIELDS, type FieldKind } from "../event.js";
import type { Engine, QueryOptions } from "./engine.js";
import { identifier, literal, pathList } from "./sql-text.js";

/** What only reading every value of a data file tells. */
export interface EveryRow {
  /** Rows without a uuid, an event type or an upload time: no event is without. */
  readonly incomplete: number;
  /** Columns that are not of the lake's types, each as `name TYPE`, and those that are not there. */
  readonly wrongColumns: readonly string[];
}

const TYPES: Record<FieldKind, string> = {
  text: "VARCHAR",
  json: "VARCHAR",
  int: "BIGINT",
  double: "DOUBLE",
  boolean: "BOOLEAN",
  time: "TIMESTAMP WITH TIME ZONE",
};

const COLUMNS = new Map([
  ...FIELDS.filter(({ name }) => name !== "app").map(({ name, kind }): [string, string] => [
    name,
    TYPES[kind],
  ]),
  [EXTRA, "VARCHAR"] as [string, string],
]);

/** What the end of a data file says of it. */
export interface Footer {
  readonly rows: number;
  /** Columns that are not of the lake's types, each as `name TYPE`, and those that are not there. */
  readonly wrongColumns: readonly string[];
}

/** Reads the metadata at the end of a Parquet file, and nothing else of it. Fails with QueryError where there is none. */
export async function readFooter(engine: Engine, path: string): Promise<Footer> {
  const { wrongColumns } = await columnsOf(engine, path);
  const [row] = (await engine.query(`SELECT num_rows FROM parquet_file_metadata(${literal(path)})`)).rows();
  return { rows: Number(row?.[0]), wrongColumns };
}

async function columnsOf(engine: Engine, path: string) {
  const source = `read_parquet(${literal(path)}, hive_partitioning = false)`;
  const types = (
    await engine.query(`SELECT name, type FROM (DESCRIBE FROM ${source}) AS t(name, type, a, b, c, d)`)
  ).rows();
  const found = new Map(types.map(([name, type]) => [String(name), String(type)]));
  const wrongColumns = [...COLUMNS].flatMap(([name, type]) =>
    found.get(name) === type ? [] : [`${name} ${found.get(name) ?? "missing"}`],
  );
  return { source, found, wrongColumns };
}

/** Reads every value of every row of a data file. Fails with QueryError where one cannot be read. */
export async function readEveryRow(
  engine: Engine,
  path: string,
  options: QueryOptions = {},
): Promise<EveryRow> {
  const { source, found, wrongColumns } = await columnsOf(engine, path);
  const without = ["uuid", "event_type", "server_upload_time"].map((name) =>
    found.has(name) ? `${identifier(name)} IS NULL` : "true",
  );
  if (found.has("uuid")) without.push("uuid = ''");
  const all = [...found.keys()].map(identifier).join(", ");
  const sql = `SELECT count(*) FILTER (${without.join(" OR ")}), bit_xor(hash(row(${all}))) FROM ${source}`;
  const [figures] = (await engine.query(sql, undefined, options)).rows();
  return { incomplete: Number(figures?.[0] ?? 0), wrongColumns };
}

/** All uuids of a lake. */
export interface UuidFigures {
  readonly rows: number;
  readonly distinct: number;
  /** 16 hex digits that are the same for the same set of uuids, however files and rows are arranged. */
  readonly fingerprint: string;
}

/** Rows of one slice are held in memory as 128 bits each. */
const SLICE_ROWS = 4_000_000;

/** Hashes every uuid of Parquet files: MD5, in slices, so that memory stays flat whatever the number of rows. */
export async function hashUuids(
  engine: Engine,
  paths: readonly string[],
  rows: number,
  options: QueryOptions = {},
): Promise<UuidFigures> {
  if (paths.length === 0) return { rows: 0, distinct: 0, fingerprint: "0".repeat(16) };
  const files = `read_parquet(${pathList(paths)}, hive_partitioning = false)`;
  const slices = Math.max(1, Math.ceil(rows / SLICE_ROWS));
  let [counted, distinct, fingerprint] = [0, 0, 0n];
  for (let slice = 0; slice < slices; slice += 1) {
    const sql = `SELECT count(*), count(DISTINCT md5_number(uuid)), coalesce(bit_xor(md5_number_lower(uuid)), 0)::VARCHAR
      FROM ${files} WHERE md5_number_upper(uuid) % ${slices} = ${slice}`;
    const [figures] = (await engine.query(sql, undefined, options)).rows();
    counted += Number(figures?.[0] ?? 0);
    distinct += Number(figures?.[1] ?? 0);
    fingerprint ^= BigInt(String(figures?.[2] ?? 0));
  }
  return { rows: counted, distinct, fingerprint: fingerprint.toString(16).padStart(16, "0") };
}
