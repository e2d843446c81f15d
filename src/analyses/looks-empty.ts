import type { Chart } from "./chart.js";

/** True if a part of what a picture shows is nothing but zeros: a line, a step of a funnel, all bars. */
export function looksEmpty(chart: Chart): boolean {
  const parts = partsOf(chart);
  return parts.length === 0 || parts.some((values) => values.every((value) => value === null || value === 0));
}

function partsOf(chart: Chart): readonly (readonly (number | null)[])[] {
  switch (chart.kind) {
    case "lines":
      return chart.series.map(({ values }) => values);
    case "stack":
      return [chart.parts.flatMap(({ values }) => values)];
    case "bars":
      return [chart.bars.map(({ value }) => value)];
    case "funnel":
      return chart.funnels.flatMap(({ users }) => users.map((count) => [count]));
    case "heat map":
      return [
        chart.rows.map(({ size }) => size),
        chart.rows.flatMap(({ cells }) => cells.map(({ value }) => value)),
      ];
    case "flows":
      return [chart.flows.map(({ value }) => value)];
  }
}
