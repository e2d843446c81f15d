import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../src/engine/engine.js";
import type { LakeFile } from "../../src/engine/lake-view.js";
import { literal } from "../../src/engine/sql-text.js";
import { EXTRA, FIELDS, type FieldName } from "../../src/event.js";

/** SQL expressions for some fields of one event; the rest is null. */
export type EventSql = Partial<Record<FieldName | typeof EXTRA, string>>;

const TYPES = {
  text: "VARCHAR",
  json: "VARCHAR",
  int: "BIGINT",
  double: "DOUBLE",
  boolean: "BOOLEAN",
  time: "TIMESTAMPTZ",
};

/** Writes a data file with the lake's schema and gives what the log would say of it. */
export async function writeLakeFile(
  engine: Engine,
  lake: string,
  partition: { app: string; day: string; name?: string },
  events: string,
): Promise<LakeFile> {
  const folder = join(lake, `app=${partition.app}`, `upload_date=${partition.day}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, partition.name ?? "part-0.parquet");
  await engine.run(
    `COPY (${events}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192)`,
  );
  const span = await engine.query(
    `SELECT epoch_us(min(event_time)) AS a, epoch_us(max(event_time)) // 1000 * 1000 AS b, epoch_us(min(server_upload_time)) AS c, epoch_us(max(server_upload_time)) // 1000 * 1000 AS d FROM read_parquet(${literal(path)})`,
  );
  const [a, b, c, d] = span.rows()[0] as (bigint | null)[];
  const of = (min: bigint | null | undefined, max: bigint | null | undefined) =>
    min == null || max == null ? null : { min, max };
  return { path, eventTime: of(a, b), serverUploadTime: of(c, d) };
}

/** One SELECT for each event, put together, with the columns of a data file. */
export function eventsSql(events: readonly EventSql[]): string {
  return events.map((event) => `SELECT ${columns(event)}`).join(" UNION ALL ");
}

/** `count` events, number `i` of each available to the expressions. */
export function manyEventsSql(count: number, event: EventSql): string {
  return `SELECT ${columns(event)} FROM range(${count}) r(i)`;
}

function columns(event: EventSql): string {
  const fields = FIELDS.filter(({ name }) => name !== "app").map(
    ({ name, kind }) => `(${event[name] ?? "NULL"})::${TYPES[kind]} AS "${name}"`,
  );
  return [...fields, `(${event[EXTRA] ?? "NULL"})::VARCHAR AS "${EXTRA}"`].join(", ");
}
