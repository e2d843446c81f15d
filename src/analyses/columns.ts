import type { Column } from "../engine/column-type.js";

/** The kind of a column of a result. */
export type ColumnKind = keyof typeof KINDS;

/** The columns of a result, in order: by name with their kinds, or the names of groups, which are texts. */
export function columnsOf(
  ...parts: readonly (Readonly<Record<string, ColumnKind>> | readonly string[])[]
): Column[] {
  return parts.flatMap((part) => {
    const named: readonly (readonly [string, ColumnKind])[] = isNames(part)
      ? part.map((name) => [name, "text"])
      : Object.entries(part);
    return named.map(([name, kind]) => ({ name, type: { kind: KINDS[kind] } }));
  });
}

function isNames(part: object): part is readonly string[] {
  return Array.isArray(part);
}

const KINDS = {
  text: "text",
  count: "int32",
  id: "int64",
  number: "double",
  time: "timestamp",
  flag: "boolean",
} as const;
