import { isoMicros } from "./cells.js";
import type { Question } from "./question.js";
import { eventsOfUser, IN_TIME } from "./users/one-user.js";
import { jsonProperties, propertyChanges } from "./users/property-changes.js";

/** So many events at which something changed are told. */
const MOST = 2_000;

/** What changed of a user's properties, and when: the newest first. */
export const answer: Question<"user-changes"> = async (given, { opened, signal }) => {
  const scope = await eventsOfUser(opened, given.text("amplitudeId"));
  const columns = ["uuid", "event_time", "event_id", "event_type", "user_properties"] as const;
  const { engine, sql } = await scope
    .within({ condition: "user_properties IS NOT NULL" })
    .frame(columns)
    .statement();
  const found = await engine.query(
    `SELECT uuid, event_time, event_type, json_keys(user_properties), json_extract(user_properties, '$.*')::VARCHAR[],
  json_keys(before), json_extract(before, '$.*')::VARCHAR[]
FROM (
  SELECT *, lag(user_properties) OVER (ORDER BY ${IN_TIME}) AS before FROM (\n${sql}\n)
) WHERE user_properties IS DISTINCT FROM before ORDER BY event_time DESC, event_id DESC, uuid DESC LIMIT ${MOST + 1}`,
    undefined,
    { signal },
  );
  const rows = found.rows();
  const changes = rows
    .slice(0, MOST)
    .flatMap(([uuid, time, type, keys, values, keysBefore, valuesBefore]) => {
      const at = { uuid: String(uuid), time: isoMicros(time as bigint), type: String(type) };
      const before = jsonProperties(keysBefore, valuesBefore);
      return propertyChanges(before, jsonProperties(keys, values)).map((change) => ({ ...at, ...change }));
    });
  return { changes, cut: rows.length > MOST };
};
