import { useState } from "preact/hooks";
import { drawable, numberText, seriesColor } from "../../../../browser.js";
import type { BarChart } from "../../../../index.js";
import { shown } from "../text.js";
import type { ChartProps } from "./place.js";

const FIRST = 24;

/** A bar for each name, from the left; of many the first two dozen, and the rest by a click. */
export function Bars({ chart: { bars, unit }, onPick }: ChartProps<BarChart>) {
  const [all, setAll] = useState(false);
  const values = bars.map(({ value }) => drawable(value) ?? 0);
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const span = most - least || 1;
  const visible = all ? bars : bars.slice(0, FIRST);
  return (
    <>
      <ul class="bars">
        {visible.map(({ name, value }, i) => {
          const here = values[i] ?? 0;
          const content = (
            <>
              <span class="bars-name" title={shown(name)}>
                {shown(name)}
              </span>
              <span class="bars-track">
                <span
                  class="bars-bar"
                  style={{
                    left: `${(100 * (Math.min(0, here) - least)) / span}%`,
                    width: `${(100 * Math.abs(here)) / span}%`,
                    background: seriesColor(0),
                  }}
                />
              </span>
              <span class="bars-value">{numberText(value, unit)}</span>
            </>
          );
          return (
            <li key={i}>
              {onPick ? (
                <button type="button" class="bars-row" onClick={() => onPick({ name, index: i })}>
                  {content}
                </button>
              ) : (
                <div class="bars-row">{content}</div>
              )}
            </li>
          );
        })}
      </ul>
      {visible.length < bars.length && (
        <button type="button" class="button quiet" onClick={() => setAll(true)}>
          {bars.length - visible.length} more
        </button>
      )}
    </>
  );
}
