import { escaped } from "../../../frame/print/cell-text.js";
import type { Chart } from "../../chart.js";
import { isEmpty } from "../empty.js";
import { drawBars } from "./bars.js";
import { type Drawing, FONT_SIZE, type LegendEntry, nameText, type Room, textWidth } from "./canvas.js";
import { drawFlows } from "./flows.js";
import { drawFunnel } from "./funnel.js";
import { drawHeatMap } from "./heat-map.js";
import { drawLines } from "./lines.js";
import { color } from "./palette.js";
import type { PictureOptions } from "./picture-options.js";
import { drawStack } from "./stack.js";
import { SvgDocument, type SvgElement } from "./svg-document.js";

/** How a picture is drawn within a page. */
export interface SvgOptions extends PictureOptions {
  /** False where the page has its title. Default true. */
  readonly titled?: boolean | undefined;
}

/** Without quotes: resvg passes over a quoted name behind a space. */
const FONTS =
  "system-ui, Segoe UI, Roboto, Helvetica Neue, Noto Sans, DejaVu Sans, Liberation Sans, Arial, sans-serif";
const WIDTH = 840;
const PADDING = 20;
const TITLE = 16;
const LEGEND_LINE = 20;
const NOTE = 24;

/** `chart` as SVG: one element. Without a theme its colours are the CSS variables of the page around it. */
export function chartSvg(chart: Chart, { theme, width = WIDTH, height, titled = true }: SvgOptions): string {
  const document = new SvgDocument();
  const inner = width - 2 * PADDING;
  const title = nameText(chart.title, inner, TITLE);
  const top = titled ? PADDING + TITLE + 14 : PADDING;
  const legendHeight = (drawing: Drawing) => legendLines(drawing.legend ?? [], inner).length * LEGEND_LINE;
  const room = height === undefined ? undefined : Math.max(100, height - top - NOTE - PADDING);
  const drawing = isEmpty(chart) ? noData(document) : draw(chart, { document, width: inner, height: room });
  const notes = drawing.notes ?? [];
  const plotTop = top + legendHeight(drawing);
  const whole = plotTop + drawing.height + (notes.length > 0 ? NOTE : 0) + PADDING;
  const root = document.make("svg", {
    ...{ xmlns: "http://www.w3.org/2000/svg", width, height: whole, viewBox: `0 0 ${width} ${whole}` },
    ...{ role: "img", "aria-label": `${escaped(chart.title)}: ${describe(chart)}` },
    "font-family": FONTS,
    ...{ "font-size": FONT_SIZE, fill: color("ink") },
  });
  root.appendChild(document.make("title", {}, escaped(chart.title)));
  root.appendChild(document.make("rect", { width, height: whole, fill: color("paper") }));
  const heading = { x: PADDING, y: PADDING + TITLE - 2, "font-size": TITLE, "font-weight": 600 };
  if (titled) root.appendChild(document.make("text", heading, title));
  for (const node of legendNodes(document, drawing.legend ?? [], inner)) {
    node.setAttribute("transform", `translate(${PADDING},${top - 2})`);
    root.appendChild(node);
  }
  drawing.node.setAttribute("transform", `translate(${PADDING},${plotTop})`);
  root.appendChild(drawing.node);
  if (notes.length > 0) {
    const at = { x: PADDING, y: whole - PADDING, "font-size": 11, fill: color("muted") };
    root.appendChild(document.make("text", at, notes.join(" · ")));
  }
  return root.serialized(theme);
}

function draw(chart: Chart, room: Room): Drawing {
  switch (chart.kind) {
    case "lines":
      return drawLines(chart, room);
    case "bars":
      return drawBars(chart, room);
    case "stack":
      return drawStack(chart, room);
    case "funnel":
      return drawFunnel(chart, room);
    case "heat map":
      return drawHeatMap(chart, room);
    case "flows":
      return drawFlows(chart, room);
  }
}

function noData(document: SvgDocument): Drawing {
  return { node: document.make("text", { y: 14, fill: color("muted") }, "No data."), height: 24 };
}

/** What a reader hears who does not see it. */
function describe(chart: Chart): string {
  switch (chart.kind) {
    case "lines":
      return `line chart of ${counted(chart.series.length, "series", "series")} over ${counted(chart.times.length, "interval")}`;
    case "bars":
      return `bar chart of ${counted(chart.bars.length, "bar")}`;
    case "stack":
      return `stacked bars of ${counted(chart.parts.length, "part")} over ${counted(chart.times.length, "interval")}`;
    case "funnel":
      return `funnel of ${counted(chart.steps.length, "step")}`;
    case "heat map":
      return `table of ${counted(chart.rows.length, "row")} and ${counted(chart.columns.length, "column")}, coloured by value`;
    case "flows":
      return `flow diagram of ${counted(chart.flows.length, "flow")}`;
  }
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

interface PlacedEntry extends LegendEntry {
  readonly text: string;
  readonly x: number;
}

function legendLines(entries: readonly LegendEntry[], width: number): PlacedEntry[][] {
  const lines: PlacedEntry[][] = [];
  let x = 0;
  for (const entry of entries) {
    const text = nameText(entry.name, Math.min(260, width - 20));
    const needed = 18 + textWidth(text) + 18;
    if (lines.length === 0 || x + needed > width) {
      lines.push([]);
      x = 0;
    }
    lines.at(-1)!.push({ ...entry, text, x });
    x += needed;
  }
  return lines;
}

function legendNodes(document: SvgDocument, entries: readonly LegendEntry[], width: number): SvgElement[] {
  return legendLines(entries, width).map((line, row) => {
    const group = document.make("g", {});
    for (const { x, text, color: fill } of line) {
      group.appendChild(
        document.make("rect", { x, y: row * LEGEND_LINE, width: 12, height: 12, rx: 2, fill }),
      );
      group.appendChild(document.make("text", { x: x + 18, y: row * LEGEND_LINE + 10.5 }, text));
    }
    return group;
  });
}
