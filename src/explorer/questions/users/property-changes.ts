import type { PropertyChange } from "../../api.js";

/** Properties by name: their values as JSON. */
export type JsonProperties = ReadonlyMap<string, string>;

/** Reads what a query gives of `json_keys(…)` and `json_extract(…, '$.*')`; undefined if there is no JSON. */
export function jsonProperties(keys: unknown, values: unknown): JsonProperties | undefined {
  if (!Array.isArray(keys) || !Array.isArray(values)) return undefined;
  return new Map(keys.map((key, i) => [String(key), String(values[i])]));
}

/** What is another in `to` than in `from`, by name. */
export function propertyChanges(
  from: JsonProperties | undefined,
  to: JsonProperties | undefined,
): PropertyChange[] {
  if (to === undefined) return [];
  const names = [...new Set([...(from?.keys() ?? []), ...to.keys()])].toSorted();
  return names.flatMap((property) => {
    const [before, after] = [from?.get(property) ?? null, to.get(property) ?? null];
    return before === after ? [] : [{ property, from: before, to: after }];
  });
}
