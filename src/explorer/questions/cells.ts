import type { Column, ColumnType } from "../../index.js";
import type { Cell } from "../api.js";

/** Digits that every double keeps. */
const DOUBLE_DIGITS = 15;
const DAY_MS = 86_400_000;

/** Rows of exact values, or of `frame.rows({ timestamps: "micros" })` in the order of `columns`, as JSON carries them. */
export function cellsOfRows(
  columns: readonly Column[],
  rows: readonly (readonly unknown[])[],
): readonly (readonly Cell[])[] {
  const converters = columns.map(({ type }) => cellOf(type));
  return rows.map((row) => row.map((value, i) => converters[i]?.(value) ?? null));
}

/** What makes a value of `type`, exact or as rows have it with times in microseconds, into one that JSON carries. */
export function cellOf(type: ColumnType): (value: unknown) => Cell {
  const present = presentCell(type);
  return (value) => (value === null || value === undefined ? null : present(value));
}

function presentCell(type: ColumnType): (value: NonNullable<unknown>) => Cell {
  switch (type.kind) {
    case "timestamp":
      return (value) => (typeof value === "bigint" ? isoMicros(value) : plain(value));
    case "date":
      return (value) => (typeof value === "number" ? isoDate(value) : plain(value));
    case "decimal":
      return (value) => (type.precision <= DOUBLE_DIGITS ? Number(value) : plain(value));
    case "list": {
      const item = cellOf(type.item);
      return (value) => (Array.isArray(value) ? value.map(item) : plain(value));
    }
    case "struct": {
      const fields = type.fields.map(({ name, type }) => [name, cellOf(type)] as const);
      return (value) => Object.fromEntries(fields.map(([name, of]) => [name, of(Reflect.get(value, name))]));
    }
    case "map": {
      const [key, entry] = [cellOf(type.key), cellOf(type.value)];
      return (value) => {
        const entries: readonly unknown[] =
          value instanceof Map ? [...value] : Array.isArray(value) ? value : [];
        return entries.map((pair) => (Array.isArray(pair) ? [key(pair[0]), entry(pair[1])] : null));
      };
    }
    default:
      return plain;
  }
}

function plain(value: NonNullable<unknown>): Cell {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "boolean") return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : String(value);
}

/** Microseconds since 1970 as `2026-11-23T05:06:07.123457Z`; times that no Date holds as `infinity` and `-infinity`. */
export function isoMicros(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const date = new Date(Number((micros - fraction) / 1000n));
  if (Number.isNaN(date.getTime())) return micros > 0n ? "infinity" : "-infinity";
  return `${date.toISOString().slice(0, -5)}.${String(fraction).padStart(6, "0")}Z`;
}

function isoDate(days: number): string {
  const date = new Date(days * DAY_MS);
  return Number.isNaN(date.getTime())
    ? days > 0
      ? "infinity"
      : "-infinity"
    : date.toISOString().slice(0, -14);
}
