import type { UnknownName } from "../frame/unknown-name.js";
import type { AnalysisInput } from "./analysis-input.js";

/** The range that is asked, if it lies before or after all uploads that are held: it has nothing but zeros for that. */
export function outsideData(input: AnalysisInput): UnknownName | undefined {
  const { range, data } = input;
  const isOutside = range.until <= data.from || range.from >= data.until;
  if (data.from >= data.until || !isOutside) return undefined;
  const days = input.calendar("day");
  const day = (micros: bigint): string => days.at(days.numberAt(micros)).label;
  // A range after the data is cut to nothing.
  const last = range.until > range.from ? ` to ${day(range.until - 1n)}` : " on";
  const name = `${day(range.from)}${last}`;
  const nearest = `${day(data.from)} to ${day(data.until - 1n)}`;
  const text = `Nothing is held of ${name}: the lake has uploads of ${nearest}.`;
  return { kind: "range", name, of: null, nearest, text };
}
