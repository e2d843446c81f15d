/** A JSON value in which a number is the text that it has as a group or in a comparison. */
export type JsonText = string | JsonNumber | boolean | null | readonly JsonText[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonText;
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** No key of an event: marks where a number was. */
const MARK = "\u0000number";

/** Reads JSON, and keeps every digit of an integer. */
export function readJson(text: string): JsonText {
  const marked = text.replace(STRING_OR_NUMBER, (piece) =>
    piece.startsWith('"') ? piece : `{${JSON.stringify(MARK)}:${JSON.stringify(numberText(piece))}}`,
  );
  return JSON.parse(marked, (_key, value) =>
    typeof value === "object" && value !== null && MARK in value ? new JsonNumber(value[MARK]) : value,
  );
}

/** A number, told from an object by its class. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** Integers as they are written; other numbers as short as they can be, `2.0` for `2.00`. */
function numberText(written: string): string {
  if (/^-?\d+$/.test(written)) return written === "-0" ? "0" : written;
  const short = String(Number(written));
  return /^-?\d+$/.test(short) ? `${short}.0` : short;
}

export function isList(value: JsonText): value is readonly JsonText[] {
  return Array.isArray(value);
}

export function isObject(value: JsonText | undefined): value is JsonObject {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber)
  );
}

/** The text of a value that is not null: of lists and objects their JSON. */
export function textOf(value: JsonText): string {
  if (typeof value === "string") return value;
  if (value instanceof JsonNumber) return value.text;
  if (typeof value === "boolean" || value === null) return String(value);
  return jsonOf(value);
}

function jsonOf(value: JsonText): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(jsonOf).join(",")}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${jsonOf(member)}`);
    return `{${members.join(",")}}`;
  }
  return textOf(value);
}
