import type { Params } from "../engine/engine.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { Calendar } from "./calendar.js";
import { type ChosenEvents, chosenSql } from "./event-choice-sql.js";
import { groupsOf } from "./group-sql.js";
import { segmentsSql } from "./segments-sql.js";

/** A statement whose rows begin with the number of the segment and the groups. */
export interface GroupedSql {
  readonly sql: string;
  readonly params: Params | undefined;
  readonly groups: readonly string[];
  readonly segments: readonly string[];
}

/** Rows of segment, groups, number of the interval (0 without a calendar), how often, users. */
export async function engagementSql(
  input: AnalysisInput,
  choice: ChosenEvents,
  count: "times" | "days",
  calendar: Calendar | undefined,
  groupBy: string | readonly string[] | undefined,
): Promise<GroupedSql> {
  const { dialect, range } = input;
  const used = input.columnsUsed();
  const groups = groupsOf(groupBy, dialect, used, undefined, "once");
  const segments = segmentsSql(input, used);
  const chosen = chosenSql(choice, input.inactive, dialect, used);
  const numberSql = (of: Calendar): string => of.numberSql(dialect, "t", range.from, range.until);
  const byDays = count === "days";
  const events = await input.events({
    select: {
      person: "person",
      k: calendar === undefined ? "0" : numberSql(calendar),
      ...(byDays ? { day: numberSql(input.calendar("day")) } : {}),
      ...segments.select,
      ...groups.select,
    },
    where: [chosen, segments.where ?? []].flat().join(" AND "),
    bounds: range,
    used,
  });
  const keys = ["person", "k", ...(byDays ? ["day"] : []), ...segments.columns, ...groups.columns].join(", ");
  const own = ["person", "k", byDays ? "day" : "n"];
  const by = ["segment", ...groups.columns, "k"].join(", ");
  const often = byDays ? "count(DISTINCT day)" : "CAST(sum(n) AS BIGINT)";
  const sql = `WITH ${events.sql},
seen AS (
  SELECT ${keys}, count(*) AS n FROM events GROUP BY ${keys}
),
picked AS (
  ${segments.pick([...own, ...groups.columns], "seen")}
),
counted AS (
  SELECT ${by}, person, ${often} AS often FROM ${groups.spread("picked", ["segment", ...own])} AS spread GROUP BY ${by}, person
)
SELECT ${by}, often, count(*) AS users FROM counted GROUP BY ${by}, often`;
  return { sql, params: events.params, groups: groups.names, segments: segments.names };
}

/** Rows of segment, days, users. */
export async function usageIntervalSql(input: AnalysisInput, choice: ChosenEvents): Promise<GroupedSql> {
  const { dialect, range } = input;
  const used = input.columnsUsed();
  const segments = segmentsSql(input, used);
  const chosen = chosenSql(choice, input.inactive, dialect, used);
  const day = input.calendar("day").numberSql(dialect, "t", range.from, range.until);
  const events = await input.events({
    select: { person: "person", day, ...segments.select },
    where: [chosen, segments.where ?? []].flat().join(" AND "),
    bounds: range,
    used,
  });
  const keys = ["person", "day", ...segments.columns].join(", ");
  const before = "lag(day) OVER (PARTITION BY segment, person ORDER BY day)";
  const sql = `WITH ${events.sql},
seen AS (
  SELECT DISTINCT ${keys} FROM events
),
picked AS (
  ${segments.pick(["person", "day"], "seen")}
),
days AS (
  SELECT DISTINCT segment, person, day FROM picked
),
gaps AS (
  SELECT segment, person, day - ${before} AS gap FROM days
),
medians AS (
  SELECT segment, ceil(${dialect.percentile("gap", 50)}) AS days FROM gaps WHERE gap IS NOT NULL GROUP BY segment, person
)
SELECT segment, days, count(*) AS users FROM medians GROUP BY segment, days`;
  return { sql, params: events.params, groups: [], segments: segments.names };
}
