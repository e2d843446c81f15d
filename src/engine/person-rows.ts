import type { Engine } from "./engine.js";
import { UPLOAD_HOUR } from "./parts.js";
import { literal, pathList } from "./sql-text.js";

/** A row of a Parquet file: its number from 0, and its upload hour in milliseconds since 1970. */
export interface PersonRow {
  readonly file: string;
  readonly row: number;
  readonly hour: number;
}

/** Ids by the field that they are of, as text. */
export type IdsByField = ReadonlyMap<string, readonly string[]>;

/** The texts of an id of a row: its column's, and that of a value which its column could not hold exactly. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  user_id: ["user_id", "json_extract_string(extra, '$.user_id')"],
  device_id: ["device_id", "json_extract_string(extra, '$.device_id')"],
  amplitude_id: ["amplitude_id::VARCHAR", "json_extract_string(extra, '$.amplitude_id')"],
};

const rowsIn = (files: readonly string[]) =>
  `read_parquet(${pathList(files)}, filename = true, file_row_number = true, hive_partitioning = false)`;

/** The rows of `files` that have one of `ids`. */
export async function rowsOfPerson(
  engine: Engine,
  files: readonly string[],
  ids: IdsByField,
  signal?: AbortSignal,
): Promise<PersonRow[]> {
  const conditions = conditionsOf(ids);
  if (files.length === 0 || conditions.length === 0) return [];
  const sql = `SELECT filename, file_row_number, ${UPLOAD_HOUR} FROM ${rowsIn(files)} WHERE ${conditions.join(" OR ")}`;
  const rows: PersonRow[] = [];
  for await (const batch of await engine.stream(sql, undefined, { signal })) {
    const [file, row, hour] = [0, 1, 2].map((column) => batch.values(column));
    for (let i = 0; i < batch.length; i++) {
      rows.push({ file: String(file![i]), row: Number(row![i]), hour: Number(hour![i]) });
    }
  }
  return rows;
}

/** The `amplitude_id`s, as text, whose rows in `files` all have one of `ids`. */
export async function idsOfNobodyElse(
  engine: Engine,
  files: readonly string[],
  ids: IdsByField,
  signal?: AbortSignal,
): Promise<string[]> {
  const conditions = conditionsOf(ids);
  if (files.length === 0 || conditions.length === 0) return [];
  const isTheirs = conditions.map((condition) => `coalesce(${condition}, false)`).join(" OR ");
  const sql = `SELECT amplitude_id::VARCHAR FROM ${rowsIn(files)} WHERE amplitude_id IS NOT NULL GROUP BY amplitude_id HAVING bool_and(${isTheirs})`;
  return (await engine.query(sql, undefined, { signal })).rows().map(([id]) => String(id));
}

function conditionsOf(ids: IdsByField): string[] {
  return [...ids].flatMap(([field, values]) =>
    (TEXTS[field] ?? []).map((text) => `${text} IN (${values.map(literal).join(", ")})`),
  );
}

/** Which ids that occur in `files` have a SHA-256 among `hashes`, when `salt`, the field and a colon precede them. */
export async function hashedIds(
  engine: Engine,
  files: readonly string[],
  salt: string,
  hashes: ReadonlySet<string>,
): Promise<IdsByField> {
  const found = new Map<string, string[]>();
  if (files.length === 0 || hashes.size === 0) return found;
  const texts = Object.entries(TEXTS).flatMap(([field, texts]) => texts.map((text) => ({ field, text })));
  const sql = `WITH seen AS (
      SELECT DISTINCT unnest([${texts.map(({ text }) => text).join(", ")}]) AS value,
        unnest([${texts.map(({ field }) => literal(field)).join(", ")}]) AS field
      FROM ${rowsIn(files)})
    SELECT DISTINCT field, value FROM seen
    WHERE value IS NOT NULL AND sha256(${literal(salt)} || field || ':' || value) IN (${[...hashes].map(literal).join(", ")})`;
  for (const [field, value] of (await engine.query(sql)).rows() as [string, string][]) {
    found.set(field, [...(found.get(field) ?? []), value]);
  }
  return found;
}
