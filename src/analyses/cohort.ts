import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import { checkedDefinition } from "./cohort-check.js";
import type { CohortDefinition } from "./cohort-definition.js";
import { resolved } from "./cohort-resolve.js";
import { cohortSql, hasNew } from "./cohort-sql.js";
import { columnsOf } from "./columns.js";
import type { AnalysisOptions } from "./options.js";
import type { AnalysisResult } from "./result.js";
import { resultOf } from "./result-of.js";

/** How a cohort's users are found. Times are in its clauses; segments it has none. */
export type CohortOptions = Omit<AnalysisOptions, "from" | "to" | "last" | "segments">;

/** A user of a cohort. */
export interface CohortRow {
  /** After identity. */
  readonly amplitude_id: bigint;
}

const SOURCES = [
  "https://amplitude.com/docs/analytics/behavioral-cohorts",
  "https://amplitude.com/docs/faq/behavioral-cohorts",
];

/**
 * The users of a cohort: a row each, by ascending `amplitude_id`. Looks at the events of the lake or frame up to the end of
 * the data; a frame's own time range does not count, its other conditions do, also for the saved cohorts that the definition
 * names. Of ids that are given those count that have an event.
 * Throws UsageError, LakeError if a saved cohort is damaged, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/behavioral-cohorts
 */
export async function cohort(
  source: AnalysisSource,
  definition: CohortDefinition,
  options: CohortOptions = {},
): Promise<AnalysisResult<CohortRow>> {
  const checked = checkedDefinition(definition);
  const selection = "frame" in source ? source.frame() : source;
  const input = await AnalysisInput.forUsers(selection, options);
  const used = input.columnsUsed();
  const whole = await resolved(checked, selection.cohorts);
  const isNewAsked = input.selects && hasNew(whole);
  const first = isNewAsked ? "first_t" : "t";
  const { select, where, having, bounds } = cohortSql(whole, input.cohortSetting, used, first);
  const firstsUntil = isNewAsked ? input.data.until : undefined;
  const events = await input.events({ select, where, bounds, used, firstsUntil });
  const seen = isNewAsked
    ? "(SELECT events.*, firsts.t AS first_t FROM events JOIN firsts ON firsts.person = events.person) AS seen"
    : "events";
  const sql = `WITH ${events.sql}\nSELECT person AS amplitude_id FROM ${seen} WHERE person IS NOT NULL GROUP BY person HAVING ${having} ORDER BY person`;
  const found = (await input.engine.query(sql, events.params, input.queryOptions)).rows();
  const text = JSON.stringify(checked, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  return resultOf<CohortRow>(input, columnsOf({ amplitude_id: "id" }), found, {
    chart: { kind: "bars", title: "cohort", unit: "count", bars: [{ name: "users", value: found.length }] },
    sql,
    params: events.params,
    asked: { cohorts: [whole] },
    definition: [`Users of ${text}.`],
    sources: SOURCES,
    kind: { needsHistory: bounds.from === undefined },
  });
}
