import type { Params } from "../engine/engine.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { Calendar } from "./calendar.js";
import { ColumnsUsed } from "./columns-used.js";
import { ACTIVE, chosenEvents, chosenSql } from "./event-choice-sql.js";
import { groupsOf } from "./group-sql.js";
import { segmentsSql } from "./segments-sql.js";
import type { SessionLengthOptions } from "./sessions.js";

/** Sessions in SQL. */
export interface SessionsSql {
  /** Common table expressions. */
  readonly ctes: string;
  /** A FROM item: the sessions that began in the range, with `segment`, the groups, `t` (the beginning), `length` in microseconds. */
  readonly sessions: string;
  /** A FROM item: who was active in the range, with `segment`, the groups, `k` (number of the interval) and `person`. */
  readonly active: string;
  /** The columns `segment` and the groups. */
  readonly by: string;
  readonly groups: readonly string[];
  readonly segments: readonly string[];
  readonly params: Params | undefined;
}

/** Microseconds; longer sessions are left out. Source: https://amplitude.com/docs/analytics/charts/user-sessions/user-sessions-track-engagement-frequency */
const LONGEST = 86_400_000_000n;

/**
 * A session's beginning is its first event of all, so the events of all time are read. They are first put together by
 * user, session and interval, which leaves far fewer rows.
 */
export async function sessionsSql(
  input: AnalysisInput,
  { groupBy, lengthFrom = "first event" }: SessionLengthOptions<string>,
  calendar: Calendar,
): Promise<SessionsSql> {
  const { dialect, range, data } = input;
  const used = new ColumnsUsed();
  const groups = groupsOf(groupBy, dialect, used, undefined, "once");
  const grouped = groups.columns.length > 0;
  const segments = segmentsSql(input, used);
  const active = chosenSql(chosenEvents(ACTIVE), input.inactive, dialect, used);
  used.add("session_id");
  used.add("client_event_time");
  if (grouped) used.add("uuid");
  const within = `t >= ${range.from} AND t < ${range.until}`;
  const k = calendar.numberSql(dialect, "t", range.from, range.until);
  const select = {
    ...{ person: "person", t: "t" },
    session: "nullif(session_id, -1)",
    clock: `coalesce(${dialect.micros("client_event_time")}, t)`,
    k: `CASE WHEN ${within} THEN ${k} END`,
    ...(grouped ? { uuid: "uuid" } : {}),
    ...segments.select,
    ...groups.select,
  };
  const where = [active, segments.where ?? []].flat().join(" AND ");
  const events = await input.events({ select, where, bounds: { until: data.until }, used });
  const keys = ["person", "session", "k", ...segments.columns, ...groups.columns].join(", ");
  const ends = "min(t) AS t, min(clock) AS low, max(clock) AS high";
  const first = grouped ? `, min(${dialect.row(["t", "uuid"])}) AS first` : "";
  const columns = ["person", "session", "k", ...groups.columns, "t", "low", "high"];
  const picked = segments.pick([...columns, ...(grouped ? ["first"] : [])], "blocks");
  const ofFirst = groups.columns.map((column) => `${dialect.minBy(column, "first")} AS ${column}`);
  const begin = lengthFrom === "session_id" ? "CAST(session AS DOUBLE) * 1000" : "CAST(min(low) AS DOUBLE)";
  const length = `greatest(CAST(max(high) AS DOUBLE) - ${begin}, 0) AS length`;
  const begun = ["segment", "min(t) AS t", length, ...ofFirst].join(", ");
  const by = ["segment", ...groups.columns].join(", ");
  return {
    ctes: `${events.sql},
blocks AS (
  SELECT ${keys}, ${ends}${first} FROM events GROUP BY ${keys}
),
picked AS (
  ${picked}
),
begun AS (
  SELECT ${begun} FROM picked WHERE session IS NOT NULL GROUP BY segment, person, session
),
kept AS (
  SELECT ${by}, t, CAST(length AS BIGINT) AS length FROM begun WHERE length <= ${LONGEST} AND ${within}
),
active AS (
  SELECT DISTINCT ${by}, k, person FROM picked WHERE k IS NOT NULL
)`,
    sessions: `${groups.spread("kept", ["segment", "t", "length"])} AS sessions`,
    active: `${groups.spread("active", ["segment", "k", "person"])} AS of_groups`,
    by,
    groups: groups.names,
    segments: segments.names,
    params: events.params,
  };
}
