import type { Param } from "../engine/engine.js";
import type { LakeBounds, TimeBounds } from "../engine/lake-view.js";
import { identifier, literal, timestamp } from "../engine/sql-text.js";
import { UsageError } from "../errors/index.js";
import { type ColumnName, UPLOAD_DATE } from "../event.js";
import { ALL_COLUMNS, DEFAULT_COLUMNS } from "./event-row.js";
import { nearestName } from "./nearest-name.js";
import {
  hiddenColumns,
  type Properties,
  type PropertyColumn,
  propertySelects,
  withProperties,
} from "./properties/columns.js";
import { parseTimeEnd, type TimeEnd } from "./time-end.js";

/** A condition in SQL on the lake's columns; `params` are the values of its `?`, in order. */
export interface Condition {
  readonly sql: string;
  readonly params?: readonly Param[];
}

/** Which events and columns a frame has. With no option: all events, all fields. */
export interface FrameOptions<C extends ColumnName = ColumnName> {
  /** Earliest `event_time`, UTC, included. */
  readonly from?: TimeEnd | undefined;
  /** Latest `event_time`, UTC, included: `to: "2026-11-23"` includes that whole day. */
  readonly to?: TimeEnd | undefined;
  /** Earliest upload hour (`server_upload_time`), UTC, included. */
  readonly uploadedFrom?: TimeEnd | undefined;
  /** Latest upload hour, UTC, included. */
  readonly uploadedTo?: TimeEnd | undefined;
  /** Only events of these types. An empty list gives no events. */
  readonly events?: string | readonly string[] | undefined;
  /** Columns in this order. Default: the 55 fields and `extra`. */
  readonly columns?: readonly C[] | undefined;
  /**
   * Properties as columns after the others, each with the type that holds all its values: `["price", "user_properties.plan"]`,
   * or `"all"`. A name without a column's name before it is an event property; dots lead into objects. The types are found
   * by reading when the frame is first read, or by `ready()`. Default: none.
   */
  readonly properties?: Properties | undefined;
  /**
   * Any condition in SQL, in DuckDB's dialect: `"country = 'Germany' AND paying"`. It may name the columns of
   * `properties` too.
   */
  readonly where?: string | Condition | undefined;
  /** At most so many rows. They come in the order of the lake, by upload. */
  readonly limit?: number | undefined;
}

/** A part of what a selection is read from. */
export interface SourcePart {
  /** What comes after FROM. */
  readonly from: string;
  /** Properties of it, as SELECT writes them. */
  readonly values: readonly string[];
}

/** A checked selection. */
export interface Selection {
  readonly columns: readonly ColumnName[];
  /** True if the caller named the columns. */
  readonly chosen: boolean;
  readonly bounds: LakeBounds;
  readonly params: readonly Param[];
  readonly properties: Properties | undefined;
  /** True if `where` gives a condition. */
  readonly conditional: boolean;
  /** True if neither times nor event types are chosen. */
  readonly everyEvent: boolean;
  /**
   * The SELECT over `source`, which is a table's name or a query in parentheses, with `properties`, which are those of the
   * options once their types are known.
   */
  sql(source: string, properties?: readonly PropertyColumn[]): string;
  /** The SELECT of these columns and the parts' values, over all `parts` in order. */
  sqlOver(parts: readonly SourcePart[], columns: readonly ColumnName[]): string;
  /** The events that the types of properties are found in: those of the times and event types, whatever `where` says. */
  eventsSql(source: string): string;
}

const OPTION_NAMES = [
  "from",
  "to",
  "uploadedFrom",
  "uploadedTo",
  "events",
  "columns",
  "properties",
  "where",
  "limit",
];

/** Checks `options`. Throws UsageError that names what is wrong and the nearest right name. */
export function selectionOf(options: FrameOptions): Selection {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.includes(name)) throw unknownName("option", name, OPTION_NAMES);
  }
  const columns = checkedColumns(options.columns);
  const bounds = {
    eventTime: boundsOf(options.from, options.to, "from", "to"),
    serverUploadTime: boundsOf(options.uploadedFrom, options.uploadedTo, "uploadedFrom", "uploadedTo"),
  };
  const where = typeof options.where === "string" ? { sql: options.where } : options.where;
  const which = [
    ...timeConditions("event_time", bounds.eventTime),
    ...timeConditions("server_upload_time", bounds.serverUploadTime),
    ...eventCondition(options.events),
  ];
  const conditions = where === undefined || where.sql.trim() === "" ? which : [...which, `(${where.sql}\n)`];
  const named = columns.map(identifier).join(", ");
  const list = (properties: readonly PropertyColumn[]) =>
    options.columns === undefined
      ? `* EXCLUDE (${[UPLOAD_DATE, ...hiddenColumns(properties)].join(", ")})`
      : named;
  const limit = limitOf(options.limit);
  return {
    columns,
    chosen: options.columns !== undefined,
    bounds,
    params: where?.params ?? [],
    properties: options.properties,
    conditional: conditions.length > which.length,
    everyEvent: which.length === 0,
    sqlOver: (parts, columns) => {
      const selects = parts.map(
        ({ from, values }) =>
          `SELECT ${[...columns.map(identifier), ...values].join(", ")} FROM ${from}${whereSql(conditions)}`,
      );
      const all = selects.length === 1 ? selects[0] : selects.map((each) => `(${each})`).join(" UNION ALL ");
      return `${all}${limit}`;
    },
    sql: (source, properties = []) => {
      const selects = [list(properties), ...propertySelects(properties)].join(", ");
      return `SELECT ${selects} FROM ${withProperties(source, properties)}${whereSql(conditions)}${limit}`;
    },
    eventsSql: (source) => `SELECT * FROM ${source}${whereSql(which)}`,
  };
}

function checkedColumns(columns: readonly ColumnName[] | undefined): readonly ColumnName[] {
  if (columns === undefined) return DEFAULT_COLUMNS;
  if (columns.length === 0) {
    throw new UsageError(
      "columns is an empty list.",
      "Name at least one column, or leave columns out for all.",
    );
  }
  const seen = new Set<string>();
  for (const name of columns) {
    if (!ALL_COLUMNS.includes(name)) throw unknownName("column", name, ALL_COLUMNS);
    if (seen.has(name)) throw new UsageError(`Column ${name} is named twice.`, "Name each column once.");
    seen.add(name);
  }
  return [...columns];
}

/** The error for a name that does not exist, with the nearest one that does. */
export function unknownName(what: string, name: string, names: readonly string[]): UsageError {
  const nearest = nearestName(String(name), names);
  return new UsageError(
    `There is no ${what} ${JSON.stringify(name)}.`,
    nearest === undefined
      ? `The ${what}s are ${names.join(", ")}.`
      : `Did you mean ${JSON.stringify(nearest)}?`,
  );
}

function boundsOf(
  from: TimeEnd | undefined,
  to: TimeEnd | undefined,
  fromName: string,
  toName: string,
): TimeBounds {
  const first = from === undefined ? undefined : parseTimeEnd(from, fromName).from;
  const last = to === undefined ? undefined : parseTimeEnd(to, toName).until;
  if (first !== undefined && last !== undefined && first >= last) {
    throw new UsageError(
      `${fromName} is after ${toName}.`,
      `Give a ${fromName} that is not after ${toName}.`,
    );
  }
  return { from: first, until: last };
}

function timeConditions(column: string, bounds: TimeBounds): string[] {
  return [
    ...(bounds.from === undefined ? [] : [`${column} >= ${timestamp(bounds.from)}`]),
    ...(bounds.until === undefined ? [] : [`${column} < ${timestamp(bounds.until)}`]),
  ];
}

function eventCondition(events: string | readonly string[] | undefined): string[] {
  if (events === undefined) return [];
  const names = [events].flat();
  if (names.length === 0) return ["false"];
  return names.length === 1
    ? [`event_type = ${literal(names[0]!)}`]
    : [`event_type IN (${names.map(literal).join(", ")})`];
}

function whereSql(conditions: readonly string[]): string {
  return conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : "";
}

function limitOf(limit: number | undefined): string {
  return limit === undefined ? "" : ` LIMIT ${rowCount(limit, "limit")}`;
}

/** `value` if it can be a count of rows; else throws UsageError that names `option`. */
export function rowCount(value: number, option: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`${option} is ${String(value)}.`, "Give a whole number of rows, 0 or more.");
}
