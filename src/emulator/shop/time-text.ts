const PAD_2 = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, "0"));
const PAD_3 = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, "0"));
const DAY_MS = 86_400_000;
const MOST_DAYS = 4_096;

const days = new Map<number, string>();

/**
 * `ms` (milliseconds since 1970) as exports write it: `2026-11-23 05:04:03.002000`, UTC; `micros` is its
 * last three digits.
 */
export function timeText(ms: number, micros = 0): string {
  const day = Math.floor(ms / DAY_MS);
  let left = ms - day * DAY_MS;
  const milli = left % 1000;
  left = (left - milli) / 1000;
  const second = left % 60;
  left = (left - second) / 60;
  const minute = left % 60;
  const hour = (left - minute) / 60;
  return `${dayText(day)}${PAD_2[hour]}:${PAD_2[minute]}:${PAD_2[second]}.${PAD_3[milli]}${PAD_3[micros]}`;
}

function dayText(day: number): string {
  let text = days.get(day);
  if (text === undefined) {
    text = `${new Date(day * DAY_MS).toISOString().slice(0, 10)} `;
    if (days.size >= MOST_DAYS) days.clear();
    days.set(day, text);
  }
  return text;
}
