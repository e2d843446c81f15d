import type { Chart } from "../index.js";

/** True if a picture shows nothing but zeros. */
export function nothingCounted(chart: Chart): boolean {
  return numbersOf(chart).every((value) => value === null || value === 0);
}

function numbersOf(chart: Chart): readonly (number | null)[] {
  switch (chart.kind) {
    case "lines":
      return chart.series.flatMap(({ values }) => values);
    case "stack":
      return chart.parts.flatMap(({ values }) => values);
    case "bars":
      return chart.bars.map(({ value }) => value);
    case "funnel":
      return chart.funnels.flatMap(({ users }) => users);
    case "heat map":
      return chart.rows.map(({ size }) => size);
    case "flows":
      return chart.flows.map(({ value }) => value);
  }
}
