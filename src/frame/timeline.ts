import type { Column } from "../engine/column-type.js";
import { identifier } from "../engine/sql-text.js";
import type { Derivation } from "./derivation.js";

/** What `timeline` tells of an event beside its own columns. */
export interface TimelineColumns {
  /** Number of its session, from 1 in the order of their starts; null outside of sessions. */
  readonly session: bigint | null;
  /** When the first event of its session happened. */
  readonly session_start: Date | null;
  /** Seconds since the event before, with all microseconds; null for the first. */
  readonly gap: number | null;
}

/** The columns that a timeline is made of. */
export const TIMELINE_NEEDS = ["event_time", "session_id", "event_id", "uuid"] as const;

const ADDED: readonly Column[] = [
  { name: "session", type: { kind: "int64" } },
  { name: "session_start", type: { kind: "timestamp" } },
  { name: "gap", type: { kind: "double" } },
];

/** Of events of one user: those with a time, in order, with their sessions. `columns` are the ones to show. */
export function timelineOf(columns: readonly Column[]): Derivation {
  const order = "event_time, event_id, uuid";
  const own = columns.map(({ name }) => identifier(name)).join(", ");
  // Amplitude gives events outside of sessions the session_id -1.
  return {
    schema: [...ADDED, ...columns],
    sql: (
      source,
    ) => `SELECT CASE WHEN in_session THEN dense_rank() OVER (ORDER BY in_session DESC, session_start, session_id) END AS session,
  CASE WHEN in_session THEN session_start END AS session_start,
  (epoch_us(event_time) - lag(epoch_us(event_time)) OVER (ORDER BY ${order})) / 1000000 AS gap,
  ${own}
FROM (
  SELECT *, min(event_time) OVER (PARTITION BY session_id) AS session_start,
    coalesce(session_id <> -1, false) AS in_session
  FROM ${source} WHERE event_time IS NOT NULL
) ORDER BY ${order}`,
  };
}
