import type { Params } from "../engine/engine.js";
import { isOfSql } from "./cohort-sql.js";
import { chosenSql } from "./event-choice-sql.js";
import type { FunnelPlan } from "./funnel-plan.js";
import { groupsOf } from "./group-sql.js";
import { propertySql } from "./property-sql.js";

/**
 * The statement of a funnel: a row for each event that matters, in the order of users, then (if a property is held constant)
 * its value, then time. Columns: the user; if a property is held constant the number of its value among the user's; whole units
 * of the resolution since `since` (microseconds); a bit for each step and then for each exclusion that it is; a bit for each
 * segment in which it is an entry; with groups its microseconds since `since`, and its groups, if it is an entry; the value that
 * is held constant.
 */
export interface FunnelSql {
  readonly sql: string;
  readonly params: Params | undefined;
  readonly since: bigint;
  readonly groups: readonly string[];
}

/**
 * Writes the statement. `only`: of these users alone, and those of their events that have one time in the order of `uuid`, which
 * decides whose groups count; without it they come in any order, since reading that column costs as much as all others.
 */
export async function funnelSql(plan: FunnelPlan, only?: readonly bigint[]): Promise<FunnelSql> {
  const { input, steps, excluded, window, unit, rules, holdConstant } = plan;
  const { dialect, range, inactive } = input;
  const used = input.columnsUsed();
  const conditions = [...steps, ...excluded].map((choice) => chosenSql(choice, inactive, dialect, used));
  const segments = input.segments.map(({ condition }) => condition(dialect, used));
  const isEntry = `(t >= ${range.from} AND t < ${range.until} AND ${conditions[0]!})`;
  const groups = groupsOf(plan.groupBy, dialect, used, 2, "each", isEntry);
  const derive = (sql: string): string => used.derive(sql);
  const held = holdConstant === undefined ? undefined : propertySql(holdConstant, dialect, used, derive);
  const first = range.from - (((range.from % unit) + unit) % unit);
  const since = rules.order === "any order" ? first - window : first;
  const bounds = { from: since, until: range.until + window + unit };
  const bit = (condition: string, i: number): string =>
    condition === "true" ? String(1 << i) : `CASE WHEN ${condition} THEN ${1 << i} ELSE 0 END`;
  const entries = segments.map((condition, i) => bit(condition ?? "true", i)).join(" + ");
  const grouped = Object.entries(groups.select).map(([name, sql]) => [
    name,
    `CASE WHEN ${isEntry} THEN ${sql} END`,
  ]);
  const isGrouped = groups.columns.length > 0;
  const ties = only === undefined ? [] : [dialect.identifier(used.add("uuid"))];
  const select = {
    person: "person",
    ...(held === undefined ? {} : { held: held.texts }),
    // Grouped rows have their exact time, which tells the unit as well: the fewer columns are sorted the better.
    ...(isGrouped ? { t: "t" } : { u: dialect.divide(`(t - ${since})`, String(unit)) }),
    mask: conditions.map(bit).join(" + "),
    entry: `CASE WHEN ${isEntry} THEN ${entries} ELSE 0 END`,
    ...Object.fromEntries(grouped),
    ...(ties.length > 0 ? { uuid: ties[0]! } : {}),
  };
  // In exact order any event may stand between two steps.
  const given = only?.map((id) => [String(id)]);
  const where = [
    given === undefined ? "person IS NOT NULL" : isOfSql(dialect.values(["person"], given)),
    ...(rules.order === "exact order" ? [] : [`(${conditions.join(" OR ")})`]),
  ].join(" AND ");
  const { sql: events, params } = await input.events({ select, where, bounds, used });

  const time = isGrouped ? "t" : "u";
  const columns = [
    isGrouped ? `CAST(t - ${since} AS DOUBLE) AS since` : "CAST(u AS DOUBLE) AS u",
    ...["CAST(mask AS INT) AS mask", "CAST(entry AS INT) AS entry"],
  ];
  const tied = ties.length > 0 ? ["uuid"] : [];
  const others = [time, "mask", "entry", ...groups.columns, ...tied];
  // A session_id of -1 is no session.
  const isValue = `held IS NOT NULL${holdConstant === "session_id" ? " AND held <> '-1'" : ""}`;
  const rows =
    held === undefined
      ? "events"
      : `(
  SELECT *, CAST(dense_rank() OVER (PARTITION BY person ORDER BY held) AS INT) AS nth
  FROM (SELECT person, ${dialect.unnest("held")} AS held, ${others.join(", ")} FROM events) AS of_values
  WHERE ${isValue}
) AS of_values`;
  const by = ["person", ...(held === undefined ? [] : ["nth"])];
  const list = [...by, ...columns, ...groups.columns, ...(held === undefined ? [] : ["held"])].join(", ");
  const order = [...by, time, ...tied].join(", ");
  return {
    sql: `WITH ${events}\nSELECT ${list}\nFROM ${rows}\nORDER BY ${order}`,
    params,
    since,
    groups: groups.names,
  };
}
