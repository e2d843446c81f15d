import { UsageError } from "../errors/index.js";

const SECOND = 1_000_000n;
const UNITS: Readonly<Record<string, bigint>> = {
  ...{ s: SECOND, m: 60n * SECOND, h: 3_600n * SECOND, d: 86_400n * SECOND, w: 604_800n * SECOND },
};

/** `30s`, `15m`, `6h`, `1d` (24 hours), `2w` in microseconds. Throws UsageError, which calls it `option`. */
export function durationOf(option: string, text: string): bigint {
  const [, count = "", unit = ""] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const length = UNITS[unit];
  if (length === undefined) {
    throw new UsageError(
      `${option} is ${JSON.stringify(text)}, which is no duration.`,
      "Write seconds, minutes, hours, days or weeks: 30s, 15m, 6h, 1d, 2w.",
    );
  }
  return BigInt(count) * length;
}
