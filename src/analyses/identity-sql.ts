import type { Dialect } from "../engine/dialect.js";
import type { Engine, QueryOptions } from "../engine/engine.js";
import { UsageError } from "../errors/index.js";
import { tableOfFile } from "../frame/own-file.js";
import type { Statement } from "../frame/statement.js";
import type { Identity, MergedId } from "./identity.js";
import { usersOfMergedIds } from "./merged-ids.js";

/** How users are told in SQL. */
export interface UsersSql {
  /** A query of `amplitude_id` and `person`, for ids that belong to another user; undefined if each id is one. */
  readonly ids: string | undefined;
  /** What it is, in words. */
  readonly words: string;
  /** True if it is a guess. */
  readonly estimated: boolean;
}

/** What of the events an estimate is made of. */
export const ESTIMATE_COLUMNS = [
  "amplitude_id",
  "device_id",
  "user_id",
  "server_upload_time",
  "event_time",
  "uuid",
] as const;

/** Where users are told, and an engine that reads files of this machine. */
export interface IdentityPlace {
  readonly dialect: Dialect;
  readonly local: () => Promise<Engine>;
}

/** Reads `identity`; `all` gives a query for columns of all events of the lake. Throws UsageError, QueryError. */
export async function usersSql(
  identity: Identity = "raw",
  { dialect, local }: IdentityPlace,
  all: (columns: typeof ESTIMATE_COLUMNS) => Promise<Statement>,
  options: QueryOptions,
): Promise<UsersSql> {
  if (identity === "raw") {
    return { ids: undefined, words: "each amplitude_id is one user, unmerged", estimated: false };
  }
  if (identity === "estimated") {
    const { sql } = await all(ESTIMATE_COLUMNS);
    return {
      ids: estimateSql(sql),
      words: "anonymous ids are merged into the user who logs in on their device later: an estimate",
      estimated: true,
    };
  }
  if (typeof identity !== "object" || identity === null || !("merges" in identity)) {
    throw new UsageError(
      `identity is ${JSON.stringify(identity)}.`,
      'Give "raw", "estimated", or { merges: "merged_ids.json" }.',
    );
  }
  const { merges } = identity;
  const given = typeof merges === "string" ? await mergesOfFile(await local(), merges, options) : merges;
  const users = usersOfMergedIds(given);
  const rows = [...users].map(([id, user]) => [String(id), String(user)]);
  const where = typeof merges === "string" ? merges : "the list given";
  return {
    ids: dialect.values(["amplitude_id", "person"], rows),
    words: `${users.size} merged ids of ${where}`,
    estimated: false,
  };
}

async function mergesOfFile(engine: Engine, path: string, options: QueryOptions): Promise<MergedId[]> {
  const { sql, columns } = await tableOfFile(engine, path, []);
  const names = new Map(columns.map(({ name }) => [name.toLowerCase(), name]));
  const found = ["amplitude_id", "merged_amplitude_id", "merge_server_time"].map((name) => names.get(name));
  const [id, merged, time] = found.map((name) => name && engine.dialect.identifier(name));
  if (id === undefined || merged === undefined) {
    throw new UsageError(
      `${path} has no columns amplitude_id and merged_amplitude_id; it has ${[...names.values()].join(", ")}.`,
      "Give a file of merged ids as Amplitude exports it.",
    );
  }
  const when =
    time === undefined
      ? "0"
      : `coalesce(TRY_CAST(${time} AS BIGINT), ${engine.dialect.micros(`TRY_CAST(${time} AS TIMESTAMP)`)}, 0)`;
  const rows = await engine.query(
    `SELECT CAST(${id} AS BIGINT), CAST(${merged} AS BIGINT), ${when} FROM (${sql}) WHERE ${id} IS NOT NULL AND ${merged} IS NOT NULL`,
    undefined,
    options,
  );
  return rows.rows().map(([amplitude_id, merged_amplitude_id, merge_server_time]) => ({
    amplitude_id: amplitude_id as bigint,
    merged_amplitude_id: merged_amplitude_id as bigint,
    merge_server_time: merge_server_time as bigint,
  }));
}

/**
 * On each device, in the order in which Amplitude took events in: an anonymous id directly before an event of a user with
 * another id belongs to that user, unless it ever had a user_id itself; of several such users to the last. Only devices with
 * more than one id are put in order.
 * Source: https://amplitude.com/docs/data/sources/instrument-track-unique-users
 */
function estimateSql(events: string): string {
  const next = (value: string): string =>
    `lead(${value}) OVER (PARTITION BY device_id ORDER BY server_upload_time, event_time, uuid)`;
  const shared = `SELECT device_id FROM (${events}) AS seen WHERE device_id IS NOT NULL GROUP BY device_id HAVING min(amplitude_id) <> max(amplitude_id)`;
  const named = `SELECT amplitude_id FROM (${events}) AS seen WHERE user_id IS NOT NULL AND amplitude_id IS NOT NULL`;
  return `SELECT amplitude_id, min(person) AS person FROM (
    SELECT amplitude_id, person, taken_at, max(taken_at) OVER (PARTITION BY amplitude_id) AS last_taken FROM (
      SELECT amplitude_id, user_id, ${next("user_id")} AS login, ${next("amplitude_id")} AS person,
        ${next("server_upload_time")} AS taken_at
      FROM (${events}) AS seen WHERE device_id IN (${shared})
    ) AS followed WHERE user_id IS NULL AND login IS NOT NULL AND person <> amplitude_id AND amplitude_id NOT IN (${named})
  ) AS merged WHERE taken_at = last_taken GROUP BY amplitude_id`;
}
