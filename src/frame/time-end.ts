import { UsageError } from "../errors/index.js";
import type { TimeZone } from "./time-zone.js";

/**
 * A piece of time in UTC, or in the frame's `timeZone`, written as a date (`2026-11-23`), an hour (`2026-11-23T05`, `20261123T05`), or a time
 * down to the minute, second or fraction (`2026-11-23 05:06:07.123457`, with `T` or a space, and `Z` or an
 * offset such as `+02:00` if wanted), or as a Date, which is one millisecond. As an end of a range it means all
 * that it names: a date the whole day, an hour the whole hour.
 */
export type TimeEnd = string | Date;

/** Microseconds since 1970, UTC; `until` is not included. */
export interface TimePiece {
  readonly from: bigint;
  readonly until: bigint;
}

const FORM =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?(Z|[+-]\d{2}:\d{2})?)?$/;
const MINUTE = 60_000_000n;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

/**
 * The piece of time that `end` names; without `Z` or an offset, in `zone`. A day on which clocks change has 23 or 25
 * hours there, and an hour that they show twice is both. `option` is named in the UsageError if it names none.
 */
export function parseTimeEnd(end: TimeEnd, option: string, zone?: TimeZone): TimePiece {
  const piece = end instanceof Date ? pieceOfDate(end) : pieceOfText(end, zone);
  if (piece) return piece;
  throw new UsageError(
    `${option} is ${end instanceof Date ? "an invalid Date" : JSON.stringify(end)}, which is no date or time.`,
    `Write a date such as 2026-11-23, an hour such as 2026-11-23T05, or a time such as 2026-11-23T05:06:07Z. ${zone ? `Without Z they are in ${zone.name}` : "All are UTC"}.`,
  );
}

function pieceOfDate(date: Date): TimePiece | undefined {
  const ms = date.getTime();
  if (Number.isNaN(ms)) return undefined;
  const from = BigInt(ms) * 1000n;
  return { from, until: from + 1000n };
}

function pieceOfText(text: string, timeZone: TimeZone | undefined): TimePiece | undefined {
  const parts = FORM.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone] = parts;
  const iso = `${year}-${month}-${day}T${hour ?? "00"}:${minute ?? "00"}:${second ?? "00"}`;
  const local = Date.parse(`${iso}Z`);
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 19) !== iso) return undefined;
  const length = lengthOf(hour, minute, second, fraction);
  if (zone !== undefined || timeZone === undefined) {
    const from = BigInt(Date.parse(iso + (zone ?? "Z"))) * 1000n + BigInt(fraction.padEnd(6, "0"));
    return { from, until: from + length };
  }
  const clock = BigInt(local) * 1000n + BigInt(fraction.padEnd(6, "0"));
  return {
    from: instantOf(clock, "first", timeZone),
    until: instantOf(clock + length - 1n, "last", timeZone) + 1n,
  };
}

/** As `TimeZone.instantOf`, in microseconds; the last before a gap stands for those in it. */
function instantOf(clock: bigint, which: "first" | "last", zone: TimeZone): bigint {
  const ms = clock / 1000n - (clock % 1000n < 0n ? 1n : 0n);
  const instant = zone.instantOf(Number(ms), which);
  const inGap = zone.clockAt(instant) !== Number(ms);
  if (inGap) return BigInt(instant) * 1000n - (which === "last" ? 1n : 0n);
  return BigInt(instant) * 1000n + (clock - ms * 1000n);
}

function lengthOf(
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  fraction: string,
): bigint {
  if (hour === undefined) return DAY;
  if (minute === undefined) return HOUR;
  if (second === undefined) return MINUTE;
  return 10n ** BigInt(6 - fraction.length);
}
