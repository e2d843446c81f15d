import { useMemo } from "preact/hooks";
import type { Api } from "../../../api.js";
import { counted } from "../../ui/text.js";

const DAY = 86_400_000;
const MOST_DAYS = 400;
const HEIGHT = 32;

/** How many events a user has on each day, from its first to its last. */
export function DayBars({ days }: { days: Api["user"]["out"]["days"] }) {
  const bars = useMemo(() => all(days), [days]);
  const most = Math.max(1, ...bars.map(({ events }) => events));
  if (bars.length < 2) return null;
  return (
    <figure class="day-bars">
      <svg
        viewBox={`0 0 ${bars.length * 10} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Events by day: up to ${counted(most, "event")}`}
      >
        {bars.map(({ day, events }, i) => {
          const height = events === 0 ? 1 : Math.max(3, (events / most) * HEIGHT);
          return (
            <rect
              key={day}
              class={events === 0 ? "none" : ""}
              x={i * 10 + 1}
              width={8}
              y={HEIGHT - height}
              height={height}
            >
              <title>{`${day}: ${counted(events, "event")}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption class="muted">
        <span>{bars[0]?.day}</span>
        <span>{bars.at(-1)?.day}</span>
      </figcaption>
    </figure>
  );
}

/** Days without events are there, too; of a very long time only the last days. */
function all(days: Api["user"]["out"]["days"]): { readonly day: string; readonly events: number }[] {
  const counts = new Map(days.map(({ value, events }) => [value, events]));
  const [first, last] = [days[0]?.value, days.at(-1)?.value];
  if (first === undefined || last === undefined) return [];
  const end = Date.parse(last);
  const start = Math.max(Date.parse(first), end - (MOST_DAYS - 1) * DAY);
  return Array.from({ length: Math.round((end - start) / DAY) + 1 }, (_, i) => {
    const day = new Date(start + i * DAY).toISOString().slice(0, 10);
    return { day, events: counts.get(day) ?? 0 };
  });
}
