import type { Chart } from "../../../../index.js";
import { Bars } from "./bars.js";
import { Flows } from "./flows.js";
import { Funnel } from "./funnel.js";
import { Heat } from "./heat-map.js";
import { Lines } from "./lines.js";
import { type ChartProps, titleOf } from "./place.js";
import { Stack } from "./stack.js";

export type { ChartPlace } from "./place.js";

interface ChartViewProps extends ChartProps<Chart> {
  /** Whether the chart's own title stands above it; default true. */
  readonly titled?: boolean | undefined;
}

/**
 * Draws a chart in the page's theme, as wide as its parent. `onPick` is told what was clicked. Of the chart's times only labels
 * are read: as JSON brings them, their beginnings are texts.
 */
export function ChartView({ chart, titled = true, ...rest }: ChartViewProps) {
  const title = titleOf(chart);
  return (
    <figure class="chart" aria-label={title}>
      {titled && <figcaption>{title}</figcaption>}
      {isEmpty(chart) ? <p class="chart-empty muted">There is nothing to draw.</p> : drawn(chart, rest)}
    </figure>
  );
}

function drawn(chart: Chart, rest: Omit<ChartProps<Chart>, "chart">) {
  switch (chart.kind) {
    case "lines":
      return <Lines chart={chart} {...rest} />;
    case "bars":
      return <Bars chart={chart} {...rest} />;
    case "stack":
      return <Stack chart={chart} {...rest} />;
    case "funnel":
      return <Funnel chart={chart} {...rest} />;
    case "heat map":
      return <Heat chart={chart} {...rest} />;
    case "flows":
      return <Flows chart={chart} {...rest} />;
  }
}

function isEmpty(chart: Chart): boolean {
  switch (chart.kind) {
    case "lines":
      return chart.series.length === 0 || chart.times.length === 0;
    case "bars":
      return chart.bars.length === 0;
    case "stack":
      return chart.parts.length === 0 || chart.times.length === 0;
    case "funnel":
      return chart.funnels.length === 0;
    case "heat map":
      return chart.rows.length === 0;
    case "flows":
      return chart.flows.length === 0;
  }
}
