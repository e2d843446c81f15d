import { ID_FIELDS, type PersonId } from "./forgotten.js";

// Bounded, for V8's expressions fail on texts of megabytes in a group that repeats.
const ID = new RegExp(
  `"(${ID_FIELDS.join("|")})"\\s*:\\s*(?:"((?:[^"\\\\]|\\\\.){1,4096})"|(-?\\d[\\d.eE+-]{0,400}))`,
  "g",
);

/**
 * Whether `isOne` holds for an id that stands in NDJSON, be its lines whole events or such as nobody can read: a
 * text or a number after the name of an id's field.
 */
export function hasId(text: string, isOne: (id: PersonId) => boolean): boolean {
  for (const [, field, quoted, number] of text.matchAll(ID)) {
    const value = quoted === undefined ? (number ?? "") : unescaped(quoted);
    if (isOne({ field: field as PersonId["field"], value })) return true;
  }
  return false;
}

function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return text;
  }
}
