import { UsageError } from "../errors/index.js";

const MINUTE = 60_000;
const UNITS = { m: MINUTE, h: 60 * MINUTE, d: 24 * 60 * MINUTE } as const;
const INTERVAL = /^(\d{1,5})\s*(m|h|d)$/;
const MOST = 7 * UNITS.d;

/** The first wait after a failed round is up to this long; each further one up to twice as long. */
const FIRST_WAIT = MINUTE;
const LONGEST_WAIT = 30 * MINUTE;
/** Keys that were refused are rarely right a minute later. */
const FIRST_KEYS_WAIT = 30 * MINUTE;
const LONGEST_KEYS_WAIT = 6 * UNITS.h;

/** An interval in milliseconds: `30m`, `1h`, `6h`, `1d`; from a minute to seven days. Throws UsageError. */
export function parseInterval(text: string): number {
  const parts = INTERVAL.exec(text.trim());
  const ms = parts ? Number(parts[1]) * UNITS[parts[2] as keyof typeof UNITS] : 0;
  if (ms >= MINUTE && ms <= MOST) return ms;
  throw new UsageError(
    `"${text}" is no interval from a minute to seven days.`,
    "Write minutes, hours or days: --every 30m, 1h, 6h, 1d.",
  );
}

/** How a round ended: `keys` are missing or were refused (401, 403). */
export type RoundEnd = "done" | "failed" | "keys";

/**
 * When the next round begins, in milliseconds since 1970. After a round that is done, `every` after its beginning,
 * or at once if it took longer. After the nth failure in a row, after a wait that doubles, with jitter from half of
 * it to all: up to half an hour, or `every` if that is longer; for keys from half an hour to six.
 */
export function nextRound(
  round: {
    readonly began: number;
    readonly ended: number;
    readonly end: RoundEnd;
    readonly failures: number;
  },
  every: number,
  random: () => number,
): number {
  const { began, ended, end, failures } = round;
  if (end === "done") return Math.max(began + every, ended + 1000);
  const first = end === "keys" ? FIRST_KEYS_WAIT : FIRST_WAIT;
  const longest = Math.max(every, end === "keys" ? LONGEST_KEYS_WAIT : LONGEST_WAIT);
  const bound = Math.min(longest, first * 2 ** Math.min(failures - 1, 20));
  return ended + Math.round(bound * (0.5 + random() / 2));
}
