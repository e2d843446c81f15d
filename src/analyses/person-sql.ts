import type { Dialect } from "../engine/dialect.js";
import type { ColumnsUsed } from "./columns-used.js";

/** A SELECT of the columns of `events` that are used, `person` (the user) and `t` (microseconds). `ids` is a CTE if `areMerged`. */
export function personsSql(events: string, used: ColumnsUsed, areMerged: boolean, d: Dialect): string {
  const micros = `${d.micros("event_time")} AS t`;
  const own = [...used.names, ...used.promoted.map(({ as }) => as)].map(d.identifier);
  return areMerged
    ? `SELECT ${own.map((name) => `selected.${name}`).join(", ")}, coalesce(ids.person, selected.amplitude_id) AS person, ${micros} FROM (${events}) AS selected LEFT JOIN ids ON ids.amplitude_id = selected.amplitude_id`
    : `SELECT ${own.join(", ")}, amplitude_id AS person, ${micros} FROM (${events}) AS selected`;
}
