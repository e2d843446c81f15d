import { useState } from "preact/hooks";
import { drawable, numberText, SERIES_COLORS, scaleOf, seriesColor } from "../../../../browser.js";
import type { LineChart } from "../../../../index.js";
import { shown } from "../text.js";
import { Legend, turned } from "./legend.js";
import { type ChartProps, titleOf } from "./place.js";
import { TimePlot, type TimeSpace } from "./time-plot.js";
import { TooltipRows } from "./tooltip.js";

const TICKS = 4;

/** Lines over time; of a series that is alone the area below it is tinted. Of more than eight the first eight are drawn. */
export function Lines({ chart, height = 280, onPick }: ChartProps<LineChart>) {
  const { times, unit } = chart;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const named = chart.series.slice(0, SERIES_COLORS).map((one, i) => ({ ...one, color: seriesColor(i) }));
  const series = named.filter(({ name }) => !hidden.has(name));
  const scale = scaleOf(
    series.flatMap(({ values }) => values.map(drawable)),
    unit,
    TICKS,
  );
  const more = chart.series.length - named.length;
  return (
    <>
      <TimePlot
        {...{ times, scale, unit, height }}
        label={`${titleOf(chart)}: ${times.length} intervals`}
        draw={(space, at) =>
          series.map(({ name, values, faint, color }) => {
            const points = values.map((value, i) => [space.x(i), drawable(value)] as const);
            const place = at === undefined ? null : drawable(values[at]);
            return (
              <g key={name}>
                {series.length === 1 && <path d={area(points, space)} fill={color} fill-opacity={0.09} />}
                {pieces(points, times, faint ?? false).map(({ d, dashed }) => (
                  <path key={d} class={`line ${dashed ? "dashed" : ""}`} d={drawn(d, space)} stroke={color} />
                ))}
                {at !== undefined && place !== null && (
                  <circle cx={space.x(at)} cy={space.y(place)} r={3.5} fill={color} />
                )}
              </g>
            );
          })
        }
        tooltip={(i) => (
          <TooltipRows
            head={`${shown(times[i]?.label ?? "")}${times[i]?.incomplete ? " (incomplete)" : ""}`}
            rows={series.map(({ name, values, color }) => ({
              name: shown(name),
              value: numberText(values[i] ?? null, unit),
              color,
            }))}
          />
        )}
        onPick={onPick && ((index) => onPick({ name: series[0]?.name ?? "", index }))}
      />
      {(named.length > 1 || more > 0) && (
        <Legend items={named} hidden={hidden} onTurn={(name) => setHidden(turned(hidden, name))} />
      )}
      {more > 0 && <p class="chart-note">{more} more series are not drawn.</p>}
    </>
  );
}

type Point = readonly [x: number, value: number | null];
interface Piece {
  readonly d: readonly (readonly [number, number])[];
  readonly dashed: boolean;
}

/** Runs of points without a gap; the way to an interval that is incomplete is dashed. */
function pieces(points: readonly Point[], times: LineChart["times"], faint: boolean): Piece[] {
  const found: { d: (readonly [number, number])[]; dashed: boolean }[] = [];
  let before: readonly [number, number] | undefined;
  for (const [i, [x, value]] of points.entries()) {
    if (value === null) {
      before = undefined;
      continue;
    }
    const dashed = faint || (times[i]?.incomplete ?? false);
    const last = found.at(-1);
    if (before && last && last.dashed === dashed) last.d.push([x, value]);
    else found.push({ d: before ? [before, [x, value]] : [[x, value]], dashed });
    before = [x, value];
  }
  return found;
}

/** A point that is alone is drawn as a dot, since its line has no length. */
function drawn(points: Piece["d"], { y }: TimeSpace): string {
  const path = points
    .map(([x, value], i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)},${y(value).toFixed(1)}`)
    .join("");
  return points.length === 1 ? `${path}h0.01` : path;
}

function area(points: readonly Point[], space: TimeSpace): string {
  return pieces(points, [], false)
    .map(({ d }) => `${drawn(d, space)}L${d.at(-1)![0]},${space.y(0)}L${d[0]![0]},${space.y(0)}Z`)
    .join("");
}
