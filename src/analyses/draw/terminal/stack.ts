import type { TableStyle } from "../../../frame/print/text-table.js";
import type { StackChart } from "../../chart.js";
import { scaleOf } from "../scale.js";
import { foldedParts, type StackedPart, stackedParts } from "../stacked.js";
import { DIM, type Line, type Span } from "./line.js";
import { incompleteNote, marginOf, type PlotArea, rowIn, rowsFor, withAxes } from "./plot-area.js";
import { colorOf, fillMark, legend, MOST_SERIES, seriesStyle } from "./series.js";

const ROWS = 14;
const TICKS = 5;
const WIDEST_BAR = 7;

/** Stacked bars over time. Where not all times fit, the last ones. */
export function stackLines(chart: StackChart, { width, colors }: TableStyle): Line[] {
  const parts = foldedParts(chart, MOST_SERIES);
  const all = stackedParts(parts, chart.times.length);
  const ends = all.flat().flatMap(({ low, high }) => [low, high]);
  const scale = scaleOf(ends, chart.unit, TICKS);
  const columns = Math.max(1, width - marginOf(scale, chart.unit));
  const count = Math.max(1, Math.min(columns, chart.times.length));
  const times = chart.times.slice(-count);
  const bars = all.slice(-count);
  const slot = Math.max(1, Math.min(WIDEST_BAR + 1, Math.floor(columns / count)));
  const wide = slot > 2 ? slot - 1 : slot;
  const rows = rowsFor(scale, ROWS);
  const area: PlotArea = {
    ...{ columns, rows, scale, unit: chart.unit, times },
    columnOf: (time) => Math.min(columns - 1, time * slot + Math.floor((wide - 1) / 2)),
    rowOf: (value) => rowIn(scale, rows, value),
  };
  const height = (scale.high - scale.low) / (rows - 1);
  const picture = Array.from({ length: rows }, (_, row): Line => {
    const middle = scale.high - row * height;
    return bars.flatMap((bar): Span[] => {
      const cell = colors
        ? halves(partAt(bar, middle + height / 4), partAt(bar, middle - height / 4))
        : filled(partAt(bar, middle + height / 4), row === area.rowOf(0));
      return [{ ...cell, text: cell.text.repeat(wide) }, { text: " ".repeat(slot - wide) }];
    });
  });
  const entries = parts.map(({ name }, i) => ({
    mark: colors ? { text: "■", style: seriesStyle(i) } : { text: fillMark(i) },
    name,
  }));
  const left = chart.times.length - times.length;
  const cut: Line[] =
    left > 0 ? [[{ text: `the last ${times.length} of ${chart.times.length} times`, style: DIM }]] : [];
  return [...legend(entries, width), ...withAxes(area, picture), ...cut, ...incompleteNote(times)];
}

function partAt(bar: readonly StackedPart[], value: number): number {
  return bar.findIndex(({ low, high }) => low < high && value > low && value <= high);
}

function filled(part: number, zero: boolean): Span {
  if (part === -1) return zero ? { text: "─", style: DIM } : { text: " " };
  return { text: fillMark(part) };
}

/** Two parts in one character, one above the other. */
function halves(upper: number, lower: number): Span {
  if (upper === lower) return upper === -1 ? { text: " " } : { text: "█", style: colorOf(upper, "front") };
  if (lower === -1) return { text: "▀", style: colorOf(upper, "front") };
  if (upper === -1) return { text: "▄", style: colorOf(lower, "front") };
  return { text: "▀", style: `${colorOf(upper, "front")};${colorOf(lower, "back")}` };
}
