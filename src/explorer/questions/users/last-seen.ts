import type { QueryOptions } from "../../../index.js";
import { spanOf } from "../stream/newest.js";
import type { Scope } from "../stream/scope.js";

/** So many events for each user are looked at, from the newest on, then so many. */
const EVENTS_EACH = [20n, 200n];

/**
 * The Amplitude ids of the `most` users of a scope who were seen last, found by reading the end of it alone. Undefined if there
 * are fewer in it.
 */
export async function lastSeen(
  scope: Scope,
  most: number,
  options: QueryOptions,
): Promise<readonly string[] | undefined> {
  const span = await spanOf(scope, options);
  if (span === undefined) return undefined;
  const { from, until, events } = span;
  for (const each of EVENTS_EACH) {
    const length = ((until - from) * BigInt(most) * each) / BigInt(events) + 1n;
    if (length >= until - from) return undefined;
    const end = scope.within({ time: { from: until - length } });
    const { engine, sql, params } = await end.frame(["amplitude_id", "event_time"]).statement();
    const found = await engine.query(
      `SELECT amplitude_id, max(event_time) AS last FROM (\n${sql}\n) WHERE amplitude_id IS NOT NULL
GROUP BY 1 ORDER BY last DESC, amplitude_id LIMIT ${most}`,
      params,
      options,
    );
    const rows = found.rows();
    if (rows.length === most) return rows.map(([id]) => String(id));
  }
  return undefined;
}
