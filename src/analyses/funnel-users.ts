import type { Column, ColumnType, Value } from "../engine/column-type.js";
import { UsageError } from "../errors/index.js";
import type { Table } from "../frame/table.js";
import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import { columnsOf } from "./columns.js";
import type { EventChoice } from "./event-choice.js";
import type { FunnelOptions } from "./funnel.js";
import { FUNNEL_OPTIONS, funnelPlan } from "./funnel-plan.js";
import { readAttempts } from "./funnel-read.js";
import { funnelSql } from "./funnel-sql.js";
import { tableOf } from "./result-of.js";

/** Which users are asked for. */
export interface FunnelReached {
  /** Those who came to this step, counted from 1. Default 1: all who entered. */
  readonly reached?: number | undefined;
  /** Only those who came no further. Default false. */
  readonly droppedOff?: boolean | undefined;
}

/** An attempt that counts in a funnel. */
export interface FunnelUser {
  readonly segment: string;
  /** The user; after `identity` the one that ids were merged into. */
  readonly amplitude_id: bigint;
  /** The value that is held constant; else null. */
  readonly value: string | null;
  /** With `interval`: where the interval of the entry begins, as in the funnel's rows; else null. */
  readonly time: string | null;
  /** The combinations of the groups' values that it counts in, each a list in the order of `groupBy`. */
  readonly groups: readonly (readonly string[])[];
  /** The last step that it came to, counted from 1. */
  readonly reached: number;
  /** When it came to each of these steps, floored to the resolution. */
  readonly times: readonly Date[];
}

/**
 * Who came how far in a funnel: a row for each attempt that `funnel` counts for these steps and options (of uniques one a user,
 * in each segment, interval and value held constant), by user, then segment, then time. As many as `users` of step `reached` says,
 * with `droppedOff` as many as `droppedOff` of the step after it; with groups an attempt may count in several. Holds all of them
 * in memory. Throws UsageError, QueryError, CancelledError.
 */
export async function funnelUsers<G extends string = never>(
  source: AnalysisSource,
  steps: readonly EventChoice[],
  options: FunnelOptions<G> = {},
  which: FunnelReached = {},
): Promise<Table<FunnelUser>> {
  const { reached = 1, droppedOff = false } = which;
  if (!Number.isInteger(reached) || reached < 1 || reached > steps.length) {
    const found = `reached is ${String(reached)} of ${steps.length} steps.`;
    throw new UsageError(found, "Give the number of a step, counted from 1.");
  }
  const input = await AnalysisInput.of(source, options, FUNNEL_OPTIONS);
  const plan = funnelPlan(input, steps, options);
  const statement = await funnelSql(plan);
  const intervals = plan.calendar?.within(input.range.from, input.range.until) ?? [];
  const rows: Value[][] = [];
  await readAttempts(plan, statement, ({ segment, person, value, interval, groups, times }) => {
    if (times.length < reached || (droppedOff && times.length > reached)) return;
    rows.push([
      input.segments[segment]!.name,
      person,
      value(),
      intervals[interval]?.label ?? null,
      groups,
      times.length,
      times.map((time) => statement.since + BigInt(time) * plan.unit),
    ]);
  });
  rows.sort(([, a], [, b]) => (a! < b! ? -1 : a! > b! ? 1 : 0));
  const list = (item: ColumnType): ColumnType => ({ kind: "list", item });
  const columns: Column[] = [
    ...columnsOf({ segment: "text", amplitude_id: "id", value: "text", time: "text" }),
    { name: "groups", type: list(list({ kind: "text" })) },
    ...columnsOf({ reached: "count" }),
    { name: "times", type: list({ kind: "timestamp" }) },
  ];
  return tableOf<FunnelUser>(columns, rows);
}
