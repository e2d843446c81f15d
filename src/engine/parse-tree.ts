// What DuckDB's json_serialize_sql makes of a statement is read as plain objects: its shape is DuckDB's own.

/** A part of the tree. */
export type Node = Readonly<Record<string, unknown>>;

/** `value` as a part of the tree; an empty one if it is none. */
export function record(value: unknown): Node {
  return isNode(value) ? value : {};
}

/** The parts in a list. */
export function nodes(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** `value` if it is a text, else an empty one. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}
