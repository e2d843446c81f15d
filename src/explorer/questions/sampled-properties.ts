import type { Lake, QueryOptions } from "../../index.js";
import type { PickName } from "../api.js";
import { isRecord } from "./given.js";

/** Events that are looked at, of the newest upload days. */
const EVENTS = 20_000;
const DAYS_MS = 7 * 86_400_000;
/** Levels of objects in objects, and names in all. */
const MOST_LEVELS = 3;
const MOST_NAMES = 2000;
/** Names that need no quotes where dots lead into objects. */
const PLAIN = /^[^."]+$/;

export type PropertyColumn = "event_properties" | "user_properties" | "group_properties";

interface Seen {
  readonly name: string;
  readonly event: string | undefined;
  readonly types: Set<string>;
  events: number;
}

/** Names of properties in some of the newest events, of one type or all; `events` counts these events only. */
export async function sampledProperties(
  lake: Lake,
  column: PropertyColumn,
  event: string | undefined,
  { signal }: QueryOptions,
): Promise<PickName[]> {
  const newest = (await lake.frame().uploads())?.max;
  const uploadedFrom = newest === undefined ? undefined : new Date(Number(newest / 1000n) - DAYS_MS);
  const frame = lake.frame({ columns: ["event_type", column], events: event, uploadedFrom, limit: EVENTS });
  const seen = new Map<string, Seen>();
  const ofEvents = column === "event_properties";
  const prefix = ofEvents ? "" : `${column}.`;
  for await (const row of frame.rows({ json: "parse", signal })) {
    const type = ofEvents ? (row.event_type ?? undefined) : undefined;
    // Between a group's type and its properties stand the groups, of which the first counts.
    const properties = column === "group_properties" ? firstGroups(row[column]) : row[column];
    note(properties, prefix, 0, (name, value) => {
      const key = JSON.stringify([type, name]);
      const known = seen.get(key) ?? { name, event: type, types: new Set<string>(), events: 0 };
      if (seen.size < MOST_NAMES) seen.set(key, known);
      known.events += 1;
      if (value !== null) known.types.add(typeOf(value));
    });
  }
  return [...seen.values()].map(({ name, event, types, events }) => {
    return { name, event, events, type: typeOfAll(types) };
  });
}

/** The type that holds values of all these types, as the schema has it. */
function typeOfAll(types: ReadonlySet<string>): string {
  const [only = "null"] = types;
  if (types.size < 2 || types.has("json")) return types.size < 2 ? only : "json";
  return types.size === 2 && types.has("int64") && types.has("double") ? "double" : "text";
}

function note(
  value: unknown,
  prefix: string,
  level: number,
  take: (name: string, value: unknown) => void,
): void {
  if (!isRecord(value)) return;
  for (const [key, item] of Object.entries(value)) {
    const name = `${prefix}${PLAIN.test(key) ? key : `"${key.replaceAll('"', '""')}"`}`;
    take(name, item);
    if (level < MOST_LEVELS) note(item, `${name}.`, level + 1, take);
  }
}

function firstGroups(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([type, groups]) => [
      type,
      isRecord(groups) ? Object.values(groups)[0] : groups,
    ]),
  );
}

function typeOf(value: unknown): string {
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return Number.isSafeInteger(value) ? "int64" : "double";
  return "json";
}
