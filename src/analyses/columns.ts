import type { Column } from "../engine/column-type.js";

/** The columns of a result: `columns` by name with their kinds. */
export function columnsOf(
  columns: Readonly<Record<string, "text" | "count" | "number" | "time" | "flag">>,
): Column[] {
  return Object.entries(columns).map(([name, kind]) => ({ name, type: { kind: KINDS[kind] } }));
}

/** The columns of groups. */
export function groupColumns(names: readonly string[]): Column[] {
  return names.map((name) => ({ name, type: { kind: "text" } }));
}

const KINDS = {
  text: "text",
  count: "int32",
  number: "double",
  time: "timestamp",
  flag: "boolean",
} as const;
