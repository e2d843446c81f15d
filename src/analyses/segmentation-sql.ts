import type { Dialect } from "../engine/dialect.js";
import type { Params } from "../engine/engine.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { Calendar } from "./calendar.js";
import { ColumnsUsed } from "./columns-used.js";
import type { Range } from "./date-range.js";
import { ACTIVE, type ChosenEvents, chosenEvents, chosenSql } from "./event-choice-sql.js";
import { type Groups, groupsOf } from "./group-sql.js";
import { propertySql } from "./property-sql.js";
import type { BaseTerm } from "./segmentation-terms.js";

/** What the query of a segmentation is made of. */
export interface SegmentationPlan {
  readonly input: AnalysisInput;
  readonly calendar: Calendar;
  readonly choices: readonly ChosenEvents[];
  readonly terms: readonly BaseTerm[];
  readonly groupBy: string | readonly string[] | undefined;
  /** Number of the first interval of the range, and of the first that is shown or compared with. */
  readonly first: number;
  readonly earliest: number;
  readonly range: Range;
}

/** The statement, and where in its rows things stand: term, event, segment, then the groups, the interval (null: whole range), the value. */
export interface SegmentationSql {
  readonly sql: string;
  readonly params: Params | undefined;
  readonly groups: Groups;
}

/** One statement for all terms: a row for each term, event, segment, group and interval that has any event. */
export async function segmentationSql(plan: SegmentationPlan): Promise<SegmentationSql> {
  const { input, calendar, choices, terms, range } = plan;
  const { dialect } = input;
  const used = new ColumnsUsed();
  const groups = groupsOf(plan.groupBy, dialect, used);
  const eventsNeeded = [...new Set(terms.map(({ event }) => event))].sort((a, b) => a - b);
  const active = chosenEvents(ACTIVE);
  const conditions = new Map(
    eventsNeeded.map((event) => [event, chosenSql(choices[event] ?? active, input.inactive, dialect, used)]),
  );
  const segments = input.segments.map(({ name, condition }) => ({ name, sql: condition(dialect, used) }));
  const properties = [...new Set(terms.flatMap(({ property }) => property ?? []))];
  const propertySqls = properties.map((name) => propertySql(name, dialect, used));
  const widest = Math.max(1, ...terms.map(({ window }) => window ?? 1));
  const from = calendar.at(Math.min(plan.earliest, plan.first - widest + 1)).from;
  const bounds = { from: from < range.from ? from : range.from, until: range.until };
  const only = conditions.size === 1 && segments.length === 1;
  const select = {
    person: "person",
    t: "t",
    k: calendar.numberSql(dialect, "t", bounds.from, bounds.until),
    ...(only ? {} : Object.fromEntries([...conditions].map(([event, sql]) => [`e${event}`, sql]))),
    ...(only
      ? {}
      : Object.fromEntries(segments.flatMap(({ sql }, i) => (sql === undefined ? [] : [[`s${i}`, sql]])))),
    ...groups.select,
    ...Object.fromEntries(propertySqls.map(({ texts }, i) => [`p${i}`, texts])),
  };
  const wheres = [
    `(${[...conditions.values()].join(" OR ")})`,
    ...(only ? segments.flatMap(({ sql }) => sql ?? []) : []),
  ];
  const events = await input.events({ select, where: wheres.join(" AND "), bounds, used });

  const picked = eventsNeeded.flatMap((event) =>
    segments.map(({ name, sql }, i) => {
      const which = only ? [] : [`e${event}`, ...(sql === undefined ? [] : [`s${i}`])];
      const columns = ["person", "t", "k", ...groups.columns, ...properties.map((_, p) => `p${p}`)];
      const where = which.length > 0 ? ` WHERE ${which.join(" AND ")}` : "";
      return `SELECT ${event} AS event, ${dialect.literal(name)} AS segment, ${columns.join(", ")} FROM events${where}`;
    }),
  );
  const others = ["event", "segment", "person", "t", "k", ...properties.map((_, p) => `p${p}`)];
  const spread = groups.spread("picked", others);
  const parts = termParts(plan, groups, properties, spread);
  const by = ["event", "segment", ...groups.columns].join(", ");
  // Each user once an interval, which is far fewer rows than events.
  const seen = terms.some(({ fn }) => fn === "UNIQUES")
    ? `,\nseen AS (\n  SELECT ${by}, k, person, max(t) >= ${range.from} AS inside FROM ${spread} AS spread GROUP BY ${by}, k, person\n)`
    : "";
  const sql = `WITH ${events.sql},\npicked AS (\n  ${picked.join("\n  UNION ALL ")}\n)${seen}\n${parts.join("\nUNION ALL ")}`;
  return { sql, params: events.params, groups };
}

function termParts(
  plan: SegmentationPlan,
  groups: Groups,
  properties: readonly string[],
  rows: string,
): string[] {
  const { input, terms, range, earliest, first, calendar } = plan;
  const { dialect } = input;
  const by = ["event", "segment", ...groups.columns];
  const last = calendar.numberAt(range.until - 1n);
  const cells = `k >= ${earliest} AND (t >= ${range.from} OR k < ${first})`;
  const whole = `t >= ${range.from}`;
  return terms.flatMap((term, number) => {
    const event = `event = ${term.event}`;
    const head = `SELECT ${number} AS term, ${by.join(", ")}`;
    const counted = (source: string, value: string): string[] => [
      `${head}, k, ${value} AS value FROM ${source} AS cells WHERE ${event} AND ${cells} GROUP BY ${[...by, "k"].join(", ")}`,
      `${head}, NULL AS k, ${value} AS value FROM ${source} AS wholes WHERE ${event} AND ${whole} GROUP BY ${by.join(", ")}`,
    ];
    if (term.property !== undefined) {
      const list = `p${properties.indexOf(term.property)}`;
      const texts = `(SELECT ${[...by, "person", "t", "k"].join(", ")}, ${dialect.unnest(list)} AS text FROM ${rows} AS listed)`;
      const numbers = `(SELECT *, ${dialect.number("text")} AS number FROM ${texts} AS texts)`;
      return counted(numbers, propertyAggregate(term, dialect.percentile));
    }
    const [cell, total] = (
      term.fn === "UNIQUES"
        ? users(head, by, event, earliest, first)
        : counted(rows, "CAST(count(*) AS DOUBLE)")
    ) as [string, string];
    if (term.window === undefined) return [cell, total];
    return [rolling(dialect, term, head, by, rows, { event, earliest, last }), total];
  });
}

function users(
  head: string,
  by: readonly string[],
  event: string,
  earliest: number,
  first: number,
): string[] {
  const cells = `k >= ${earliest} AND (inside OR k < ${first})`;
  return [
    `${head}, k, CAST(count(*) AS DOUBLE) AS value FROM seen WHERE ${event} AND ${cells} GROUP BY ${[...by, "k"].join(", ")}`,
    `${head}, NULL AS k, CAST(count(DISTINCT person) AS DOUBLE) AS value FROM seen WHERE ${event} AND inside GROUP BY ${by.join(", ")}`,
  ];
}

function propertyAggregate({ fn, p }: BaseTerm, percentile: (value: string, p: number) => string): string {
  switch (fn) {
    case "PROPSUM":
      return "sum(number)";
    case "PROPAVG":
      return "avg(number)";
    case "PROPMIN":
      return "min(number)";
    case "PROPMAX":
      return "max(number)";
    case "PROPCOUNT":
      return "CAST(count(DISTINCT text) AS DOUBLE)";
    default:
      return percentile("number", p ?? 50);
  }
}

/**
 * Of the intervals that end with each. A user counts from an interval with an event to the one before the next such, or
 * before the window ends: one more where that begins, one less where it ends, and added up over the intervals.
 */
function rolling(
  dialect: Dialect,
  { fn, window = 1 }: BaseTerm,
  head: string,
  by: readonly string[],
  rows: string,
  at: { readonly event: string; readonly earliest: number; readonly last: number },
): string {
  const keys = by.join(", ");
  const each = fn === "UNIQUES" ? [...by, "person"].join(", ") : keys;
  const next = `lead(k) OVER (PARTITION BY ${each} ORDER BY k)`;
  const until = fn === "UNIQUES" ? `least(k + ${window}, coalesce(${next}, k + ${window}))` : `k + ${window}`;
  const seen =
    fn === "UNIQUES"
      ? `SELECT ${each}, k, 1 AS n FROM seen WHERE ${at.event}`
      : `SELECT ${each}, k, count(*) AS n FROM ${rows} AS rolled WHERE ${at.event} GROUP BY ${each}, k`;
  const spans = `SELECT ${keys}, k, n, ${until} AS e FROM (${seen}) AS counted`;
  const changes = `SELECT ${keys}, k, n FROM (${spans}) AS begun UNION ALL SELECT ${keys}, e AS k, -n AS n FROM (${spans}) AS ended`;
  const summed = `SELECT ${keys}, k, sum(n) AS n FROM (${changes}) AS changes GROUP BY ${keys}, k`;
  const standing = `SELECT ${keys}, k, sum(n) OVER (PARTITION BY ${keys} ORDER BY k ROWS UNBOUNDED PRECEDING) AS n, lead(k) OVER (PARTITION BY ${keys} ORDER BY k) AS e FROM (${summed}) AS summed`;
  const numbers = dialect.unnest(
    dialect.sequence(`greatest(k, ${at.earliest})`, `least(coalesce(e - 1, k), ${at.last})`),
  );
  return `${head}, k, CAST(n AS DOUBLE) AS value FROM (
  SELECT ${keys}, ${numbers} AS k, n FROM (${standing}) AS standing
)`;
}
