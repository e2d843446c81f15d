import type { ChartUnit } from "../chart.js";

/** How `null` is written, and what is no number. */
export const NOTHING = "–";

/** Larger numbers are drawn as this one, so that sums of them stay finite. */
const LARGEST = 1e290;
/** Smaller ones are drawn as zero, so that nothing divided by them is infinite. */
const SMALLEST = 1e-290;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const COMPACT: readonly (readonly [number, string])[] = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
];

/** `value` if something can be drawn for it, else null. */
export function drawable(value: number | null | undefined): number | null {
  if (value === null || value === undefined || !Number.isFinite(value)) return null;
  if (Math.abs(value) < SMALLEST) return 0;
  return Math.max(-LARGEST, Math.min(LARGEST, value));
}

/**
 * `value` as people read it: `12,345`, `42.1 %` of 0.421, `1 h 5 min` of 3,900 seconds, `$3.10`, `3.14`; null as `–`. With `short`:
 * `12.3 k`, `1.2 M` (from 10,000 on), `42 %`, `1.1 h`, for axes and narrow cells.
 */
export function numberText(value: number | null, unit: ChartUnit, short = false): string {
  if (value === null || Number.isNaN(value)) return NOTHING;
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const size = Math.abs(value);
  const text =
    unit === "percent"
      ? percentText(size, short)
      : unit === "seconds"
        ? secondsText(size, short)
        : unit === "dollars"
          ? dollarsText(size, short)
          : plainText(size, short);
  return value < 0 && /[1-9]/.test(text) ? `-${text}` : text;
}

function plainText(size: number, short: boolean): string {
  if (size >= 1e15) return size.toExponential(2).replace("e+", "e");
  if (short && size >= 9999.5) {
    for (const [step, letter] of COMPACT) {
      // 999,950 is `1 M`, not `1,000 k`.
      if (size >= step * 0.99995) return `${trimmed(size / step, size / step < 99.95 ? 1 : 0)} ${letter}`;
    }
  }
  if (size >= 100 || Number.isInteger(size)) return trimmed(size, Number.isInteger(size) ? 0 : 1);
  return size >= 1 || size === 0 ? trimmed(size, 2) : smallText(size);
}

/** With cents, if there are any. */
function dollarsText(size: number, short: boolean): string {
  if (size >= 1e15 || (size > 0 && size < 0.005) || (short && size >= 9999.5))
    return `$${plainText(size, short)}`;
  const cents = Number.isInteger(size) ? 0 : 2;
  return `$${size.toLocaleString("en-US", { minimumFractionDigits: cents, maximumFractionDigits: cents })}`;
}

/** Two digits that count, not in powers of ten unless it is tiny. */
function smallText(size: number): string {
  return size < 1e-4 ? size.toExponential(1) : String(Number(size.toPrecision(2)));
}

function percentText(size: number, short: boolean): string {
  const percent = Math.min(size, LARGEST) * 100;
  if (percent >= 1e15) return `${percent.toExponential(2).replace("e+", "e")} %`;
  if (percent > 0 && percent < 0.05) return short ? "0 %" : `${smallText(percent)} %`;
  return `${trimmed(percent, short && percent >= 1 ? 0 : 1)} %`;
}

function secondsText(size: number, short: boolean): string {
  if (size >= 1e15) return `${size.toExponential(2).replace("e+", "e")} s`;
  if (size < 1) return size === 0 ? "0 s" : `${smallText(size)} s`;
  if (short) {
    if (size >= DAY) return `${trimmed(size / DAY, 1)} d`;
    if (size >= HOUR) return `${trimmed(size / HOUR, 1)} h`;
    return size >= MINUTE ? `${trimmed(size / MINUTE, 1)} min` : `${trimmed(size, 1)} s`;
  }
  if (size < 10) return `${trimmed(size, 1)} s`;
  if (size < MINUTE - 0.5) return `${Math.round(size)} s`;
  if (size < HOUR - 0.5) return twoUnits(Math.round(size), MINUTE, "min", 1, "s");
  if (size < DAY - 30) return twoUnits(Math.round(size / MINUTE), HOUR / MINUTE, "h", 1, "min");
  return twoUnits(Math.round(size / HOUR), DAY / HOUR, "d", 1, "h");
}

function twoUnits(size: number, step: number, large: string, unit: number, small: string): string {
  const rest = Math.floor((size % step) / unit);
  const whole = trimmed(Math.floor(size / step), 0);
  return rest === 0 ? `${whole} ${large}` : `${whole} ${large} ${rest} ${small}`;
}

/** At most so many decimals, none of them zeros at the end. */
function trimmed(size: number, decimals: number): string {
  return size.toLocaleString("en-US", { maximumFractionDigits: decimals });
}
