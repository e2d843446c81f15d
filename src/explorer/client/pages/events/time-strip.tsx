import { useMemo, useRef } from "preact/hooks";
import { count, counted, timeText } from "../../ui/text.js";
import { rowAt, shareOf, type Times, timeAt } from "./times.js";

interface TimeStripProps {
  readonly times: Times;
  /** The time of the row at the top; undefined if it is not known. */
  readonly time: string | undefined;
  readonly descending: boolean;
  readonly onGo: (row: number) => void;
}

const HEIGHT = 34;

/** How the events lie in time, and where in it the table is: a click, or the arrow keys, go elsewhere. */
export function TimeStrip({ times, time, descending, onGo }: TimeStripProps) {
  const strip = useRef<HTMLDivElement>(null);
  const { counts, from, to } = times;
  const path = useMemo(() => bars(counts), [counts]);
  if (from === null || to === null) return null;
  const share = time === undefined ? undefined : shareOf(times, time);
  const go = (next: number) => onGo(rowAt(times, next, descending));
  const goTo = (event: PointerEvent) => {
    const box = strip.current?.getBoundingClientRect();
    if (box) go((event.clientX - box.left) / box.width);
  };
  const key = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 0.1 : 0.01;
    const now = share ?? 0;
    const to: Readonly<Record<string, number>> = {
      ...{ ArrowLeft: now - step, ArrowDown: now - step, ArrowRight: now + step, ArrowUp: now + step },
      ...{ PageDown: now - 0.1, PageUp: now + 0.1, Home: 0, End: 1 },
    };
    const next = to[event.key];
    if (next === undefined) return;
    event.preventDefault();
    go(next);
  };
  const most = Math.max(...counts);
  return (
    <div class="time-strip">
      <div
        ref={strip}
        class="time-strip-bars"
        role="slider"
        tabIndex={0}
        aria-label="Time of the events shown"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((share ?? 0) * 100)}
        aria-valuetext={time === undefined ? "not known" : `${timeText(time)} UTC`}
        title={`Up to ${counted(most, "event")} in a bar. Click to go to a time.`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          goTo(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) goTo(event);
        }}
        onKeyDown={key}
      >
        <svg viewBox={`0 0 ${counts.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path d={path} />
        </svg>
        {share !== undefined && <span class="time-strip-mark" style={{ left: `${share * 100}%` }} />}
      </div>
      <p class="time-strip-ends muted" aria-hidden="true">
        <span>{timeText(from, true)}</span>
        <span class="time-strip-now">{time !== undefined && `${timeText(time)} UTC`}</span>
        <span>{timeText(timeAt(times, 1 - 1e-9) ?? to, true)}</span>
      </p>
      <span class="hidden-text">{count(times.total)} events</span>
    </div>
  );
}

function bars(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts
    .map((n, i) => {
      const height = n === 0 ? 0 : Math.max(1, (n / most) * HEIGHT);
      return height === 0 ? "" : `M${i} ${HEIGHT}v${-height.toFixed(2)}h1v${height.toFixed(2)}z`;
    })
    .join("");
}
