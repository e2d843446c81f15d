import type { StreamInput } from "./event-stream.js";

/** Newest first. */
export const NEWEST = { column: "event_time", descending: true } as const;

/** The order that the URL says: a column, with a minus before it if it descends; a plus says that the minus is its own. */
export function orderOf(text: string): StreamInput["order"] {
  const [, sign, column = ""] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  return column === "" ? NEWEST : { column, descending: sign === "-" };
}

/** An order as the URL has it; nothing for the newest first. */
export function orderText({ column, descending }: StreamInput["order"]): string {
  if (column === NEWEST.column && descending) return "";
  return `${descending ? "-" : /^[-+]/.test(column) ? "+" : ""}${column}`;
}
