import { UsageError, type Value } from "../../index.js";
import type { CountedValue } from "../api.js";
import { isoMicros } from "./cells.js";
import { isRecord } from "./given.js";
import type { Question } from "./question.js";
import { eventsOfUser } from "./users/one-user.js";

/** So many ids, event types and values are told, the most frequent ones. */
const MOST = 200;
const COLUMNS = [
  ...(["event_time", "event_type", "session_id", "user_id", "device_id", "platform", "country"] as const),
  ...(["version_name", "language", "user_properties", "group_properties", "groups"] as const),
];

/** Who a user is: ids, sessions, event types, days, and the properties as of the newest event. */
export const answer: Question<"user"> = async (given, { opened, signal }) => {
  const amplitudeId = given.text("amplitudeId");
  const scope = await eventsOfUser(opened, amplitudeId);
  const { engine, sql } = await scope.frame(COLUMNS).statement();
  const counts = (value: string): string =>
    `(SELECT list({value: value, n: n} ORDER BY n DESC, value) FROM (
      SELECT CAST(${value} AS VARCHAR) AS value, count(*) AS n FROM told WHERE ${value} IS NOT NULL
      GROUP BY 1 ORDER BY n DESC, value LIMIT ${MOST}))`;
  const newest = (column: string): string =>
    `arg_max(${column}, event_time) FILTER (WHERE ${column} IS NOT NULL)`;
  const found = await engine.query(
    `WITH told AS MATERIALIZED (\n${sql}\n)
SELECT count(*), min(event_time), max(event_time), count(DISTINCT nullif(session_id, -1)), ${newest("user_properties")}, ${newest("groups")},
  ${["user_id", "device_id", "event_type", "platform", "country", "version_name", "language"].map(counts).join(",\n  ")},
  (SELECT list({value: value, n: n} ORDER BY value) FROM (
    SELECT CAST(CAST(event_time AS DATE) AS VARCHAR) AS value, count(*) AS n FROM told GROUP BY 1))
FROM told`,
    undefined,
    { signal },
  );
  const [events, first, last, sessions, properties, groups, ...lists] = found.rows()[0] ?? [];
  if (typeof first !== "bigint" || typeof last !== "bigint") {
    throw new UsageError(`No event has the Amplitude id ${amplitudeId}.`, "Look for the user by another id.");
  }
  const [userIds, deviceIds, types, platforms, countries, versions, languages, days] = lists.map(countsOf);
  return {
    amplitudeId,
    ...{ events: Number(events), sessions: Number(sessions), first: isoMicros(first), last: isoMicros(last) },
    properties: textOf(properties),
    groups: textOf(groups),
    userIds: userIds ?? [],
    deviceIds: deviceIds ?? [],
    types: types ?? [],
    platforms: platforms ?? [],
    countries: countries ?? [],
    versions: versions ?? [],
    languages: languages ?? [],
    days: days ?? [],
  };
};

function textOf(value: Value | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** What a list of values and their counts says. */
function countsOf(list: Value): CountedValue[] {
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  return entries.flatMap((entry) =>
    isRecord(entry) ? [{ value: String(entry.value), events: Number(entry.n) }] : [],
  );
}
