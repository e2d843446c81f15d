import { useState } from "preact/hooks";
import type { Api } from "../../../api.js";
import { count } from "../../ui/text.js";

type Source = Api["status"]["out"]["sources"][number];
type Hour = Source["hours"][number];

const DAYS = 45;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** What each state means, in the order in which the legend has them. */
const STATES = {
  held: "held",
  loaded: "loaded from files",
  empty: "no events",
  settling: "not final yet",
  missing: "missing",
  refused: "refused",
} as const satisfies Record<Hour["state"], string>;

/** The upload hours of a project: a row is a day, a cell an hour, the newest day first. */
export function Calendar({ source }: { source: Source }) {
  const [days, setDays] = useState(DAYS);
  const byDay = new Map<string, Map<number, Hour>>();
  for (const hour of source.hours) {
    const day = hour.hour.slice(0, 10);
    const hours = byDay.get(day) ?? new Map<number, Hour>();
    byDay.set(day, hours.set(Number(hour.hour.slice(11, 13)), hour));
  }
  const all = [...byDay].sort(([a], [b]) => (a < b ? 1 : -1));
  const most = Math.max(1, ...source.hours.map(({ rows }) => rows));
  return (
    <>
      <div class="copy-scroll" tabIndex={0} role="region" aria-label="Calendar of upload hours">
        <table class="copy-calendar">
          <caption class="hidden-text">Upload hours of {source.project} in UTC</caption>
          <thead>
            <tr>
              <th scope="col">
                <span class="hidden-text">Day</span>
              </th>
              {HOURS.map((hour) => (
                <th key={hour} scope="col">
                  {hour % 6 === 0 ? String(hour).padStart(2, "0") : <span class="hidden-text">{hour}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.slice(0, days).map(([day, hours]) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                {HOURS.map((hour) => (
                  <Cell key={hour} hour={hours.get(hour)} most={most} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul class="copy-legend">
        {Object.entries(STATES).map(([state, words]) => (
          <li key={state}>
            <span class={`copy-cell ${state}`} aria-hidden="true" />
            {words} <span class="muted">{count(source.counts[state as Hour["state"]])}</span>
          </li>
        ))}
      </ul>
      {all.length > days && (
        <button type="button" class="button" onClick={() => setDays(days + 2 * DAYS)}>
          Show older days
        </button>
      )}
    </>
  );
}

/** Held hours are the stronger, the more events they have. */
function Cell({ hour, most }: { hour: Hour | undefined; most: number }) {
  if (hour === undefined) return <td />;
  const { state, rows, provisional, reason } = hour;
  const words = `${hour.hour.replace("T", " ")}:00 UTC: ${STATES[state]}${rows > 0 ? `, ${count(rows)} events` : ""}${provisional ? ", asked for once more" : ""}${reason === null ? "" : `, ${reason}`}`;
  const opacity = state === "held" || state === "loaded" ? 0.35 + 0.65 * Math.sqrt(rows / most) : 1;
  return (
    <td title={words}>
      <span class={`copy-cell ${state}`} style={{ opacity }} />
      <span class="hidden-text">{STATES[state]}</span>
    </td>
  );
}
