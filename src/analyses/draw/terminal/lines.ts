import type { TableStyle } from "../../../frame/print/text-table.js";
import type { LineChart } from "../../chart.js";
import { drawable, numberText } from "../numbers.js";
import { position, scaleOf } from "../scale.js";
import { barLines } from "./bars.js";
import { BrailleCanvas } from "./braille.js";
import type { Line, Span } from "./line.js";
import { incompleteNote, marginOf, type PlotArea, rowIn, rowsFor, withAxes } from "./plot-area.js";
import { legend, lineMark, MOST_SERIES, seriesStyle } from "./series.js";
import { sparklines } from "./sparklines.js";

const NARROW = 60;
const ROWS = 12;
const TICKS = 4;

/** A line chart; of many series, or where it is narrow, a sparkline each; of one time, bars. */
export function lineLines(chart: LineChart, style: TableStyle): Line[] {
  const { times, series, unit } = chart;
  if (times.length < 2) return [...barLines(lastValues(chart), style), ...incompleteNote(times)];
  if (style.width < NARROW || series.length > MOST_SERIES) return sparklines(chart, style);
  const values = series.map((one) => times.map((_, i) => drawable(one.values[i])));
  const scale = scaleOf(values.flat(), unit, TICKS);
  const columns = Math.max(1, style.width - marginOf(scale, unit));
  const rows = rowsFor(scale, ROWS);
  const area: PlotArea = {
    ...{ columns, rows, scale, unit, times },
    columnOf: (time) => Math.round((time / (times.length - 1)) * (columns - 1)),
    rowOf: (value) => rowIn(scale, rows, value),
  };
  const braille = style.colors || series.length === 1;
  const picture = braille ? brailleRows(chart, values, area) : markedRows(values, area);
  const entries = series.map(({ name, faint }, i) => ({
    mark: braille ? { text: "━━", style: seriesStyle(i, faint) } : { text: lineMark(i) },
    name: `${name} ${lastText(values[i]!, chart)}`,
  }));
  return [
    ...legend(entries, style.width, "last value:"),
    ...withAxes(area, picture),
    ...incompleteNote(times),
  ];
}

function lastText(values: readonly (number | null)[], { unit }: LineChart): string {
  return numberText(values.at(-1) ?? null, unit);
}

function lastValues({ series, unit, title }: LineChart) {
  const bars = series.map(({ name, values }) => ({ name, value: values[0] ?? null }));
  return { kind: "bars", title, unit, bars } as const;
}

function brailleRows(
  { series }: LineChart,
  values: readonly (readonly (number | null)[])[],
  area: PlotArea,
): Line[] {
  const canvas = new BrailleCanvas(area.columns, area.rows);
  const last = Math.max(1, area.times.length - 1);
  // The first series is drawn last, so that it lies above the others.
  for (const [i, line] of [...values.entries()].reverse()) {
    canvas.style = seriesStyle(i, series[i]!.faint);
    const x = (time: number) => Math.round((time / last) * (area.columns * 2 - 1));
    const y = (value: number) => Math.round((1 - position(area.scale, value)) * (area.rows * 4 - 1));
    eachSegment(line, (from, to) => canvas.line(x(from.time), y(from.value), x(to.time), y(to.value)));
  }
  return canvas.lines();
}

/** Each series with a mark of its own in every column that it passes. */
function markedRows(values: readonly (readonly (number | null)[])[], area: PlotArea): Line[] {
  const cells = Array.from({ length: area.rows }, () => new Array<string>(area.columns).fill(" "));
  for (const [i, line] of [...values.entries()].reverse()) {
    eachSegment(line, (from, to) => {
      const [start, end] = [area.columnOf(from.time), area.columnOf(to.time)];
      for (let column = start; column <= end; column++) {
        const part = end === start ? 0 : (column - start) / (end - start);
        const row = area.rowOf(from.value * (1 - part) + to.value * part);
        cells[row]![column] = lineMark(i);
      }
    });
  }
  return cells.map((row): Span[] => [{ text: row.join("") }]);
}

interface Point {
  readonly time: number;
  readonly value: number;
}

/** Calls `draw` with each two neighbours that have values, and with one twice that has no neighbour before it. */
function eachSegment(values: readonly (number | null)[], draw: (from: Point, to: Point) => void): void {
  let before: Point | undefined;
  for (const [time, value] of values.entries()) {
    const point = value === null ? undefined : { time, value };
    if (point) draw(before ?? point, point);
    before = point;
  }
}
