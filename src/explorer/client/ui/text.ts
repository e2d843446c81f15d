import { escaped, numberText } from "../../../browser.js";

/** A name from outside as text: control characters and those that turn the direction of writing are written out. */
export function shown(name: string): string {
  if (name === "") return "(empty)";
  return name.trim() === "" ? `"${escaped(name)}"` : escaped(name);
}

/** Lines of a program that have names from outside in them: as `shown`, with their ends of lines, at any length. */
export function shownLines(text: string): string {
  return text.replace(/[^\n\t\x20-\x7e]/gu, (character) => escaped(character));
}

/** `text`, cut where it is longer than `most`. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** `12,345`. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** `12.3 k`. */
export function short(value: number): string {
  return numberText(value, "count", true);
}

/** `1 event`, `12,345 events`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `2026-11-23 14:05:09` of an ISO text in UTC; with `day` only the date. */
export function timeText(iso: string, day = false): string {
  return iso.slice(0, day ? 10 : 19).replace("T", " ");
}
