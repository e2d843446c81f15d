import type { FlowChart } from "../../chart.js";
import { numberText } from "../numbers.js";
import { type Drawing, FONT_SIZE, nameText, type Room, textWidth } from "./canvas.js";
import { type FlowLink, type FlowNode, flowLayout } from "./flow-layout.js";
import { color, seriesColor } from "./palette.js";

const HEIGHT = 380;
const BAR = 10;
const LABEL = 7;

/** A Sankey diagram. A name has the same colour in all columns. */
export function drawFlows(chart: FlowChart, { document, width, height = HEIGHT }: Room): Drawing {
  const { columns, links } = flowLayout(chart, height - FONT_SIZE);
  const node = document.make("g", { fill: color("ink"), "font-size": FONT_SIZE });
  const room = Math.min(200, (width / columns.length) * 0.9);
  const labels = columns.map((nodes) => nodes.map((one) => labelOf(one, room)));
  const lastRoom = labels.at(-1)!.reduce((most, text) => Math.max(most, textWidth(text)), 0) + LABEL;
  const step = (width - lastRoom - BAR) / Math.max(1, columns.length - 1);
  const first = columns[0]?.[0]?.column ?? 0;
  const x = (one: FlowNode) => (one.column - first) * step;
  const colors = colorsOf(columns);
  for (const link of links) {
    const d = ribbon(link, x(link.from) + BAR, x(link.to));
    node.appendChild(document.make("path", { d, fill: colors.get(link.from.name)!, "fill-opacity": 0.28 }));
  }
  for (const [i, nodes] of columns.entries()) {
    for (const [j, one] of nodes.entries()) {
      const at = { x: round(x(one)), y: round(one.y), width: BAR, height: round(one.height) };
      node.appendChild(document.make("rect", { ...at, fill: colors.get(one.name)!, rx: 1.5 }));
      const y = round(one.y + Math.max(one.height / 2, 4) + 4);
      node.appendChild(document.make("text", { x: round(x(one) + BAR + LABEL), y }, labels[i]![j]!));
    }
  }
  return { node, height };
}

function labelOf({ name, value }: FlowNode, room: number): string {
  const figure = numberText(value, "count");
  return `${nameText(name, room - textWidth(figure))} ${figure}`;
}

function colorsOf(columns: readonly (readonly FlowNode[])[]): Map<string, string> {
  const colors = new Map<string, string>();
  for (const { name } of columns.flat()) {
    if (!colors.has(name)) colors.set(name, /^\(.*\)$/.test(name) ? color("axis") : seriesColor(colors.size));
  }
  return colors;
}

/** From one bar to the next, as thick as its value. */
function ribbon({ fromY, toY, height }: FlowLink, left: number, right: number): string {
  const middle = round((left + right) / 2);
  const [x1, x2, y1, y2] = [left, right, fromY, toY].map(round);
  const [low1, low2] = [fromY + height, toY + height].map(round);
  return `M${x1},${y1}C${middle},${y1} ${middle},${y2} ${x2},${y2}V${low2}C${middle},${low2} ${middle},${low1} ${x1},${low1}Z`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
