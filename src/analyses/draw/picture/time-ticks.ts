import { escaped } from "../../../frame/print/cell-text.js";
import { clipped } from "../../../frame/print/display-width.js";
import type { LineChart } from "../../chart.js";
import { textWidth } from "./canvas.js";

const LONGEST = 24;
const GAP = 16;

/** How an interval is written below an axis. */
export function timeText({ label }: LineChart["times"][number]): string {
  return clipped(escaped(label), LONGEST);
}

/** Which of the intervals have a label, from the first on, each as far from the next, so that none lie on one another. */
export function shownTimes(times: LineChart["times"], width: number): number[] {
  const widest = times.reduce((most, time) => Math.max(most, textWidth(timeText(time))), 1);
  const room = Math.max(1, Math.floor(width / (widest + GAP)));
  const step = Math.max(1, Math.ceil(times.length / room));
  return times.flatMap((_, i) => (i % step === 0 ? [i] : []));
}
