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

export { selectedEvents as selected } from "../../index.js";
