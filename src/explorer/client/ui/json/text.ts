import type { JsonNode } from "./parse.js";

/** A value on one line: texts without quotes at the outside, objects and lists as JSON. */
export function jsonLine(node: JsonNode): string {
  return node.kind === "text" ? node.text : jsonText(node);
}

/** JSON text, with `indent` spaces for each level or on one line. */
export function jsonText(node: JsonNode, indent = 0, level = 0): string {
  switch (node.kind) {
    case "object":
      return block("{", "}", indent, level, node.entries, ([key, value], inner) => {
        const name = JSON.stringify(key);
        return `${name}:${indent > 0 ? " " : ""}${jsonText(value, indent, inner)}`;
      });
    case "list":
      return block("[", "]", indent, level, node.items, (item, inner) => jsonText(item, indent, inner));
    case "text":
      return JSON.stringify(node.text);
    case "number":
      return node.text;
    case "boolean":
      return String(node.value);
    case "null":
      return "null";
  }
}

function block<T>(
  open: string,
  close: string,
  indent: number,
  level: number,
  items: readonly T[],
  text: (item: T, level: number) => string,
): string {
  if (items.length === 0) return open + close;
  const texts = items.map((item) => text(item, level + 1));
  if (indent === 0) return `${open}${texts.join(",")}${close}`;
  const inner = `\n${" ".repeat(indent * (level + 1))}`;
  return `${open}${inner}${texts.join(`,${inner}`)}\n${" ".repeat(indent * level)}${close}`;
}
