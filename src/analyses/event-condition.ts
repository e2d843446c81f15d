import type { Condition } from "../frame/selection.js";
import { AnalysisInput } from "./analysis-input.js";
import type { CohortOptions } from "./cohort.js";
import { ColumnsUsed } from "./columns-used.js";
import type { PropertyFilter } from "./filter.js";
import { filtersSql } from "./filter-sql.js";
import type { CohortLake } from "./saved-cohorts.js";
import { cohortUsersSql } from "./segment-cohorts.js";

/** What is asked of an event. All of it must hold. */
export interface EventConditions {
  /** Conditions on columns and properties. */
  readonly filters?: readonly PropertyFilter[] | undefined;
  /** Only events of the users of the cohort that is saved in the lake under this name. */
  readonly cohort?: string | undefined;
}

/**
 * Conditions as those of the analyses as one in SQL, for frames: `lake.frame({ where: await eventCondition(lake, { filters })
 * })`. Undefined if nothing is asked. Who belongs to the cohort is found by all events of the lake, when the frame reads.
 * Throws UsageError, LakeError if the cohort is damaged.
 */
export async function eventCondition(
  lake: CohortLake,
  { filters = [], cohort }: EventConditions,
  options: Omit<CohortOptions, "identity"> = {},
): Promise<Condition | undefined> {
  const selection = lake.frame();
  const { engine } = await selection.allEvents(["uuid"]);
  const conditions: string[] = [];
  const asked = filtersSql(filters, engine.dialect, new ColumnsUsed());
  if (asked !== undefined) conditions.push(asked);
  if (cohort !== undefined) {
    const { cohortSetting } = await AnalysisInput.forUsers(selection, options);
    conditions.push(`amplitude_id IN (${await cohortUsersSql(cohort, selection, cohortSetting)})`);
  }
  return conditions.length === 0 ? undefined : { sql: conditions.join(" AND ") };
}
