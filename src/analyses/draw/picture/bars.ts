import { barX, ruleX, text } from "@observablehq/plot";
import type { BarChart } from "../../chart.js";
import { drawable, numberText } from "../numbers.js";
import { type Drawing, FONT_SIZE, nameText, plotted, type Room, widestText } from "./canvas.js";
import { color, seriesColor } from "./palette.js";

const MOST = 60;
const ROW = 30;

/** A bar each, with its name before and its value behind it. */
export function drawBars({ bars, unit }: BarChart, { document, width, height }: Room): Drawing {
  const shown = bars.slice(0, MOST);
  const rows = shown.map(({ value }, i) => ({
    i,
    value: drawable(value) ?? 0,
    figure: numberText(value, unit),
  }));
  const names = shown.map(({ name }) => nameText(name, Math.min(280, width * 0.35)));
  const figureRoom = widestText(rows.map(({ figure }) => figure)) + 14;
  const least = rows.reduce((found, { value }) => Math.min(found, value), 0);
  const most = rows.reduce((found, { value }) => Math.max(found, value), 0);
  const tall = height ?? rows.length * ROW;
  const y = { type: "band", domain: rows.map(({ i }) => i), axis: null, padding: 0.25 } as const;
  const node = plotted(document, {
    ...{ width, height: tall, marginTop: 0, marginBottom: 0 },
    marginLeft: widestText(names) + 12 + (least < 0 ? figureRoom : 0),
    marginRight: figureRoom,
    x: { type: "linear", domain: [least, most === least ? 1 : most], axis: null },
    y,
    marks: [
      barX(rows, { x: "value", y: "i", fill: seriesColor(0), rx: 2 }),
      ruleX([0], { stroke: color("axis") }),
      ...[false, true].map((below) =>
        text(
          rows.filter(({ value }) => value < 0 === below),
          {
            ...{ x: "value", y: "i", text: "figure", fill: color("ink"), fontSize: FONT_SIZE },
            ...{ textAnchor: below ? ("end" as const) : ("start" as const), dx: below ? -6 : 6 },
          },
        ),
      ),
      text(rows, {
        ...{ y: "i", text: (row: { i: number }) => names[row.i]!, frameAnchor: "left", textAnchor: "end" },
        ...{ dx: -12 - (least < 0 ? figureRoom : 0), fill: color("ink"), fontSize: FONT_SIZE },
      }),
    ],
  });
  const rest = bars.length - shown.length;
  return { node, height: tall, notes: rest > 0 ? [`${rest.toLocaleString("en-US")} more not shown`] : [] };
}
