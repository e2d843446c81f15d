import type { TableStyle } from "../../../frame/print/text-table.js";
import type { BarChart } from "../../chart.js";
import { drawable, NOTHING, numberText } from "../numbers.js";
import { bar, barLeftwards } from "./bar.js";
import { DIM, type Line, label, padEnd, padStart, widest } from "./line.js";
import { more } from "./more.js";
import { seriesStyle } from "./series.js";

const MOST = 40;
const LONGEST_NAME = 40;
const LONGEST_BAR = 80;

/** Names, values and bars; those below zero to the left of a line. */
export function barLines({ bars, unit }: BarChart, { width }: TableStyle): Line[] {
  const shown = bars.slice(0, MOST);
  const values = shown.map(({ value }) => drawable(value));
  const figures = shown.map(({ value }) => numberText(value, unit, width < 60));
  const figureWidth = widest(figures);
  const names = shown.map(({ name }) =>
    label(name, Math.min(LONGEST_NAME, Math.max(6, Math.floor(width * 0.4)))),
  );
  const nameWidth = widest(names);
  const room = Math.max(1, Math.min(LONGEST_BAR, width - nameWidth - figureWidth - 4));
  const most = values.reduce<number>((found, value) => Math.max(found, value ?? 0), 0);
  const least = values.reduce<number>((found, value) => Math.min(found, value ?? 0), 0);
  const unitLength = (most - least || 1) / (least < 0 ? Math.max(1, room - 1) : room);
  const leftRoom = Math.round(-least / unitLength);
  const lines = shown.map((_, i): Line => {
    const value = values[i]!;
    const left = value !== null && value < 0 ? barLeftwards(Math.min(leftRoom, -value / unitLength)) : "";
    const right =
      value !== null && value > 0
        ? bar(Math.min(value / unitLength, room - (least < 0 ? leftRoom + 1 : 0)))
        : "";
    return [
      { text: `${padEnd(names[i]!, nameWidth)}  ` },
      { text: `${padStart(figures[i]!, figureWidth)}  `, style: figures[i] === NOTHING ? DIM : undefined },
      ...(least < 0
        ? [
            { text: padStart(left, leftRoom), style: seriesStyle(5) },
            { text: "│", style: DIM },
          ]
        : []),
      { text: right, style: seriesStyle(0) },
    ];
  });
  return [...lines, ...more(bars.length - shown.length, "bar", "bars")];
}
