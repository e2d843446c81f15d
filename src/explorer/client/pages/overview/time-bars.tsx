import { useRef, useState } from "preact/hooks";
import { scaleOf, tickText } from "../../../../browser.js";
import { widest } from "../../ui/chart/text-width.js";
import { timeLabels } from "../../ui/chart/time-labels.js";
import { Tooltip, TooltipRows } from "../../ui/chart/tooltip.js";
import { count } from "../../ui/text.js";
import { axisText } from "../../ui/time/moment.js";
import { isoText } from "../../ui/time/range.js";
import { useSize } from "../../ui/use-size.js";

/** A range of steps, the end not included. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

interface TimeBarsProps {
  readonly label: string;
  readonly unit: "event" | "user";
  readonly start: number;
  /** Seconds. */
  readonly step: number;
  readonly values: ArrayLike<number>;
  readonly steps: number;
  /** What the bars were without any pick: drawn behind. */
  readonly all?: ArrayLike<number> | undefined;
  readonly picked: StepRange | undefined;
  readonly height: number;
  readonly waiting?: boolean | undefined;
  /** While the pointer draws; undefined takes the pick out. */
  readonly onBrush: (range: StepRange | undefined) => void;
  /** When it rests. */
  readonly onPick: (range: StepRange | undefined) => void;
}

const TOP = 8;
const FOOT = 24;
const RIGHT = 2;
const LEFT = 52;
const DAY = 86_400;

/** Bars over time; drawing over them picks a range. Arrow keys move it, with Shift they make it longer, Escape takes it out. */
export function TimeBars(props: TimeBarsProps) {
  const { steps, step, start, values, all, picked, height, unit } = props;
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const [at, setAt] = useState<number>();
  const drag = useRef<{ origin: number; now: StepRange }>(undefined);
  const scale = scaleOf(
    Array.from({ length: steps }, (_, i) => Math.max(values[i] ?? 0, all?.[i] ?? 0)),
    "count",
    3,
  );
  const ticks = scale.ticks.map((tick) => ({ tick, text: tickText(tick, "count") }));
  const left = Math.max(LEFT, Math.ceil(widest(ticks.map(({ text }) => text))) + 10);
  const band = Math.max(0.1, (width - left - RIGHT) / Math.max(1, steps));
  const tall = height - TOP - FOOT;
  const y = (value: number) => TOP + tall * (1 - value / scale.high);
  const labelOf = (i: number) => isoText(start + i * step * 1000).slice(0, step >= DAY ? 10 : 16);
  const times = Array.from({ length: steps }, (_, i) => ({
    label: labelOf(i),
    start: new Date(0),
    incomplete: false,
  }));
  const stepAt = (event: PointerEvent) => {
    const edge = box.current?.getBoundingClientRect().left ?? 0;
    return Math.max(0, Math.min(steps - 1, Math.floor((event.clientX - edge - left) / band)));
  };
  const isPicked = (i: number) => !picked || (i >= picked.from && i < picked.to);
  const key = (event: KeyboardEvent) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape" && picked) {
      event.preventDefault();
      props.onPick(undefined);
    }
    if (move === undefined || steps === 0) return;
    event.preventDefault();
    const { from, to } = picked ?? { from: move > 0 ? -1 : steps, to: move > 0 ? 0 : steps + 1 };
    const next = event.shiftKey ? { from, to: to + move } : { from: from + move, to: to + move };
    if (next.from >= 0 && next.to <= steps && next.to > next.from) props.onPick(next);
  };
  return (
    <div
      ref={box}
      class={`time-bars ${props.waiting ? "waiting" : ""}`}
      style={{ height }}
      role="group"
      tabIndex={0}
      aria-label={`${props.label}: draw over the bars or use arrow keys to pick a time`}
      onKeyDown={key}
      onPointerDown={(event) => {
        if (event.button !== 0 || steps === 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const origin = stepAt(event);
        drag.current = { origin, now: { from: origin, to: origin + 1 } };
        props.onBrush(drag.current.now);
      }}
      onPointerMove={(event) => {
        const here = stepAt(event);
        setAt(here);
        if (!drag.current) return;
        const { origin, now } = drag.current;
        const next = { from: Math.min(origin, here), to: Math.max(origin, here) + 1 };
        if (next.from === now.from && next.to === now.to) return;
        drag.current.now = next;
        props.onBrush(next);
      }}
      onPointerUp={() => {
        const done = drag.current?.now;
        drag.current = undefined;
        if (!done) return;
        const again =
          picked && done.to - done.from === 1 && picked.from === done.from && picked.to === done.to;
        props.onPick(again ? undefined : done);
      }}
      onPointerCancel={() => {
        drag.current = undefined;
        props.onBrush(undefined);
      }}
      onPointerLeave={() => setAt(undefined)}
    >
      {width > 0 && (
        <svg width={width} height={height} aria-hidden="true">
          {ticks.map(({ tick, text }) => (
            <g key={tick}>
              <line
                class={tick === 0 ? "zero" : "grid"}
                x1={left}
                x2={width - RIGHT}
                y1={y(tick)}
                y2={y(tick)}
              />
              <text class="tick" x={left - 8} y={y(tick) + 4} text-anchor="end">
                {text}
              </text>
            </g>
          ))}
          {all && <path class="bar-all" d={barsPath(all, steps, left, band, y, () => true)} />}
          <path class="bar-out" d={barsPath(values, steps, left, band, y, (i) => !isPicked(i))} />
          <path class="bar-in" d={barsPath(values, steps, left, band, y, isPicked)} />
          {picked && (
            <rect
              class="brush"
              x={left + picked.from * band}
              y={TOP}
              width={(picked.to - picked.from) * band}
              height={tall}
            />
          )}
          {timeLabels(times, width - left).map(({ index, text }) => (
            <text
              key={index}
              class="tick"
              x={left + (index + 0.5) * band}
              y={height - 6}
              text-anchor="middle"
            >
              {text}
            </text>
          ))}
        </svg>
      )}
      {at !== undefined && at < steps && !props.waiting && (
        <Tooltip x={left + (at + 0.5) * band} y={height / 3} width={width}>
          <TooltipRows
            head={axisText(labelOf(at))}
            rows={[{ name: `${unit}s`, value: count(values[at] ?? 0) }]}
          />
        </Tooltip>
      )}
    </div>
  );
}

function barsPath(
  values: ArrayLike<number>,
  steps: number,
  left: number,
  band: number,
  y: (value: number) => number,
  isIn: (index: number) => boolean,
): string {
  const gap = band > 5 ? Math.min(3, band * 0.18) : band > 2 ? 0.5 : 0;
  const parts: string[] = [];
  for (let i = 0; i < steps; i++) {
    const value = values[i] ?? 0;
    if (value <= 0 || !isIn(i)) continue;
    const [x, top] = [left + i * band + gap / 2, Math.min(y(value), y(0) - 1)];
    parts.push(
      `M${x.toFixed(1)},${y(0).toFixed(1)}V${top.toFixed(1)}h${(band - gap).toFixed(1)}V${y(0).toFixed(1)}Z`,
    );
  }
  return parts.join("");
}
