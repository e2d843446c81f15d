import { HEAT_COLORS, heatOf, heatRange, heatText, numberText } from "../../../../browser.js";
import type { HeatMap } from "../../../../index.js";
import { shown } from "../text.js";
import { type ChartProps, titleOf } from "./place.js";

/** A table whose cells are coloured by their value; incomplete ones have a star. */
export function Heat({ chart, onPick }: ChartProps<HeatMap>) {
  const { columns, rows, unit } = chart;
  const range = heatRange(chart);
  const narrow = columns.length > 14;
  const incomplete = rows.some(({ cells }) => cells.some((cell) => cell.incomplete && cell.value !== null));
  return (
    <>
      <div class="heat-box" tabIndex={0} role="region" aria-label={titleOf(chart)}>
        <table class={`heat ${narrow ? "narrow" : ""}`}>
          <thead>
            <tr>
              <td />
              <td />
              {columns.map((name, i) => (
                <th key={i} scope="col">
                  {shown(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, size, cells }) => (
              <tr key={name}>
                <th scope="row">{shown(name)}</th>
                <td class="heat-size">{numberText(size, "count")}</td>
                {columns.map((column, i) => {
                  const cell = cells[i];
                  const value = cell?.value ?? null;
                  if (value === null || !cell) return <td key={`${i} ${column}`} class="heat-none" />;
                  const heat = heatOf(value, range, HEAT_COLORS);
                  const text = `${heatText(value, unit, narrow)}${cell.incomplete ? "*" : ""}`;
                  return (
                    <td
                      key={`${i} ${column}`}
                      style={{ background: `var(--af-heat${heat})`, color: `var(--af-on${heat})` }}
                      title={`${shown(name)}, ${shown(column)}: ${numberText(value, unit)}`}
                    >
                      {onPick ? (
                        <button type="button" onClick={() => onPick({ name, index: i })}>
                          {text}
                        </button>
                      ) : (
                        text
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(unit === "percent" || incomplete) && (
        <p class="chart-note">
          {[unit === "percent" && "Numbers in %", incomplete && "* incomplete"].filter(Boolean).join(" · ")}
        </p>
      )}
    </>
  );
}
