import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { position, type Scale, tickText } from "../../../../browser.js";
import type { ChartUnit, LineChart } from "../../../../index.js";
import { useSize } from "../use-size.js";
import { widest } from "./text-width.js";
import { timeLabels } from "./time-labels.js";
import { Tooltip } from "./tooltip.js";

/** Where things lie in a plot over time. */
export interface TimeSpace {
  /** The middle of an interval. */
  x(index: number): number;
  y(value: number): number;
  /** The width of an interval. */
  readonly band: number;
}

interface TimePlotProps {
  readonly label: string;
  readonly times: LineChart["times"];
  readonly scale: Scale;
  readonly unit: ChartUnit;
  readonly height: number;
  readonly draw: (space: TimeSpace, at: number | undefined) => ComponentChildren;
  readonly tooltip: (index: number) => ComponentChildren;
  readonly onPick?: ((index: number) => void) | undefined;
}

const TOP = 10;
const FOOT = 26;
const RIGHT = 10;

/** Axes, grid and tooltip of what is drawn over time. Arrow keys read one interval after the other. */
export function TimePlot({ label, times, scale, unit, height, draw, tooltip, onPick }: TimePlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const [at, setAt] = useState<number>();
  const ticks = scale.ticks.map((tick) => ({ tick, text: tickText(tick, unit) }));
  const left = Math.ceil(widest(ticks.map(({ text }) => text))) + 10;
  const [inner, tall] = [Math.max(1, width - left - RIGHT), height - TOP - FOOT];
  const band = inner / Math.max(1, times.length);
  const space: TimeSpace = {
    x: (index) => left + (index + 0.5) * band,
    y: (value) => TOP + (1 - position(scale, value)) * tall,
    band,
  };
  const indexAt = (event: PointerEvent) => {
    const from = box.current?.getBoundingClientRect().left ?? 0;
    const index = Math.floor((event.clientX - from - left) / band);
    return index >= 0 && index < times.length ? index : undefined;
  };
  const key = (event: KeyboardEvent) => {
    const to = {
      ArrowRight: at === undefined ? 0 : at + 1,
      ArrowLeft: at === undefined ? times.length - 1 : at - 1,
      Home: 0,
      End: times.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(times.length - 1, to)));
    } else if (event.key === "Enter" && at !== undefined) onPick?.(at);
  };
  return (
    <div
      class={`plot ${onPick ? "picks" : ""}`}
      ref={box}
      role="group"
      tabIndex={0}
      aria-label={label}
      style={{ height }}
      onKeyDown={key}
      onBlur={() => setAt(undefined)}
      onPointerMove={(event) => setAt(indexAt(event))}
      onPointerLeave={() => setAt(undefined)}
      onClick={() => at !== undefined && onPick?.(at)}
    >
      {width > 0 && (
        <svg width={width} height={height} aria-hidden="true">
          {ticks.map(({ tick, text }) => (
            <g key={tick}>
              <line
                class={tick === 0 ? "zero" : "grid"}
                x1={left}
                x2={width - RIGHT}
                y1={space.y(tick)}
                y2={space.y(tick)}
              />
              <text class="tick" x={left - 8} y={space.y(tick) + 4} text-anchor="end">
                {text}
              </text>
            </g>
          ))}
          {timeLabels(times, inner).map(({ index, text }) => (
            <text key={index} class="tick" x={space.x(index)} y={height - 8} text-anchor="middle">
              {text}
            </text>
          ))}
          {at !== undefined && (
            <line class="cross" x1={space.x(at)} x2={space.x(at)} y1={TOP} y2={height - FOOT} />
          )}
          {draw(space, at)}
        </svg>
      )}
      {at !== undefined && (
        <Tooltip x={space.x(at)} y={TOP + tall / 3} width={width}>
          {tooltip(at)}
        </Tooltip>
      )}
    </div>
  );
}
