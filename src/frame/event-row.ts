import type { Column, ScalarKind } from "../engine/column-type.js";
import { type ColumnName, EXTRA, FIELDS, type FieldKind, UPLOAD_DATE } from "../event.js";

type FieldEntry = (typeof FIELDS)[number];

interface ValueOfKind {
  text: string;
  json: string;
  int: bigint;
  double: number;
  boolean: boolean;
  time: Date;
}

type NeverNull = "uuid" | "event_type" | "server_upload_time";

/**
 * One event as a row: text and JSON as string, integers as bigint, times as Date (milliseconds; ask `rows` for
 * `timestamps: "micros"` to have all digits), null where the event has no value. `upload_date` is a text such
 * as `2026-11-23`.
 */
export type EventRow = {
  [F in FieldEntry as F["name"]]: ValueOfKind[F["kind"]] | (F["name"] extends NeverNull ? never : null);
} & { [EXTRA]: string | null; [UPLOAD_DATE]: string };

/** The columns whose text is JSON. */
export type JsonColumn = Extract<FieldEntry, { kind: "json" }>["name"] | typeof EXTRA;

/** The columns that a frame has if none are named: the 55 fields and `extra`. */
export type DefaultColumn = Exclude<ColumnName, typeof UPLOAD_DATE>;

/** The columns that a frame has if none are named, in order. */
export const DEFAULT_COLUMNS: readonly DefaultColumn[] = [...FIELDS.map(({ name }) => name), EXTRA];

/** All columns of the lake's table, in order. */
export const ALL_COLUMNS: readonly ColumnName[] = [...DEFAULT_COLUMNS, UPLOAD_DATE];

const SCALARS: Readonly<Record<FieldKind, ScalarKind>> = {
  text: "text",
  json: "json",
  int: "int64",
  double: "double",
  boolean: "boolean",
  time: "timestamp",
};

const KINDS: ReadonlyMap<string, ScalarKind> = new Map<string, ScalarKind>([
  ...FIELDS.map(({ name, kind }) => [name, SCALARS[kind]] as const),
  [EXTRA, "json"],
  [UPLOAD_DATE, "date"],
]);

/** The column of the lake's table that is called `name`, with its type. */
export function lakeColumn(name: ColumnName): Column {
  return { name, type: { kind: KINDS.get(name) ?? "text" } };
}

/** True if the lake has a column `name` whose text is JSON. */
export function isJsonColumn(name: string): name is JsonColumn {
  return KINDS.get(name) === "json";
}
