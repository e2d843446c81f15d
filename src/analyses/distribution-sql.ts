import type { Params } from "../engine/engine.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { Bin } from "./bins.js";
import { type ChosenEvents, chosenSql } from "./event-choice-sql.js";
import { groupsOf } from "./group-sql.js";
import { propertySql } from "./property-sql.js";
import { segmentsSql } from "./segments-sql.js";

/** Statements over the numbers of a property. */
export interface DistributionSql {
  /** One row: the least number, the greatest, whether all are whole. Numbers beyond those of a double are not looked at. */
  readonly ends: string;
  /** Rows of segment, groups, number of the bin (of what is in none, null), numbers, users. */
  counts(bins: readonly Bin[]): string;
  readonly params: Params | undefined;
  readonly groups: readonly string[];
  readonly segments: readonly string[];
}

const GREATEST = String(Number.MAX_VALUE);

/** The numbers of `property` at the events of the range, each item of a list for itself. Throws UsageError. */
export async function distributionSql(
  input: AnalysisInput,
  choice: ChosenEvents,
  property: string,
  groupBy: string | readonly string[] | undefined,
): Promise<DistributionSql> {
  const { dialect, range } = input;
  const used = input.columnsUsed();
  const groups = groupsOf(groupBy, dialect, used);
  const segments = segmentsSql(input, used);
  const chosen = chosenSql(choice, input.inactive, dialect, used);
  const { texts } = propertySql(property, dialect, used, undefined, true);
  const events = await input.events({
    select: { person: "person", texts, ...segments.select, ...groups.select },
    where: [chosen, segments.where ?? []].flat().join(" AND "),
    bounds: range,
    used,
  });
  const by = ["segment", ...groups.columns].join(", ");
  const ctes = `WITH ${events.sql},
picked AS (
  ${segments.pick(["person", "texts", ...groups.columns], "events")}
),
texts AS (
  SELECT ${by}, person, ${dialect.unnest("texts")} AS text FROM ${groups.spread("picked", ["segment", "person", "texts"])} AS spread
),
numbers AS (
  SELECT ${by}, person, number FROM (SELECT *, ${dialect.number("text")} AS number FROM texts) AS read WHERE number IS NOT NULL
)`;
  return {
    ends: `${ctes}\nSELECT min(number), max(number), bool_and(number = floor(number)) FROM numbers WHERE abs(number) <= ${GREATEST}`,
    counts: (bins) =>
      `${ctes}\nSELECT ${by}, bin, count(*) AS totals, count(DISTINCT person) AS users FROM (SELECT *, ${binSql(bins)} AS bin FROM numbers) AS binned GROUP BY ${by}, bin`,
    ...{ params: events.params, groups: groups.names, segments: segments.names },
  };
}

function binSql(bins: readonly Bin[]): string {
  const [first] = bins;
  const double = (value: number): string => `CAST(${value} AS DOUBLE)`;
  const cases = bins.map(([, to], i) => `WHEN number < ${double(to)} THEN ${i}`);
  return first === undefined
    ? "CAST(NULL AS INTEGER)"
    : `CASE WHEN number < ${double(first[0])} THEN NULL ${cases.join(" ")} END`;
}
