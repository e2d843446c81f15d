import { seenUsersSql } from "./active-users-sql.js";
import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import { columnsOf } from "./columns.js";
import { FoundValues } from "./found-values.js";
import { historyOf, isCensored } from "./history.js";
import { lineName } from "./line-name.js";
import type { AnalysisInterval, AnalysisOptions } from "./options.js";
import { chartTimes, intervalsOf, isIncomplete } from "./range-intervals.js";
import type { AnalysisResult } from "./result.js";
import { resultOf } from "./result-of.js";
import { rollingChanges, standing } from "./rolling-users.js";
import { wholeNumber } from "./whole-number.js";

/**
 * How far the data must reach back for users to be called new. What came before the data's beginning is not known: a user
 * who comes back after a longer absence looks new.
 */
export interface HistoryOptions {
  /**
   * Rows that begin less than this after the beginning of the data are marked `censored`: `30d`, `12w`, `72h`; a day is 24
   * hours. `0d`: the data begins with the project, nothing came before. Default `30d`.
   */
  readonly history?: string | undefined;
}

/** How active and new users are counted: `activeUsers(options)`. */
export interface ActiveUsersOptions<G extends string = never> extends AnalysisOptions, HistoryOptions {
  /** Default `day`. */
  readonly interval?: AnalysisInterval | undefined;
  /**
   * Users of the last so many intervals that end with each, the ones before the range looked at too: with days 7 gives weekly
   * and 30 monthly active users on each day. Default 1.
   * Source: https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-custom-formulas#rollwin
   */
  readonly rolling?: number | undefined;
  /** Properties by whose values users are told apart, as they were at their events; `(none)` where there is none. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** The users of one interval. Source: https://amplitude.com/docs/get-started/helpful-definitions */
export type ActiveUsersRow<G extends string = never> = {
  /** Where the interval begins as a clock shows it: `2026-11-23`, or `2026-11-23 05:00+01:00`. */
  readonly time: string;
  /** The same as an instant. */
  readonly start: Date;
  /** The segment's name; `all` without segments. */
  readonly segment: string;
  /** Different users with an event that is not marked inactive. */
  readonly activeUsers: number;
  /** Users whose first event of all, inactive ones too, is in the interval. Not all of them need be active. */
  readonly newUsers: number;
  /** True if the interval (with `rolling` the intervals before it too) is not wholly within the data and the range. */
  readonly incomplete: boolean;
  /** True if some of the new users may not be new: see `history`. */
  readonly censored: boolean;
} & { readonly [K in G]: string };

/** Daily, weekly and monthly active users on each day: `rollingActiveUsers(options)`. */
export interface RollingActiveUsersOptions<G extends string = never> extends AnalysisOptions {
  /** As with `activeUsers`. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** One day. */
export type RollingActiveUsersRow<G extends string = never> = {
  /** `2026-11-23` */
  readonly time: string;
  /** The day's first instant. */
  readonly start: Date;
  readonly segment: string;
  /** Active users of this day. */
  readonly dau: number;
  /** Active users of the 7 days that end with it. */
  readonly wau: number;
  /** Active users of the 30 days that end with it. */
  readonly mau: number;
  /** True if the day is not wholly within the data and the range, or its 30 days begin before the data. */
  readonly incomplete: boolean;
} & { readonly [K in G]: string };

const MOST_ROLLING = 400;
const SOURCES = [
  "https://amplitude.com/docs/get-started/helpful-definitions",
  "https://amplitude.com/docs/apis/analytics/dashboard-rest#get-active-and-new-user-counts",
];
const ROLLING_SOURCE =
  "https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-interpret-2#rolling-windows";

/**
 * Counts active and new users: a row for each interval of each segment and group, in order. Active is who has an event that is
 * not inactive; new is whose first event of all in the lake is in the interval. Both must have an event in it that fits the
 * segment and the group. With `rolling` the last so many intervals count as one, whole, also before the range. Groups are in
 * the order of their names; one in which nobody is active or new has no rows. Throws UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/get-started/helpful-definitions
 */
export async function activeUsers<G extends string = never>(
  source: AnalysisSource,
  options: ActiveUsersOptions<G> = {},
): Promise<AnalysisResult<ActiveUsersRow<G>>> {
  const input = await AnalysisInput.of(source, options, ["interval", "rolling", "groupBy", "history"]);
  const calendar = input.calendar(options.interval ?? "day");
  const rolling = wholeNumber("rolling", options.rolling ?? 1, 1, MOST_ROLLING);
  const history = historyOf(options.history);
  const { range, data } = input;
  const beginOf = (number: number): bigint => calendar.at(number - rolling + 1).from;
  const from = rolling === 1 ? range.from : beginOf(calendar.numberAt(range.from));
  const { ctes, by, groups, segments, params } = await seenUsersSql(
    input,
    options.groupBy,
    calendar,
    from,
    true,
  );
  const keys = by.join(", ");
  const counts = (table: string): string =>
    `SELECT ${keys}, k, count(person) AS n FROM ${table} GROUP BY ${keys}, k`;
  const active = rolling === 1 ? counts("active_users") : rollingChanges("active_users", by, rolling);
  const sql = `WITH ${ctes}
SELECT 'active' AS what, active.* FROM (${active}) AS active
UNION ALL SELECT 'new' AS what, fresh.* FROM (${counts("new_users")}) AS fresh`;
  const read = await input.engine.query(sql, params, input.queryOptions);

  const found = new FoundValues<{ readonly active: number; readonly new: number }>(
    segments,
    groups.length > 0,
  );
  for (const [what, segment, ...rest] of read.rows()) {
    const [k, n] = rest.slice(groups.length).map(Number) as [number, number];
    found.set(segment!, rest.slice(0, groups.length), k, (before = { active: 0, new: 0 }) => ({
      ...before,
      [what as "active" | "new"]: n,
    }));
  }
  const intervals = intervalsOf(input, calendar);
  const numbers = intervals.map(({ number }) => number);
  const lines = found
    .lines()
    .map(({ segment, labels, values }) => {
      const of = (what: "active" | "new") => new Map([...values].map(([k, value]) => [k, value[what]]));
      const fresh = of("new");
      const single = of("active");
      return {
        ...{ segment, labels },
        active: rolling === 1 ? numbers.map((k) => single.get(k) ?? 0) : standing(single, numbers),
        fresh: numbers.map((k) => {
          let sum = 0;
          for (let i = 0; i < rolling; i++) sum += fresh.get(k - i) ?? 0;
          return sum;
        }),
      };
    })
    .filter(({ active, fresh }) => groups.length === 0 || [...active, ...fresh].some((n) => n > 0));
  const rows = lines.flatMap(({ segment, labels, active, fresh }) =>
    intervals.map((interval, i) => {
      const begin = beginOf(interval.number);
      return [
        ...[interval.label, interval.from, segment, ...labels, active[i]!, fresh[i]!],
        rolling === 1
          ? isIncomplete(interval, input)
          : begin < data.from || interval.until > range.until || interval.until > data.until,
        isCensored(begin, data.from, history),
      ];
    }),
  );
  const over = rolling === 1 ? "" : `, over the last ${rolling} ${calendar.interval}s up to each`;
  const columns = columnsOf({ time: "text", start: "time", segment: "text" }, groups, {
    ...({ activeUsers: "count", newUsers: "count", incomplete: "flag", censored: "flag" } as const),
  });
  return resultOf<ActiveUsersRow<G>>(input, columns, rows, {
    ...{ sql, params },
    asked: { groupBy: options.groupBy },
    definition: [
      `Users with an active event, and users whose first event of all is in it, for each ${calendar.interval}${over}.`,
    ],
    sources: rolling === 1 ? SOURCES : [...SOURCES, ROLLING_SOURCE],
    kind: { needsHistory: true },
    chart: {
      ...{ kind: "lines", title: "Active users", unit: "count", times: chartTimes(intervals, input) },
      series: lines.flatMap(({ segment, labels, active, fresh }) => [
        { name: lineName("Active users", segment, labels), values: active },
        ...(lines.length === 1
          ? [{ name: lineName("New users", segment, labels, true), values: fresh }]
          : []),
      ]),
    },
  });
}

/**
 * Counts daily, weekly and monthly active users on each day of the range: those of the day, and of the 7 and the 30 days that
 * end with it, also before the range. A row for each day of each segment and group, in order; groups are in the order of
 * their names, and one in which nobody was active has no rows. Throws UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-interpret-2#rolling-windows
 */
export async function rollingActiveUsers<G extends string = never>(
  source: AnalysisSource,
  options: RollingActiveUsersOptions<G> = {},
): Promise<AnalysisResult<RollingActiveUsersRow<G>>> {
  const input = await AnalysisInput.of(source, options, ["groupBy"]);
  const calendar = input.calendar("day");
  const { range, data } = input;
  const monthBefore = (number: number): bigint => calendar.at(number - 29).from;
  const first = calendar.numberAt(range.from);
  const { ctes, by, groups, segments, params } = await seenUsersSql(
    ...([input, options.groupBy, calendar, monthBefore(first), false] as const),
  );
  const keys = by.join(", ");
  const sql = `WITH ${ctes}
SELECT 0 AS what, daily.* FROM (SELECT ${keys}, k, count(person) AS n FROM active_users WHERE inside GROUP BY ${keys}, k) AS daily
UNION ALL SELECT 1 AS what, weekly.* FROM (${rollingChanges("active_users", by, 7)}) AS weekly
UNION ALL SELECT 2 AS what, monthly.* FROM (${rollingChanges("active_users", by, 30)}) AS monthly`;
  const read = await input.engine.query(sql, params, input.queryOptions);

  const found = new FoundValues<readonly number[]>(segments, groups.length > 0);
  for (const [what, segment, ...rest] of read.rows()) {
    const [k, n] = rest.slice(groups.length).map(Number) as [number, number];
    found.set(segment!, rest.slice(0, groups.length), k, (before = [0, 0, 0]) =>
      before.map((value, i) => (i === Number(what) ? n : value)),
    );
  }
  const intervals = intervalsOf(input, calendar);
  const numbers = intervals.map(({ number }) => number);
  const lines = found
    .lines()
    .map(({ segment, labels, values }) => {
      const changes = (i: number) => new Map([...values].map(([k, value]) => [k, value[i]!]));
      return {
        ...{ segment, labels, wau: standing(changes(1), numbers), mau: standing(changes(2), numbers) },
        dau: numbers.map((k) => values.get(k)?.[0] ?? 0),
      };
    })
    .filter(({ mau }) => groups.length === 0 || mau.some((n) => n > 0));
  const rows = lines.flatMap(({ segment, labels, dau, wau, mau }) =>
    intervals.map((day, i) => [
      ...[day.label, day.from, segment, ...labels, dau[i]!, wau[i]!, mau[i]!],
      isIncomplete(day, input) || monthBefore(day.number) < data.from,
    ]),
  );
  const columns = columnsOf({ time: "text", start: "time", segment: "text" }, groups, {
    ...({ dau: "count", wau: "count", mau: "count", incomplete: "flag" } as const),
  });
  return resultOf<RollingActiveUsersRow<G>>(input, columns, rows, {
    ...{ sql, params },
    asked: { groupBy: options.groupBy },
    definition: [
      "Users with an active event on each day (DAU), and in the 7 (WAU) and 30 days (MAU) that end with it, each user once.",
    ],
    sources: [...SOURCES, ROLLING_SOURCE],
    chart: {
      ...{ kind: "lines", title: "Daily, weekly and monthly active users", unit: "count" },
      times: chartTimes(intervals, input),
      series: lines.flatMap(({ segment, labels, dau, wau, mau }) => [
        { name: lineName("DAU", segment, labels, true), values: dau },
        { name: lineName("WAU", segment, labels, true), values: wau },
        { name: lineName("MAU", segment, labels, true), values: mau },
      ]),
    },
  });
}
