import type { Engine } from "./engine.js";
import { UPLOAD_HOUR } from "./parts.js";
import { literal, pathList } from "./sql-text.js";

/** Parquet files among which uuids are compared. */
export interface DuplicateSearch {
  /** Rows whose uuid may occur elsewhere: files written for this purpose, in the order of decoding. */
  readonly candidates: readonly string[];
  /** New files; all their uuids differ from each other. */
  readonly parts: readonly string[];
  /** Files that were written by this run before, against which the candidates are to be held. */
  readonly seen: readonly string[];
  /** Files that the lake held before this run, against which candidates and parts are to be held. */
  readonly existing: readonly string[];
}

/** A row that is a copy of another, and the upload hours of both, in milliseconds since 1970. */
export interface DuplicateRow {
  readonly file: string;
  readonly row: number;
  readonly hour: number;
  readonly keptHour: number;
}

const ROWS = (files: readonly string[]) =>
  `(SELECT uuid, ${UPLOAD_HOUR} AS hour, filename, file_row_number AS row
    FROM read_parquet(${pathList(files)}, filename = true, file_row_number = true, hive_partitioning = false))`;

/**
 * The rows of `candidates` and `parts` that are copies: their uuid is in an older file, in a part, or in an
 * earlier candidate. What is in no list has a copy nowhere.
 */
export async function findDuplicates(engine: Engine, search: DuplicateSearch): Promise<DuplicateRow[]> {
  const { candidates, parts, seen, existing } = search;
  const found: DuplicateRow[] = [];
  if (parts.length > 0 && existing.length > 0) {
    const sql = `WITH old AS ${ROWS(existing)}, new AS ${ROWS(parts)}
      SELECT new.filename, new.row, any_value(new.hour), min(old.hour) FROM new JOIN old USING (uuid)
      GROUP BY ALL`;
    await addRows(found, engine, sql);
  }
  if (candidates.length > 0) {
    const older = [...parts, ...seen, ...existing];
    const order = `list_position([${candidates.map(literal).join(", ")}], candidate.filename)`;
    const sql = `WITH candidate AS ${ROWS(candidates)},
      old AS (${older.length > 0 ? `SELECT uuid, min(hour) AS hour FROM ${ROWS(older)} SEMI JOIN candidate USING (uuid) GROUP BY uuid` : "SELECT ''::VARCHAR AS uuid, 0::BIGINT AS hour WHERE false"}),
      ranked AS (SELECT candidate.*, old.hour AS old_hour,
        first_value(candidate.hour) OVER copies AS first_hour, row_number() OVER copies AS copy
        FROM candidate LEFT JOIN old USING (uuid)
        WINDOW copies AS (PARTITION BY uuid ORDER BY ${order}, row))
      SELECT filename, row, hour, coalesce(old_hour, first_hour) FROM ranked
      WHERE old_hour IS NOT NULL OR copy > 1`;
    await addRows(found, engine, sql);
  }
  return found;
}

/** One by one, for there may be more than a call takes arguments. */
async function addRows(found: DuplicateRow[], engine: Engine, sql: string): Promise<void> {
  for await (const batch of await engine.stream(sql)) {
    const [file, row, hour, keptHour] = [0, 1, 2, 3].map((column) => batch.values(column));
    for (let i = 0; i < batch.length; i++) {
      found.push({
        file: String(file![i]),
        row: Number(row![i]),
        hour: Number(hour![i]),
        keptHour: Number(keptHour![i]),
      });
    }
  }
}
