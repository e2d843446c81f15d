import { cell, text } from "@observablehq/plot";
import type { HeatMap } from "../../chart.js";
import { heatOf, heatRange, heatText } from "../heat.js";
import { drawable, numberText } from "../numbers.js";
import { type Drawing, FONT_SIZE, nameText, plotted, type Room, widestText } from "./canvas.js";
import { color, HEAT_COLORS } from "./palette.js";

const MOST_ROWS = 80;
const ROW = 26;
const HEAD = 24;
const LONGEST_HEAD = 80;

/** Rows of cells with their number; of an incomplete one with a star. */
export function drawHeatMap(chart: HeatMap, { document, width }: Room): Drawing {
  const rows = chart.rows.slice(0, MOST_ROWS);
  const range = heatRange(chart);
  const names = rows.map(({ name }) => nameText(name, Math.min(220, width * 0.25)));
  const sizes = rows.map(({ size }) => numberText(size, "count"));
  const sizeWidth = widestText(sizes) + 10;
  const marginLeft = widestText(names) + sizeWidth + 14;
  const room = (width - marginLeft) / chart.columns.length;
  const [figures, size] = fitted(chart, room);
  const cells = rows.flatMap(({ cells: of }, row) =>
    chart.columns.flatMap((_, column) => {
      const value = drawable(of[column]?.value);
      if (value === null) return [];
      const heat = heatOf(value, range, HEAT_COLORS);
      return [{ row, column, heat, figure: `${figures(value)}${of[column]!.incomplete ? "*" : ""}` }];
    }),
  );
  const height = rows.length * ROW + HEAD;
  const left = { frameAnchor: "left", fontSize: FONT_SIZE, y: (_: unknown, i: number) => i } as const;
  const node = plotted(document, {
    ...{ width, height, marginLeft, marginRight: 0, marginTop: HEAD, marginBottom: 0 },
    x: { type: "band", domain: chart.columns.map((_, i) => i), axis: null, padding: 0 },
    y: { type: "band", domain: rows.map((_, i) => i), axis: null, padding: 0 },
    marks: [
      ...Array.from({ length: HEAT_COLORS }, (_, heat) => cells.filter((one) => one.heat === heat)).flatMap(
        (of, heat) => [
          cell(of, { x: "column", y: "row", fill: color(`heat${heat}`), inset: 0.75, rx: 2 }),
          ...(size === 0
            ? []
            : [
                text(of, { x: "column", y: "row", text: "figure", fill: color(`on${heat}`), fontSize: size }),
              ]),
        ],
      ),
      text(rows, {
        ...left,
        text: (_: unknown, i: number) => names[i]!,
        textAnchor: "start",
        dx: -marginLeft,
        fill: color("ink"),
      }),
      text(rows, {
        ...left,
        text: (_: unknown, i: number) => sizes[i]!,
        textAnchor: "end",
        dx: -12,
        fill: color("muted"),
      }),
      text(headed(chart.columns, room), {
        ...{
          x: "column",
          text: "name",
          frameAnchor: "top",
          dy: -12,
          fill: color("muted"),
          fontSize: FONT_SIZE,
        },
      }),
    ],
  });
  const notes = [
    ...(chart.unit === "percent" && size > 0 ? ["Numbers in %"] : []),
    ...(size > 0 && cells.some(({ figure }) => figure.endsWith("*")) ? ["* incomplete"] : []),
    ...(rows.length < chart.rows.length ? [`${chart.rows.length - rows.length} more rows not shown`] : []),
  ];
  return { node, height, notes };
}

/** How the numbers are written so that they fit into their cells, and the size of the letters: 0 if nothing fits. */
function fitted({ rows, unit }: HeatMap, room: number): [(value: number) => string, number] {
  const cells = rows.flatMap((row) => row.cells);
  const bare = (short: boolean) => (value: number) => heatText(value, unit, short);
  const texts = (write: (value: number) => string) =>
    cells.flatMap(({ value, incomplete }) => {
      const shown = drawable(value);
      return shown === null ? [] : `${write(shown)}${incomplete ? "*" : ""}`;
    });
  for (const short of [false, true]) {
    const found = texts(bare(short));
    for (const size of [FONT_SIZE, 10.5, ...(short ? [9, 8] : [])]) {
      if (widestText(found, size) <= room - 2) return [bare(short), size];
    }
  }
  return [bare(true), 0];
}

function headed(columns: readonly string[], room: number): { column: number; name: string }[] {
  const names = columns.map((name) => nameText(name, Math.max(room, LONGEST_HEAD)));
  const step = Math.max(1, Math.ceil((widestText(names) + 4) / room));
  return names.flatMap((name, column) => (column % step === 0 ? [{ column, name }] : []));
}
