import type { Dialect } from "../../engine/dialect.js";
import { literal } from "../../engine/sql-text.js";
import type { JsonColumn } from "../event-row.js";
import { objectsOf } from "../properties/extract.js";
import { kindSql } from "../properties/kinds.js";
import { EVENT_PROPERTIES } from "../properties/property.js";
import { BUCKETS, MOST_EXACT, USER_BUCKETS } from "./sketch.js";

/** Keys of one object (or of the properties of one event type) that are looked at, the most frequent first. */
export const MOST_KEYS = 1000;
/** Texts are kept to so many characters. */
export const LONGEST_TEXT = 80;
/** Different values of a property that are counted one by one, about: enough for MOST_EXACT of two kinds. */
const MOST_COUNTED = 3 * MOST_EXACT;

/** What a profile needs of events, each a SELECT. Times are milliseconds since 1970. */
export interface EventGroups {
  /** For each event type `e` and day `t` of its events: their number `n`, first and last time `t0` and `t1`, first and last upload `u0` and `u1`. */
  readonly days: string;
  /** The users `u` of each event type `e`, any number of times. */
  readonly users: string;
  /**
   * The different JSON objects `v` in a column, with their number `n`, first and last time `t0` and `t1`: those of
   * `event_properties` by event type `e`, others of all.
   */
  objects(column: JsonColumn): string;
}

/** The groups of `events`, a SELECT in that dialect. */
export function groupsOf(events: string, dialect: Dialect): EventGroups {
  const ms = (time: string) => dialect.divide(dialect.micros(time), "1000");
  const time = ms("coalesce(event_time, server_upload_time)");
  const upload = ms("server_upload_time");
  const user = `coalesce(${dialect.text("amplitude_id")}, user_id, device_id)`;
  const from = `FROM (${events}\n) AS events`;
  return {
    days: `SELECT event_type AS e, ${dialect.divide(time, "86400000")} * 86400000 AS t, count(*) AS n, min(${time}) AS t0, max(${time}) AS t1,
      min(${upload}) AS u0, max(${upload}) AS u1 ${from} GROUP BY 1, 2`,
    users: `SELECT event_type AS e, ${user} AS u ${from} WHERE ${user} IS NOT NULL`,
    objects: (column) => {
      const json = dialect.identifier(column);
      const event = column === EVENT_PROPERTIES ? "event_type" : dialect.text("NULL");
      return `SELECT ${event} AS e, ${json} AS v, count(*) AS n, min(${time}) AS t0, max(${time}) AS t1 ${from} WHERE ${json} LIKE '{%' GROUP BY 1, 2`;
    },
  };
}

/** Each event type and day: event_type, day, count, first and last time, first and last upload. */
export function eventDaysSql({ days }: EventGroups): string {
  return `SELECT e, strftime(make_timestamp(t * 1000), '%Y-%m-%d'), sum(n)::BIGINT, min(t0), max(t1), min(u0), max(u1)
    FROM (${days}\n) GROUP BY 1, 2`;
}

/** The least hash of each bucket of users of each event type: event_type, bucket, 32 bits of the hash. */
export function usersSql({ users }: EventGroups): string {
  return `SELECT e, (h & ${USER_BUCKETS - 1})::INTEGER, min(h >> 32)::BIGINT
    FROM (SELECT e, hash(u) AS h FROM (${users}\n)) GROUP BY 1, 2`;
}

/** Objects to look into: by event type `e` (null for all) and number `p` of the object that holds them. */
export interface Objects {
  readonly sql: string;
}

/** Makes `table` (as SQL has it), or makes it anew, of the different JSON objects in a column, so that each text is parsed once. */
export function differentObjectsSql(table: string, groups: EventGroups, column: JsonColumn): string {
  return `CREATE OR REPLACE TABLE ${table} AS ${groups.objects(column)}`;
}

/** The objects of a table that `differentObjectsSql` made. */
export function differentObjects(table: string, column: JsonColumn): Objects {
  return { sql: `SELECT e, 0 AS p, n, t0, t1, ${objectsOf(column, "v")} AS v FROM ${table}` };
}

/** What lies at the `paths` in `objects` and is of that JSON type; `p` is the path's index. */
export function innerValues(objects: Objects, paths: readonly string[], type: "OBJECT" | "ARRAY"): Objects {
  return {
    sql: `SELECT e, p, n, t0, t1, v FROM (SELECT e, unnest(range(${paths.length})) AS p, n, t0, t1,
      unnest(json_extract(v, [${paths.map(literal).join(", ")}])) AS v FROM (${objects.sql}\n)) WHERE json_type(v) = '${type}'`,
  };
}

/**
 * What is in `objects`: a row for each key `k`, with the JSON type `ty` of its value and the value `x`. Lists that are taken
 * apart side by side: `json_each` does the same eight times slower, and in one thread.
 */
function entries(objects: string): string {
  return `SELECT e, p, n, t0, t1, unnest(json_keys(v)) AS k, unnest(json_type(v, '$.*')) AS ty, unnest(json_extract(v, '$.*')) AS x
    FROM (${objects}\n)`;
}

/** Properties with many different values: e, p, key. As many, or a few less, are counted one by one. */
export function wideSql({ sql }: Objects): string {
  return `SELECT e, p, k FROM (SELECT e, p, unnest(json_keys(v)) AS k, unnest(json_extract(v, '$.*')) AS x FROM (${sql}\n))
    GROUP BY ALL HAVING approx_count_distinct(x) > ${MOST_COUNTED}`;
}

/** A property of which values are to be gathered by buckets. */
export type Wide = readonly [event: string | null, parent: number, key: string];

/**
 * The keys of `objects`: e, p, key, kind, hash, whether that is of a bucket, count, first and last time, least and
 * greatest number, a text, keys of that object. One row a value, or a bucket of values of those that are `wide`.
 */
export function keysSql(objects: Objects, wide: readonly Wide[]): string {
  const rows = wide.map(([e, p, key]) => `(${e === null ? "''" : literal(e)}, ${p}, ${literal(key)})`);
  const isWide =
    rows.length === 0 ? "false" : `(coalesce(e, ''), p::INTEGER, k) IN (VALUES ${rows.join(", ")})`;
  const text = "(x ->> '$')";
  const number = "ty IN ('BIGINT', 'UBIGINT', 'DOUBLE')";
  return `WITH each AS (${entries(objects.sql)}),
    hashed AS (SELECT *, ${isWide} AS wide, CASE WHEN ty IN ('OBJECT', 'ARRAY', 'NULL') THEN 0 ELSE hash(x) END AS h FROM each),
    agg AS MATERIALIZED (SELECT e, p, k, ty, wide, CASE WHEN wide THEN ${kindSql("ty", text)} END AS kind,
      CASE WHEN wide THEN h & ${BUCKETS - 1} ELSE h END AS g, sum(n)::BIGINT AS n, min(t0) AS t0, max(t1) AS t1,
      min(CASE WHEN ${number} THEN try_cast(x::VARCHAR AS DOUBLE) END) AS least,
      max(CASE WHEN ${number} THEN try_cast(x::VARCHAR AS DOUBLE) END) AS most,
      min(h >> 32) AS rest, arg_min(x, h) AS x FROM hashed GROUP BY 1, 2, 3, 4, 5, 6, 7),
    ranked AS (SELECT e, p, k, row_number() OVER (PARTITION BY e, p ORDER BY sum(n) DESC, k) AS rank,
      count(*) OVER (PARTITION BY e, p) AS keys FROM agg GROUP BY e, p, k)
    SELECT agg.e, p, k, coalesce(kind, ${kindSql("ty", text)}), (rest::BIGINT * ${BUCKETS} + (g & ${BUCKETS - 1})::BIGINT)::DOUBLE, wide, n,
      t0, t1, least, most, CASE WHEN ty NOT IN ('OBJECT', 'ARRAY', 'NULL') THEN left(${text}, ${LONGEST_TEXT}) END, keys
    FROM agg JOIN ranked USING (p, k) WHERE agg.e IS NOT DISTINCT FROM ranked.e AND rank <= ${MOST_KEYS} ORDER BY 1, 2, 3, 4, 5`;
}

/** What is in the lists of `lists`: e, p, kind, count. */
export function itemsSql(lists: Objects): string {
  return `SELECT e, p, ${kindSql("ty", "(x ->> '$')")}, sum(n)::BIGINT
    FROM (SELECT e, p, n, unnest(json_type(v, '$[*]')) AS ty, unnest(json_extract(v, '$[*]')) AS x FROM (${lists.sql}\n)) GROUP BY ALL`;
}
