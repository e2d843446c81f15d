import { utcText } from "../engine/sql-text.js";
import { UsageError } from "../errors/index.js";
import type { FrameOptions } from "../frame/selection.js";
import { eventCondition } from "./event-condition.js";
import type { PropertyFilter } from "./filter.js";
import type { CohortLake } from "./saved-cohorts.js";

/** Events as a value that JSON carries. All conditions hold together; without any it is the whole lake. */
export interface EventSelection {
  /** `event_time` from here, included, ISO 8601 in UTC. */
  readonly from?: string | undefined;
  /** `event_time` before this, not included, ISO 8601 in UTC. */
  readonly to?: string | undefined;
  /** One of these event types. */
  readonly events?: readonly string[] | undefined;
  /** Conditions on columns and properties, as in the analyses. */
  readonly filters?: readonly PropertyFilter[] | undefined;
  /** Users of this saved cohort. */
  readonly cohort?: string | undefined;
}

/**
 * The options of `lake.frame` that a selection stands for: `lake.frame({ ...(await selectedEvents(lake, selection)), columns })`.
 * Throws UsageError, LakeError if its cohort is damaged.
 */
export async function selectedEvents(
  lake: CohortLake,
  { from, to, events, filters, cohort }: EventSelection,
): Promise<Pick<FrameOptions, "from" | "to" | "events" | "where">> {
  return {
    from,
    to: to === undefined ? undefined : lastBefore(to),
    events,
    where: await eventCondition(lake, { filters, cohort }),
  };
}

/** The last microsecond before `to`: a frame's end is included. */
function lastBefore(to: string): string {
  const parts = /^(.*?)(?:\.(\d{1,6}))?(Z)?$/.exec(to);
  const ms = Date.parse(`${parts?.[1] ?? to}Z`);
  if (parts === null || Number.isNaN(ms))
    throw new UsageError(`to is ${JSON.stringify(to)}.`, "Give a time such as 2026-11-23T05:06:07Z.");
  const micros = BigInt(ms) * 1000n + BigInt((parts[2] ?? "").padEnd(6, "0")) - 1n;
  return `${utcText(micros).replace(" ", "T")}Z`;
}
