import type { QueryOptions } from "../../index.js";
import type { Api, FoundUser } from "../api.js";
import { isoMicros } from "./cells.js";
import type { Question } from "./question.js";
import { Scope } from "./stream/scope.js";
import { lastSeen } from "./users/last-seen.js";
import { matchedProperty, searchSql } from "./users/search.js";

const MOST = 1_000;
const ORDERS = ["last", "first", "events"] as const;
const SORTED = { last: "last DESC NULLS LAST", first: "first NULLS LAST", events: "n DESC" } as const;

/** Users of a selection: those that an id or a user property finds, or all; the last seen first, unless asked otherwise. */
export const answer: Question<"users"> = async (given, { opened, signal }) => {
  const search = given.optionalText("search")?.trim() ?? "";
  const limit = given.wholeNumber("limit", MOST, 100);
  const order = given.value("order") === undefined ? "last" : given.oneOf("order", ORDERS);
  const scope = await Scope.of(opened, given.selection());
  const newest = search === "" && order === "last" ? await lastSeen(scope, limit + 1, { signal }) : undefined;
  const all = newest ?? (await idsOf(scope, search, order, limit + 1, { signal }));
  const wanted = all.slice(0, limit);
  const users = await factsOf(wanted, search, scope, { signal });
  return { users: wanted.flatMap((id) => users.get(id) ?? []), cut: all.length > limit };
};

/** The Amplitude ids of at most so many users, those first that are found best, then in order. Reads all events of the scope. */
async function idsOf(
  scope: Scope,
  search: string,
  order: (typeof ORDERS)[number],
  most: number,
  options: QueryOptions,
): Promise<readonly string[]> {
  const columns = ["amplitude_id", "event_time"] as const;
  const searched = ["user_id", "device_id", "user_properties"] as const;
  const frame = scope.frame(search === "" ? columns : [...columns, ...searched]);
  const { engine, sql, params } = await frame.statement();
  const { found, rank } = searchSql(search, engine.dialect);
  const ids = await engine.query(
    `SELECT amplitude_id, min(${rank}) AS rank, count(*) AS n, min(event_time) AS first, max(event_time) AS last
FROM (\n${sql}\n) WHERE amplitude_id IS NOT NULL AND ${found}
GROUP BY 1 ORDER BY rank, ${SORTED[order]}, amplitude_id LIMIT ${most}`,
    params,
    options,
  );
  return ids.rows().map(([id]) => String(id));
}

/** What the scope says of each user. */
async function factsOf(
  ids: readonly string[],
  search: string,
  scope: Scope,
  { signal }: { signal: AbortSignal },
): Promise<Map<string, FoundUser>> {
  if (ids.length === 0) return new Map();
  const part = scope.within({ condition: `amplitude_id IN (${ids.join(", ")})` });
  const statement = await part
    .frame(["amplitude_id", "event_time", "user_id", "device_id", "platform", "country", "user_properties"])
    .statement();
  const newest = (column: string): string =>
    `arg_max(${column}, event_time) FILTER (WHERE ${column} IS NOT NULL)`;
  const found = await statement.engine.query(
    `SELECT amplitude_id, ${newest("user_id")}, ${newest("device_id")}, ${newest("platform")}, ${newest("country")},
  count(*), min(event_time), max(event_time), ${search === "" ? "NULL" : newest("user_properties")}
FROM (\n${statement.sql}\n) GROUP BY 1`,
    statement.params,
    { signal },
  );
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  const time = (value: unknown): string | null => (typeof value === "bigint" ? isoMicros(value) : null);
  return new Map(
    found.rows().map(([id, userId, deviceId, platform, country, events, first, last, properties]) => {
      const ids = { amplitudeId: String(id), userId: text(userId), deviceId: text(deviceId) };
      const isById = Object.values(ids).some((one) => one?.toLowerCase().includes(search.toLowerCase()));
      const user: Api["users"]["out"]["users"][number] = {
        ...ids,
        platform: text(platform),
        country: text(country),
        events: Number(events),
        first: time(first),
        last: time(last),
        matched: search === "" || isById ? null : matchedProperty(text(properties), search),
      };
      return [ids.amplitudeId, user];
    }),
  );
}
