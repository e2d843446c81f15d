import { count } from "./figures.js";
import type { Paint } from "./paint.js";

/** One bar: its name and its length, 0 or more. */
export interface Bar {
  readonly name: string;
  readonly value: number;
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const LONGEST_NAME = 28;

/** A bar chart in text, one line a bar, at most `width` columns wide; the longest bar is the largest value. */
export function barChart(bars: readonly Bar[], width: number, paint: Paint): string {
  const names = bars.map(({ name }) =>
    name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name,
  );
  const figures = bars.map(({ value }) => count(value));
  const nameWidth = Math.max(0, ...names.map((name) => name.length));
  const figureWidth = Math.max(0, ...figures.map((figure) => figure.length));
  const room = Math.max(4, Math.min(48, width - nameWidth - figureWidth - 6));
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const lines = bars.map(({ value }, i) => {
    const name = (names[i] ?? "").padEnd(nameWidth);
    const figure = (figures[i] ?? "").padStart(figureWidth);
    return `  ${name}  ${figure}  ${paint.blue(bar((value / most) * room))}`.trimEnd();
  });
  return lines.join("\n");
}

function bar(length: number): string {
  const eighths = Math.max(1, Math.round(length * 8));
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}
