import { unknownName } from "../frame/selection.js";
import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import { binsOf } from "./bins.js";
import type { Calendar } from "./calendar.js";
import { columnsOf } from "./columns.js";
import { numberText } from "./draw/numbers.js";
import { FoundValues } from "./found-values.js";
import { lineName } from "./line-name.js";
import type { AnalysisInterval, AnalysisOptions } from "./options.js";
import { chartTimes, intervalsOf, isIncomplete } from "./range-intervals.js";
import { ratio } from "./ratio.js";
import type { AnalysisResult } from "./result.js";
import { resultOf } from "./result-of.js";
import { sessionsSql } from "./sessions-sql.js";

/** Which sessions are counted, and how long they are. */
export interface SessionLengthOptions<G extends string = never> extends AnalysisOptions {
  /**
   * From when a session's length counts, to its last event by `client_event_time`. `first event`: its first, by the same clock
   * (https://amplitude.com/docs/data/sources/session-length). `session_id`: the time that the id is
   * (https://amplitude.com/docs/faq/user-sessions). Default `first event`.
   */
  readonly lengthFrom?: "first event" | "session_id" | undefined;
  /** Properties by whose values sessions are told apart, as they were at the session's first event. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/**
 * How many sessions users have, and how long: `sessions(options)`.
 * Source: https://amplitude.com/docs/analytics/charts/user-sessions/user-sessions-track-engagement-frequency
 */
export interface SessionsOptions<G extends string = never> extends SessionLengthOptions<G> {
  /** Default `day`. */
  readonly interval?: AnalysisInterval | undefined;
}

/** The sessions that began in one interval. Sessions longer than 24 hours are in none. */
export type SessionsRow<G extends string = never> = {
  readonly time: string;
  readonly start: Date;
  readonly segment: string;
  /** Amplitude's Total Sessions. */
  readonly sessions: number;
  /** Users with an active event in the interval, in a session or not. */
  readonly activeUsers: number;
  /** Seconds, of all sessions together: Time Spent. */
  readonly timeSpent: number;
  /** Seconds: `timeSpent / sessions`, Avg Length; null without sessions. */
  readonly averageLength: number | null;
  /** `sessions / activeUsers`: Avg Per User; null without active users. */
  readonly sessionsPerUser: number | null;
  /** Seconds: `timeSpent / activeUsers`, Time Spent per User; null without active users. */
  readonly timePerUser: number | null;
  /** True if the interval is not wholly within the data and the range. */
  readonly incomplete: boolean;
} & { readonly [K in G]: string };

/**
 * How many sessions are how long: `sessionLengths(options)`.
 * Source: https://amplitude.com/docs/apis/analytics/dashboard-rest#get-session-length-distribution
 */
export interface SessionLengthsOptions<G extends string = never> extends SessionLengthOptions<G> {
  /**
   * Where the bins begin, and last where the last one ends, in seconds, ascending. Default those of Amplitude's REST API: `[0,
   * 3, 10, 30, 60, 180, 600, 1800, 3600, 86400]`.
   */
  readonly bins?: readonly number[] | undefined;
}

/** One bin of the sessions that began in the range. */
export type SessionLengthsRow<G extends string = never> = {
  readonly segment: string;
  /** Seconds, included. */
  readonly from: number;
  /** Seconds, not included; 86400, the longest that a session may be, is. */
  readonly to: number;
  readonly sessions: number;
  /** Of all sessions, also those in no bin, from 0 to 1; null without any. */
  readonly share: number | null;
} & { readonly [K in G]: string };

const LENGTH_FROM = ["first event", "session_id"] as const;
const BINS = [0, 3, 10, 30, 60, 180, 600, 1800, 3600, 86_400];
/** The longest that a session may be, in seconds. */
const DAY = 86_400;
const SOURCES = [
  "https://amplitude.com/docs/analytics/charts/user-sessions/user-sessions-track-engagement-frequency",
  "https://amplitude.com/docs/analytics/charts/user-sessions/user-sessions-interpret",
  "https://amplitude.com/docs/data/sources/session-length",
];

/**
 * Counts the sessions that users began, and how long they were: a row for each interval of each segment and group, in order;
 * intervals without sessions have zeros. A session is one user's active events with one `session_id`; it is in the interval of
 * its first event, with all that came later. Those longer than 24 hours are left out. Groups are in the order of their
 * names. Throws UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/user-sessions/user-sessions-interpret
 */
export async function sessions<G extends string = never>(
  source: AnalysisSource,
  options: SessionsOptions<G> = {},
): Promise<AnalysisResult<SessionsRow<G>>> {
  const input = await AnalysisInput.of(source, options, ["interval", "lengthFrom", "groupBy"]);
  const calendar = input.calendar(options.interval ?? "day");
  const found = await readSessions(input, options, calendar);
  const intervals = intervalsOf(input, calendar);
  const rows = found.lines.flatMap(({ segment, labels, values }) =>
    intervals.map((interval) => {
      const { sessions, micros, users } = values.get(interval.number) ?? NOTHING;
      const timeSpent = micros / 1e6;
      return [
        ...[interval.label, interval.from, segment, ...labels, sessions, users, timeSpent],
        ...[ratio(timeSpent, sessions), ratio(sessions, users), ratio(timeSpent, users)],
        isIncomplete(interval, input),
      ];
    }),
  );
  const columns = columnsOf(
    ...([{ time: "text", start: "time", segment: "text" }, found.groups] as const),
    { sessions: "count", activeUsers: "count", timeSpent: "number", averageLength: "number" },
    { sessionsPerUser: "number", timePerUser: "number", incomplete: "flag" },
  );
  return resultOf<SessionsRow<G>>(input, columns, rows, {
    sql: found.sql,
    params: found.params,
    asked: { groupBy: options.groupBy },
    definition: [
      `Sessions for each ${calendar.interval} in which they began, and users with any active event in it.`,
      ...lengthWords(options),
    ],
    sources: SOURCES,
    chart: {
      kind: "lines",
      title: "Sessions",
      unit: "count",
      times: chartTimes(intervals, input),
      series: found.lines.map(({ segment, labels, values }) => ({
        name: lineName("Sessions", segment, labels),
        values: intervals.map(({ number }) => values.get(number)?.sessions ?? 0),
      })),
    },
  });
}

/**
 * Counts how many of the sessions that began in the date range are how long: a row for each bin of each segment and group, in
 * order. Which sessions there are is told at `sessions`. Throws UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/apis/analytics/dashboard-rest#get-session-length-distribution
 */
export async function sessionLengths<G extends string = never>(
  source: AnalysisSource,
  options: SessionLengthsOptions<G> = {},
): Promise<AnalysisResult<SessionLengthsRow<G>>> {
  const input = await AnalysisInput.of(source, options, ["bins", "lengthFrom", "groupBy"]);
  checkLengthFrom(options);
  const bins = binsOf(options.bins ?? BINS, 0, "[0, 60, 3600], in seconds");
  const { ctes, sessions, by, groups, segments, params } = await sessionsSql(
    input,
    options,
    input.calendar("day"),
  );
  const seconds = "CAST(length AS DOUBLE) / 1000000";
  const counts = bins.map(([from, to]) => {
    const below = to === DAY ? "<=" : "<";
    return `count(*) FILTER (WHERE ${seconds} >= CAST(${from} AS DOUBLE) AND ${seconds} ${below} CAST(${to} AS DOUBLE))`;
  });
  const sql = `WITH ${ctes}\nSELECT ${by}, count(*) AS sessions, ${counts.join(", ")}\nFROM ${sessions} GROUP BY ${by}`;
  const read = await input.engine.query(sql, params, input.queryOptions);
  const found = new FoundValues<number>(segments, groups.length > 0);
  for (const [segment, ...rest] of read.rows()) {
    const labels = rest.slice(0, groups.length);
    for (const [i, count] of rest.slice(groups.length).entries())
      found.set(segment!, labels, i - 1, () => Number(count));
  }
  const lines = found.lines();
  const rows = lines.flatMap(({ segment, labels, values }) =>
    bins.map(([from, to], i) => {
      const sessions = values.get(i) ?? 0;
      return [segment, ...labels, from, to, sessions, ratio(sessions, values.get(-1) ?? 0)];
    }),
  );
  const columns = columnsOf({ segment: "text" }, groups, {
    ...({ from: "number", to: "number", sessions: "count", share: "number" } as const),
  });
  return resultOf<SessionLengthsRow<G>>(input, columns, rows, {
    sql,
    params,
    asked: { groupBy: options.groupBy },
    definition: [
      "Sessions by their length, each in the bin that has it; a bin's end is in the next one.",
      ...lengthWords(options),
    ],
    sources: [
      ...SOURCES,
      "https://amplitude.com/docs/apis/analytics/dashboard-rest#get-session-length-distribution",
    ],
    chart: {
      kind: "bars",
      title: "Sessions by length",
      unit: "count",
      bars: lines.flatMap(({ segment, labels, values }) =>
        bins.map(([from, to], i) => ({
          name: lineName(binWords(from, to), segment, labels, true),
          value: values.get(i) ?? 0,
        })),
      ),
    },
  });
}

/** Seconds as people read them: `1–3 min`, `30 s – 1 min`. */
function binWords(from: number, to: number): string {
  const [first, last] = [numberText(from, "seconds"), numberText(to, "seconds")];
  const [, count, unit] = /^([^ ]+) ([^ ]+)$/.exec(first) ?? [];
  return count !== undefined && last.split(" ").length === 2 && last.endsWith(` ${unit}`)
    ? `${count}–${last}`
    : `${first} – ${last}`;
}

interface FoundSessions {
  readonly sessions: number;
  readonly micros: number;
  readonly users: number;
}

const NOTHING: FoundSessions = { sessions: 0, micros: 0, users: 0 };

async function readSessions(input: AnalysisInput, options: SessionsOptions<string>, calendar: Calendar) {
  checkLengthFrom(options);
  const parts = await sessionsSql(input, options, calendar);
  const { ctes, by, sessions, active, groups, segments, params } = parts;
  const k = calendar.numberSql(input.dialect, "t", input.range.from, input.range.until);
  const sql = `WITH ${ctes}
SELECT ${by}, ${k} AS k, count(*) AS sessions, CAST(sum(length) AS BIGINT) AS micros, 0 AS users FROM ${sessions} GROUP BY ${by}, ${k}
UNION ALL SELECT ${by}, k, 0 AS sessions, 0 AS micros, count(DISTINCT person) AS users FROM ${active} GROUP BY ${by}, k`;
  const read = await input.engine.query(sql, params, input.queryOptions);
  const found = new FoundValues<FoundSessions>(segments, groups.length > 0);
  for (const [segment, ...rest] of read.rows()) {
    const [number, sessions, micros, users] = rest.slice(groups.length).map(Number) as [
      number,
      number,
      number,
      number,
    ];
    found.set(segment!, rest.slice(0, groups.length), number, (before = NOTHING) => ({
      sessions: before.sessions + sessions,
      micros: before.micros + micros,
      users: before.users + users,
    }));
  }
  return { lines: found.lines(), groups, sql, params };
}

function checkLengthFrom({ lengthFrom = "first event" }: SessionLengthOptions<string>): void {
  if (!LENGTH_FROM.includes(lengthFrom)) throw unknownName("lengthFrom", lengthFrom, LENGTH_FROM);
}

function lengthWords({ lengthFrom = "first event" }: SessionLengthOptions<string>): string[] {
  const from =
    lengthFrom === "first event"
      ? "the first to the last client_event_time"
      : "session_id to the last client_event_time";
  return [
    `A session is a user's active events with one session_id, from ${from}; those longer than 24 hours are left out.`,
  ];
}
