import type { Dialect } from "../engine/dialect.js";
import type { Engine, Params, QueryOptions } from "../engine/engine.js";
import { UsageError } from "../errors/index.js";
import type { SelectedEvents } from "../frame/selected-events.js";
import { unknownName } from "../frame/selection.js";
import { TimeZone } from "../frame/time-zone.js";
import { Calendar, type CalendarSettings } from "./calendar.js";
import { ColumnsUsed } from "./columns-used.js";
import { dataRange, dateRange, type Range } from "./date-range.js";
import { filtersSql } from "./filter-sql.js";
import { type UsersSql, usersSql } from "./identity-sql.js";
import type { AnalysisInterval, AnalysisOptions, Segment } from "./options.js";

/**
 * What an analysis is made of: a lake, or a selection of its events. The selection's time is the analysis's date range; its
 * other conditions hold for every event that the analysis looks at.
 */
export type AnalysisSource = SelectedEvents | { frame(): SelectedEvents };

/** A segment as a condition on an event. */
export interface NamedSegment {
  readonly name: string;
  /** Never null; undefined if it always holds. `person` is the column of users. */
  condition(dialect: Dialect, used: ColumnsUsed): string | undefined;
}

/** What is asked of the events. */
export interface EventsQuery {
  /** Columns by name: SQL over the lake's columns, `person` (the user) and `t` (`event_time` in microseconds). */
  readonly select: Readonly<Record<string, string>>;
  /** Only events with this. Never null. */
  readonly where: string;
  /** Only events of this time; without `from` of any before. */
  readonly bounds: { readonly from?: bigint; readonly until: bigint };
  readonly used: ColumnsUsed;
  /** Adds `firsts`: of each user (`person`) the time `t` of his first event of all, if it is before this. */
  readonly firstsUntil?: bigint | undefined;
}

const COMMON: readonly string[] = [
  ...["from", "to", "last", "timeZone", "weekStart", "quarterStart"],
  ...["identity", "inactive", "segments", "signal"],
];
/** The name of the segment without segments. */
export const EVERYONE = "all";

/** An analysis's source and common options, checked and made ready to write SQL. */
export class AnalysisInput {
  private constructor(
    readonly engine: Engine,
    readonly options: AnalysisOptions,
    readonly settings: CalendarSettings,
    /** The date range. */
    readonly range: Range,
    /** Of what time events are held: hours of upload. */
    readonly data: Range,
    readonly users: UsersSql,
    private readonly selection: SelectedEvents,
  ) {}

  /** `own` are the names of the analysis's own options. Throws UsageError. */
  static async of(
    source: AnalysisSource,
    options: AnalysisOptions,
    own: readonly string[],
    now: number = Date.now(),
  ): Promise<AnalysisInput> {
    const names = [...COMMON, ...own];
    for (const name of Object.keys(options)) {
      if (!names.includes(name)) throw unknownName("option", name, names);
    }
    const selection = "frame" in source ? source.frame() : source;
    const { timeZone, bounds } = selection.range;
    const settings: CalendarSettings = {
      timeZone: TimeZone.of(options.timeZone ?? timeZone),
      weekStart: options.weekStart,
      quarterStart: options.quarterStart,
    };
    new Calendar("quarter", settings);
    const { engine } = await selection.allEvents(["uuid"]);
    const data = dataRange(await selection.uploads(), now);
    const range = dateRange(options, bounds, data, settings);
    const users = await usersSql(
      options.identity,
      engine,
      (columns) => selection.allEvents(columns),
      options,
    );
    return new AnalysisInput(engine, options, settings, range, data, users, selection);
  }

  get dialect(): Dialect {
    return this.engine.dialect;
  }

  get inactive(): readonly string[] {
    return this.options.inactive ?? [];
  }

  get queryOptions(): QueryOptions {
    return { signal: this.options.signal };
  }

  calendar(interval: AnalysisInterval): Calendar {
    return new Calendar(interval, this.settings);
  }

  /** The segments in the order given; without any, one of all users. Throws UsageError. */
  get segments(): readonly NamedSegment[] {
    const given = Object.entries(this.options.segments ?? {});
    if (given.length === 0) return [{ name: EVERYONE, condition: () => undefined }];
    return given.map(([name, segment]) => ({
      name,
      condition: (dialect, used) => segmentSql(segment, this.users.ids !== undefined, dialect, used),
    }));
  }

  /**
   * Common table expressions, one of which is `events`: those of the query, one row an event, whose `event_time` is known and
   * not later than the data.
   */
  async events({
    select,
    where,
    bounds,
    used,
    firstsUntil,
  }: EventsQuery): Promise<{ sql: string; params: Params | undefined }> {
    const { sql, params } = await this.#ofUsers(used, bounds);
    const columns = Object.entries(select).map(
      ([name, value]) => `${value} AS ${this.dialect.identifier(name)}`,
    );
    const { ids } = this.users;
    const expressions = [
      ...(ids === undefined ? [] : [`ids AS (${ids})`]),
      `events AS (\n  SELECT ${columns.join(", ")}\n  FROM (${sql}) AS of_users\n  WHERE ${where}\n)`,
    ];
    if (firstsUntil === undefined) return { sql: expressions.join(",\n"), params };
    const all = await this.#ofUsers(new ColumnsUsed(), { until: firstsUntil });
    const firsts = `firsts AS (\n  SELECT person, min(t) AS t FROM (${all.sql}) AS of_users GROUP BY person\n)`;
    return { sql: [...expressions, firsts].join(",\n"), params: paramsOfTwo(sql, params) };
  }

  /** The selection's events with `person` and `t`. */
  async #ofUsers(
    used: ColumnsUsed,
    bounds: EventsQuery["bounds"],
  ): Promise<{ sql: string; params: Params | undefined }> {
    const until = bounds.until < this.data.until ? bounds.until : this.data.until;
    const { sql, params } = await this.selection.events(used.names, { from: bounds.from, until });
    const d = this.dialect;
    const micros = `${d.micros("event_time")} AS t`;
    const own = used.names.map(d.identifier);
    const ofUsers =
      this.users.ids === undefined
        ? `SELECT ${own.join(", ")}, amplitude_id AS person, ${micros} FROM (${sql}) AS selected`
        : `SELECT ${own.map((name) => `selected.${name}`).join(", ")}, coalesce(ids.person, selected.amplitude_id) AS person, ${micros} FROM (${sql}) AS selected LEFT JOIN ids ON ids.amplitude_id = selected.amplitude_id`;
    return { sql: ofUsers, params };
  }
}

/** The parameters of a statement that stands in a query twice: `?` is a new one each time, `$1` and `$name` are not. */
function paramsOfTwo(sql: string, params: Params | undefined): Params | undefined {
  if (!Array.isArray(params)) return params;
  const withoutTexts = sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "");
  return /\$\d/.test(withoutTexts) ? params : [...params, ...params];
}

function segmentSql(
  { filters, cohort }: Segment,
  areMerged: boolean,
  dialect: Dialect,
  used: ColumnsUsed,
): string | undefined {
  const conditions = [filtersSql(filters, dialect, used) ?? []].flat();
  if (typeof cohort === "string") {
    throw new UsageError(`The cohort ${cohort} was not read.`, "Give the ids of its users.");
  }
  if (cohort !== undefined) {
    const ids = cohort.map((id) => [String(BigInt(id))]);
    const given = `(${dialect.values(["id"], ids)}) AS cohort`;
    const of = areMerged
      ? `SELECT coalesce(ids.person, cohort.id) FROM ${given} LEFT JOIN ids ON ids.amplitude_id = cohort.id`
      : `SELECT id FROM ${given}`;
    conditions.push(`coalesce(person IN (${of}), false)`);
  }
  return conditions.length === 0 ? undefined : `(${conditions.join(" AND ")})`;
}
