import type { TableStyle } from "../../../frame/print/text-table.js";
import type { LineChart } from "../../chart.js";
import { drawable, numberText } from "../numbers.js";
import { position, scaleOf } from "../scale.js";
import { DIM, type Line, label, padEnd, padStart, widest } from "./line.js";
import { more } from "./more.js";
import { incompleteNote } from "./plot-area.js";
import { MOST_SERIES, seriesStyle } from "./series.js";

const LEVELS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const MOST = 24;
const LONGEST = 80;

/** A line each: name, course, last value. All on one scale. */
export function sparklines({ series, times, unit }: LineChart, { width }: TableStyle): Line[] {
  const shown = series.slice(0, MOST);
  const values = shown.map((one) => times.map((_, i) => drawable(one.values[i])));
  const scale = scaleOf(values.flat(), unit, 4);
  const lasts = values.map((of) => numberText(of.at(-1) ?? null, unit, width < 60));
  const lastWidth = widest(lasts);
  const names = shown.map(({ name }) => label(name, Math.max(6, Math.floor(width * 0.35))));
  const nameWidth = widest(names);
  const room = Math.min(LONGEST, Math.max(1, width - nameWidth - lastWidth - 4));
  const lines = shown.map(({ faint }, i): Line => {
    const course = binned(values[i]!, room).map((value) =>
      value === null ? " " : level(position(scale, value)),
    );
    const style = seriesStyle(i % MOST_SERIES, faint);
    return [
      { text: padEnd(names[i]!, nameWidth) },
      { text: "  " },
      { text: course.join(""), style },
      { text: `  ${padStart(lasts[i]!, lastWidth)}` },
    ];
  });
  const range = `${label(times[0]?.label ?? "")} to ${label(times.at(-1)?.label ?? "")}`;
  return [
    ...lines,
    ...more(series.length - shown.length, "series", "series"),
    [{ text: `${range}, up to ${numberText(scale.high, unit, true)}`, style: DIM }],
    ...incompleteNote(times),
  ];
}

function level(part: number): string {
  return LEVELS[Math.min(LEVELS.length - 1, Math.floor(part * LEVELS.length))]!;
}

/** `values` in at most `most` columns: the mean of those that share one. */
function binned(values: readonly (number | null)[], most: number): (number | null)[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, i) => {
    const start = Math.floor((i * values.length) / most);
    const end = Math.max(start + 1, Math.floor(((i + 1) * values.length) / most));
    const found = values.slice(start, end).filter((value) => value !== null);
    return found.length === 0 ? null : found.reduce((sum, value) => sum + value / found.length, 0);
  });
}
