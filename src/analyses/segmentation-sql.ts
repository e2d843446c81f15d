import type { Dialect } from "../engine/dialect.js";
import type { Params } from "../engine/engine.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { Calendar } from "./calendar.js";
import { ACTIVE, type ChosenEvents, chosenEvents, chosenSql } from "./event-choice-sql.js";
import type { Term } from "./formula.js";
import { type Groups, groupsOf } from "./group-sql.js";
import { propertySql } from "./property-sql.js";
import type { Cut } from "./segmentation-series.js";

/** A term as it is counted: `total` is over the whole range, the others over each interval. */
export interface Counted {
  readonly term: Term;
  readonly cut: Cut | "total";
}

/** What the query of a segmentation is made of. Intervals are named by their numbers. */
export interface SegmentationPlan {
  readonly input: AnalysisInput;
  readonly calendar: Calendar;
  readonly choices: readonly ChosenEvents[];
  readonly counted: readonly Counted[];
  readonly groupBy: string | readonly string[] | undefined;
  /** The first and last interval of the range. */
  readonly first: number;
  readonly last: number;
  /** The first that is compared with. */
  readonly earliest: number;
  /** The first that is read. */
  readonly lowest: number;
}

/**
 * One statement, a row for each of `counted` (its number), event, segment (their numbers), group and interval that has any
 * event: those columns, then the value. What is counted so far, or as events of several intervals, is added up afterwards.
 */
export async function segmentationSql(
  plan: SegmentationPlan,
): Promise<{ readonly sql: string; readonly params: Params | undefined; readonly groups: Groups }> {
  const { input, calendar, choices, counted } = plan;
  const { dialect, range } = input;
  const used = input.columnsUsed();
  const groups = groupsOf(plan.groupBy, dialect, used);
  const numbers = [...new Set(counted.map(({ term }) => term.event))].sort((a, b) => a - b);
  const active = chosenEvents(ACTIVE);
  const conditions = numbers.map((event) =>
    chosenSql(choices[event] ?? active, input.inactive, dialect, used),
  );
  const segments = input.segments.map(({ condition }) => condition(dialect, used));
  const names = [...new Set(counted.flatMap(({ term }) => term.property ?? []))];
  const properties = names.map((name) => {
    const isNumber = counted.every(({ term }) => term.property !== name || !TEXTS.has(term.fn));
    return propertySql(name, dialect, used, (sql) => used.derive(sql), isNumber).texts;
  });
  const from = calendar.at(plan.lowest).from;
  const bounds = { from: from < range.from ? from : range.from, until: range.until };
  // Events are told apart only where items of a list must not count each.
  const ids = counted.some(({ term }) => term.fn === "EVENTS") ? ["uuid"] : [];
  if (ids.length > 0) used.add("uuid");
  const isOne = conditions.length === 1 && segments.length === 1;
  const flags = [
    ...conditions.map((sql, i) => [`e${i}`, sql] as const),
    ...segments.flatMap((sql, i) => (sql === undefined ? [] : [[`s${i}`, sql] as const])),
  ];
  const select = {
    ...{ person: "person", t: "t", k: calendar.numberSql(dialect, "t", bounds.from, bounds.until) },
    ...(isOne ? {} : Object.fromEntries(flags)),
    ...(ids.length > 0 ? { uuid: "uuid" } : {}),
    ...groups.select,
    ...Object.fromEntries(properties.map((texts, i) => [`p${i}`, texts])),
  };
  const any = `(${conditions.join(" OR ")})`;
  const where = isOne && segments[0] !== undefined ? `${any} AND ${segments[0]}` : any;
  const events = await input.events({ select, where, bounds, used });

  const others = ["person", "t", "k", ...ids, ...properties.map((_, i) => `p${i}`)];
  const picked = numbers.flatMap((event, e) =>
    segments.map((sql, s) => {
      const which = [`e${e}`, ...(sql === undefined ? [] : [`s${s}`])].join(" AND ");
      const columns = [...others, ...groups.columns].join(", ");
      return `SELECT ${event} AS event, ${s} AS segment, ${columns} FROM events WHERE ${which}`;
    }),
  );
  const which = isOne ? [] : ["event", "segment"];
  const rowsOf = isOne ? "events" : "picked";
  const uniques = counted.filter(({ term }) => term.fn === "UNIQUES");
  const inBits =
    uniques.every(({ term, cut }) => term.span.kind === "each" && cut !== "whole") &&
    plan.last - plan.first < MOST_BITS;
  const rows: Rows = { dialect, isOne, by: [...which, ...groups.columns], properties: names, plan, inBits };
  const ctes = [
    events.sql,
    ...(isOne ? [] : [`picked AS (\n  ${picked.join("\n  UNION ALL ")}\n)`]),
    `spread AS (\n  SELECT * FROM ${groups.spread(rowsOf, [...which, ...others])} AS separate\n)`,
    ...(uniques.length === 0
      ? []
      : inBits
        ? bitsCtes(rows, groups)
        : [`seen AS (\n  ${seenSql(rows, groups)}\n)`]),
  ];
  const parts = counted.map((one, number) => countedSql(one, number, rows));
  return { sql: `WITH ${ctes.join(",\n")}\n${parts.join("\nUNION ALL ")}`, params: events.params, groups };
}

/** What is made of texts, not of numbers. */
const TEXTS: ReadonlySet<string> = new Set(["PROPCOUNT", "PROPCOUNTAVG"]);

interface Rows {
  readonly dialect: Dialect;
  /** Whether there is but one event and segment; rows then do not say which. */
  readonly isOne: boolean;
  /** Columns that tell rows apart: event and segment, and the groups. */
  readonly by: readonly string[];
  readonly properties: readonly string[];
  readonly plan: SegmentationPlan;
  /** Whether the intervals in which a user was seen are bits of a number: that takes half as long as a row for each. */
  readonly inBits: boolean;
}

/** So many intervals are bits of a 64-bit integer. */
const MOST_BITS = 63;

/** Each user once, with a bit for each interval of the range (of active users no groups), and how many users there are. */
function bitsCtes({ by, dialect, isOne, plan }: Rows, groups: Groups): string[] {
  const { choices, counted, first, last, lowest, input, calendar } = plan;
  const bits = `bit_or(${dialect.setBit(`k - ${first}`)}) AS bits`;
  const isInside = calendar.at(lowest).from >= input.range.from;
  const inside = `person IS NOT NULL${isInside ? "" : ` AND t >= ${input.range.from}`}`;
  const keys = listed(by, "person");
  const where = isOne ? "" : ` AND event < ${choices.length}`;
  const seen = [`SELECT ${keys}, ${bits} FROM spread WHERE ${inside}${where} GROUP BY ${keys}`];
  if (counted.some(({ term }) => term.event === choices.length)) {
    const none = groups.columns.map((name) => `${dialect.text("NULL")} AS ${name}`);
    const columns = ["event", "segment", ...none, "person", bits].join(", ");
    const active = `${inside} AND event = ${choices.length}`;
    seen.push(`SELECT ${columns} FROM picked WHERE ${active} GROUP BY event, segment, person`);
  }
  const sums = Array.from(
    { length: last - first + 1 },
    (_, i) => `sum(${dialect.bitAt("bits", i)}) AS n${i}`,
  );
  return [
    `seen AS (\n  ${seen.join("\n  UNION ALL ")}\n)`,
    `users AS (\n  SELECT ${listed(by, "count(*) AS n", ...sums)} FROM seen${groupBy(by)}\n)`,
  ];
}

/** Each user once an interval, which is far fewer rows than events; of active users no groups. `inside`: within the range. */
function seenSql({ by, dialect, isOne, plan }: Rows, groups: Groups): string {
  const { choices, counted, calendar, input } = plan;
  const isInside = calendar.at(plan.lowest).from >= input.range.from;
  const inside = `${isInside ? "true" : `max(t) >= ${input.range.from}`} AS inside`;
  const keys = listed(by, "k", "person");
  const where = isOne ? "" : ` AND event < ${choices.length}`;
  const seen = `SELECT ${keys}, ${inside} FROM spread WHERE person IS NOT NULL${where} GROUP BY ${keys}`;
  if (!counted.some(({ term }) => term.event === choices.length)) return seen;
  const none = groups.columns.map((name) => `${dialect.text("NULL")} AS ${name}`);
  const columns = ["event", "segment", ...none].join(", ");
  return `${seen}\n  UNION ALL SELECT ${columns}, k, person, ${inside} FROM picked WHERE person IS NOT NULL AND event = ${choices.length} GROUP BY event, segment, k, person`;
}

function countedSql(one: Counted, number: number, rows: Rows): string {
  const which = rows.isOne ? [`${one.term.event} AS event`, "0 AS segment"] : [];
  const head = `SELECT ${listed([`${number} AS counted`, ...which], ...rows.by)}`;
  if (one.term.fn === "UNIQUES") return usersSql(one, head, rows);
  if (one.term.fn === "FREQPERCENTILE") return frequencySql(one, head, rows);
  const { sql, value } =
    one.term.fn === "TOTALS" ? EVENTS : one.term.fn === "EVENTS" ? DIFFERENT_EVENTS : valuesSql(one, rows);
  const isTotal = one.cut === "total";
  const k = isTotal ? "CAST(NULL AS BIGINT) AS k" : "k";
  const where = `${eventSql(one.term, rows)} AND ${timeSql(one, rows.plan)}`;
  return `${head}, ${k}, ${value} AS value FROM ${sql} AS given WHERE ${where}${groupBy(rows.by, isTotal ? [] : ["k"])}`;
}

/** A list of columns in SQL. */
function listed(columns: readonly string[], ...others: readonly string[]): string {
  return [...columns, ...others].join(", ");
}

/** Also without columns there is a row only if there is any. */
function groupBy(columns: readonly string[], others: readonly string[] = []): string {
  const keys = listed(columns, ...others);
  return keys === "" ? " HAVING count(*) > 0" : ` GROUP BY ${keys}`;
}

/** The condition that a row is of the term's event. */
function eventSql({ event }: Term, { isOne }: Rows): string {
  return isOne ? "true" : `event = ${event}`;
}

/** Which events count: those of the range, or of whole intervals. */
function timeSql({ term, cut }: Counted, { input, earliest, lowest }: SegmentationPlan): string {
  if (cut !== "whole" && term.span.kind !== "window") return `t >= ${input.range.from}`;
  if (cut === "total") return `t >= ${input.range.from}`;
  return `k >= ${term.span.kind === "so far" ? earliest : lowest}`;
}

const EVENTS = { sql: "spread", value: "CAST(count(*) AS DOUBLE)" };
const DIFFERENT_EVENTS = { sql: "spread", value: "CAST(count(DISTINCT uuid) AS DOUBLE)" };

/** The values of a property, one a row, each in all intervals whose span it is in. */
function valuesSql(
  { term, cut }: Counted,
  { by, dialect, properties, plan }: Rows,
): { sql: string; value: string } {
  const list = `p${properties.indexOf(term.property ?? "")}`;
  const columns = [...by, "person", "t", "k"].join(", ");
  const texts = `SELECT ${columns}, ${dialect.unnest(list)} AS text FROM spread AS listed`;
  const value = aggregate(term, dialect);
  const numbers = (of: string): string =>
    `(SELECT *, ${dialect.number("text")} AS number FROM (${of}) AS valued)`;
  if (term.span.kind === "each" || cut === "total") return { sql: numbers(texts), value };
  const spans = spansSql({ term, cut }, dialect, plan);
  const others = [...by, "person", "t", "text"].join(", ");
  const counts = timeSql({ term, cut }, plan);
  return { sql: numbers(`SELECT ${others}, ${spans} AS k FROM (${texts}) AS texts WHERE ${counts}`), value };
}

/** The number of each interval whose span an event of interval `k` is in. */
function spansSql({ term }: Counted, dialect: Dialect, plan: SegmentationPlan): string {
  const end = term.span.kind === "window" ? `k + ${term.span.intervals - 1}` : String(plan.last);
  return dialect.unnest(dialect.sequence("k", end));
}

/** A percentile of how often each user did it, of those who did. */
function frequencySql(one: Counted, head: string, rows: Rows): string {
  const { term, cut } = one;
  const { by, dialect, plan } = rows;
  const isTotal = cut === "total";
  const k = isTotal ? [] : ["k"];
  const span = isTotal || term.span.kind === "each" ? k : [`${spansSql(one, dialect, plan)} AS k`];
  const where = `${eventSql(term, rows)} AND ${timeSql(one, plan)}`;
  const done = `SELECT ${listed(by, "person", ...span)} FROM spread WHERE ${where}`;
  const keys = listed(by, ...k, "person");
  const often = `SELECT ${keys}, count(*) AS number FROM (${done}) AS done GROUP BY ${keys}`;
  const value = dialect.percentile("CAST(number AS DOUBLE)", term.p ?? 50);
  return `${head}, ${isTotal ? "CAST(NULL AS BIGINT) AS k" : "k"}, ${value} AS value FROM (${often}) AS often${groupBy(by, k)}`;
}

function aggregate({ fn, p = 50 }: Term, dialect: Dialect): string {
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
    case "PROPCOUNTAVG":
      return `CAST(count(DISTINCT concat(${dialect.text("person")}, ':', text)) AS DOUBLE) / count(DISTINCT person)`;
    default:
      return dialect.percentile("number", p);
  }
}

function usersSql({ term, cut }: Counted, head: string, rows: Rows): string {
  const { by, dialect, plan } = rows;
  const event = eventSql(term, rows);
  if (rows.inBits && cut === "total") {
    return `${head}, CAST(NULL AS BIGINT) AS k, CAST(n AS DOUBLE) AS value FROM users WHERE ${event}`;
  }
  if (rows.inBits) {
    const each = `SELECT ${dialect.unnest(dialect.sequence(String(plan.first), String(plan.last)))} AS k`;
    const ns = Array.from(
      { length: plan.last - plan.first + 1 },
      (_, i) => `WHEN ${plan.first + i} THEN n${i}`,
    );
    return `${head}, k, CAST(CASE k ${ns.join(" ")} END AS DOUBLE) AS value FROM users CROSS JOIN (${each}) AS intervals WHERE ${event}`;
  }
  const number = (value: string): string => `CAST(${value} AS DOUBLE) AS value`;
  if (cut === "total") {
    return `${head}, CAST(NULL AS BIGINT) AS k, ${number("count(DISTINCT person)")} FROM seen WHERE ${event} AND inside${groupBy(by)}`;
  }
  if (term.span.kind === "window") return windowSql(term.span.intervals, event, head, rows);
  const which =
    cut === "clipped" ? "inside" : `k >= ${term.span.kind === "so far" ? plan.earliest : plan.lowest}`;
  const keys = listed(by, "person");
  const once =
    term.span.kind === "so far"
      ? `(SELECT ${keys}, min(k) AS k FROM seen WHERE ${event} AND ${which} GROUP BY ${keys})`
      : `(SELECT * FROM seen WHERE ${event} AND ${which})`;
  return `${head}, k, ${number("count(*)")} FROM ${once} AS once${groupBy(by, ["k"])}`;
}

/**
 * Users of the intervals that end with each. A user counts from an interval with an event to the one before the next such, or
 * before the window ends: one more where that begins, one less where it ends, added up over the intervals.
 */
function windowSql(intervals: number, event: string, head: string, { by, dialect, plan }: Rows): string {
  const next = `lead(k) OVER (PARTITION BY ${listed(by, "person")} ORDER BY k)`;
  const ends = `least(k + ${intervals}, coalesce(${next}, k + ${intervals})) AS ends`;
  const spans = `SELECT ${listed(by, "k", ends)} FROM seen WHERE ${event} AND k >= ${plan.lowest}`;
  const begun = `SELECT ${listed(by, "k", "1 AS n")} FROM (${spans}) AS begun`;
  const ended = `SELECT ${listed(by, "ends AS k", "-1 AS n")} FROM (${spans}) AS ended`;
  const summed = `SELECT ${listed(by, "k", "sum(n) AS n")} FROM (${begun} UNION ALL ${ended}) AS changes${groupBy(by, ["k"])}`;
  const over = `OVER (${by.length === 0 ? "" : `PARTITION BY ${listed(by)} `}ORDER BY k`;
  const sums = [`sum(n) ${over} ROWS UNBOUNDED PRECEDING) AS n`, `lead(k) ${over}) AS ends`];
  const standing = `SELECT ${listed(by, "k", ...sums)} FROM (${summed}) AS summed`;
  const each = dialect.unnest(dialect.sequence("k", `least(coalesce(ends - 1, k), ${plan.last})`));
  const windows = `SELECT ${listed(by, `${each} AS k`, "n")} FROM (${standing}) AS standing`;
  return `${head}, k, CAST(n AS DOUBLE) AS value FROM (${windows}) AS windows`;
}
