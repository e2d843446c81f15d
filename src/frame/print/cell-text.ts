import type { ColumnType, Value } from "../../engine/column-type.js";
import { utcText } from "../../engine/sql-text.js";
import { dateText } from "../row-values.js";

/** Longer texts are cut before they are measured, so that a table of huge values is drawn at once. */
const LONGEST = 400;

/**
 * Characters that would move the cursor, change colours, reverse the direction of a line or break a cell:
 * C0 and C1 controls, line and paragraph separators, bidirectional controls, lone surrogates.
 */
const UNSAFE = /[\p{Cc}\p{Bidi_Control}\p{Surrogate}\u2028\u2029\ufeff]/gu;

/** `value` as a table's cell shows it: one line, without control characters; null as `null`. */
export function cellText(value: Value, type: ColumnType): string {
  return escaped(plainText(value, type));
}

/** `text` with every character that could harm a terminal written as an escape such as `\u001b`. */
export function escaped(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return short.replace(UNSAFE, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    if (character === "\r") return "\\r";
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function plainText(value: Value, type: ColumnType): string {
  if (value === null) return "null";
  switch (type.kind) {
    case "timestamp":
      return utcText(value as bigint).replace(/\.?0+$/, "");
    case "date":
      return dateText(value as number);
    case "double":
      return doubleText(value as number);
    case "blob":
      return `${(value as Uint8Array).length} bytes`;
    case "list":
      return `[${(value as readonly Value[]).map((item) => plainText(item, type.item)).join(", ")}]`;
    case "struct": {
      const struct = value as Readonly<Record<string, Value>>;
      return `{${type.fields.map((f) => `${f.name}: ${plainText(struct[f.name] ?? null, f.type)}`).join(", ")}}`;
    }
    case "map": {
      const entries = value as readonly (readonly [Value, Value])[];
      return `{${entries.map(([k, v]) => `${plainText(k, type.key)}: ${plainText(v, type.value)}`).join(", ")}}`;
    }
    default:
      return String(value);
  }
}

/** Nine digits, which are enough to look at; a whole number keeps its point. */
function doubleText(value: number): string {
  const short = String(Number(value.toPrecision(9)));
  return /^-?\d+$/.test(short) ? `${short}.0` : short;
}
