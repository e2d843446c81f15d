import { FIELDS } from "../../../../browser.js";
import type { Cell } from "../../../api.js";
import { type JsonNode, parseJson } from "../json/parse.js";
import { jsonText } from "../json/text.js";

const JSON_COLUMNS: ReadonlySet<string> = new Set<string>([
  ...FIELDS.flatMap(({ name, kind }) => (kind === "json" ? [name] : [])),
  "extra",
]);
const NUMBERS: ReadonlySet<string> = new Set<string>(
  FIELDS.flatMap(({ name, kind }) => (kind === "int" || kind === "double" ? [name] : [])),
);

/** An event as the server tells it: its fields that are not empty. */
export type EventFields = Readonly<Record<string, Cell>>;

/** A field's value: of columns that are JSON what it says, and integers of any size as numbers. */
export function fieldNode(name: string, value: Cell): JsonNode {
  if (JSON_COLUMNS.has(name) || NUMBERS.has(name)) return parseJson(String(value));
  return typeof value === "boolean" ? { kind: "boolean", value } : { kind: "text", text: String(value) };
}

/** The whole event as JSON text, indented. */
export function eventJson(event: EventFields): string {
  const entries = Object.entries(event).map(([name, value]) => [name, fieldNode(name, value)] as const);
  return jsonText({ kind: "object", entries }, 2);
}
