import { funnelSteps, numberText, SERIES_COLORS, seriesColor } from "../../../../browser.js";
import type { FunnelChart } from "../../../../index.js";
import { shown } from "../text.js";
import type { ChartProps } from "./place.js";

/** Steps from left to right: the height of a bar is the share of the first step; what was lost is hatched above it. */
export function Funnel({ chart: { steps, funnels }, height = 260, onPick }: ChartProps<FunnelChart>) {
  const drawn = funnels.slice(0, SERIES_COLORS);
  const ways = drawn.map(({ name, users }) => ({ name, steps: funnelSteps(steps, users) }));
  const more = funnels.length - drawn.length;
  return (
    <>
      <ol class="funnel">
        {steps.map((step, i) => (
          <li key={i} class="funnel-step">
            <p class="funnel-name" title={shown(step)}>
              <span class="funnel-number">{i + 1}</span>
              <span class="funnel-title">{shown(step)}</span>
            </p>
            <div class="funnel-bars" style={{ height }}>
              {ways.map(({ name, steps: way }, j) => {
                const here = way[i]!;
                const share = Math.max(0, Math.min(1, here.ofFirst ?? 0));
                const words = `${shown(step)}, ${shown(name)}: ${numberText(here.users, "count")} users, ${numberText(here.ofFirst, "percent")} of the first step`;
                const bar = (
                  <>
                    <span class="funnel-share">{numberText(here.ofFirst, "percent", ways.length > 3)}</span>
                    <span
                      class="funnel-bar"
                      style={{ height: `${share * 100}%`, background: seriesColor(j) }}
                    />
                  </>
                );
                return onPick ? (
                  <button
                    key={name}
                    type="button"
                    class="funnel-track"
                    aria-label={words}
                    title={words}
                    onClick={() => onPick({ name, index: i })}
                  >
                    {bar}
                  </button>
                ) : (
                  <div key={name} class="funnel-track" title={words}>
                    {bar}
                  </div>
                );
              })}
            </div>
            {ways.map(({ name, steps: way }, j) => {
              const here = way[i]!;
              return (
                <p key={name} class="funnel-figures">
                  {ways.length > 1 && <span class="swatch" style={{ background: seriesColor(j) }} />}
                  <strong>{numberText(here.users, "count")}</strong>
                  {here.dropped !== null && (
                    <span class="muted">
                      {" "}
                      {numberText(here.ofBefore, "percent")} of previous · {numberText(here.dropped, "count")}{" "}
                      lost
                    </span>
                  )}
                </p>
              );
            })}
          </li>
        ))}
      </ol>
      {ways.length > 1 && (
        <ul class="legend">
          {ways.map(({ name }, i) => (
            <li key={name}>
              <span class="swatch" style={{ background: seriesColor(i) }} />
              <span class="legend-name" title={shown(name)}>
                {shown(name)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {more > 0 && <p class="chart-note">{more} more groups are not drawn.</p>}
    </>
  );
}
