import { DIM, type Line } from "./line.js";

/** A line that tells how many are not shown, if any. */
export function more(count: number, one: string, many: string): Line[] {
  if (count <= 0) return [];
  return [[{ text: `… ${count.toLocaleString("en-US")} more ${count === 1 ? one : many}`, style: DIM }]];
}
