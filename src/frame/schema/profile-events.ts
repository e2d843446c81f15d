import type { Engine, QueryOptions } from "../../engine/engine.js";
import { type EventProfile, noEvents, type Profile } from "./profile.js";
import { type EventGroups, eventDaysSql, usersSql } from "./profile-sql.js";
import { note } from "./sketch.js";

/** Profiles all of the events but their properties. */
export async function profileEvents(
  engine: Engine,
  groups: EventGroups,
  options: QueryOptions,
): Promise<Profile> {
  const ask = async (query: string) => (await engine.query(query, undefined, options)).rows();
  const events = new Map<string, EventProfile>();
  let [firstUpload, lastUpload] = [Infinity, -Infinity];
  for (const [name, day, count, ...times] of await ask(eventDaysSql(groups))) {
    const [first, last, from, to] = times.map(Number) as [number, number, number, number];
    const known = events.get(name as string) ?? noEvents(name as string);
    events.set(known.name, {
      ...known,
      days: { ...known.days, [day as string]: Number(count) },
      first: Math.min(first, known.first),
      last: Math.max(last, known.last),
    });
    firstUpload = Math.min(firstUpload, from);
    lastUpload = Math.max(lastUpload, to);
  }
  for (const [name, bucket, rest] of await ask(usersSql(groups))) {
    const event = events.get(name as string);
    if (event) note(event.users, Number(bucket), Number(rest));
  }
  const uploaded = events.size > 0 ? { first: firstUpload, last: lastUpload } : null;
  return { uploaded, events: [...events.values()], properties: [] };
}
