import type { Dialect } from "../engine/dialect.js";
import { FIELDS } from "../event.js";
import { propertiesNamed } from "../frame/properties/property.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { Calendar } from "./calendar.js";
import type { ColumnsUsed } from "./columns-used.js";
import type { GroupedSql } from "./engagement-sql.js";
import { ACTIVE, chosenEvents, chosenSql } from "./event-choice-sql.js";
import { groupsOf } from "./group-sql.js";
import type { AskedNames } from "./named.js";
import type { RevenueSource } from "./revenue.js";
import { segmentsSql } from "./segments-sql.js";

/** Sent by SDKs; Amplitude makes a verified or unverified one of it that has `$revenue`. */
const SENT_REVENUE = "revenue_amount";

/** The amount of an event as a double; null if it is no revenue event. */
export function amountSql(
  { event, property }: RevenueSource,
  inactive: readonly string[],
  dialect: Dialect,
  used: ColumnsUsed,
): string {
  const amount =
    property === undefined
      ? usualAmount(event === undefined, dialect, used)
      : numberSql(property, dialect, used);
  if (event === undefined) return amount;
  return `CASE WHEN ${chosenSql(chosenEvents(event), inactive, dialect, used)} THEN ${amount} END`;
}

/** What is named where the revenue is read. */
export function revenueNames({ event, property }: RevenueSource): AskedNames {
  const of = event === undefined ? undefined : chosenEvents(event);
  return {
    choices: of === undefined ? [] : [of],
    properties: property === undefined ? [] : [{ name: property, of }],
  };
}

/** Where the revenue is read, in words. */
export function revenueWords({ event, property }: RevenueSource): string {
  const what = property ?? "$revenue, else $price times $quantity";
  const where =
    event === undefined
      ? property === undefined
        ? `any event but ${SENT_REVENUE} without $revenue`
        : "any event"
      : chosenEvents(event).name;
  return `the sum of ${what}, of ${where}`;
}

function usualAmount(ofAnyEvent: boolean, dialect: Dialect, used: ColumnsUsed): string {
  const json = dialect.identifier(used.add("event_properties"));
  const number = (key: string): string => dialect.jsonNumber(json, [key]);
  const product = `${number("$price")} * coalesce(${number("$quantity")}, 1)`;
  const type = dialect.identifier(used.add("event_type"));
  const other = ofAnyEvent
    ? `CASE WHEN ${type} <> ${dialect.literal(SENT_REVENUE)} THEN ${product} END`
    : product;
  // Most events have none of the two, and finding that in the text is faster than in the JSON.
  const may = ["$revenue", "$price", "\\u"].map((part) => dialect.contains(json, dialect.literal(part)));
  return `CASE WHEN ${may.join(" OR ")} THEN coalesce(${number("$revenue")}, ${other}) END`;
}

function numberSql(name: string, dialect: Dialect, used: ColumnsUsed): string {
  const field = FIELDS.find((one) => one.name === name);
  if (field !== undefined) {
    const column = dialect.identifier(used.add(field.name));
    return field.kind === "int" || field.kind === "double"
      ? `CAST(${column} AS DOUBLE)`
      : "CAST(NULL AS DOUBLE)";
  }
  const found = propertiesNamed(name).map(({ column, path }) => {
    const raw = dialect.identifier(used.add(column));
    return dialect.jsonNumber(column === "group_properties" ? dialect.firstGroups(raw) : raw, path);
  });
  return `coalesce(${[...found, "CAST(NULL AS DOUBLE)"].join(", ")})`;
}

/** Rows of segment, groups, number of the interval, revenue, paying users, active users. */
export async function revenueSql(
  input: AnalysisInput,
  source: RevenueSource,
  calendar: Calendar,
  groupBy: string | readonly string[] | undefined,
): Promise<GroupedSql> {
  const { dialect, range, inactive } = input;
  const used = input.columnsUsed();
  const groups = groupsOf(groupBy, dialect, used, undefined, "once");
  const segments = segmentsSql(input, used);
  const active = chosenSql(chosenEvents(ACTIVE), inactive, dialect, used);
  const amount = amountSql(source, inactive, dialect, used);
  const events = await input.events({
    select: {
      person: "person",
      k: calendar.numberSql(dialect, "t", range.from, range.until),
      amount,
      active,
      ...segments.select,
      ...groups.select,
    },
    where: segments.where ?? "true",
    bounds: range,
    used,
  });
  const keys = ["person", "k", ...segments.columns, ...groups.columns].join(", ");
  const own = ["person", "k", "amount", "paid", "active"];
  const by = ["segment", ...groups.columns, "k"].join(", ");
  const sql = `WITH ${events.sql},
seen AS (
  SELECT ${keys}, sum(amount) AS amount, count(amount) > 0 AS paid, max(active) AS active
  FROM events GROUP BY ${keys} HAVING max(active) OR count(amount) > 0
),
picked AS (
  ${segments.pick([...own, ...groups.columns], "seen")}
)
SELECT ${by}, coalesce(sum(amount), 0) AS revenue,
  count(DISTINCT CASE WHEN paid THEN person END) AS paying_users,
  count(DISTINCT CASE WHEN active THEN person END) AS active_users
FROM ${groups.spread("picked", ["segment", ...own])} AS spread GROUP BY ${by}`;
  return { sql, params: events.params, groups: groups.names, segments: segments.names };
}
