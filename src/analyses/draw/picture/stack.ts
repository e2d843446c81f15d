import { axisX, axisY, barY, ruleY } from "@observablehq/plot";
import type { StackChart } from "../../chart.js";
import { scaleOf, tickText } from "../scale.js";
import { foldedParts, stackedParts } from "../stacked.js";
import { type Drawing, FONT_SIZE, plotted, type Room, widestText } from "./canvas.js";
import { color, SERIES_COLORS, seriesColor } from "./palette.js";
import { shownTimes, timeText } from "./time-ticks.js";

const HEIGHT = 300;

/** Bars over time whose parts are stacked; those of incomplete intervals are paler. */
export function drawStack(chart: StackChart, { document, width, height = HEIGHT }: Room): Drawing {
  const { times, unit } = chart;
  const parts = foldedParts(chart, SERIES_COLORS);
  const bars = stackedParts(parts, times.length);
  const scale = scaleOf(
    bars.flat().flatMap(({ low, high }) => [low, high]),
    unit,
    5,
  );
  const marginLeft = widestText(scale.ticks.map((tick) => tickText(tick, unit))) + 10;
  const boxes = bars.flatMap((bar, time) =>
    bar.map(({ low, high }, part) => ({ time, part, low, high, opacity: times[time]!.incomplete ? 0.5 : 1 })),
  );
  const node = plotted(document, {
    ...{ width, height, marginLeft, marginRight: 4, marginTop: 10, marginBottom: 28 },
    x: { type: "band", domain: times.map((_, i) => i), axis: null, padding: times.length > 60 ? 0.05 : 0.25 },
    y: { type: "linear", domain: [scale.low, scale.high], axis: null },
    opacity: { type: "identity" },
    marks: [
      ruleY(scale.ticks, { stroke: color("grid") }),
      axisY([...scale.ticks], {
        ...{ tickSize: 0, label: null, fill: color("muted"), fontSize: FONT_SIZE, tickPadding: 6 },
        tickFormat: (tick: number) => tickText(tick, unit),
      }),
      axisX(shownTimes(times, width - marginLeft), {
        ...{ tickSize: 4, label: null, fill: color("muted"), stroke: color("axis"), fontSize: FONT_SIZE },
        tickFormat: (index: number) => timeText(times[index]!),
      }),
      ...parts.map((_, part) =>
        barY(
          boxes.filter((box) => box.part === part && box.low < box.high),
          {
            ...{ x: "time", y1: "low", y2: "high", fill: seriesColor(part), fillOpacity: "opacity" },
            // A thin line of the ground between parts, which are told apart without colours by it.
            ...{ stroke: color("paper"), strokeWidth: 0.75 },
          },
        ),
      ),
      ruleY([0], { stroke: color("axis") }),
    ],
  });
  const legend = parts.map(({ name }, i) => ({ name, color: seriesColor(i) }));
  const some = times.some(({ incomplete }) => incomplete);
  return { node, height, legend, notes: some ? ["Paler: incomplete intervals"] : [] };
}
