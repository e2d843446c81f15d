const UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;
const SHORT = { year: "y", month: "mo", day: "d", hour: "h", minute: "min", second: "s" } as const;

/** A number of seconds in its largest two units: `2 d 3 h`, `12 min 5 s`, `0 s`. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  const at = UNITS.findIndex(([, size]) => whole >= size);
  const [unit, size] = UNITS[at] ?? ["second", 1];
  const first = `${Math.floor(whole / size)} ${SHORT[unit]}`;
  const [next, part] = UNITS[at + 1] ?? [];
  if (at < 0 || next === undefined || part === undefined) return first;
  const rest = Math.floor((whole % size) / part);
  return rest === 0 ? first : `${first} ${rest} ${SHORT[next]}`;
}
