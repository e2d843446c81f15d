import type { StackChart } from "../chart.js";
import { drawable } from "./numbers.js";

/** Where a part lies in its bar. */
export interface StackedPart {
  readonly low: number;
  readonly high: number;
}

/** The parts of each time's bar: those above zero upwards, those below it downwards, in the order given. */
export function stackedParts(parts: StackChart["parts"], times: number): StackedPart[][] {
  return Array.from({ length: times }, (_, time) => {
    let [top, bottom] = [0, 0];
    return parts.map(({ values }) => {
      const value = drawable(values[time]) ?? 0;
      if (value >= 0) {
        top += value;
        return { low: top - value, high: top };
      }
      bottom += value;
      return { low: bottom, high: bottom - value };
    });
  });
}

/** At most so many parts; what is more is one, `n more`. */
export function foldedParts({ parts, times }: StackChart, most: number): StackChart["parts"] {
  if (parts.length <= most) return parts;
  const rest = parts.slice(most - 1);
  const values = times.map((_, i) => rest.reduce((sum, part) => sum + (drawable(part.values[i]) ?? 0), 0));
  return [...parts.slice(0, most - 1), { name: `${rest.length} more`, values }];
}
