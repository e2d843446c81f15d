import type { Params } from "../engine/engine.js";
import type { AnalysisInput, NamedSegment } from "./analysis-input.js";
import type { Calendar } from "./calendar.js";
import { ColumnsUsed } from "./columns-used.js";
import { type ChosenEvents, chosenSql } from "./event-choice-sql.js";
import { groupsOf } from "./group-sql.js";

/** From the first to the last interval, both included. */
export type Bracket = readonly [number, number];

/** What the query of a retention is made of. */
export interface RetentionPlan {
  readonly input: AnalysisInput;
  readonly start: ChosenEvents;
  /** Whether users begin with their first event of all, if one that fits `start` is in the same unit. */
  readonly isNew: boolean;
  readonly back: ChosenEvents;
  /** Of the event that begins. */
  readonly groupBy: string | readonly string[] | undefined;
  /** The intervals in which users begin. */
  readonly cohorts: Calendar;
  /** What times are floored to before they are compared, and how many of it an interval since is long. */
  readonly unit: Calendar;
  readonly length: number;
  readonly brackets: readonly Bracket[];
  /** Else on or after each bracket's first interval. */
  readonly isOn: boolean;
  /** Returns from then on are of no interest. */
  readonly until: bigint;
}

/** Units are counted from so many lengths before 1970, so that none that is divided is below zero. */
const LENGTHS_ADDED = 100_000;

/**
 * The statement of a retention: a row for what a user did in an interval, users one after the other. Columns: the user; the
 * number of the cohort; the number of the interval, on a grid of intervals of the plan's length; the first and last unit in it,
 * from 0, of returns; the same of what begins, for each segment; the groups of what begins. A unit is -1 where there is none, and
 * several rows may be of one user and interval.
 */
export interface RetentionSql {
  readonly sql: string;
  readonly params: Params | undefined;
  readonly groups: readonly string[];
}

/** Writes the statement. */
export async function retentionSql(plan: RetentionPlan): Promise<RetentionSql> {
  const { input, isNew, unit, length } = plan;
  const { dialect: d, range } = input;
  const used = input.columnsUsed();
  const ofFirst = new ColumnsUsed();
  const groups = groupsOf(plan.groupBy, d, isNew ? ofFirst : used, undefined, "once");
  const start = chosenSql(plan.start, input.inactive, d, used);
  const back = chosenSql(plan.back, input.inactive, d, used);
  const inRange = `t >= ${range.from} AND t < ${range.until}`;
  const begins = input.segments.map((segment) =>
    beginsSql(segment, input, used, isNew ? [start] : [inRange, start]),
  );
  // What is before the range returns in the hour or day in which it begins.
  const from = unit.at(unit.numberAt(range.from)).from;
  const number = (calendar: Calendar): string => calendar.numberSql(d, "t", from, plan.until);
  const u = `${number(unit)} + ${shiftOf(plan)} AS u`;
  const c = `${number(plan.cohorts)} AS c`;
  const flags = begins.flatMap((sql, i) => (sql === "true" ? [] : [[`b${i}`, sql] as const]));
  const isStart = flags.map(([, sql]) => sql).join(" OR ");
  // Where all events from there on are read as returns, the first ones are among them, unless they are older.
  const areFirstsRead = back === "true" && flags.length === 0 && plan.groupBy === undefined && !input.selects;
  const grouped = Object.entries(groups.select).map(
    ([name, sql]) => [name, `CASE WHEN ${isStart} THEN ${sql} END`] as const,
  );
  const events = await input.events({
    select: {
      ...{ person: "person", t: "t", back },
      ...Object.fromEntries(isNew ? flags : [...flags, ...grouped]),
    },
    ...{ used, bounds: { from, until: plan.until } },
    where: [back, ...begins.filter((sql) => sql !== "true" || input.selects)].join(" OR "),
    firstsUntil: !isNew ? undefined : areFirstsRead ? from : range.until,
    firstsSelect: { select: groups.select, used: ofFirst },
  });

  const g = groups.columns;
  // On or after, only the first start and the last return count, in whatever interval.
  const q = plan.isOn ? `${d.divide("u", String(length))} AS q` : "0 AS q";
  const rest = plan.isOn ? `u - ${d.divide("u", String(length))} * ${length}` : "u";
  const ends = begins.map((_, i) => [`low${i}`, `high${i}`]);
  const numbers = ["c", "q", "low", "high", ...ends.flat()];
  const names = ["person", ...numbers, ...g];
  const endsOf = (condition: string, i: number | string): string[] => [
    `min(CASE WHEN ${condition} THEN rest END) AS low${i}`,
    `max(CASE WHEN ${condition} THEN rest END) AS high${i}`,
  ];
  const list = (columns: readonly string[]): string => columns.join(", ");
  const none = (columns: readonly string[]): string[] => columns.map((column) => `NULL AS ${column}`);
  const placed = (columns: readonly string[], table: string): string =>
    `(SELECT ${list([...columns, q, `${rest} AS rest`])} FROM ${table}) AS placed`;

  const ofNew = (): string[] => {
    const backs = `(SELECT person, t, ${u} FROM events WHERE back) AS backs`;
    const lowAndHigh = ["min(rest) AS low", "max(rest) AS high", "min(t) AS t"];
    const both = "(SELECT person, t FROM firsts UNION ALL SELECT person, t FROM returns) AS both_times";
    const first = areFirstsRead
      ? `(SELECT person, min(t) AS t FROM ${both} GROUP BY person) AS first_times`
      : "firsts";
    const started = begins.map((sql, i) => {
      const columns = names.map((name) =>
        ends[i]!.includes(name)
          ? `rest AS ${name}`
          : name === "low" || name === "high" || ends.flat().includes(name)
            ? `NULL AS ${name}`
            : name,
      );
      const newcomers = placed(["person", "u", "c", ...g], "newcomers");
      const of = `SELECT ${list(columns)} FROM ${newcomers}`;
      if (sql === "true" && !input.selects) return of;
      const which = sql === "true" ? "" : ` WHERE b${i}`;
      return `${of} JOIN (SELECT DISTINCT person AS who, ${u} FROM events${which}) AS meanwhile ON who = placed.person AND meanwhile.u = placed.u`;
    });
    return [
      `returns AS (\n  SELECT ${list(["person", "q", ...lowAndHigh])} FROM ${placed(["person", "t"], backs)} GROUP BY person, q\n)`,
      `newcomers AS (\n  SELECT ${list(["person", u, c, ...g])} FROM ${first} WHERE ${inRange}\n)`,
      `did AS (
  SELECT ${list(["person", "NULL AS c", "q", "low", "high", ...none([...ends.flat(), ...g])])} FROM returns
  UNION ALL ${started.join("\n  UNION ALL ")}
)`,
    ];
  };
  const ofAny = (): string[] => {
    const each = ["person", "back", ...flags.map(([name]) => name), ...g];
    const values = [...endsOf("back", ""), ...begins.flatMap((_, i) => endsOf(`b${i}`, i))];
    const events = `(SELECT ${list([...each, u, c])} FROM events) AS events`;
    const by = ["person", "c", "q", ...g];
    return [
      `did AS (\n  SELECT ${list([...by, ...values])} FROM ${placed([...each, "c"], events)} GROUP BY ${list(by)}\n)`,
    ];
  };
  const columns = numbers.map((name) => `CAST(coalesce(${name}, -1) AS INT) AS ${name}`);
  const expressions = [events.sql, ...(isNew ? ofNew() : ofAny())];
  return {
    sql: `WITH ${expressions.join(",\n")}\nSELECT ${list(["person", ...columns, ...g])}\nFROM did WHERE person IS NOT NULL\nORDER BY person`,
    params: events.params,
    groups: groups.names,
  };
}

function beginsSql(
  segment: NamedSegment,
  { dialect }: AnalysisInput,
  used: ColumnsUsed,
  conditions: readonly string[],
): string {
  const all = [...conditions, segment.condition(dialect, used) ?? []].flat().filter((sql) => sql !== "true");
  return all.length === 0 ? "true" : `(${all.join(" AND ")})`;
}

/** What is added to the numbers of units so that the first cohort begins an interval, and none is below zero. */
function shiftOf({ input: { range }, cohorts, unit, length }: RetentionPlan): number {
  const [began] = cohorts.within(range.from, range.until);
  const first = began === undefined ? 0 : unit.numberAt(began.from);
  return LENGTHS_ADDED * length - (((first % length) + length) % length);
}
