import type { Column } from "../engine/column-type.js";
import type { TimeBounds } from "../engine/lake-view.js";
import { identifier, literal, timestamp } from "../engine/sql-text.js";
import { UsageError } from "../errors/index.js";
import { columnOf, columnOfKind, type Derivation } from "./derivation.js";
import { unknownName } from "./selection.js";
import { TimeZone, UTC } from "./time-zone.js";

/** The length of an interval of `resample`. */
export type Interval = "hour" | "day" | "week" | "month";

/** A day of the week. */
export type Weekday = (typeof WEEKDAYS)[number];

/** How events are counted over time. */
export interface ResampleOptions<Row, S extends keyof Row & string = never> {
  /** The IANA time zone in which days, weeks and months begin. Default: that of the frame, else `UTC`. */
  readonly timeZone?: string | undefined;
  /** The first day of a week. Default `monday`. */
  readonly weekStart?: Weekday | undefined;
  /** Columns of numbers to sum up. */
  readonly sum?: S | readonly S[] | undefined;
  /**
   * The column of the time. Default `event_time`, which a frame of events has even if it is not among its columns. Rows
   * without one are in no interval.
   */
  readonly time?: (keyof Row & string) | undefined;
  /** The column of whose different values `users` is the number. Default `amplitude_id`, as `time`. */
  readonly user?: (keyof Row & string) | undefined;
}

/**
 * One interval: where it begins as a clock of the time zone shows it (a date such as `2026-11-23`, or
 * `2026-11-23 05:00+01:00`), as an instant, its events, and how many users they are of.
 */
export type Resampled<Row, U extends Interval, S extends keyof Row & string> = {
  readonly [K in U]: string;
} & {
  readonly start: Date;
  readonly events: bigint;
  readonly users: bigint;
} & { readonly [K in S as `sum_${K}`]: bigint extends Row[K] ? bigint : number };

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
const INTERVALS: readonly string[] = ["hour", "day", "week", "month"];
const NUMBERS: ReadonlySet<string> = new Set(["int32", "int64", "uint64", "int128", "double", "decimal"]);
const TIMES: ReadonlySet<string> = new Set(["timestamp"]);
const OPTION_NAMES: readonly string[] = ["timeZone", "weekStart", "sum", "time", "user"];
const EVENT_TIME = "event_time";
const USER = "amplitude_id";

/** The columns that `resample` counts by if no others are named. */
export const RESAMPLED_COLUMNS = [EVENT_TIME, USER] as const;

/** What a frame knows of its rows' time without reading them. */
export interface FrameTime {
  /** Name of its time zone. */
  readonly timeZone: string;
  /** Of `event_time`. */
  readonly bounds: TimeBounds;
}

/**
 * Counts the rows of each `unit`, from the first to the last of the frame's own bounds, else of the rows; an interval
 * without rows has zeros. Throws UsageError.
 */
export function resampling<Row, S extends keyof Row & string>(
  columns: readonly Column[],
  unit: Interval,
  options: ResampleOptions<Row, S>,
  known: FrameTime,
): Derivation {
  if (!INTERVALS.includes(unit)) throw unknownName("interval", unit, INTERVALS);
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.includes(name)) throw unknownName("option", name, OPTION_NAMES);
  }
  if (options.time === undefined) requireOwn(columns, EVENT_TIME, "events", "time");
  if (options.user === undefined) requireOwn(columns, USER, "users", "user");
  const time = columnOfKind(columns, options.time ?? EVENT_TIME, TIMES, "a time").name;
  const user = columnOf(columns, options.user ?? USER).name;
  const sums = [options.sum ?? []].flat().map((name) => columnOfKind(columns, name, NUMBERS, "a number"));
  const zone = TimeZone.of(options.timeZone ?? known.timeZone).name;
  const clock = clockSql(zone, unit, weekShift(options.weekStart));
  const bounds = time === EVENT_TIME ? known.bounds : {};
  // From the counts, which are few, so that the rows are read once and not kept.
  const first =
    bounds.from === undefined ? "(SELECT min(piece) FROM counts)" : clock.piece(timestamp(bounds.from));
  const last =
    bounds.until === undefined
      ? "(SELECT max(piece) FROM counts)"
      : clock.piece(timestamp(bounds.until - 1n));
  const select = [
    `${clock.label("piece")} AS ${identifier(unit)}`,
    `${clock.start("piece")} AS start`,
    "coalesce(events, 0) AS events",
    "coalesce(users, 0) AS users",
    ...sums.map(({ name }, i) => `coalesce(sum_${i}, 0) AS ${identifier(`sum_${name}`)}`),
  ];
  const added = sums.map(({ name }) => identifier(name));
  return {
    schema: [
      { name: unit, type: { kind: unit === "hour" ? "text" : "date" } },
      { name: "start", type: { kind: "timestamp" } },
      { name: "events", type: { kind: "int64" } },
      { name: "users", type: { kind: "int64" } },
      ...sums.map(({ name, type }): Column => ({ name: `sum_${name}`, type: sumType(type) })),
    ],
    sql: (source) => `WITH rows_of AS (
  SELECT make_timestamp(epoch_us(${identifier(time)})) AS moment, ${identifier(user)} AS person${added.map((name, i) => `, ${name} AS s${i}`).join("")}
  FROM ${source} WHERE ${identifier(time)} IS NOT NULL
), counts AS (
  SELECT ${clock.piece("moment")} AS piece, count(*) AS events, count(DISTINCT person) AS users${sums.map(({ type }, i) => `, ${sumSql(type, i)} AS sum_${i}`).join("")}
  FROM rows_of GROUP BY 1
), pieces AS (
  SELECT DISTINCT ${clock.ofStep("step")} AS piece
  FROM (SELECT unnest(generate_series(${first}, ${last}, ${clock.step})) AS step)
)
SELECT ${select.join(", ")} FROM pieces LEFT JOIN counts USING (piece) ORDER BY piece`,
  };
}

function requireOwn(columns: readonly Column[], name: string, what: string, option: string): void {
  if (columns.some((column) => column.name === name)) return;
  throw new UsageError(
    `resample counts ${what} by ${name}, which is none of the columns ${columns.map((column) => column.name).join(", ")}.`,
    `Have ${name} among the columns, or name another one: { ${option}: "…" }.`,
  );
}

function weekShift(weekStart: string = "monday"): number {
  const index = (WEEKDAYS as readonly string[]).indexOf(weekStart);
  if (index === -1) throw unknownName("weekday", weekStart, WEEKDAYS);
  return index;
}

/** Of int64 and its kind DuckDB's sum is int128; a sum of decimals as wide as can be. */
function sumType(type: Column["type"]): Column["type"] {
  if (type.kind === "double" || type.kind === "decimal") return { kind: "double" };
  return { kind: "int128" };
}

function sumSql(type: Column["type"], i: number): string {
  return type.kind === "decimal"
    ? `sum(s${i})::DOUBLE`
    : type.kind === "double"
      ? `sum(s${i})`
      : `sum(s${i}::HUGEINT)`;
}

interface Clock {
  /** The interval that the instant `at` (a TIMESTAMP that holds UTC) lies in. */
  piece(at: string): string;
  /** Where interval `piece` begins: as a clock shows it, and as an instant. */
  label(piece: string): string;
  start(piece: string): string;
  /** The interval of a member of the series that begins with one interval and ends with another. */
  ofStep(step: string): string;
  readonly step: string;
}

function clockSql(zone: string, unit: Interval, shift: number): Clock {
  const toClock = (at: string) =>
    zone === UTC ? at : `(${at} AT TIME ZONE 'UTC' AT TIME ZONE ${literal(zone)})`;
  if (unit === "hour") {
    // Counted back from the instant, so that an hour that clocks show twice is two.
    const piece = (at: string) => `(${at} - (${toClock(at)} - date_trunc('hour', ${toClock(at)})))`;
    const offset = (at: string) => `(epoch(${toClock(at)} - ${at})::BIGINT // 60)`;
    const two = (minutes: string) => `lpad((abs(${minutes}))::VARCHAR, 2, '0')`;
    const label = (at: string) =>
      `strftime(${toClock(at)}, '%Y-%m-%d %H:%M') || CASE WHEN ${offset(at)} < 0 THEN '-' ELSE '+' END || ${two(`abs(${offset(at)}) // 60`)} || ':' || ${two(`abs(${offset(at)}) % 60`)}`;
    // No time zone's clock differs from another's by less than a quarter of an hour.
    return { piece, label, start: (at) => at, ofStep: piece, step: "INTERVAL 15 MINUTE" };
  }
  const days = `INTERVAL ${shift} DAY`;
  const cut = (clock: string) =>
    unit === "week"
      ? `(date_trunc('week', ${clock} - ${days}) + ${days})::DATE`
      : `date_trunc('${unit}', ${clock})::DATE`;
  const piece = (at: string) => cut(toClock(at));
  const start = (date: string) => {
    const midnight = `${date}::TIMESTAMP`;
    if (zone === UTC) return midnight;
    // Of a midnight that clocks show twice, as in Havana, DuckDB takes the second.
    const one = `make_timestamp(epoch_us(${midnight} AT TIME ZONE ${literal(zone)}))`;
    const before = `(${one} - INTERVAL 1 DAY)`;
    const first = `(${midnight} - (${toClock(before)} - ${before}))`;
    return `CASE WHEN ${toClock(first)} = ${midnight} THEN least(${first}, ${one}) ELSE ${one} END`;
  };
  const ofStep = (step: string) => `${step}::DATE`;
  return { piece, label: (date) => date, start, ofStep, step: `INTERVAL 1 ${unit}` };
}
