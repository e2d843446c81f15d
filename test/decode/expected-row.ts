import { EXTRA, FIELDS, type Field } from "../../src/event.js";
import { type Json, type Member, NotJson, parseStrictJson } from "./strict-json.js";

/** A value as the engine gives it: text and JSON text as strings, int64 and microseconds as bigints. */
export type Cell = string | bigint | number | boolean | null;

/** What must become of a line. */
export type Expected =
  | { readonly kind: "blank" }
  | { readonly kind: "rejected"; readonly why: string }
  | { readonly kind: "row"; readonly cells: Readonly<Record<string, Cell>> };

/** Containers that may lie in one another, the event itself counted. */
const MAX_DEPTH = 512;
const FIELD_NAMED: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.name, field]));
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The row, or the rejection, that the bytes of one line (without line feed and without BOM) must give. */
export function expectedOf(line: Uint8Array): Expected {
  if (line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)) return { kind: "blank" };
  try {
    const event = parseStrictJson(UTF8.decode(line), MAX_DEPTH);
    return event.kind === "object" ? expectedRow(event.members) : rejected("not an object");
  } catch (thrown) {
    if (thrown instanceof NotJson || thrown instanceof TypeError) return rejected(thrown.message);
    throw thrown;
  }
}

function expectedRow(members: readonly Member[]): Expected {
  const cells: Record<string, Cell> = Object.fromEntries(FIELDS.map(({ name }) => [name, null]));
  const seen = new Set<string>();
  const extra: string[] = [];
  const texts = new Set<string>();
  for (const { key, rawKey, value } of members) {
    const field = FIELD_NAMED.get(key);
    if (field) {
      if (seen.has(key)) return rejected(`${key} twice`);
      seen.add(key);
      if (value.kind === "null") continue;
      const { cell, whole } = cellOf(field, value);
      cells[key] = cell;
      if (value.kind === "string") texts.add(key);
      if (whole) continue;
    }
    extra.push(`${rawKey}:${value.raw}`);
  }
  cells[EXTRA] = extra.length > 0 ? `{${extra.join(",")}}` : null;
  if (!texts.has("uuid") || cells.uuid === "") return rejected("no uuid");
  if (!texts.has("event_type")) return rejected("no event_type");
  if (cells.server_upload_time === null) return rejected("no server_upload_time");
  return { kind: "row", cells };
}

function rejected(why: string): Expected {
  return { kind: "rejected", why };
}

/** What a column gets of a value, and whether that is the whole of it, so that `extra` need not keep it. */
interface Held {
  readonly cell: Cell;
  readonly whole: boolean;
}

function cellOf(field: Field, value: Json): Held {
  const text = value.kind === "string" ? value.value : value.raw;
  switch (field.kind) {
    case "json":
      return { cell: value.raw, whole: true };
    case "text":
      return { cell: text, whole: value.kind === "string" };
    case "int": {
      const whole = value.kind === "number" && /^-?\d+$/.test(text);
      const cell = int64(text);
      return { cell, whole: whole && cell !== null };
    }
    case "double": {
      const cell = double(text);
      return { cell, whole: value.kind === "number" && cell !== null && doubleKeeps(text, cell) };
    }
    case "boolean": {
      const cell = /^(true|1)$/.test(text) ? true : /^(false|0)$/.test(text) ? false : null;
      return { cell, whole: value.kind === "boolean" };
    }
    case "time": {
      const cell = value.kind === "string" ? micros(text) : null;
      return { cell, whole: cell !== null };
    }
  }
}

function int64(text: string): bigint | null {
  const digits = /^(-?\d+)(\.0+)?$/.exec(text)?.[1];
  if (digits === undefined) return null;
  const value = BigInt(digits);
  return value >= -(2n ** 63n) && value < 2n ** 63n ? value : null;
}

function double(text: string): number | null {
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** A double keeps 17 digits of a fraction, every digit of the integers that it can be equal to, and no underflow. */
function doubleKeeps(text: string, value: number): boolean {
  const digits = text
    .replace(/[eE].*$/, "")
    .replace(/[-.]/g, "")
    .replace(/^0+/, "");
  if (/^-?\d+$/.test(text)) return digits.length <= 17 && BigInt(value) === BigInt(text);
  return digits.length <= 17 && (value !== 0 || digits === "");
}

const TIME =
  /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)?$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Microseconds since 1970 UTC, or null if the text is no instant of the years 1 to 9999. */
function micros(text: string): bigint | null {
  const parts = TIME.exec(text);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as Six;
  const [east, zoneHour, zoneMinute] = [
    parts[8] === "-" ? -1 : 1,
    Number(parts[9] ?? 0),
    Number(parts[10] ?? 0),
  ];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59 || zoneHour > 23 || zoneMinute > 59) return null;
  let days = DAYS_BEFORE_YEAR[year]! + day - 1;
  for (let m = 1; m < month; m++) days += daysIn(year, m);
  const minutes = (days * 24 + hour - east * zoneHour) * 60 + minute - east * zoneMinute;
  const sinceYearOne = BigInt(minutes * 60 + second) * 1_000_000n + BigInt((parts[7] ?? "").padEnd(6, "0"));
  return sinceYearOne >= 0n && sinceYearOne < YEAR_10000 ? sinceYearOne - EPOCH : null;
}

/** Days from 0001-01-01 to the first of each year. */
const DAYS_BEFORE_YEAR = [0, 0];
for (let year = 1; year < 9999; year++)
  DAYS_BEFORE_YEAR.push(DAYS_BEFORE_YEAR[year]! + (isLeap(year) ? 366 : 365));

type Six = [number, number, number, number, number, number];
/** Microseconds from 0001-01-01 to 1970-01-01 and to 10000-01-01. */
const EPOCH = 719_162n * 86_400_000_000n;
const YEAR_10000 = 3_652_059n * 86_400_000_000n;

function daysIn(year: number, month: number): number {
  return DAYS[month - 1]! + (month === 2 && isLeap(year) ? 1 : 0);
}

function isLeap(year: number): boolean {
  return year % 400 === 0 || (year % 4 === 0 && year % 100 !== 0);
}
