import type { Params } from "../engine/engine.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { Calendar } from "./calendar.js";
import { type ChosenEvents, chosenSql } from "./event-choice-sql.js";
import { nextIntervalSql } from "./rolling-users.js";
import { segmentsSql } from "./segments-sql.js";

const TWO_DAYS = 172_800_000_000n;

/**
 * One statement whose rows are: whether of the dormant, number of the segment, number of the interval, state (of the dormant: in
 * the interval before), users.
 */
export async function lifecycleSql(
  input: AnalysisInput,
  chosen: ChosenEvents,
  calendar: Calendar,
): Promise<{
  readonly sql: string;
  readonly params: Params | undefined;
  readonly segments: readonly string[];
}> {
  const { dialect, range } = input;
  const used = input.columnsUsed();
  const segments = segmentsSql(input, used);
  const did = chosenSql(chosen, input.inactive, dialect, used);
  const first = calendar.numberAt(range.from);
  const last = calendar.numberAt(range.until - 1n);
  // Who is dormant in the first interval did the event in the one before, and was current there by the one before that.
  const { from } = calendar.at(first - 2);
  const number = (t: string): string => calendar.numberSql(dialect, t, from - TWO_DAYS, range.until);
  const events = await input.events({
    select: { person: "person", t: "t", k: number("t"), ...segments.select },
    ...{ used, bounds: { from, until: range.until }, firstsUntil: range.until },
    where: [did, segments.where ?? []].flat().join(" AND "),
  });
  const keys = ["person", "k", ...segments.columns].join(", ");
  const inside = `max(t) >= ${range.from} AS inside`;
  const picked = segments.pick(["person", "k", "inside"], "blocks");
  const did_in =
    segments.columns.length === 0
      ? picked
      : `SELECT segment, person, k, bool_or(inside) AS inside FROM (${picked}) AS picked GROUP BY segment, person, k`;
  const over = "OVER (PARTITION BY segment, person ORDER BY k)";
  const counts = (isDormant: boolean, k: string, where: string): string =>
    `SELECT ${isDormant} AS is_dormant, segment, ${k} AS k, state, count(*) AS users FROM states WHERE ${where} GROUP BY segment, k, state`;
  // Of the first interval only what is in the range counts, unless it is looked at as the one before.
  const isThere = `(inside OR k > ${first})`;
  const isThereNext = `(coalesce(next_k = k + 1, false) AND (next_inside OR k + 1 > ${first}))`;
  const sql = `WITH ${events.sql},
blocks AS (
  SELECT ${keys}, ${inside} FROM events GROUP BY ${keys}
),
did AS (
  ${did_in}
),
neighbours AS (
  SELECT segment, person, k, inside, lag(k) ${over} AS last_k, ${nextIntervalSql(["segment"])}, lead(inside) ${over} AS next_inside FROM did
),
states AS (
  SELECT segment, k, inside, next_k, next_inside,
    CASE WHEN k = ${number("firsts.t")} THEN 'new' WHEN last_k = k - 1 THEN 'current' ELSE 'resurrected' END AS state
  FROM neighbours JOIN firsts ON firsts.person = neighbours.person
)
${counts(false, "k", `k >= ${first} AND ${isThere}`)}
UNION ALL ${counts(true, "k + 1", `k >= ${first - 1} AND k < ${last} AND NOT ${isThereNext}`)}`;
  return { sql, params: events.params, segments: segments.names };
}
