import { eventCondition, type FrameOptions, type Lake, type PropertyFilter } from "../../index.js";
import type { Selection } from "../api.js";
import { isoMicros } from "./cells.js";
import { type Given, isRecord, refuse } from "./given.js";

/** The selection in `given`, its filters as far as their kinds go; operators and names are checked where they are used. */
export function checkedSelection(given: Given): Selection {
  const filters = given.value("filters") ?? [];
  if (!Array.isArray(filters)) refuse("filters", filters, "a list of conditions");
  return {
    from: given.optionalText("from"),
    to: given.optionalText("to"),
    events: given.optionalTexts("events"),
    filters: (filters as readonly unknown[]).map(checkedFilter),
    cohort: given.optionalText("cohort"),
  };
}

function checkedFilter(filter: unknown): PropertyFilter {
  if (!isRecord(filter) || typeof filter.property !== "string") {
    return refuse("a filter", filter, "an object with a property, an op and a value");
  }
  const values = [filter.value ?? null].flat();
  const isPlain = (value: unknown): boolean =>
    value === null || ["string", "number", "boolean"].includes(typeof value);
  if (!values.every(isPlain)) refuse("a filter's value", filter.value, "texts, numbers, true, false or null");
  return filter as unknown as PropertyFilter;
}

/** What `lake.frame` takes for a selection. */
export type SelectedOptions = Pick<FrameOptions, "from" | "to" | "events" | "where">;

/**
 * The options of `lake.frame` that a selection stands for: `lake.frame({ ...(await selected(lake, selection)), columns })`.
 * Throws UsageError, LakeError if its cohort is damaged.
 */
export async function selected(lake: Lake, selection: Selection): Promise<SelectedOptions> {
  const { from, to, events, filters, cohort } = selection;
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
  if (parts === null || Number.isNaN(ms)) return refuse("to", to, "a time such as 2026-11-23T05:06:07Z");
  return isoMicros(BigInt(ms) * 1000n + BigInt((parts[2] ?? "").padEnd(6, "0")) - 1n);
}
