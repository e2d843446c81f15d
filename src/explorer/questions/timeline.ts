import type { UserSession } from "../api.js";
import { isoMicros } from "./cells.js";
import type { Question } from "./question.js";
import { eventsOfUser, IN_TIME } from "./users/one-user.js";
import { jsonProperties, propertyChanges } from "./users/property-changes.js";

const MOST = 1_000;
const COLUMNS = [
  ...(["uuid", "event_time", "event_id", "event_type", "session_id", "platform", "device_id"] as const),
  ...(["event_properties", "user_properties"] as const),
];

/** A user's events that have a time, the newest first, with their sessions and what changed of the user. */
export const answer: Question<"timeline"> = async (given, { opened, signal }) => {
  const offset = given.wholeNumber("offset", Number.MAX_SAFE_INTEGER, 0);
  const limit = given.wholeNumber("limit", MOST, 200);
  const types = given.optionalTexts("events");
  const scope = await eventsOfUser(opened, given.text("amplitudeId"));
  const { engine, sql } = await scope.frame(COLUMNS).statement();
  const chosen =
    types === undefined ? "true" : `event_type IN (NULL, ${types.map(engine.dialect.literal).join(", ")})`;
  // Amplitude gives events outside of sessions the session_id -1.
  const found = await engine.query(
    `WITH told AS (
  SELECT *, nullif(session_id, -1) AS session, lag(user_properties IGNORE NULLS) OVER in_time AS before,
    epoch_us(event_time) - lag(epoch_us(event_time)) OVER in_time AS gap,
    min(event_time) OVER in_session AS began, max(event_time) OVER in_session AS ended, count(*) OVER in_session AS n
  FROM (\n${sql}\n)
  WINDOW in_time AS (ORDER BY ${IN_TIME}), in_session AS (PARTITION BY nullif(session_id, -1))
), compared AS (SELECT *, CASE WHEN user_properties IS DISTINCT FROM before THEN user_properties END AS now FROM told)
SELECT uuid, event_time, event_type, platform, device_id, event_properties, gap, session, began, ended, n,
  json_keys(now), json_extract(now, '$.*')::VARCHAR[],
  CASE WHEN now IS NOT NULL THEN json_keys(before) END, CASE WHEN now IS NOT NULL THEN json_extract(before, '$.*')::VARCHAR[] END
FROM compared WHERE ${chosen} ORDER BY event_time DESC, event_id DESC, uuid DESC LIMIT ${limit + 1} OFFSET ${offset}`,
    undefined,
    { signal },
  );
  const rows = found.rows();
  const sessions = new Map<string, UserSession>();
  const events = rows.slice(0, limit).map((row) => {
    const [uuid, time, type, platform, deviceId, eventProperties, gap, session, began, ended, n, ...json] =
      row;
    const [keys, values, keysBefore, valuesBefore] = json;
    const id = session === null ? null : String(session);
    if (id !== null) sessions.set(id, { id, from: timeOf(began), to: timeOf(ended), events: Number(n) });
    return {
      uuid: String(uuid),
      time: timeOf(time),
      type: String(type),
      session: id,
      platform: textOf(platform),
      deviceId: textOf(deviceId),
      eventProperties: textOf(eventProperties),
      gap: gap === null ? null : Number(gap) / 1_000_000,
      changed: propertyChanges(jsonProperties(keysBefore, valuesBefore), jsonProperties(keys, values)),
    };
  });
  return { events, sessions: [...sessions.values()], cut: rows.length > limit };
};

function timeOf(value: unknown): string {
  return typeof value === "bigint" ? isoMicros(value) : "";
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
