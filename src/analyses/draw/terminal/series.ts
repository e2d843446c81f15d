import { displayWidth } from "../../../frame/print/display-width.js";
import { DIM, type Line, label, type Span } from "./line.js";

/** ANSI colours that a terminal's own theme keeps readable, in an order in which neighbours differ in brightness too. */
const COLORS = ["34", "33", "35", "32", "36", "31", "94", "95"];
const LINE_MARKS = ["*", "o", "+", "x", "#", "@", "=", "%"];
const FILLS = ["█", "░", "▓", "▒", "#", "+", ":", "="];
const GAP = 3;

/** How many series have a mark or colour of their own. */
export const MOST_SERIES = COLORS.length;

/** The style of the series with this number, from 0. */
export function seriesStyle(index: number, faint = false): string {
  return `${faint ? "2;" : ""}${COLORS[index % COLORS.length]}`;
}

/** What a point of the series is drawn with where there are no colours. */
export function lineMark(index: number): string {
  return LINE_MARKS[index % LINE_MARKS.length]!;
}

/** What the area of a part is filled with where there are no colours. */
export function fillMark(index: number): string {
  return FILLS[index % FILLS.length]!;
}

/** The foreground or the background of the series' colour. */
export function colorOf(index: number, ground: "front" | "back"): string {
  const code = Number(COLORS[index % COLORS.length]);
  return String(ground === "front" ? code : code + 10);
}

/** One entry of a legend. */
export interface LegendEntry {
  readonly mark: Span;
  readonly name: string;
}

/** Names and their marks, in as few lines as they fit into, behind `head`. */
export function legend(entries: readonly LegendEntry[], width: number, head = ""): Line[] {
  const lines: Span[][] = head === "" ? [] : [[{ text: head, style: DIM }]];
  let used = displayWidth(head);
  for (const { mark, name } of entries) {
    const text = label(name, Math.min(40, width - displayWidth(mark.text) - 1));
    const needed = displayWidth(mark.text) + 1 + displayWidth(text);
    if (lines.length === 0 || used + GAP + needed > width) {
      lines.push([]);
      used = 0;
    }
    const line = lines.at(-1)!;
    if (used > 0) line.push({ text: " ".repeat(GAP) });
    line.push(mark, { text: ` ${text}` });
    used += (used > 0 ? GAP : 0) + needed;
  }
  return lines;
}
