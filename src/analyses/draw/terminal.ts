import type { TableStyle } from "../../frame/print/text-table.js";
import type { Chart } from "../chart.js";
import { isEmpty } from "./empty.js";
import { barLines } from "./terminal/bars.js";
import { flowLines } from "./terminal/flows.js";
import { funnelLines } from "./terminal/funnel.js";
import { heatMapLines } from "./terminal/heat-map.js";
import { BOLD, DIM, type Line, label, lineText } from "./terminal/line.js";
import { lineLines } from "./terminal/lines.js";
import { stackLines } from "./terminal/stack.js";

/**
 * `chart` as text: its title, then the picture. No line is wider than `width`; names are cut, and control characters in
 * them written as escapes.
 */
export function chartText(chart: Chart, style: TableStyle): string {
  const width = Math.max(1, Math.floor(style.width) || 1);
  const title: Line = [{ text: label(chart.title), style: BOLD }];
  const picture = isEmpty(chart) ? NO_DATA : linesOf(chart, { ...style, width });
  return [title, ...picture].map((line) => lineText(line, width, style.colors)).join("\n");
}

const NO_DATA: readonly Line[] = [[{ text: "No data.", style: DIM }]];

function linesOf(chart: Chart, style: TableStyle): readonly Line[] {
  switch (chart.kind) {
    case "lines":
      return lineLines(chart, style);
    case "bars":
      return barLines(chart, style);
    case "stack":
      return stackLines(chart, style);
    case "funnel":
      return funnelLines(chart, style);
    case "heat map":
      return heatMapLines(chart, style);
    case "flows":
      return flowLines(chart, style);
  }
}
