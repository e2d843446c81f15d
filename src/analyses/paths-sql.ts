import type { Params } from "../engine/engine.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { ColumnsUsed } from "./columns-used.js";
import { ACTIVE, type ChosenEvents, chosenEvents, chosenSql } from "./event-choice-sql.js";
import { type SegmentsSql, segmentsSql } from "./segments-sql.js";

/** What the query of paths is made of. */
export interface PathsPlan {
  readonly input: AnalysisInput;
  readonly choice: ChosenEvents;
  readonly forward: boolean;
  readonly steps: number;
  /** Microseconds, included. */
  readonly longest: bigint;
  readonly inSession: boolean;
  readonly totals: boolean;
  readonly collapse: boolean;
  readonly hide: readonly string[];
  readonly only: readonly string[] | undefined;
  readonly top: number;
}

/** What stands for all events of a step but the most frequent. */
const OTHER = "(other)";

/**
 * Rows of segment, place, the event at the place before it (null: the event itself), the event at it (null: none), users,
 * paths; places count away from the event, and the row of place 0 has all users and paths. Event types are numbers while
 * events are put in order, and of uniques only those events are that lie near a user's first.
 */
export async function pathsSql(
  plan: PathsPlan,
): Promise<{ sql: string; params: Params | undefined; segments: readonly string[] }> {
  const { input, steps, longest, inSession, collapse, forward } = plan;
  const { range, dialect } = input;
  const used = input.columnsUsed();
  const ids = dialect.uuidOrder(used.add("uuid")).map((id, i) => [`id${i}`, id] as const);
  const type = used.add("event_type");
  if (inSession) used.add("session_id");
  const segments = segmentsSql(input, used, "some");
  const isEvent = chosenSql(plan.choice, input.inactive, dialect, used);
  const [from, until] = forward
    ? [range.from, range.until + longest + 1n]
    : [range.from - longest, range.until];
  const events = await input.events({
    select: {
      ...{ person: "person", t: "t", type, chosen: isEvent, ...Object.fromEntries(ids) },
      ...(inSession ? { session: "nullif(session_id, -1)" } : {}),
      ...segments.select,
    },
    where: `(${isEvent} OR (${shownSql(plan, used)}))`,
    // What stands before it decides whether an event is one of several in a row.
    bounds: collapse ? { until } : { from, until },
    ...{ used, readAnew: true },
  });
  const order = ["t", ...ids.map(([name]) => name)];
  const streams = ["person", ...(inSession ? ["session"] : [])];
  const over = `PARTITION BY ${streams.join(", ")} ORDER BY ${order.join(", ")}`;
  // An event without a session is in none with another.
  const of = (fn: string, column: string, by: number): string => {
    const value = `${fn}(${column}, ${by}) OVER stream`;
    return inSession ? `CASE WHEN session IS NOT NULL THEN ${value} END` : value;
  };
  const within = `t >= ${range.from} AND t < ${range.until}`;
  const places = Array.from({ length: steps }, (_, i) => i + 1);
  const columns = [...streams, ...order, "type", "chosen", ...segments.columns].join(", ");
  const kept = collapse
    ? `SELECT ${columns} FROM (
    SELECT ${columns}, ${of("lag", "type", 1)} AS type_before, ${of("lag", "chosen", 1)} AS chosen_before
    FROM candidates WINDOW stream AS (${over})
  ) AS marked WHERE type_before IS NULL OR type_before <> type OR chosen_before <> chosen`
    : `SELECT ${columns} FROM candidates`;
  const beside = places.flatMap((place) => {
    const fn = forward ? "lead" : "lag";
    return [`${of(fn, "type", place)} AS type${place}`, `${of(fn, "t", place)} AS t${place}`];
  });
  const near = (place: number): string =>
    `CASE WHEN ${forward ? `t${place} - t` : `t - t${place}`} <= ${longest} THEN type${place} END AS e${place}`;
  const nearest = places.map(near).join(", ");
  const path = ["person", ...order, ...places.map((place) => `e${place}`)];
  const first = `row_number() OVER (PARTITION BY segment, person ORDER BY ${order.join(", ")})`;
  const e = places.map((place) => `e${place}`).join(", ");
  const paths = plan.totals
    ? `SELECT segment, person, ${e} FROM picked`
    : `SELECT segment, person, ${e} FROM (SELECT segment, person, ${e}, ${first} AS place FROM picked) AS numbered WHERE place = 1`;
  const counts = places.map(
    (place) =>
      `SELECT segment, ${place} AS place, e${place} AS type, count(*) AS paths FROM paths WHERE e${place} IS NOT NULL GROUP BY segment, e${place}`,
  );
  const shown = places.map(
    (place) =>
      `CASE WHEN e${place} IS NULL THEN NULL WHEN n${place}.type IS NULL THEN 0 ELSE e${place} END AS e${place}`,
  );
  const joins = places.map(
    (place) =>
      `LEFT JOIN named AS n${place} ON n${place}.place = ${place} AND n${place}.segment = paths.segment AND n${place}.type = paths.e${place}`,
  );
  const users = plan.totals ? "count(DISTINCT person)" : "count(*)";
  const links = places.map((place) => {
    const before = place === 1 ? "CAST(NULL AS BIGINT)" : `e${place - 1}`;
    const [where, by] = place === 1 ? ["", ""] : [` WHERE e${place - 1} IS NOT NULL`, `, e${place - 1}`];
    return `SELECT segment, ${place} AS place, ${before} AS nearer, e${place} AS farther, ${users} AS users, count(*) AS paths FROM shown${where} GROUP BY segment${by}, e${place}`;
  });
  const named = `SELECT segment, place, type FROM (
    SELECT segment, place, type, row_number() OVER (PARTITION BY segment, place ORDER BY paths DESC, type) AS number FROM counts
  ) AS ranked WHERE number <= ${plan.top}`;
  const sql = `WITH ${events.sql},
types AS (
  SELECT type, row_number() OVER (ORDER BY type) AS id FROM (SELECT DISTINCT type FROM events) AS different
),
started AS (
  SELECT ${["person", "t", ...segments.columns].join(", ")} FROM events WHERE chosen AND ${within}
),
${startersSql(plan, segments)},
candidates AS (
  SELECT ${[...streams.map((name) => `events.${name}`), ...order, "types.id AS type", "chosen", ...segments.columns].join(", ")}
  FROM events JOIN starters ON starters.person = events.person JOIN types ON types.type = events.type
  WHERE t >= since AND t <= latest
),
kept AS (
  ${kept}
),
beside AS (
  SELECT ${["person", ...order, "chosen", ...segments.columns, ...beside].join(", ")} FROM kept WINDOW stream AS (${over})
),
begun AS (
  SELECT ${["person", ...order, ...segments.columns, nearest].join(", ")} FROM beside WHERE chosen AND ${within}
),
picked AS (
  ${segments.pick(path, "begun")}
),
paths AS (
  ${dialect.once(paths)}
),
counts AS (
  ${counts.join("\n  UNION ALL ")}
),
named AS (
  ${dialect.once(named)}
),
shown AS (
  SELECT paths.segment, paths.person, ${shown.join(", ")} FROM paths ${joins.join(" ")}
),
links AS (
  SELECT segment, 0 AS place, CAST(NULL AS BIGINT) AS nearer, CAST(NULL AS BIGINT) AS farther, ${users} AS users, count(*) AS paths FROM paths GROUP BY segment
  UNION ALL ${links.join("\n  UNION ALL ")}
),
names AS (
  SELECT id, type FROM types UNION ALL SELECT 0 AS id, ${dialect.literal(OTHER)} AS type
)
SELECT segment, place, near_names.type AS nearer, far_names.type AS farther, users, paths
FROM links LEFT JOIN names AS near_names ON near_names.id = nearer LEFT JOIN names AS far_names ON far_names.id = farther`;
  return { sql, params: events.params, segments: segments.names };
}

/** `starters`: who did the event in the range, from and to when his events may matter; a CTE made of `started`. */
function startersSql({ totals, collapse, forward, longest }: PathsPlan, segments: SegmentsSql): string {
  // Which event is the first of several in a row is only known with those before it.
  if (totals || collapse) {
    const [since, latest] = ["CAST(-9223372036854775808 AS BIGINT)", "CAST(9223372036854775807 AS BIGINT)"];
    return `starters AS (
  SELECT DISTINCT person, ${since} AS since, ${latest} AS latest FROM started
)`;
  }
  const [since, latest] = forward ? ["min(t)", `max(t) + ${longest}`] : [`min(t) - ${longest}`, "max(t)"];
  return `of_segments AS (
  ${segments.pick(["person", "t"], "started")}
),
first_ones AS (
  SELECT segment, person, min(t) AS t FROM of_segments GROUP BY segment, person
),
starters AS (
  SELECT person, ${since} AS since, ${latest} AS latest FROM first_ones GROUP BY person
)`;
}

/** The condition that an event may be in a path beside the event itself. */
function shownSql({ input, hide, only }: PathsPlan, used: ColumnsUsed): string {
  const { dialect } = input;
  const type = dialect.identifier(used.add("event_type"));
  const list = (types: readonly string[]): string => types.map(dialect.literal).join(", ");
  return [
    chosenSql(chosenEvents(ACTIVE), input.inactive, dialect, used),
    ...(hide.length > 0 ? [`${type} NOT IN (${list(hide)})`] : []),
    ...(only === undefined ? [] : [only.length === 0 ? "false" : `${type} IN (${list(only)})`]),
  ].join(" AND ");
}
