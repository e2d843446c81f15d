import type { LineChart } from "../../../../index.js";
import { axisText } from "../time/moment.js";
import { widest } from "./text-width.js";

const GAP = 22;

/** Which of the intervals are written below an axis of `width`, and how: as many as have room. */
export function timeLabels(times: LineChart["times"], width: number): { index: number; text: string }[] {
  const texts = times.map(({ label }) => axisText(label));
  const room = Math.max(1, Math.floor(width / (widest(texts) + GAP)));
  const step = Math.max(1, Math.ceil(times.length / room));
  return texts.flatMap((text, index) => (index % step === 0 ? [{ index, text }] : []));
}
