import type { ChartUnit, HeatMap } from "../chart.js";
import { drawable, numberText } from "./numbers.js";

/** The least and the greatest value that colours tell apart. */
export interface HeatRange {
  readonly least: number;
  readonly most: number;
}

/**
 * From zero, if nothing is below it, to the greatest value. A first column in which all are the same (all users return on
 * the day they begin) is left out, or the others would all look alike.
 */
export function heatRange({ rows }: HeatMap): HeatRange {
  const column = (from: number) =>
    rows.flatMap(({ cells }) => cells.slice(from).map(({ value }) => drawable(value)));
  const first = new Set(rows.flatMap(({ cells }) => drawable(cells[0]?.value) ?? []));
  const rest = column(1).filter((value) => value !== null);
  const values = first.size === 1 && rest.length > 0 ? rest : column(0).filter((value) => value !== null);
  const [least, most] = values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [0, 0]);
  return { least, most };
}

/** Which of so many colours, from 0, `value` has. */
export function heatOf(value: number, { least, most }: HeatRange, colors: number): number {
  if (most <= least) return 0;
  const part = Math.max(0, Math.min(1, (value - least) / (most - least)));
  return Math.min(colors - 1, Math.floor(part * colors));
}

/** The number in a cell. Of percents without the sign, with one decimal in all of them or, with `short`, with none. */
export function heatText(value: number, unit: ChartUnit, short: boolean): string {
  const text = numberText(value, unit, short);
  if (unit !== "percent") return text;
  const bare = text.replace(" %", "");
  return short || !/^-?[\d,]+$/.test(bare) ? bare : `${bare}.0`;
}
