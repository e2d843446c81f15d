import type { Params } from "../engine/engine.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { Calendar } from "./calendar.js";
import { ACTIVE, chosenEvents, chosenSql } from "./event-choice-sql.js";
import { groupsOf } from "./group-sql.js";
import { nextIntervalSql } from "./rolling-users.js";
import { segmentsSql } from "./segments-sql.js";

/** Who was there in which interval, in SQL. */
export interface SeenUsersSql {
  /**
   * Common table expressions. `seen` has each user (`person`) once for each `segment`, group and interval `k` in which he has an
   * event, with `active` and `inside`: whether one of them is active, and whether one lies in the range. `active_users` are
   * those of them who were active, with `next_k`, the next interval in which they were. With `newUsers` there is `new_users`:
   * those whose first event of all is in that interval.
   */
  readonly ctes: string;
  /** The columns `segment` and the groups. */
  readonly by: readonly string[];
  readonly groups: readonly string[];
  readonly segments: readonly string[];
  readonly params: Params | undefined;
}

const TWO_DAYS = 172_800_000_000n;

/** Reads the events from `from` to the end of the range. Without `newUsers` only active ones. Throws UsageError. */
export async function seenUsersSql(
  input: AnalysisInput,
  groupBy: string | readonly string[] | undefined,
  calendar: Calendar,
  from: bigint,
  newUsers: boolean,
): Promise<SeenUsersSql> {
  const { dialect, range, inactive } = input;
  const used = input.columnsUsed();
  const groups = groupsOf(groupBy, dialect, used);
  const segments = segmentsSql(input, used);
  const active = chosenSql(chosenEvents(ACTIVE), inactive, dialect, used);
  const select = {
    ...{ person: "person", t: "t", k: calendar.numberSql(dialect, "t", from, range.until) },
    ...(newUsers ? { active } : {}),
    ...segments.select,
    ...groups.select,
  };
  const where = [...(newUsers ? [] : [active]), segments.where ?? []].flat();
  const events = await input.events({
    ...{ select, used, bounds: { from, until: range.until } },
    where: where.join(" AND ") || "true",
    firstsUntil: newUsers ? range.until : undefined,
  });
  const keys = ["person", "k", ...segments.columns, ...groups.columns].join(", ");
  const by = ["segment", ...groups.columns];
  const rest = ["person", "k", "active", "inside"];
  const picked = segments.pick([...groups.columns, ...rest], "blocks");
  const isOneEach = segments.columns.length + groups.columns.length === 0;
  const seen = isOneEach
    ? picked
    : `SELECT ${by.join(", ")}, person, k, bool_or(active) AS active, bool_or(inside) AS inside FROM ${groups.spread("picked", ["segment", ...rest])} AS spread GROUP BY ${by.join(", ")}, person, k`;
  // A first event may lie before the first interval, but must not be taken to lie in it.
  const newIn = calendar.numberSql(dialect, "firsts.t", from - TWO_DAYS, range.until);
  return {
    ctes: [
      events.sql,
      `blocks AS (\n  SELECT ${keys}, bool_or(${newUsers ? "active" : "true"}) AS active, max(t) >= ${range.from} AS inside FROM events GROUP BY ${keys}\n)`,
      ...(isOneEach ? [] : [`picked AS (\n  ${picked}\n)`]),
      `seen AS (\n  ${seen}\n)`,
      `active_users AS (\n  SELECT ${by.join(", ")}, person, k, inside, ${nextIntervalSql(by)} FROM seen WHERE active\n)`,
      ...(newUsers
        ? [
            `new_users AS (\n  SELECT ${by.join(", ")}, seen.person, k FROM seen JOIN firsts ON firsts.person = seen.person WHERE k = ${newIn}\n)`,
          ]
        : []),
    ].join(",\n"),
    ...{ by, groups: groups.names, segments: segments.names, params: events.params },
  };
}
