import type { Dialect } from "../engine/dialect.js";
import type { Engine, Params, QueryOptions } from "../engine/engine.js";
import type { PromotedProperty } from "../frame/promoted-property.js";
import type { SelectedEvents } from "../frame/selected-events.js";
import { unknownName } from "../frame/selection.js";
import { TimeZone } from "../frame/time-zone.js";
import { Calendar, type CalendarSettings } from "./calendar.js";
import type { CohortSetting } from "./cohort-sql.js";
import { ColumnsUsed } from "./columns-used.js";
import { dataRange, dateRange, type Range } from "./date-range.js";
import { filtersSql } from "./filter-sql.js";
import { type UsersSql, usersSql } from "./identity-sql.js";
import { inactiveEvents } from "./inactive-events.js";
import { type MergedUsers, mergedUsers } from "./merged-users.js";
import type { AnalysisInterval, AnalysisOptions } from "./options.js";
import { personsSql } from "./person-sql.js";
import { SegmentCohorts } from "./segment-cohorts.js";

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
  readonly bounds: { readonly from?: bigint | undefined; readonly until: bigint };
  readonly used: ColumnsUsed;
  /** Whether `events` are read anew in each place that names them: where few of them are needed with all their columns. */
  readonly readAnew?: boolean | undefined;
  /**
   * Adds `firsts`: of each user (`person`) the time `t` of his first event of all in the lake, whatever the source selects, if
   * it is before this.
   */
  readonly firstsUntil?: bigint | undefined;
  /** Adds to `firsts` columns of that event, as `select` has them. */
  readonly firstsSelect?: Pick<EventsQuery, "select" | "used"> | undefined;
}

const COMMON: readonly string[] = [
  ...["from", "to", "last", "timeZone", "weekStart", "quarterStart"],
  ...["identity", "inactive", "segments", "signal"],
];
/** The options that say who a user is. */
const USERS: readonly string[] = COMMON.filter((name) => !["from", "to", "last", "segments"].includes(name));
/** The name of the segment without segments. */
export const EVERYONE = "all";

interface Parts {
  readonly engine: Engine;
  readonly options: AnalysisOptions;
  readonly settings: CalendarSettings;
  readonly range: Range;
  readonly data: Range;
  readonly users: UsersSql;
  readonly merged: MergedUsers | undefined;
  readonly inactive: readonly string[];
  readonly cohorts: SegmentCohorts;
  readonly selection: SelectedEvents;
  readonly promoted: readonly PromotedProperty[];
}

/** An analysis's source and common options, checked and made ready to write SQL. */
export class AnalysisInput {
  readonly engine: Engine;
  readonly options: AnalysisOptions;
  readonly settings: CalendarSettings;
  /** The date range. */
  readonly range: Range;
  /** Of what time events are held: hours of upload. */
  readonly data: Range;
  readonly users: UsersSql;
  /** What identity does to the number of users in the range; undefined if each id is one. */
  readonly merged: MergedUsers | undefined;
  /** Event types that are marked inactive. */
  readonly inactive: readonly string[];
  /** The events that the source selects. */
  readonly selection: SelectedEvents;
  readonly #cohorts: SegmentCohorts;

  readonly #promoted: readonly PromotedProperty[];

  private constructor(parts: Parts) {
    this.engine = parts.engine;
    this.options = parts.options;
    this.settings = parts.settings;
    this.range = parts.range;
    this.data = parts.data;
    this.users = parts.users;
    this.merged = parts.merged;
    this.inactive = parts.inactive;
    this.#cohorts = parts.cohorts;
    this.selection = parts.selection;
    this.#promoted = parts.promoted;
  }

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
    const inactive = await inactiveEvents(options.inactive);
    const { engine } = await selection.allEvents(["uuid"]);
    const data = dataRange(await selection.uploads(), now);
    const range = dateRange(options, bounds, data, settings);
    const users = await usersSql(
      options.identity,
      { dialect: engine.dialect, local: async () => selection.local?.() ?? engine },
      (columns) => selection.allEvents(columns),
      options,
    );
    const merged = await mergedUsers(selection, users, range, options);
    const setting = { dialect: engine.dialect, data, settings, inactive, areMerged: users.ids !== undefined };
    const cohorts = await SegmentCohorts.of(options.segments ?? {}, selection, setting);
    const promoted = (await selection.promoted?.()) ?? [];
    return new AnalysisInput({
      ...{ engine, options, settings, range, data, users, merged, inactive, cohorts, selection, promoted },
    });
  }

  /** For users by all of the data, whatever the source's range; there are no times and no segments. Throws UsageError. */
  static async forUsers(
    selection: SelectedEvents,
    options: Omit<AnalysisOptions, "from" | "to" | "last" | "segments">,
    now: number = Date.now(),
  ): Promise<AnalysisInput> {
    for (const name of Object.keys(options)) {
      if (!USERS.includes(name)) throw unknownName("option", name, USERS);
    }
    const bounds = dataRange(await selection.uploads(), now);
    const whole: SelectedEvents = {
      range: { timeZone: selection.range.timeZone, bounds },
      selects: selection.selects,
      cohorts: selection.cohorts,
      names: (options) => selection.names?.(options) ?? Promise.resolve(undefined),
      uploads: () => selection.uploads(),
      events: (columns, bounds, properties) => selection.events(columns, bounds, properties),
      promoted: async () => (await selection.promoted?.()) ?? [],
      allEvents: (columns, bounds) => selection.allEvents(columns, bounds),
    };
    return AnalysisInput.of(whole, options, [], now);
  }

  /** What cohorts are told by. */
  get cohortSetting(): CohortSetting {
    const { dialect, data, settings, inactive, users } = this;
    return { dialect, data, settings, inactive, areMerged: users.ids !== undefined };
  }

  /** Whether the source leaves out events of its range. */
  get selects(): boolean {
    return this.selection.selects;
  }

  /** Collects the columns of `events`: promoted properties among them. */
  columnsUsed(): ColumnsUsed {
    return new ColumnsUsed(this.#promoted);
  }

  get dialect(): Dialect {
    return this.engine.dialect;
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
    return given.map(([name, { filters }]) => ({
      name,
      condition: (dialect, used) => {
        const conditions = [filtersSql(filters, dialect, used), this.#cohorts.condition(name)];
        const given = conditions.filter((condition) => condition !== undefined);
        return given.length === 0 ? undefined : `(${given.join(" AND ")})`;
      },
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
    firstsSelect = { select: {}, used: new ColumnsUsed() },
    readAnew = false,
  }: EventsQuery): Promise<{ sql: string; params: Params | undefined }> {
    const { from, until } = this.#within(bounds);
    const isEmpty = from !== undefined && from >= until;
    const within = { from, until: isEmpty ? from + 1n : until };
    const { sql: selected, params } = await this.selection.events(used.names, within, used.promoted);
    const sql = this.#ofUsers(selected, used);
    const columns = Object.entries(select).map(
      ([name, value]) => `${value} AS ${this.dialect.identifier(name)}`,
    );
    const kept = `(${sql}) AS of_users\n  WHERE ${isEmpty ? "false" : where}`;
    const { ids } = this.users;
    const expressions = [
      ...(ids === undefined ? [] : [`ids AS (${ids})`]),
      ...this.#cohorts.expressions,
      `events AS ${readAnew ? this.dialect.readAnew : ""}(\n  SELECT ${columns.join(", ")}\n  FROM ${derivedSql(kept, used)}\n)`,
    ];
    if (firstsUntil === undefined) return { sql: expressions.join(",\n"), params };
    const { select: ofFirst, used: needed } = firstsSelect;
    const told = Object.entries(ofFirst);
    if (told.length > 0) needed.add("uuid");
    const least = this.dialect.row(["t", "uuid"]);
    const selection = told.map(
      ([name, value]) => `, ${this.dialect.minBy(value, least)} AS ${this.dialect.identifier(name)}`,
    );
    const all = await this.selection.allEvents(needed.names, this.#within({ until: firstsUntil }));
    const firsts = `firsts AS (\n  SELECT person, min(t) AS t${selection.join("")} FROM ${derivedSql(`(${this.#ofUsers(all.sql, needed)}) AS of_users`, needed)} GROUP BY person\n)`;
    return { sql: [...expressions, firsts].join(",\n"), params };
  }

  /** `events` with `person` and `t`. */
  #ofUsers(events: string, used: ColumnsUsed): string {
    return personsSql(events, used, this.users.ids !== undefined, this.dialect);
  }

  #within({ from, until }: EventsQuery["bounds"]): EventsQuery["bounds"] {
    return { from, until: until < this.data.until ? until : this.data.until };
  }
}

/** `from`, with what is derived of its rows beside them: a FROM item. */
function derivedSql(from: string, { derived }: ColumnsUsed): string {
  if (derived.length === 0) return from;
  return `(SELECT *, ${derived.map(([name, sql]) => `${sql} AS ${name}`).join(", ")} FROM ${from}) AS derived`;
}
