import {
  foldedParts,
  numberText,
  SERIES_COLORS,
  scaleOf,
  seriesColor,
  stackedParts,
} from "../../../../browser.js";
import type { StackChart } from "../../../../index.js";
import { shown } from "../text.js";
import { type ChartProps, titleOf } from "./place.js";
import { TimePlot } from "./time-plot.js";
import { TooltipRows } from "./tooltip.js";

const TICKS = 4;

/** Stacked bars over time, those below zero downwards. */
export function Stack({ chart, height = 280, onPick }: ChartProps<StackChart>) {
  const { times, unit } = chart;
  const parts = foldedParts(chart, SERIES_COLORS);
  const bars = stackedParts(parts, times.length);
  const scale = scaleOf(
    bars.flatMap((bar) => bar.flatMap(({ low, high }) => [low, high])),
    unit,
    TICKS,
  );
  return (
    <>
      <TimePlot
        {...{ times, scale, unit, height }}
        label={`${titleOf(chart)}: ${times.length} intervals`}
        draw={(space) =>
          bars.map((bar, i) => {
            const width = Math.max(1, Math.min(44, space.band * 0.72));
            return (
              <g key={times[i]?.label} opacity={times[i]?.incomplete ? 0.55 : 1}>
                {bar.map(({ low, high }, j) => (
                  <rect
                    key={parts[j]?.name}
                    x={space.x(i) - width / 2}
                    y={space.y(high)}
                    width={width}
                    height={Math.max(0, space.y(low) - space.y(high))}
                    fill={seriesColor(j)}
                  />
                ))}
              </g>
            );
          })
        }
        tooltip={(i) => (
          <TooltipRows
            head={`${shown(times[i]?.label ?? "")}${times[i]?.incomplete ? " (incomplete)" : ""}`}
            rows={parts.map(({ name, values }, j) => ({
              name: shown(name),
              value: numberText(values[i] ?? null, unit),
              color: seriesColor(j),
            }))}
          />
        )}
        onPick={onPick && ((index) => onPick({ name: "", index }))}
      />
      <ul class="legend">
        {parts.map(({ name }, i) => (
          <li key={name}>
            <span class="swatch" style={{ background: seriesColor(i) }} />
            <span class="legend-name" title={shown(name)}>
              {shown(name)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
