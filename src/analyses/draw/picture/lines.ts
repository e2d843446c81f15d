import { areaY, axisX, axisY, dot, lineY, ruleY } from "@observablehq/plot";
import type { LineChart } from "../../chart.js";
import { drawable, numberText } from "../numbers.js";
import { position, type Scale, scaleOf, tickText } from "../scale.js";
import { type Drawing, FONT_SIZE, nameText, plotted, type Room, textWidth, widestText } from "./canvas.js";
import { color, SERIES_COLORS, seriesColor } from "./palette.js";
import { shownTimes, timeText } from "./time-ticks.js";

const HEIGHT = 300;
const TOP = 10;
const BOTTOM = 28;
const LINE = 17;
const DOT = 12;

/** A line each with its name at its end; what is incomplete is dashed. */
export function drawLines(chart: LineChart, { document, width, height = HEIGHT }: Room): Drawing {
  const { times, series, unit } = chart;
  const values = series.map((one) => times.map((_, i) => drawable(one.values[i])));
  const scale = scaleOf(values.flat(), unit, 5);
  const labels = endLabels(chart, values, Math.min(260, width * 0.32));
  const margin = {
    marginTop: TOP,
    marginBottom: BOTTOM,
    // Of the first time half the label is to the left of the axis.
    marginLeft: Math.max(
      widestText(scale.ticks.map((tick) => tickText(tick, unit))) + 10,
      times[0] === undefined ? 0 : textWidth(timeText(times[0])) / 2 + 2,
    ),
    marginRight: widestText(labels.map(({ text }) => text)) + DOT + 10,
  };
  const inner = width - margin.marginLeft - margin.marginRight;
  const colored = series.slice(0, SERIES_COLORS);
  const marks = [...values.entries()].reverse().flatMap(([i, of]) => {
    const faint = series[i]!.faint === true;
    const stroke = i < colored.length ? seriesColor(i) : color("axis");
    return seriesMarks(of, times, { stroke, faint, filled: series.length === 1 });
  });
  const node = plotted(document, {
    ...{ width, height, ...margin },
    x: { type: "linear", domain: [0, Math.max(1, times.length - 1)], axis: null },
    y: { type: "linear", domain: [scale.low, scale.high], axis: null },
    marks: [
      ruleY(scale.ticks, { stroke: color("grid") }),
      ruleY([0], { stroke: color("axis") }),
      axisY([...scale.ticks], {
        ...{ tickSize: 0, label: null, fill: color("muted"), fontSize: FONT_SIZE, tickPadding: 6 },
        tickFormat: (tick: number) => tickText(tick, unit),
      }),
      axisX(shownTimes(times, inner), {
        ...{ tickSize: 4, label: null, fill: color("muted"), stroke: color("axis"), fontSize: FONT_SIZE },
        tickFormat: (index: number) => timeText(times[index]!),
      }),
      ...marks,
    ],
  });
  placeLabels(labels, scale, height);
  for (const { y, color: fill, text } of labels) {
    const x = width - margin.marginRight + DOT;
    node.appendChild(document.make("circle", { cx: x, cy: y, r: 3.5, fill }));
    const at = { x: x + 8, y: y + 4, "text-anchor": "start", "font-size": FONT_SIZE };
    node.appendChild(document.make("text", at, text));
  }
  const some = times.some(({ incomplete }) => incomplete);
  return { node, height, notes: some ? ["Dashed, hollow: incomplete intervals"] : [] };
}

interface SeriesLook {
  readonly stroke: string;
  readonly faint: boolean;
  readonly filled: boolean;
}

function seriesMarks(
  values: readonly (number | null)[],
  times: LineChart["times"],
  { stroke, faint, filled }: SeriesLook,
) {
  const indexes = values.map((_, i) => i);
  const incomplete = (i: number) => times[i]?.incomplete === true;
  const near = (i: number) => incomplete(i) || incomplete(i - 1) || incomplete(i + 1);
  const y = (shown: (i: number) => boolean) => (i: number) => (shown(i) ? values[i] : Number.NaN);
  const there = (i: number) => values[i] !== null && values[i] !== undefined;
  const alone = (i: number) => there(i) && !there(i - 1) && !there(i + 1);
  const line = { x: (i: number) => i, stroke, strokeWidth: 2, strokeLinejoin: "round" as const };
  const dash = faint ? { strokeDasharray: "6,4", strokeWidth: 1.5 } : {};
  return [
    ...(filled ? [areaY(indexes, { x: line.x, y: y(there), fill: stroke, fillOpacity: 0.08 })] : []),
    lineY(indexes, { ...line, y: y((i) => there(i) && !incomplete(i)), ...dash }),
    ...(times.some((_, i) => incomplete(i))
      ? [lineY(indexes, { ...line, y: y((i) => there(i) && near(i)), strokeDasharray: "2,4" })]
      : []),
    dot(
      indexes.filter((i) => there(i) && (incomplete(i) || alone(i))),
      {
        ...{ x: line.x, y: (i: number) => values[i], r: 3, stroke, strokeWidth: 1.5 },
        fill: (i: number) => (incomplete(i) ? color("paper") : stroke),
      },
    ),
  ];
}

interface EndLabel {
  readonly text: string;
  readonly color: string;
  readonly value: number;
  y: number;
}

/** Of each series with a colour its name and last value; how many others there are. */
function endLabels(
  { series, unit }: LineChart,
  values: readonly (number | null)[][],
  room: number,
): EndLabel[] {
  const labels = series.slice(0, SERIES_COLORS).map(({ name }, i): EndLabel => {
    const last = values[i]!.findLast((value) => value !== null) ?? null;
    const figure = numberText(last, unit);
    const text = `${nameText(name, room - textWidth(figure))} ${figure}`;
    return { text, color: seriesColor(i), value: last ?? 0, y: 0 };
  });
  const rest = series.length - labels.length;
  if (rest > 0) labels.push({ text: `${rest} more`, color: color("axis"), value: 0, y: 0 });
  return labels;
}

/** Each beside the end of its line, as far as they do not lie on one another. */
function placeLabels(labels: readonly EndLabel[], scale: Scale, height: number): void {
  const [top, bottom] = [TOP, height - BOTTOM];
  const sorted = labels.toSorted((a, b) => b.value - a.value);
  for (const [i, one] of sorted.entries()) {
    const wanted = top + (1 - position(scale, one.value)) * (bottom - top);
    one.y = i === 0 ? wanted : Math.max(wanted, sorted[i - 1]!.y + LINE);
  }
  for (let i = sorted.length - 1, limit = bottom; i >= 0; i--, limit -= LINE) {
    sorted[i]!.y = Math.min(sorted[i]!.y, limit);
  }
}
