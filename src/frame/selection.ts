import type { Param } from "../engine/engine.js";
import type { LakeBounds, TimeBounds } from "../engine/lake-view.js";
import { type SqlWords, STANDARD_WORDS, utcText } from "../engine/sql-text.js";
import { UsageError } from "../errors/index.js";
import { type ColumnName, UPLOAD_DATE } from "../event.js";
import { parseDuration } from "../hour.js";
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
import { TimeZone, UTC } from "./time-zone.js";
import { ofUsers, oneOf, type User } from "./value-conditions.js";

/** A condition in SQL on the lake's columns; `params` are the values of its `?`, in order. */
export interface Condition {
  readonly sql: string;
  readonly params?: readonly Param[];
}

/** Which events and columns a frame has. With no option: all events, all fields. */
export interface FrameOptions<
  C extends ColumnName = ColumnName,
  E extends string = string,
  A extends Properties = Properties,
> {
  /** Earliest `event_time`, included; in `timeZone`. */
  readonly from?: TimeEnd | undefined;
  /** Latest `event_time`, included: `to: "2026-11-23"` includes that whole day. In `timeZone`. */
  readonly to?: TimeEnd | undefined;
  /**
   * In place of `from` and `to`: the `event_time`s of the hours (`24h`), days (`7d`) or weeks (`4w`) that end now,
   * that is, when the frame is made. A day is 24 hours. (`loadEvents` and `pull` take it too, and mean upload hours
   * up to the last that is final.)
   */
  readonly last?: string | undefined;
  /**
   * The IANA time zone, such as `Europe/Berlin`, of `from` and `to`, where these have no `Z` or offset of their own,
   * and of `resample`. Days on which clocks change have 23 or 25 hours. Default `UTC`. Times in rows are instants, and
   * the columns' times are UTC whatever it is.
   */
  readonly timeZone?: string | undefined;
  /** Earliest upload hour (`server_upload_time`), UTC, included. */
  readonly uploadedFrom?: TimeEnd | undefined;
  /** Latest upload hour, UTC, included. */
  readonly uploadedTo?: TimeEnd | undefined;
  /** Only events of these types. An empty list gives no events. */
  readonly events?: E | readonly E[] | undefined;
  /** Only events of these users: text is a `user_id`, a bigint or number an `amplitude_id`. An empty list gives none. */
  readonly users?: User | readonly User[] | undefined;
  /** Only events of these devices, by `device_id`. An empty list gives none. */
  readonly devices?: string | readonly string[] | undefined;
  /** Only events of these platforms, such as `iOS`. An empty list gives none. */
  readonly platforms?: string | readonly string[] | undefined;
  /** Columns in this order. Default: the 55 fields and `extra`. `[]` for none but those of `properties`. */
  readonly columns?: readonly C[] | undefined;
  /**
   * Properties as columns after the others, each with the type that holds all its values: `["price", "user_properties.plan"]`,
   * or `"all"`. A name without a column's name before it is an event property; dots lead into objects. The types are found
   * by reading when the frame is first read, or by `ready()`. Default: none.
   */
  readonly properties?: A | undefined;
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
  /** Its name in the IANA database. */
  readonly timeZone: string;
  readonly where: Condition | undefined;
  readonly params: readonly Param[];
  readonly properties: Properties | undefined;
  /** True if `where` gives a condition. */
  readonly conditional: boolean;
  /** True if neither times nor event types are chosen. */
  readonly everyEvent: boolean;
  /** The event types, if nothing else is chosen but for `where` and `limit`. */
  readonly types: readonly string[] | undefined;
  /**
   * The SELECT over `source`, which is a table's name or a query in parentheses, with `properties`, which are those of the
   * options once their types are known. `isBounded`: `source` has no event that is not within `bounds`.
   */
  sql(source: string, properties?: readonly PropertyColumn[], isBounded?: boolean): string;
  /** The SELECT of these columns and the parts' values, over all `parts` in order. */
  sqlOver(parts: readonly SourcePart[], columns: readonly ColumnName[]): string;
  /** The events that the types of properties are found in: all that the options select but for `where` and `limit`. */
  eventsSql(source: string, select?: string): string;
}

const OPTION_NAMES = [
  ...["from", "to", "last", "timeZone", "uploadedFrom", "uploadedTo"],
  ...["events", "users", "devices", "platforms", "columns", "properties", "where", "limit"],
];

/**
 * Checks `options`; `now` (milliseconds since 1970) is where `last` ends, `words` are those of the SQL. Throws UsageError that names what is wrong
 * and the nearest right name.
 */
export function selectionOf(
  options: FrameOptions,
  now: number = Date.now(),
  words: SqlWords = STANDARD_WORDS,
): Selection {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.includes(name)) throw unknownName("option", name, OPTION_NAMES);
  }
  const columns = checkedColumns(options);
  const zone = options.timeZone === undefined ? undefined : TimeZone.of(options.timeZone);
  const bounds = {
    eventTime: lastBounds(options, now) ?? boundsOf(options.from, options.to, "from", "to", zone),
    serverUploadTime: boundsOf(options.uploadedFrom, options.uploadedTo, "uploadedFrom", "uploadedTo"),
  };
  const where = typeof options.where === "string" ? { sql: options.where } : options.where;
  const { identifier } = words;
  const ofTypes = oneOf("event_type", options.events, words);
  const times = [
    ...timeConditions("event_time", bounds.eventTime, words),
    ...timeConditions("server_upload_time", bounds.serverUploadTime, words),
  ];
  const others = [
    ...ofTypes,
    ...ofUsers(options.users, words),
    ...oneOf("device_id", options.devices, words),
    ...oneOf("platform", options.platforms, words),
  ];
  const which = [...times, ...others];
  const asked = where === undefined || where.sql.trim() === "" ? [] : [`(${where.sql}\n)`];
  const conditions = [...which, ...asked];
  const named = columns.map(identifier);
  const list = (properties: readonly PropertyColumn[]) =>
    options.columns === undefined
      ? [`* EXCLUDE (${[UPLOAD_DATE, ...hiddenColumns(properties)].join(", ")})`]
      : named;
  const limit = limitOf(options.limit);
  return {
    columns,
    chosen: options.columns !== undefined,
    bounds,
    timeZone: zone?.name ?? UTC,
    where,
    params: where?.params ?? [],
    properties: options.properties,
    conditional: conditions.length > which.length,
    everyEvent: which.length === 0,
    types:
      which.length === ofTypes.length && options.events !== undefined ? [options.events].flat() : undefined,
    sqlOver: (parts, columns) => {
      const selects = parts.map(
        ({ from, values }) =>
          `SELECT ${[...columns.map(identifier), ...values].join(", ")} FROM ${from}${whereSql(conditions)}`,
      );
      const all = selects.length === 1 ? selects[0] : selects.map((each) => `(${each})`).join(" UNION ALL ");
      return `${all}${limit}`;
    },
    sql: (source, properties = [], isBounded = false) => {
      const selects = [...list(properties), ...propertySelects(properties)].join(", ");
      const needed = isBounded ? [...others, ...asked] : conditions;
      return `SELECT ${selects} FROM ${withProperties(source, properties)}${whereSql(needed)}${limit}`;
    },
    eventsSql: (source, select = "*") => `SELECT ${select} FROM ${source}${whereSql(which)}`,
  };
}

function checkedColumns({ columns, properties }: FrameOptions): readonly ColumnName[] {
  if (columns === undefined) return DEFAULT_COLUMNS;
  if (columns.length === 0 && !properties?.length) throw noColumns("columns is an empty list.");
  const seen = new Set<string>();
  for (const name of columns) {
    if (!ALL_COLUMNS.includes(name)) throw unknownName("column", name, ALL_COLUMNS);
    if (seen.has(name)) throw new UsageError(`Column ${name} is named twice.`, "Name each column once.");
    seen.add(name);
  }
  return [...columns];
}

/** The error for a frame without a column; `found` says why it has none. */
export function noColumns(found: string): UsageError {
  return new UsageError(found, "Name at least one column or property, or leave columns out for all.");
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

/** From the beginning of `from` to the end of `to`. Throws UsageError with the options' names. */
export function boundsOf(
  from: TimeEnd | undefined,
  to: TimeEnd | undefined,
  fromName: string,
  toName: string,
  zone?: TimeZone,
): TimeBounds {
  const first = from === undefined ? undefined : parseTimeEnd(from, fromName, zone).from;
  const last = to === undefined ? undefined : parseTimeEnd(to, toName, zone).until;
  if (first !== undefined && last !== undefined && first >= last) {
    throw new UsageError(
      `${fromName} is after ${toName}.`,
      `Give a ${fromName} that is not after ${toName}.`,
    );
  }
  return { from: first, until: last };
}

function timeConditions(column: string, bounds: TimeBounds, { timestamp }: SqlWords): string[] {
  return [
    ...(bounds.from === undefined ? [] : [`${column} >= ${timestamp(bounds.from)}`]),
    ...(bounds.until === undefined ? [] : [`${column} < ${timestamp(bounds.until)}`]),
  ];
}

/** The time that `last` names, if it is given. */
function lastBounds({ last, from, to }: FrameOptions, now: number): TimeBounds | undefined {
  if (last === undefined) return undefined;
  if (from !== undefined || to !== undefined) {
    throw new UsageError("last was given together with from or to.", "Give either.");
  }
  const hours = parseDuration(String(last));
  if (hours === undefined) {
    throw new UsageError(
      `last is ${JSON.stringify(last)}, which is no duration.`,
      "Write hours, days or weeks: 36h, 7d, 4w.",
    );
  }
  const until = BigInt(Math.floor(now)) * 1000n;
  return { from: until - BigInt(hours) * 3_600_000_000n, until };
}

/** `where`, and all of `conditions`, which have no parameters. */
export function both(where: Condition | undefined, conditions: readonly string[]): Condition {
  const first = where === undefined || where.sql.trim() === "" ? [] : [`(${where.sql}\n)`];
  return { sql: [...first, ...conditions].join(" AND "), params: where?.params ?? [] };
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

/** Whether `options` leave out events that are in their range: by their type, users, time of upload or whatever. */
export function selectsSome(options: FrameOptions): boolean {
  const { events, users, devices, platforms, where, uploadedFrom, uploadedTo } = options;
  return [events, users, devices, platforms, where, uploadedFrom, uploadedTo].some(
    (option) => option !== undefined,
  );
}

/** As options of a frame, whose `to` is included. */
export function ends({ from, until }: TimeBounds): Pick<FrameOptions, "from" | "to"> {
  return {
    from: from === undefined ? undefined : `${utcText(from)}Z`,
    to: until === undefined ? undefined : `${utcText(until - 1n)}Z`,
  };
}
