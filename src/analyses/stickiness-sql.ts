import type { Params } from "../engine/engine.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { Calendar } from "./calendar.js";
import { type ChosenEvents, chosenSql } from "./event-choice-sql.js";
import { groupsOf } from "./group-sql.js";
import { segmentsSql } from "./segments-sql.js";

/** The statement of a stickiness, whose rows are: number of the segment, groups, number of the interval, days, users. */
export interface StickinessSql {
  readonly sql: string;
  readonly params: Params | undefined;
  readonly groups: readonly string[];
  readonly segments: readonly string[];
}

/** Each user's days are put together first, which leaves far fewer rows than events. Throws UsageError. */
export async function stickinessSql(
  input: AnalysisInput,
  chosen: ChosenEvents,
  groupBy: string | readonly string[] | undefined,
  calendar: Calendar,
  days: Calendar,
): Promise<StickinessSql> {
  const { dialect, range } = input;
  const used = input.columnsUsed();
  const groups = groupsOf(groupBy, dialect, used);
  const segments = segmentsSql(input, used);
  const did = chosenSql(chosen, input.inactive, dialect, used);
  const number = (of: Calendar): string => of.numberSql(dialect, "t", range.from, range.until);
  const events = await input.events({
    select: {
      person: "person",
      k: number(calendar),
      day: number(days),
      ...segments.select,
      ...groups.select,
    },
    ...{ used, bounds: range, where: [did, segments.where ?? []].flat().join(" AND ") },
  });
  const keys = ["person", "k", "day", ...segments.columns, ...groups.columns].join(", ");
  const rest = ["person", "k", "day"];
  const by = ["segment", ...groups.columns].join(", ");
  const isOneEach = segments.columns.length + groups.columns.length === 0;
  const sql = `WITH ${events.sql},
blocks AS (
  SELECT DISTINCT ${keys} FROM events
),
picked AS (
  ${segments.pick([...rest, ...groups.columns], "blocks")}
),
days_of_users AS (
  SELECT ${by}, k, person, count(${isOneEach ? "*" : "DISTINCT day"}) AS days FROM ${groups.spread("picked", ["segment", ...rest])} AS spread GROUP BY ${by}, k, person
)
SELECT ${by}, k, days, count(person) AS users FROM days_of_users GROUP BY ${by}, k, days`;
  return { sql, params: events.params, groups: groups.names, segments: segments.names };
}
