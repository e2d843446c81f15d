import { unknownName } from "../frame/selection.js";
import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import { columnsOf } from "./columns.js";
import { ACTIVE, chosenEvents, chosenSql } from "./event-choice-sql.js";
import { byTexts } from "./found-values.js";
import { groupsOf } from "./group-sql.js";
import { lineName } from "./line-name.js";
import type { AnalysisOptions } from "./options.js";
import { ratio } from "./ratio.js";
import type { AnalysisResult } from "./result.js";
import { resultOf } from "./result-of.js";
import { segmentsSql } from "./segments-sql.js";
import { wholeNumber } from "./whole-number.js";

/**
 * Who the active users are, by the values of a property: `composition(property, options)`.
 * Source: https://amplitude.com/docs/analytics/charts/other-charts/other-charts-user-composition
 */
export interface CompositionOptions extends AnalysisOptions {
  /**
   * `most recent`: each user by the value at his last active event in the range. `all`: by each value that he had at an active
   * event in it. Default `most recent`.
   */
  readonly values?: "most recent" | "all" | undefined;
  /** So many values with the most users get rows of their own, the others one together: `(other)`. Default: all do. */
  readonly top?: number | undefined;
}

/** The users of one value. */
export interface CompositionRow {
  readonly segment: string;
  /** `(none)` where the property is not there or null. */
  readonly value: string;
  /** Different users. With `all`, and of lists, a user may be in several rows. */
  readonly users: number;
  /** Of the segment's active users, each counted once, from 0 to 1. */
  readonly share: number;
}

const VALUES = ["most recent", "all"] as const;
/** What stands for all values but the most frequent. */
const OTHER = "(other)";
const SOURCES = [
  "https://amplitude.com/docs/analytics/charts/other-charts/other-charts-user-composition",
  "https://amplitude.com/docs/faq/user-composition",
];

/**
 * Counts the users with an active event in the date range by the value of `property`: a row for each value of each segment,
 * those with the most users first, `(other)` last. Segments are those of the events. Of a list each item is a value.
 * Throws UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/other-charts/other-charts-user-composition
 */
export async function composition(
  source: AnalysisSource,
  property: string,
  options: CompositionOptions = {},
): Promise<AnalysisResult<CompositionRow>> {
  const input = await AnalysisInput.of(source, options, ["values", "top"]);
  const { values = "most recent" } = options;
  if (!VALUES.includes(values)) throw unknownName("values", values, VALUES);
  const top = options.top === undefined ? undefined : wholeNumber("top", options.top, 1, 1_000_000);
  const { sql, params, segments } = await compositionSql(input, property, values, top);
  const read = await input.engine.query(sql, params, input.queryOptions);
  const found = read.rows().map(([segment, value, users]) => ({
    segment: Number(segment),
    value: value as string | null,
    users: Number(users),
  }));
  const rows = segments.flatMap((name, i) => {
    const own = found.filter(({ segment }) => segment === i);
    const all = own.find(({ value }) => value === null)?.users ?? 0;
    return own
      .flatMap(({ value, users }) =>
        value === null ? [] : [{ isOther: value.startsWith("o"), value: value.slice(1), users }],
      )
      .sort(
        (a, b) => Number(a.isOther) - Number(b.isOther) || b.users - a.users || byTexts([a.value], [b.value]),
      )
      .map(({ value, users }) => [name, value, users, ratio(users, all)]);
  });
  const columns = columnsOf({ segment: "text", value: "text", users: "count", share: "number" });
  const which =
    values === "all" ? "each value that they had at one" : "the value that they had at the last one";
  return resultOf<CompositionRow>(input, columns, rows, {
    sql,
    params,
    asked: { properties: [{ name: property }] },
    definition: [
      `Users with an active event, by ${property}: ${which}. Shares are of the segment's active users, each counted once.`,
    ],
    sources: SOURCES,
    chart: (table) => ({
      kind: "bars",
      title: `Users by ${property}`,
      unit: "count",
      bars: table.map(({ segment, value, users }) => ({
        name: lineName(value, segment, [], true),
        value: users,
      })),
    }),
  });
}

/** Rows of the segment, the value (`v` before it, `o` before `(other)`; null: all users of the segment) and users. */
async function compositionSql(
  input: AnalysisInput,
  property: string,
  values: "most recent" | "all",
  top: number | undefined,
) {
  const { dialect, range } = input;
  const used = input.columnsUsed();
  const groups = groupsOf(property, dialect, used);
  const segments = segmentsSql(input, used);
  const active = chosenSql(chosenEvents(ACTIVE), input.inactive, dialect, used);
  const isLast = values === "most recent";
  if (isLast) used.add("uuid");
  const events = await input.events({
    select: {
      person: "person",
      t: "t",
      ...(isLast ? { uuid: "uuid" } : {}),
      ...segments.select,
      ...groups.select,
    },
    where: [active, segments.where ?? []].flat().join(" AND "),
    bounds: range,
    used,
  });
  const keys = ["person", ...segments.columns, "g0"].join(", ");
  // Of equal rows of a user only the last is needed.
  const seen = isLast
    ? `SELECT ${keys}, max((t, uuid)) AS latest FROM events GROUP BY ${keys}`
    : `SELECT DISTINCT ${keys} FROM events`;
  const picked = segments.pick(["person", "g0", ...(isLast ? ["latest"] : [])], "seen");
  const looked = isLast
    ? `SELECT segment, person, ${dialect.maxBy("g0", "latest")} AS g0 FROM picked GROUP BY segment, person`
    : "SELECT segment, person, g0 FROM picked";
  const shown = top === undefined ? "" : ` WHERE place <= ${top}`;
  const others =
    top === undefined
      ? ""
      : `
UNION ALL SELECT pairs.segment, ${dialect.literal(`o${OTHER}`)} AS value, count(DISTINCT pairs.person) AS users
FROM pairs JOIN ranked ON pairs.segment = ranked.segment AND pairs.value = ranked.value WHERE place > ${top} GROUP BY pairs.segment`;
  const sql = `WITH ${events.sql},
seen AS (
  ${seen}
),
picked AS (
  ${picked}
),
looked AS (
  ${looked}
),
pairs AS (
  SELECT DISTINCT segment, person, g0 AS value FROM ${groups.spread("looked", ["segment", "person"])} AS spread
),
counts AS (
  SELECT segment, value, count(*) AS users FROM pairs GROUP BY segment, value
),
ranked AS (
  SELECT segment, value, users, row_number() OVER (PARTITION BY segment ORDER BY users DESC, value) AS place FROM counts
)
SELECT segment, concat('v', value) AS value, users FROM ranked${shown}${others}
UNION ALL SELECT segment, NULL AS value, count(DISTINCT person) AS users FROM pairs GROUP BY segment`;
  return { sql, params: events.params, segments: segments.names };
}
