import type { AnalysisInput } from "./analysis-input.js";
import type { Calendar } from "./calendar.js";
import { ColumnsUsed } from "./columns-used.js";
import type { GroupedSql } from "./engagement-sql.js";
import { groupsOf } from "./group-sql.js";
import type { LifetimeValueOptions } from "./lifetime-value.js";
import { amountSql } from "./revenue-sql.js";
import { segmentsSql } from "./segments-sql.js";

/** What the query is made of. */
export interface LifetimeValuePlan {
  readonly input: AnalysisInput;
  readonly options: LifetimeValueOptions<string>;
  /** Of the cohorts. */
  readonly calendar: Calendar;
  /** Of an interval since, in microseconds. */
  readonly length: bigint;
  /** The last interval since. */
  readonly last: number;
}

/**
 * Rows of segment, groups, number of the cohort, how many intervals since are over at the end of the data (at most one more
 * than the last), interval since (null: none; one more than the last: later), users, revenue. New users are in rows by the
 * interval of their first revenue event, with no revenue; revenue by its interval, with no users.
 */
export async function lifetimeValueSql({
  input,
  options,
  calendar,
  length,
  last,
}: LifetimeValuePlan): Promise<GroupedSql> {
  const { dialect, range, data } = input;
  const used = input.columnsUsed();
  const groups = groupsOf(options.groupBy, dialect, used, undefined, "once");
  const segments = segmentsSql(input, used, "some");
  const told = [...segments.columns, ...groups.columns];
  const { selects } = input;
  const isTold = told.length > 0 || selects;
  if (isTold) used.add("uuid");
  const events = await input.events({
    select: {
      ...{ person: "person", t: "t", amount: amountSql(options, input.inactive, dialect, used) },
      ...(isTold ? { uuid: "uuid" } : {}),
      ...segments.select,
      ...groups.select,
    },
    where: "true",
    bounds: { until: data.until },
    ...{ used, firstsUntil: selects ? range.until : undefined },
    firstsSelect: { select: { uuid: "uuid" }, used: new ColumnsUsed() },
  });
  const ofFirst = [...told, ...(selects ? ["uuid"] : [])].map(
    (column) => `${dialect.minBy(column, dialect.row(["t", "uuid"]))} AS ${column}`,
  );
  // A user is looked at if the source selects his first event of all.
  const isSame = "firsts.t = users.t0 AND coalesce(firsts.uuid, '') = coalesce(users.uuid, '')";
  const firsts = selects ? ` JOIN firsts ON firsts.person = users.person AND ${isSame}` : "";
  const since = (t: string): string => `least(${dialect.divide(`(${t} - t0)`, String(length))}, ${last + 1})`;
  const paidSince = `CASE WHEN paid_at IS NOT NULL THEN ${since("paid_at")} END`;
  const own = ["person", "t0", "paid_at", "k", "over"];
  const by = ["segment", ...groups.columns, "k", "over"].join(", ");
  const sql = `WITH ${events.sql},
users AS (
  SELECT ${["person", "min(t) AS t0", "min(CASE WHEN amount IS NOT NULL THEN t END) AS paid_at", ...ofFirst].join(", ")} FROM events GROUP BY person
),
fresh AS (
  SELECT ${["users.person AS person", "t0", "paid_at", ...told].join(", ")}, ${calendar.numberSql(dialect, "t0", range.from, range.until)} AS k,
    least(${dialect.divide(`(${data.until} - t0)`, String(length))}, ${last + 1}) AS over
  FROM users${firsts} WHERE t0 >= ${range.from} AND t0 < ${range.until}
),
picked AS (
  ${segments.pick([...own, ...groups.columns], "fresh")}
),
new_users AS (
  SELECT segment, ${[...groups.columns, ...own].join(", ")} FROM ${groups.spread("picked", ["segment", ...own])} AS spread
),
paid AS (
  SELECT events.person, ${since("t")} AS since, sum(amount) AS amount
  FROM events JOIN fresh ON events.person = fresh.person WHERE amount IS NOT NULL GROUP BY events.person, ${since("t")}
)
SELECT ${by}, ${paidSince} AS since, count(*) AS users, CAST(0 AS DOUBLE) AS revenue FROM new_users GROUP BY ${by}, ${paidSince}
UNION ALL SELECT ${by}, since, 0 AS users, sum(amount) AS revenue
FROM new_users JOIN paid ON new_users.person = paid.person GROUP BY ${by}, since`;
  return { sql, params: events.params, groups: groups.names, segments: segments.names };
}
