import { UsageError } from "../errors/index.js";

const SPAN = /^(\d{1,6})\s*(m|h|d|w)$/;
const MS_OF = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const LEAST_MS = MS_OF.h;

/** The milliseconds in a grace period such as `36h`, `7d` or `2w`. Throws UsageError if it is none, or under an hour. */
export function graceMs(text: string): number {
  const parts = SPAN.exec(text.trim());
  const ms = parts ? Number(parts[1]) * MS_OF[parts[2] as keyof typeof MS_OF] : undefined;
  if (ms === undefined) {
    throw new UsageError(`"${text}" is no grace period.`, "Write hours, days or weeks: 36h, 7d, 2w.");
  }
  if (ms >= LEAST_MS) return ms;
  throw new UsageError(
    `A grace period of ${text} is too short: whoever has begun to read a file must be able to end.`,
    "Give --grace at least 1h; the default is 7d.",
  );
}
