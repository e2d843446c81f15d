import type { ChartUnit } from "../chart.js";
import { numberText } from "./numbers.js";

/** What an axis shows: from the first tick to the last. */
export interface Scale {
  readonly ticks: readonly number[];
  readonly low: number;
  readonly high: number;
}

const SECOND_STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
];

/** An axis for `values` with zero on it and about `count` ticks at round numbers of `unit`. */
export function scaleOf(values: readonly (number | null)[], unit: ChartUnit, count: number): Scale {
  let [least, most] = [0, 0];
  for (const value of values) {
    if (value === null) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least === most) most = 1;
  const step = stepOf((most - least) / Math.max(1, count), unit);
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(most / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return { ticks, low: ticks[0]!, high: ticks.at(-1)! };
}

/** How a tick is written: short, but times exactly, since an hour and a quarter is not 1.3 h. */
export function tickText(tick: number, unit: ChartUnit): string {
  return numberText(tick, unit, unit !== "seconds");
}

/** Where `value` lies, from 0 at the low end to 1 at the high end. */
export function position({ low, high }: Scale, value: number): number {
  return Math.max(0, Math.min(1, (value - low) / (high - low)));
}

function stepOf(rough: number, unit: ChartUnit): number {
  if (unit === "count" && rough <= 1) return 1;
  if (unit === "seconds" && rough > 0.5) {
    const step = SECOND_STEPS.find((candidate) => candidate >= rough * 0.7);
    return step ?? roundStep(rough / 86400) * 86400;
  }
  return roundStep(rough);
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * 0.7) ?? 10;
  return step * power;
}
