import type { SelectedEvents } from "../frame/selected-events.js";
import { checkedId } from "./cohort-check.js";
import { cohortNamed, resolved } from "./cohort-resolve.js";
import { type CohortSetting, cohortSql, idsSql, isOfSql } from "./cohort-sql.js";
import { ColumnsUsed } from "./columns-used.js";
import type { Segment } from "./options.js";
import { personsSql } from "./person-sql.js";

/** The cohorts that segments name, as common table expressions, and the conditions that a user is of them. */
export class SegmentCohorts {
  private constructor(
    /** To stand after `ids` and before what the conditions are asked of. */
    readonly expressions: readonly string[],
    private readonly conditions: ReadonlyMap<string, string>,
  ) {}

  /** Reads the cohorts of `segments`. Throws UsageError, LakeError. */
  static async of(
    segments: Readonly<Record<string, Segment>>,
    selection: SelectedEvents,
    setting: CohortSetting,
  ): Promise<SegmentCohorts> {
    const expressions = new Map<string | readonly (number | bigint)[], string>();
    const conditions = new Map<string, string>();
    for (const [segment, { cohort }] of Object.entries(segments)) {
      if (cohort === undefined) continue;
      if (!expressions.has(cohort)) {
        const sql =
          typeof cohort === "string"
            ? await cohortUsersSql(cohort, selection, setting)
            : idsSql(cohort.map(checkedId), setting);
        expressions.set(cohort, `cohort_${expressions.size} AS (\n  ${sql}\n)`);
      }
      const number = [...expressions.keys()].indexOf(cohort);
      conditions.set(segment, isOfSql(`SELECT person FROM cohort_${number}`));
    }
    return new SegmentCohorts([...expressions.values()], conditions);
  }

  /** The condition that the `person` is of the segment's cohort, never null; undefined without one. */
  condition(segment: string): string | undefined {
    return this.conditions.get(segment);
  }
}

/** The users of the saved cohort `name` by all events of the lake, as `person`. */
async function usersSql(name: string, selection: SelectedEvents, setting: CohortSetting): Promise<string> {
  const used = new ColumnsUsed();
  const { dialect, data, areMerged } = setting;
  const definition = await resolved({ cohort: name }, selection.cohorts);
  const { select, where, having, bounds } = cohortSql(definition, setting, used);
  const all = await selection.allEvents(used.names);
  const until = bounds.until < data.until ? bounds.until : data.until;
  const columns = Object.entries(select).map(([column, sql]) => `${sql} AS ${column}`);
  const time = bounds.from === undefined ? `t < ${until}` : `t >= ${bounds.from} AND t < ${until}`;
  const events = `SELECT ${columns.join(", ")} FROM (${personsSql(all.sql, used, areMerged, dialect)}) AS of_users WHERE ${time} AND ${where}`;
  return `SELECT person FROM (${events}) AS seen WHERE person IS NOT NULL GROUP BY person HAVING ${having}`;
}

/** The users of the saved cohort `name`, static or not, as a query of `person`. Throws UsageError, LakeError. */
export async function cohortUsersSql(
  name: string,
  selection: SelectedEvents,
  setting: CohortSetting,
): Promise<string> {
  const { computed } = await cohortNamed(name, selection.cohorts);
  return computed === null
    ? usersSql(name, selection, setting)
    : idsSql(computed.ids.map(checkedId), setting);
}
