import type { Dialect } from "../engine/dialect.js";
import type { Params } from "../engine/engine.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { Calendar } from "./calendar.js";
import { ACTIVE, chosenEvents, chosenSql } from "./event-choice-sql.js";
import { type Groups, groupsOf } from "./group-sql.js";
import { type SegmentsSql, segmentsSql } from "./segments-sql.js";
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
 * user, session and interval, which leaves far fewer rows. Only where a session's first events have one time and different groups
 * does `uuid` decide: that column, which costs as much as all others, is then read of such users alone.
 */
export async function sessionsSql(
  input: AnalysisInput,
  { groupBy, lengthFrom = "first event" }: SessionLengthOptions<string>,
  calendar: Calendar,
): Promise<SessionsSql> {
  const { dialect, range, data } = input;
  const used = input.columnsUsed();
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
  const bounds = { until: data.until };
  const events = await input.events({ select, where, bounds, used, readAnew: grouped });
  const keys = ["person", "session", "k", ...segments.columns, ...groups.columns].join(", ");
  const ends = "min(t) AS t, min(clock) AS low, max(clock) AS high";
  const columns = ["person", "session", "k", ...groups.columns, "t", "low", "high"];
  const picked = segments.pick(columns, "blocks");
  const ofFirst = groups.columns.map((column) => `${dialect.minBy(column, "t")} AS ${column}`);
  const begin = lengthFrom === "session_id" ? "CAST(session AS DOUBLE) * 1000" : "CAST(min(low) AS DOUBLE)";
  const length = `greatest(CAST(max(high) AS DOUBLE) - ${begin}, 0) AS length`;
  const session = ["segment", "person", "session"];
  const begun = [...session, "min(t) AS t", length, ...ofFirst, ...(grouped ? ["count(*) AS n"] : [])].join(
    ", ",
  );
  const by = ["segment", ...groups.columns].join(", ");
  const isKept = `length <= ${LONGEST} AND ${within}`;
  return {
    ctes: `${events.sql},
blocks AS (
  SELECT ${keys}, ${ends} FROM events GROUP BY ${keys}
),
picked AS (
  ${picked}
),
begun AS (
  SELECT ${begun} FROM picked WHERE session IS NOT NULL GROUP BY ${session.join(", ")}
),
${grouped ? tiedSql(groups, segments, session, dialect) : ""}kept AS (
  SELECT ${by}, t, CAST(length AS BIGINT) AS length FROM ${grouped ? "known" : "begun"} WHERE ${isKept}
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

/** `known`: the sessions of `begun`, whose groups are those of their first event, of several at its time the one of the least `uuid`. */
function tiedSql(
  groups: Groups,
  segments: SegmentsSql,
  session: readonly string[],
  dialect: Dialect,
): string {
  const same = (a: string, b: string): string =>
    [...session, "t"].map((column) => `${a}.${column} = ${b}.${column}`).join(" AND ");
  const keys = [...session, "t"].map((column) => `begun.${column}`).join(", ");
  const own = [...groups.columns, "uuid"];
  const ofTied = "(SELECT * FROM events WHERE person IN (SELECT person FROM tied)) AS of_tied";
  const least = groups.columns.map((column) => `${dialect.minBy(column, "uuid")} AS ${column}`);
  const told = groups.columns.map((column) => `coalesce(told.${column}, begun.${column}) AS ${column}`);
  return `tied AS (
  SELECT ${keys} FROM begun JOIN picked ON ${same("picked", "begun")} WHERE begun.n > 1 GROUP BY ${keys} HAVING count(*) > 1
),
told AS (
  SELECT ${[...session.map((column) => `tied.${column}`), ...least].join(", ")}
  FROM (${segments.pick(["person", "session", "t", ...own], ofTied)}) AS firsts
  JOIN tied ON ${same("tied", "firsts")} GROUP BY ${session.map((column) => `tied.${column}`).join(", ")}
),
known AS (
  SELECT begun.segment, begun.t, begun.length, ${told.join(", ")}
  FROM begun LEFT JOIN told ON ${session.map((column) => `told.${column} = begun.${column}`).join(" AND ")}
),
`;
}
