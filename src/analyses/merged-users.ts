import type { QueryOptions } from "../engine/engine.js";
import type { SelectedEvents } from "../frame/selected-events.js";
import type { Range } from "./date-range.js";
import type { UsersSql } from "./identity-sql.js";

/** What identity does to the number of users. */
export interface MergedUsers {
  /** Different `amplitude_id`s with an event in the range: the number of users if each were one. */
  readonly ids: number;
  /** Those of them that belong to another user. */
  readonly merged: number;
  /** Different users with an event in the range. */
  readonly users: number;
}

/** Counts the users of `range` with and without identity; undefined if each id is one. Throws QueryError. */
export async function mergedUsers(
  selection: SelectedEvents,
  { ids }: UsersSql,
  { from, until }: Range,
  options: QueryOptions,
): Promise<MergedUsers | undefined> {
  if (ids === undefined) return undefined;
  const { engine, sql, params } = await selection.events(["amplitude_id"], { from, until });
  const seen = `SELECT DISTINCT amplitude_id FROM (${sql}) AS selected WHERE amplitude_id IS NOT NULL`;
  const counts = "count(*), count(ids.person), count(DISTINCT coalesce(ids.person, seen.amplitude_id))";
  const asked = `WITH ids AS (${ids}), seen AS (${seen})\nSELECT ${counts} FROM seen LEFT JOIN ids ON ids.amplitude_id = seen.amplitude_id`;
  const [row = []] = (await engine.query(asked, params, { signal: options.signal })).rows();
  const [all, merged, users] = row.map(Number);
  return { ids: all ?? 0, merged: merged ?? 0, users: users ?? 0 };
}
