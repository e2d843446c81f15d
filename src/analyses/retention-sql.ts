import type { Params } from "../engine/engine.js";
import type { AnalysisInput, NamedSegment } from "./analysis-input.js";
import type { Calendar } from "./calendar.js";
import { ColumnsUsed } from "./columns-used.js";
import { type ChosenEvents, chosenSql } from "./event-choice-sql.js";
import { type Groups, groupsOf } from "./group-sql.js";

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
 * One statement whose rows are: whether each user counts in his first cohort alone, number of the segment, groups, number of the
 * cohort, bracket, users. Of those who began the bracket is null. With `on` the users are those who returned in the bracket
 * (the first cohort is then the first from which they did); with `on or after` those whose last return is in that interval, or
 * in a later one if it is the last. Where nobody begins twice there are no rows for first cohorts alone.
 */
export async function retentionSql(plan: RetentionPlan): Promise<{
  readonly sql: string;
  readonly params: Params | undefined;
  readonly groups: readonly string[];
}> {
  const { input, isNew, unit } = plan;
  const { dialect: d, range } = input;
  const used = new ColumnsUsed();
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
  const select = {
    ...{ person: "person", u: number(unit), c: number(plan.cohorts), back },
    ...(isNew ? {} : groups.select),
    ...Object.fromEntries(begins.flatMap((sql, i) => (sql === "true" ? [] : [[`b${i}`, sql]]))),
  };
  const events = await input.events({
    ...{ select, used, bounds: { from, until: plan.until } },
    where: [back, ...begins.filter((sql) => sql !== "true" || input.selects)].join(" OR "),
    firstsUntil: isNew ? range.until : undefined,
    firstsSelect: { select: groups.select, used: ofFirst },
  });

  const g = groups.columns.map((column) => `, ${column}`).join("");
  const which = `person, ${number(unit)} AS u, ${number(plan.cohorts)} AS c${g}`;
  const newcomers = isNew ? [`newcomers AS (SELECT ${which} FROM firsts WHERE ${inRange})`] : [];
  // What one user did in one hour or day is put together first, which leaves far fewer rows than events.
  const flags = Object.keys(select).filter((name) => name === "back" || /^b\d+$/.test(name));
  const keys = `person, u, c${isNew ? "" : g}`;
  const blocks = `SELECT ${[keys, ...flags.map((flag) => `bool_or(${flag}) AS ${flag}`)].join(", ")} FROM events GROUP BY ${keys}`;
  const starts = begins.map((sql, i) => {
    if (!isNew) return `SELECT ${i} AS segment, person, u, c${g} FROM blocks WHERE b${i}`;
    if (sql === "true" && !input.selects) return `SELECT ${i} AS segment, person, u, c${g} FROM newcomers`;
    const of = sql === "true" ? "" : ` WHERE b${i}`;
    const meanwhile = `(SELECT person, u FROM blocks${of}) AS meanwhile`;
    return `SELECT ${i} AS segment, newcomers.person, newcomers.u, c${g} FROM newcomers JOIN ${meanwhile} ON meanwhile.person = newcomers.person AND meanwhile.u = newcomers.u`;
  });
  const returns = "(SELECT person, u FROM blocks WHERE back) AS returns";
  const counted = plan.isOn ? onSql(plan, g, returns) : onOrAfterSql(plan, g, returns);
  const expressions = [
    events.sql,
    `blocks AS (\n  ${blocks}\n)`,
    ...newcomers,
    ...startsSql(starts.join("\n  UNION ALL "), groups),
    ...counted.expressions,
    `returned AS (\n  ${counted.returned}\n)`,
  ];
  const counts = (table: string, isFirst: boolean): string =>
    `SELECT ${isFirst} AS is_first, segment${g}, c, k, count(*) AS users FROM (${table}) AS counted GROUP BY segment${g}, c, k`;
  const firstOf = (table: string): string =>
    `SELECT segment${g}, min(c) AS c, k, person FROM (${table}) AS all_cohorts GROUP BY segment${g}, k, person`;
  const begun = `SELECT DISTINCT segment${g}, c, NULL AS k, person FROM begun`;
  const parts = [counts(begun, false), counts("SELECT * FROM returned", false)];
  const firsts = [
    counts(firstOf(begun), true),
    counts(counted.firstReturned ?? firstOf("SELECT * FROM returned"), true),
  ];
  const sql = [...parts, ...(isNew ? [] : firsts)].join("\nUNION ALL ");
  return {
    sql: `WITH ${expressions.join(",\n")}\n${sql}`,
    params: events.params,
    groups: groups.names,
  };
}

/** Each start once for each of its groups. */
function startsSql(starts: string, groups: Groups): string[] {
  if (groups.names.length === 0) return [`starts AS (\n  ${starts}\n)`];
  const spread = groups.spread("listed", ["segment", "person", "u", "c"]);
  return [`listed AS (\n  ${starts}\n)`, `starts AS (SELECT * FROM ${spread} AS spread)`];
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

interface Counted {
  readonly expressions: readonly string[];
  /** segment, cohort, bracket, user: no row twice. */
  readonly returned: string;
  /** The same of the first cohort of each user alone, where that is easier to find. */
  readonly firstReturned?: string;
}

/** Only the first start and the last return matter. `g`: the columns of groups, each after a comma. */
function onOrAfterSql(
  { input: { dialect: d }, length, brackets }: RetentionPlan,
  g: string,
  returns: string,
): Counted {
  const last = Math.max(...brackets.map(([first]) => first));
  const k = `least(${d.divide("(back.u - begun.u)", String(length))}, ${last})`;
  const returned = (begun: string): string =>
    `SELECT segment${g}, c, ${k} AS k, begun.person FROM ${begun} AS begun JOIN back ON back.person = begun.person WHERE back.u >= begun.u`;
  return {
    expressions: [
      `begun AS (SELECT segment${g}, c, person, min(u) AS u FROM starts GROUP BY segment${g}, c, person)`,
      `back AS (SELECT person, max(u) AS u FROM ${returns} GROUP BY person)`,
    ],
    returned: returned("begun"),
    firstReturned: returned(
      `(SELECT segment${g}, min(c) AS c, person, min(u) AS u FROM begun GROUP BY segment${g}, person)`,
    ),
  };
}

/**
 * With units numbered as q * length + rest, a return is q - q' intervals after a start whose rest is not greater, and one less
 * after one whose rest is. So for interval k of a start with q only the greatest rest of returns with q + k and the least of
 * those with q + k + 1 matter: pairs of days, not of events.
 */
function onSql(plan: RetentionPlan, g: string, returns: string): Counted {
  const { length, brackets } = plan;
  const d = plan.input.dialect;
  const last = Math.max(...brackets.map(([, until]) => until));
  const { shift, isOneEach } = gridOf(plan);
  const shifted = `(u + ${shift})`;
  const q = d.divide(shifted, String(length));
  const rest = `${shifted} - ${q} * ${length}`;
  const greatest = "SELECT person, q, high, NULL AS next FROM ends";
  const least = "SELECT person, q - 1 AS q, NULL AS high, low AS next FROM ends";
  const backs =
    length === 1
      ? [`back AS (${greatest})`]
      : [
          `neighbours AS (${greatest} UNION ALL ${least})`,
          "back AS (SELECT person, q, max(high) AS high, min(next) AS next FROM neighbours GROUP BY person, q)",
        ];
  const hits = `SELECT segment${g}, c, begun.person, back.q - begun.q AS k FROM begun JOIN back ON back.person = begun.person AND back.q >= begun.q AND back.q <= begun.q + ${last}
  WHERE coalesce(back.high >= begun.low, false) OR coalesce(back.next < begun.high, false)`;
  const bracket = d.values(
    ["k", "first", "until"],
    brackets.map((ends, i) => [String(i), ...ends.map(String)]),
  );
  const single = brackets.every(([first, until], i) => first === i && until === i);
  const distinct = single && isOneEach ? "SELECT" : "SELECT DISTINCT";
  const returned = single
    ? `${distinct} segment${g}, c, k, person FROM (${hits}) AS hits`
    : `${distinct} segment${g}, c, brackets.k, person FROM (${hits}) AS hits JOIN (${bracket}) AS brackets ON hits.k >= first AND hits.k <= until`;
  return {
    expressions: [
      `begun AS (SELECT segment${g}, c, person, q, min(rest) AS low, max(rest) AS high FROM (SELECT segment${g}, c, person, ${q} AS q, ${rest} AS rest FROM starts) AS started GROUP BY segment${g}, c, person, q)`,
      `ends AS (SELECT person, q, min(rest) AS low, max(rest) AS high FROM (SELECT person, ${q} AS q, ${rest} AS rest FROM ${returns}) AS returned GROUP BY person, q)`,
      ...backs,
    ],
    returned,
  };
}

/** What is added to units so that q begins with the first cohort, and whether each cohort then has but one q. */
function gridOf({ input: { range }, cohorts, unit, length }: RetentionPlan): {
  shift: number;
  isOneEach: boolean;
} {
  const began = cohorts.within(range.from, range.until);
  const units = began.map(({ from, until }) => [unit.numberAt(from), unit.numberAt(until - 1n)] as const);
  const first = units[0]?.[0] ?? 0;
  const shift = LENGTHS_ADDED * length - (((first % length) + length) % length);
  const q = (number: number): number => Math.floor((number + shift) / length);
  return { shift, isOneEach: units.every(([from, until]) => q(from) === q(until)) };
}
