import type { Params } from "../engine/engine.js";
import type { AnalysisInput } from "./analysis-input.js";
import { ColumnsUsed } from "./columns-used.js";
import { ACTIVE, type ChosenEvents, chosenEvents, chosenSql } from "./event-choice-sql.js";
import { segmentsSql } from "./segments-sql.js";

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
 * paths; places count away from the event, and the row of place 0 has all users and paths.
 */
export async function pathsSql(
  plan: PathsPlan,
): Promise<{ sql: string; params: Params | undefined; segments: readonly string[] }> {
  const { input, steps, longest, inSession, collapse, forward } = plan;
  const { range, dialect } = input;
  const used = new ColumnsUsed();
  used.add("uuid");
  const type = used.add("event_type");
  if (inSession) used.add("session_id");
  const segments = segmentsSql(input, used, "some");
  const isEvent = chosenSql(plan.choice, input.inactive, dialect, used);
  const sessions = inSession
    ? { session: "nullif(session_id, -1)", alone: "CASE WHEN nullif(session_id, -1) IS NULL THEN uuid END" }
    : {};
  const [from, until] = forward
    ? [range.from, range.until + longest + 1n]
    : [range.from - longest, range.until];
  const events = await input.events({
    select: {
      person: "person",
      t: "t",
      uuid: "uuid",
      type,
      chosen: isEvent,
      ...sessions,
      ...segments.select,
    },
    where: `(${isEvent} OR (${shownSql(plan, used)}))`,
    // What stands before it decides whether an event is one of several in a row.
    bounds: collapse ? { until } : { from, until },
    used,
  });
  const streams = ["person", ...Object.keys(sessions)].join(", ");
  const order = `PARTITION BY ${streams} ORDER BY t, uuid`;
  const within = `t >= ${range.from} AND t < ${range.until}`;
  const places = Array.from({ length: steps }, (_, i) => i + 1);
  const columns = [streams, "t", "uuid", "type", "chosen", ...segments.columns].join(", ");
  const of = (fn: string, column: string, by: number): string => `${fn}(${column}, ${by}) OVER stream`;
  const kept = collapse
    ? `SELECT ${columns} FROM (
    SELECT ${columns}, ${of("lag", "type", 1)} AS type_before, ${of("lag", "chosen", 1)} AS chosen_before
    FROM candidates WINDOW stream AS (${order})
  ) AS marked WHERE type_before IS NULL OR type_before <> type OR chosen_before <> chosen`
    : `SELECT ${columns} FROM candidates`;
  const beside = places.flatMap((place) => {
    const fn = forward ? "lead" : "lag";
    return [`${of(fn, "type", place)} AS type${place}`, `${of(fn, "t", place)} AS t${place}`];
  });
  const near = (place: number): string =>
    `CASE WHEN ${forward ? `t${place} - t` : `t - t${place}`} <= ${longest} THEN type${place} END AS e${place}`;
  const nearest = places.map(near).join(", ");
  const path = ["person", "t", "uuid", ...places.map((place) => `e${place}`)];
  const first = "row_number() OVER (PARTITION BY segment, person ORDER BY t, uuid)";
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
      `CASE WHEN e${place} IS NULL THEN NULL WHEN n${place}.type IS NULL THEN ${dialect.literal(OTHER)} ELSE e${place} END AS e${place}`,
  );
  const joins = places.map(
    (place) =>
      `LEFT JOIN named AS n${place} ON n${place}.place = ${place} AND n${place}.segment = paths.segment AND n${place}.type = paths.e${place}`,
  );
  const links = places.map((place) => {
    const before = place === 1 ? dialect.text("NULL") : `e${place - 1}`;
    const [where, by] = place === 1 ? ["", ""] : [` WHERE e${place - 1} IS NOT NULL`, `, e${place - 1}`];
    return `SELECT segment, ${place} AS place, ${before} AS nearer, e${place} AS farther, count(DISTINCT person) AS users, count(*) AS paths FROM shown${where} GROUP BY segment${by}, e${place}`;
  });
  const sql = `WITH ${events.sql},
candidates AS (
  SELECT ${columns} FROM events WHERE person IN (SELECT person FROM events WHERE chosen AND ${within})
),
kept AS (
  ${kept}
),
beside AS (
  SELECT person, t, uuid, chosen, ${[...segments.columns, ...beside].join(", ")} FROM kept WINDOW stream AS (${order})
),
begun AS (
  SELECT ${["person", "t", "uuid", ...segments.columns, nearest].join(", ")} FROM beside WHERE chosen AND ${within}
),
picked AS (
  ${segments.pick(path, "begun")}
),
paths AS (
  ${paths}
),
counts AS (
  ${counts.join("\n  UNION ALL ")}
),
named AS (
  SELECT segment, place, type FROM (
    SELECT segment, place, type, row_number() OVER (PARTITION BY segment, place ORDER BY paths DESC, type) AS number FROM counts
  ) AS ranked WHERE number <= ${plan.top}
),
shown AS (
  SELECT paths.segment, paths.person, ${shown.join(", ")} FROM paths ${joins.join(" ")}
)
SELECT segment, 0 AS place, NULL AS nearer, NULL AS farther, count(DISTINCT person) AS users, count(*) AS paths FROM paths GROUP BY segment
UNION ALL ${links.join("\nUNION ALL ")}`;
  return { sql, params: events.params, segments: segments.names };
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
