import { UsageError } from "../errors/index.js";
import { parseHour } from "../hour.js";
import type { BodyPlace, Fault, FaultMatch, FaultRule, Framing } from "./fault.js";

/** How faults are written on a command line. */
export const FAULT_SYNTAX = [
  "429:retry-after=2,times=3        a status; retry-after takes any text, retry-after-date=5 a date in 5 seconds",
  "too-large:hours-over=6           400, as above the size limit",
  "html, json-error, empty, empty-zip   200 with something else",
  "cut:at=first|middle|last,framing=length|chunked|close",
  "slow:bytes-per-second=2000       stall:at=headers|first|middle|last       delay:ms=5000       reset",
  "gzip-crc, gzip-length, gzip-end, zip-crc     a damaged member",
  "redirect:to=URL,status=307",
  "with any: times=N|forever, request=N, hour=2026-11-23T05, hours-over=N",
].join("\n");

type Settings = Map<string, string>;

/**
 * The rule that `text` describes, in the form of FAULT_SYNTAX. Throws UsageError for a fault or a setting
 * that is not known.
 */
export function parseFault(text: string): FaultRule {
  const colon = text.indexOf(":");
  const name = (colon < 0 ? text : text.slice(0, colon)).trim();
  const settings: Settings = new Map();
  for (const part of colon < 0 ? [] : text.slice(colon + 1).split(",")) {
    const equals = part.indexOf("=");
    if (equals < 1) throw wrong(text, `"${part}" is not a setting`);
    settings.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const take = (key: string): string | undefined => {
    const value = settings.get(key);
    settings.delete(key);
    return value;
  };
  const number = (key: string): number | undefined => {
    const value = take(key);
    if (value === undefined) return undefined;
    if (!/^\d+$/.test(value)) throw wrong(text, `${key} is "${value}", not a whole number`);
    return Number(value);
  };

  const forever = settings.get("times") === "forever" && take("times") !== undefined;
  const times = forever ? Number.POSITIVE_INFINITY : number("times");
  const fault = faultOf(name, text, take, number);
  const match = matchOf(text, take, number);
  const unknown = [...settings.keys()][0];
  if (unknown !== undefined) throw wrong(text, `"${unknown}" is not known for it`);
  return {
    fault,
    ...(times === undefined ? {} : { times }),
    ...(Object.keys(match).length ? { match } : {}),
  };
}

type Take = (key: string) => string | undefined;
type TakeNumber = (key: string) => number | undefined;

function faultOf(name: string, text: string, take: Take, number: TakeNumber): Fault {
  const oneOf = <T extends string>(key: string, allowed: readonly T[], byDefault: T): T => {
    const value = take(key) ?? byDefault;
    const found = allowed.find((one) => one === value);
    if (!found) throw wrong(text, `${key} is "${value}", not one of ${allowed.join(", ")}`);
    return found;
  };
  const places: readonly BodyPlace[] = ["first", "middle", "last"];
  const framings: readonly Framing[] = ["length", "chunked", "close"];
  if (/^[3-5]\d\d$/.test(name)) {
    const retryAfter = take("retry-after");
    const retryAfterDate = number("retry-after-date");
    const body = take("body");
    return {
      kind: "status",
      status: Number(name),
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(retryAfterDate === undefined ? {} : { retryAfterDate }),
      ...(body === undefined ? {} : { body }),
    };
  }
  switch (name) {
    case "too-large":
      return { kind: "tooLarge" };
    case "html":
    case "empty":
    case "reset":
      return { kind: name };
    case "json-error":
      return { kind: "jsonError" };
    case "empty-zip":
      return { kind: "emptyZip" };
    case "cut":
      return {
        kind: "cut",
        at: oneOf("at", places, "middle"),
        framing: oneOf("framing", framings, "length"),
      };
    case "slow":
      return { kind: "slow", bytesPerSecond: Math.max(1, number("bytes-per-second") ?? 1000) };
    case "stall":
      return { kind: "stall", at: oneOf("at", [...places, "headers"], "middle") };
    case "delay":
      return { kind: "delay", ms: number("ms") ?? 5000 };
    case "gzip-crc":
      return { kind: "damage", what: "gzipCrc" };
    case "gzip-length":
      return { kind: "damage", what: "gzipLength" };
    case "gzip-end":
      return { kind: "damage", what: "gzipEnd" };
    case "zip-crc":
      return { kind: "damage", what: "zipCrc" };
    case "redirect": {
      const to = take("to");
      if (to === undefined) throw wrong(text, "to=URL is missing");
      return { kind: "redirect", to, status: number("status") ?? 302 };
    }
    default:
      throw wrong(text, `"${name}" is not a fault`);
  }
}

function matchOf(text: string, take: Take, number: TakeNumber): FaultMatch {
  const request = number("request");
  const hoursOver = number("hours-over");
  const hourText = take("hour");
  const hour = hourText === undefined ? undefined : parseHour(hourText);
  if (hourText !== undefined && !hour) throw wrong(text, `hour is "${hourText}", not like 2026-11-23T05`);
  return {
    ...(request === undefined ? {} : { request }),
    ...(hoursOver === undefined ? {} : { hoursOver }),
    ...(hour === undefined ? {} : { hour }),
  };
}

function wrong(text: string, why: string): UsageError {
  return new UsageError(`The fault "${text}" cannot be made: ${why}.`, `Write one of:\n${FAULT_SYNTAX}`);
}
