import type { TableStyle } from "../../../frame/print/text-table.js";
import type { HeatMap } from "../../chart.js";
import { heatOf, heatRange, heatText } from "../heat.js";
import { drawable, numberText } from "../numbers.js";
import { DIM, type Line, label, padEnd, padStart, type Span, widest } from "./line.js";
import { more } from "./more.js";

const MOST_ROWS = 60;

/** From little to much: background and, where that is light, dark letters (numbers of xterm's 256 colours). */
export const HEAT_STYLES: readonly { readonly back: number; readonly front: number }[] = [
  { back: 254, front: 16 },
  { back: 195, front: 16 },
  { back: 153, front: 16 },
  { back: 117, front: 16 },
  { back: 74, front: 16 },
  { back: 31, front: 16 },
  { back: 25, front: 231 },
  { back: 18, front: 231 },
];

/** Rows of cells. Columns that do not fit are left out and counted. */
export function heatMapLines(chart: HeatMap, { width, colors }: TableStyle): Line[] {
  const rows = chart.rows.slice(0, MOST_ROWS);
  const range = heatRange(chart);
  const names = rows.map(({ name }) => label(name, Math.max(6, Math.floor(width * 0.25))));
  const sizes = rows.map(({ size }) => numberText(size, "count", width < 60));
  const nameWidth = widest(names);
  const sizeWidth = widest(sizes);
  const room = width - nameWidth - sizeWidth - 4;
  const grid = gridOf(chart, room);
  const head: Line = [
    { text: `${padEnd("", nameWidth)}  ${padStart("", sizeWidth)} `, style: DIM },
    ...grid.columns.map((column) => ({
      text: ` ${padStart(label(column, grid.width), grid.width)} `,
      style: DIM,
    })),
  ];
  const lines = rows.map((row, i): Line => {
    const cells = grid.columns.map((_, column): Span => {
      const cell = row.cells[column];
      const value = drawable(cell?.value);
      if (value === null) return { text: " ".repeat(grid.width + 2) };
      const text = ` ${padStart(grid.texts[i]![column]!, grid.width)} `;
      const { back, front } = HEAT_STYLES[heatOf(value, range, HEAT_STYLES.length)]!;
      return { text, style: colors ? `38;5;${front};48;5;${back}` : undefined };
    });
    return [
      { text: padEnd(names[i]!, nameWidth) },
      { text: `  ${padStart(sizes[i]!, sizeWidth)} `, style: DIM },
      ...cells,
    ];
  });
  const notes = [
    ...(grid.percent ? ["in %"] : []),
    ...(rows.some(({ cells }) => cells.some(({ incomplete }) => incomplete)) ? ["* incomplete"] : []),
    ...(grid.columns.length < chart.columns.length
      ? [`${chart.columns.length - grid.columns.length} of ${chart.columns.length} columns not shown`]
      : []),
  ];
  const note: Line[] = notes.length === 0 ? [] : [[{ text: notes.join(", "), style: DIM }]];
  return [head, ...lines, ...more(chart.rows.length - rows.length, "row", "rows"), ...note];
}

interface Grid {
  readonly columns: readonly string[];
  readonly width: number;
  readonly texts: readonly (readonly string[])[];
  /** True if the signs `%` are left out. */
  readonly percent: boolean;
}

/** Exact numbers if all columns fit so, else short ones, and as many columns as fit. */
function gridOf(chart: HeatMap, room: number): Grid {
  const exact = textsOf(chart, (value) => heatText(value, chart.unit, false));
  const exactWidth = columnWidth(chart, exact);
  if (exactWidth.total <= room) {
    return {
      columns: chart.columns,
      width: exactWidth.cell,
      texts: exact,
      percent: chart.unit === "percent",
    };
  }
  const short = textsOf(chart, (value) => heatText(value, chart.unit, true));
  const { cell } = columnWidth(chart, short);
  const count = Math.max(0, Math.floor(room / (cell + 2)));
  return {
    columns: chart.columns.slice(0, count),
    width: cell,
    texts: short,
    percent: chart.unit === "percent",
  };
}

function textsOf({ rows, columns }: HeatMap, write: (value: number) => string): string[][] {
  return rows.slice(0, MOST_ROWS).map(({ cells }) =>
    columns.map((_, i) => {
      const value = drawable(cells[i]?.value);
      return value === null ? "" : `${write(value)}${cells[i]!.incomplete ? "*" : ""}`;
    }),
  );
}

function columnWidth(
  { columns }: HeatMap,
  texts: readonly (readonly string[])[],
): { cell: number; total: number } {
  const names = columns.map((name) => label(name, 10));
  const cell = Math.max(1, widest(names), ...texts.map(widest));
  return { cell, total: (cell + 2) * columns.length };
}
