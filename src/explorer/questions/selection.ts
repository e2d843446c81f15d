import type { PropertyFilter } from "../../index.js";
import type { Selection } from "../api.js";
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

/** Microseconds since 1970 of an ISO 8601 text in UTC. Throws UsageError that names the field `name`. */
export function microsOf(name: string, text: string): bigint {
  const parts = /^(.*?)(?:\.(\d{1,6}))?(Z)?$/.exec(text);
  const ms = Date.parse(`${parts?.[1] ?? text}Z`);
  if (parts === null || Number.isNaN(ms)) return refuse(name, text, "a time such as 2026-11-23T05:06:07Z");
  return BigInt(ms) * 1000n + BigInt((parts[2] ?? "").padEnd(6, "0"));
}

export { selectedEvents as selected } from "../../index.js";
