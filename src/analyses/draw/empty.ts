import type { Chart } from "../chart.js";

/** True if there is nothing to draw. */
export function isEmpty(chart: Chart): boolean {
  switch (chart.kind) {
    case "lines":
      return chart.times.length === 0 || chart.series.length === 0;
    case "bars":
      return chart.bars.length === 0;
    case "stack":
      return chart.times.length === 0 || chart.parts.length === 0;
    case "funnel":
      return chart.steps.length === 0 || chart.funnels.length === 0;
    case "heat map":
      return chart.rows.length === 0 || chart.columns.length === 0;
    case "flows":
      return chart.flows.length === 0;
  }
}
