import { EXTRA, FIELDS } from "../event.js";
import type { Engine } from "./engine.js";
import { UPLOAD_HOUR } from "./parts.js";
import { identifier, pathList } from "./sql-text.js";

/** Two states of the same events, as Parquet files. */
export interface EventStates {
  /** Each uuid once. Only rows of these upload hours count, each given as the milliseconds at which it begins. */
  readonly before: readonly { readonly path: string; readonly hours: readonly number[] }[];
  /** Of rows with the same uuid the first counts. May hold the column `app`, which is not compared. */
  readonly after: readonly string[];
  /** Files whose events are no news: what is in one of these was not added. */
  readonly others: readonly string[];
}

/** An event that is not as it was before. */
export interface EventChange {
  readonly kind: "added" | "changed" | "gone";
  /** Its upload hour as milliseconds since 1970: the one before, for an added one the one after. */
  readonly hour: number;
  readonly uuid: string;
  /** Where it lay before: file and row number from 0. */
  readonly before: { readonly file: string; readonly row: number } | null;
}

const CONTENT = [...FIELDS.map(({ name }) => name), EXTRA].filter((name) => name !== "app").map(identifier);

const ROWS = (path: string, hours?: readonly number[]) =>
  `SELECT uuid, ${UPLOAD_HOUR} AS hour, filename, file_row_number AS row, hash(${CONTENT.join(", ")}) AS content
   FROM read_parquet(${pathList(path)}, filename = true, file_row_number = true, hive_partitioning = false)
   ${hours ? `WHERE ${UPLOAD_HOUR} IN (${hours.join(", ")})` : ""}`;

const NO_ROWS = `SELECT ''::VARCHAR AS uuid, 0::BIGINT AS hour, ''::VARCHAR AS filename, 0::BIGINT AS row,
  0::UBIGINT AS content WHERE false`;

/** Every event that was added, changed or is gone, by `uuid` and the hash of all columns; in no order. */
export async function* eventChanges(
  engine: Engine,
  { before, after, others }: EventStates,
): AsyncGenerator<EventChange> {
  const place = `list_position(${pathList(after)}, filename) * 1099511627776 + row`;
  const known =
    others.length === 0
      ? ""
      : `AND NOT (old.uuid IS NULL AND uuid IN
          (SELECT uuid FROM read_parquet(${pathList(others)}, hive_partitioning = false)))`;
  const old = before.map(({ path, hours }) => ROWS(path, hours)).join(" UNION ALL ");
  const fresh = after.map((path) => ROWS(path)).join(" UNION ALL ");
  const sql = `WITH old AS (${old || NO_ROWS}),
    new AS (SELECT uuid, arg_min(hour, ${place}) AS hour, arg_min(content, ${place}) AS content
      FROM (${fresh || NO_ROWS}) GROUP BY uuid)
    SELECT CASE WHEN new.uuid IS NULL THEN 'gone' WHEN old.uuid IS NULL THEN 'added' ELSE 'changed' END,
      coalesce(old.hour, new.hour), uuid, filename, row
    FROM old FULL JOIN new USING (uuid)
    WHERE old.content IS DISTINCT FROM new.content ${known}`;
  for await (const batch of await engine.stream(sql)) {
    const [kind, hour, uuid, file, row] = [0, 1, 2, 3, 4].map((column) => batch.values(column));
    for (let i = 0; i < batch.length; i++) {
      yield {
        kind: kind![i] as EventChange["kind"],
        hour: Number(hour![i]),
        uuid: String(uuid![i]),
        before: file![i] === null ? null : { file: String(file![i]), row: Number(row![i]) },
      };
    }
  }
}
