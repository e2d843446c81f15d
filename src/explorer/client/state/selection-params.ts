import type { Selection } from "../../api.js";

type Filter = NonNullable<Selection["filters"]>[number];
type Value = NonNullable<Filter["value"]>;

const KEYS = ["from", "to", "event", "where", "cohort"];
const OPERATORS = new Set<unknown>([
  ...["is", "is not", "contains", "does not contain", "starts with", "does not start with"],
  ...["less", "less or equal", "greater", "greater or equal"],
  ...["set is", "set is not", "set contains", "set does not contain", "glob match", "glob does not match"],
]);

/**
 * The selection that a URL holds: `from`, `to`, `event` (as often as there are event types), `where` (a JSON array of property,
 * operator and value, as often as there are filters) and `cohort`. What cannot be read is left out.
 */
export function selectionOf(params: URLSearchParams): Selection {
  const [from, to, cohort] = [timeOf(params.get("from")), timeOf(params.get("to")), params.get("cohort")];
  const events = params.getAll("event");
  const filters = params.getAll("where").flatMap(filterOf);
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(events.length > 0 && { events }),
    ...(filters.length > 0 && { filters }),
    ...(cohort !== null && { cohort }),
  };
}

/** `params` with this selection instead of its own. */
export function withSelection(params: URLSearchParams, selection: Selection): URLSearchParams {
  const all = new URLSearchParams();
  if (selection.from !== undefined) all.append("from", selection.from);
  if (selection.to !== undefined) all.append("to", selection.to);
  for (const event of selection.events ?? []) all.append("event", event);
  for (const { property, op, value } of selection.filters ?? [])
    all.append("where", JSON.stringify([property, op ?? "is", value ?? null]));
  if (selection.cohort !== undefined) all.append("cohort", selection.cohort);
  for (const [key, value] of params) if (!KEYS.includes(key)) all.append(key, value);
  return all;
}

function timeOf(text: string | null): string | undefined {
  return text !== null && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

function filterOf(text: string): Filter[] {
  const read = parsed(text);
  if (!Array.isArray(read)) return [];
  const [property, op, value]: unknown[] = read;
  if (typeof property !== "string" || !isOperator(op) || !isValue(value)) return [];
  return [{ property, op, value: value ?? null }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isOperator(op: unknown): op is NonNullable<Filter["op"]> {
  return OPERATORS.has(op);
}

function isValue(value: unknown): value is Value | null | undefined {
  return Array.isArray(value) ? value.every(isScalar) : isScalar(value) || value === undefined;
}

function isScalar(value: unknown): boolean {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
