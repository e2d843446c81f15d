import { expect } from "vitest";
import { EXTRA, FIELDS, type FieldKind } from "../../src/event.js";
import { rowsOf } from "./scene.js";

type Json = Readonly<Record<string, unknown>>;

/** All rows of a lake as objects, times as microseconds since 1970. */
export async function eventsOf(lake: string): Promise<Record<string, unknown>[]> {
  const columns = FIELDS.map(({ name, kind }) => (kind === "time" ? `epoch_us("${name}")` : `"${name}"`));
  const rows = await rowsOf(lake, `${columns.join(", ")}, "${EXTRA}"`, "ORDER BY uuid");
  const names = [...FIELDS.map(({ name }) => name), EXTRA];
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
}

/** Holds a row against the object of its source line, as JSON.parse reads it: no value lost, none invented. */
export function expectSameValues(row: Readonly<Record<string, unknown>>, source: Json): void {
  const extra: Json = row[EXTRA] === null ? {} : JSON.parse(String(row[EXTRA]));
  const unknown = new Set(Object.keys(extra));
  for (const { name, kind } of FIELDS) {
    const expected = source[name] ?? null;
    if (unknown.delete(name)) expect(extra[name], name).toEqual(expected);
    else expect(read(row[name], kind), name).toEqual(kind === "time" ? micros(expected) : expected);
  }
  for (const name of Object.keys(source)) {
    if (FIELDS.some((field) => field.name === name)) continue;
    expect(unknown.delete(name), name).toBe(true);
    expect(extra[name], name).toEqual(source[name]);
  }
  expect([...unknown]).toEqual([]);
}

function read(value: unknown, kind: FieldKind): unknown {
  if (value === null) return null;
  if (kind === "json") return JSON.parse(String(value));
  return kind === "int" ? Number(value) : value;
}

function micros(text: unknown): bigint | null {
  if (text === null || text === "") return null;
  const [, seconds, fraction = ""] = /^(.{19})(?:\.(\d+))?Z?$/.exec(String(text)) ?? [];
  return BigInt(Date.parse(`${seconds?.replace(" ", "T")}Z`)) * 1000n + BigInt(fraction.padEnd(6, "0"));
}
