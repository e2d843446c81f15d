import type { LineChart } from "../../../../index.js";
import { widest } from "./text-width.js";

const GAP = 22;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY = /^\d{4}-(\d\d)-(\d\d)(?:[ T](\d\d:\d\d))?/;

/** Which of the intervals are written below an axis of `width`, and how: as many as have room. */
export function timeLabels(times: LineChart["times"], width: number): { index: number; text: string }[] {
  const texts = times.map(({ label }) => axisText(label));
  const room = Math.max(1, Math.floor(width / (widest(texts) + GAP)));
  const step = Math.max(1, Math.ceil(times.length / room));
  return texts.flatMap((text, index) => (index % step === 0 ? [{ index, text }] : []));
}

/** `2026-11-23` as `Nov 23`, hours as `Nov 23, 14:00`; anything else as it is. */
export function axisText(label: string): string {
  const found = DAY.exec(label);
  const month = MONTHS[Number(found?.[1]) - 1];
  if (!found || month === undefined) return label;
  return `${month} ${Number(found[2])}${found[3] ? `, ${found[3]}` : ""}`;
}
