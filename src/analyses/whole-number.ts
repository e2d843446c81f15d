import { UsageError } from "../errors/index.js";

/** `value` of `option`, if it is a whole number from `least` to `most`. Throws UsageError. */
export function wholeNumber(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`${option} is ${String(value)}.`, `Give a whole number from ${least} to ${most}.`);
}
