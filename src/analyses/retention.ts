import type { Value } from "../engine/column-type.js";
import { UsageError } from "../errors/index.js";
import { unknownName } from "../frame/selection.js";
import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import type { CalendarInterval } from "./calendar.js";
import { eventWords, titleWords } from "./chart-title.js";
import { cohortMap } from "./cohort-map.js";
import { columnsOf } from "./columns.js";
import type { EventChoice } from "./event-choice.js";
import { ACTIVE, type ChosenEvents, chosenEvents, NEW, startEvents } from "./event-choice-sql.js";
import { filtersText } from "./filter-text.js";
import { FoundValues } from "./found-values.js";
import type { AnalysisOptions } from "./options.js";
import type { AnalysisResult } from "./result.js";
import { resultOf } from "./result-of.js";
import { readRetention } from "./retention-read.js";
import { type Bracket, retentionSql } from "./retention-sql.js";

/** How users come back. Source: https://amplitude.com/docs/analytics/charts/retention-analysis/retention-analysis-interpret */
export interface RetentionOptions<G extends string = never> extends AnalysisOptions {
  /** The event that begins. `_new`: the user's first event of all, inactive ones too. Default `_new`. */
  readonly start?: EventChoice | undefined;
  /** The event that counts as a return. Default `_active`. */
  readonly return?: EventChoice | undefined;
  /**
   * `on`: the return is in exactly that interval (n-day retention). `on or after`: in it or in any later one (unbounded).
   * Default `on`.
   */
  readonly method?: "on" | "on or after" | undefined;
  /**
   * In place of single intervals, with the method `on`: custom brackets, each from its first to its last day (week, month), both
   * included: `[[0, 0], [1, 3], [4, 7]]`.
   */
  readonly brackets?: readonly (readonly [number, number])[] | undefined;
  /** Default `day`. */
  readonly interval?: "day" | "week" | "month" | undefined;
  /**
   * `rolling` (Amplitude's default): intervals of 24 hours (weeks of 7, months of 30 days), counted for each user from the start,
   * floored to its hour. `calendar`: days, weeks and months of `timeZone`.
   */
  readonly mode?: "rolling" | "calendar" | undefined;
  /** The last interval. Default 30 (days), 12 (weeks, months). */
  readonly intervals?: number | undefined;
  /**
   * Properties by whose values users are told apart, as they were at the event that begins (of `_new` at the first of all);
   * `(none)` where there is none. Who begins with several values is in the group of each.
   */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** One cell: a cohort, and those of it who returned. */
export type RetentionRow<G extends string = never> = {
  /** The day, week or month (its first day) in which users began; null for all together. */
  readonly cohort: string | null;
  readonly segment: string;
  /** Days, weeks or months since, from 0; with brackets their number, from 0. */
  readonly interval: number;
  /** Those who began. For all together: of the cohorts whose cell is complete, each user once. */
  readonly users: number;
  /** Those of them who returned. For all together: from any start in these cohorts. */
  readonly returned: number;
  /** `returned / users`; null if nobody began. */
  readonly rate: number | null;
  /** True if the data ends before the interval does for those of the cohort who may have begun last. Never for all together. */
  readonly incomplete: boolean;
} & { readonly [K in G]: string };

const OPTIONS = ["start", "return", "method", "brackets", "interval", "mode", "intervals", "groupBy"];
const LAST_INTERVAL = { day: 30, week: 12, month: 12 } as const;
const MOST_INTERVALS = 400;
const DAYS = { day: 1, week: 7, month: 30 } as const;
const SOURCES = [
  "https://amplitude.com/docs/analytics/charts/retention-analysis/retention-analysis-interpret",
  "https://amplitude.com/docs/analytics/charts/retention-analysis/retention-analysis-time",
  "https://amplitude.com/docs/analytics/charts/retention-analysis/retention-analysis-calculation",
];

/**
 * Of those who began in each day, week or month of the range, how many returned so long after: for each segment first all
 * cohorts together (`cohort: null`, only complete cells), then each cohort, also one in which nobody began; of each a row for
 * each interval from 0, or each bracket. Who begins in several cohorts is in each. Segments and groups are those of the start
 * event alone; groups come by the users who began in the range, most first. Returns count up to the end of the data, also after the range. Throws UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/retention-analysis/retention-analysis-interpret
 */
export async function retention<G extends string = never>(
  source: AnalysisSource,
  options: RetentionOptions<G> = {},
): Promise<AnalysisResult<RetentionRow<G>>> {
  const input = await AnalysisInput.of(source, options, OPTIONS);
  const asked = checked(options);
  const { range } = input;
  const cohorts = input.calendar(asked.interval);
  const unit = input.calendar(asked.isCalendar ? asked.interval : asked.interval === "day" ? "hour" : "day");
  const length = asked.isCalendar ? 1 : asked.interval === "day" ? 24 : DAYS[asked.interval];
  const began = cohorts.within(range.from, range.until);
  /** When interval `n` since begins for who began at `micros`. */
  const beginningOf = (micros: bigint, n: number): bigint => unit.at(unit.numberAt(micros) + n * length).from;
  const cellsOf = (cohort: CalendarInterval): readonly Cell[] => {
    const last = (cohort.until < range.until ? cohort.until : range.until) - 1n;
    return asked.brackets.map(([first, until]) => ({
      from: beginningOf(cohort.from, first),
      until: beginningOf(last, until + 1),
    }));
  };
  const cells = began.map(cellsOf);
  const ends = cells.flat().map(({ until }) => until);
  const plan = {
    ...{ input, cohorts, unit, length, start: asked.start, isNew: asked.isNew, back: asked.back },
    ...{ brackets: asked.brackets, isOn: asked.isOn, groupBy: options.groupBy },
    until: asked.isOn
      ? ends.reduce((latest, end) => (end > latest ? end : latest), range.until)
      : input.data.until,
  };
  const statement = await retentionSql(plan);
  const { sql, params, groups } = statement;
  const read = await readRetention(plan, statement);
  const segments = input.segments.map(({ name }) => name);
  const found = new FoundValues<ReadonlyMap<string, number>>(segments, groups.length > 0);
  for (const [isFirst, segment, ...rest] of read) {
    const [c, k, users] = rest.slice(groups.length);
    found.set(segment!, rest.slice(0, groups.length), Number(c), (before = new Map()) =>
      new Map(before).set(`${isFirst} ${k}`, Number(users)),
    );
  }

  const counted = found.lines().map(({ segment, labels, values }): LineCells => {
    const isOnce = !asked.isNew;
    const cellsBy = (isFirst: boolean) =>
      began.map((cohort, i): CohortCells => {
        const count = (k: number | null): number => values.get(cohort.number)?.get(`${isFirst} ${k}`) ?? 0;
        const each = asked.brackets.map((_, k) => count(k));
        const returned = asked.isOn ? each : each.map((_, k) => sum(each.slice(k)));
        return {
          cohort: cohort.label,
          cells: returned.map((back, k) => ({
            ...{ users: count(null), returned: back, hasBegun: cells[i]![k]!.from < input.data.until },
            incomplete: cells[i]![k]!.until > input.data.until,
          })),
        };
      });
    // Complete are all cohorts up to one, so that a user is in one of them if his first cohort is.
    return {
      ...{ segment, labels, rows: [together(cellsBy(isOnce), asked.brackets.length), ...cellsBy(false)] },
      users: sum(began.map(({ number }) => values.get(number)?.get(`${isOnce} null`) ?? 0)),
    };
  });
  // Lines of a segment stand together, and groups of as many users stay in the order of their names.
  counted.sort((a, b) => segments.indexOf(a.segment) - segments.indexOf(b.segment) || b.users - a.users);
  const rows = counted.flatMap(({ segment, labels, rows: cohortRows }) =>
    cohortRows.flatMap(({ cohort, cells: row }) =>
      row.map(({ users, returned, incomplete }, k): Value[] => [
        ...[cohort, segment, ...labels, k, users, returned, rateOf(returned, users), incomplete],
      ]),
    ),
  );
  const columns = columnsOf(...([{ cohort: "text", segment: "text" }, groups] as const), {
    interval: "count",
    users: "count",
    returned: "count",
    rate: "number",
    incomplete: "flag",
  });
  return resultOf<RetentionRow<G>>(input, columns, rows, {
    sql,
    params,
    asked: {
      choices: [asked.start, asked.back],
      grouped: asked.isNew ? undefined : [asked.start],
      groupBy: options.groupBy,
    },
    definition: describe(asked),
    sources: SOURCES,
    kind: { needsHistory: asked.isNew },
    chart: cohortMap(
      {
        title: `${titleWords(asked.start.name)}, then ${eventWords(asked.back.name)}`,
        unit: "percent",
        columns: asked.brackets.map((bracket) => columnName(asked.interval, bracket, asked.isOn)),
      },
      counted.map(({ segment, labels, rows: cohortRows }) => ({
        ...{ segment, labels },
        rows: cohortRows.map(({ cohort, cells: row }) => ({
          cohort,
          size: Math.max(0, ...row.map(({ users }) => users)),
          cells: row.map(({ users, returned, hasBegun, incomplete }) => ({
            value: hasBegun ? rateOf(returned, users) : null,
            incomplete,
          })),
        })),
      })),
    ),
  });
}

/** From when on anybody of the cohort may be in the bracket, and when all who may have begun last are past it. */
interface Cell {
  readonly from: bigint;
  readonly until: bigint;
}

interface CohortCells {
  readonly cohort: string | null;
  readonly cells: readonly {
    readonly users: number;
    readonly returned: number;
    readonly hasBegun: boolean;
    readonly incomplete: boolean;
  }[];
}

/** Of a segment and group. */
interface LineCells {
  readonly segment: string;
  readonly labels: readonly string[];
  readonly rows: readonly CohortCells[];
  /** Who began in the range, each user once. */
  readonly users: number;
}

interface Asked {
  readonly start: ChosenEvents;
  readonly isNew: boolean;
  readonly back: ChosenEvents;
  readonly interval: "day" | "week" | "month";
  readonly isCalendar: boolean;
  readonly isOn: boolean;
  readonly brackets: readonly Bracket[];
}

function checked(options: RetentionOptions<string>): Asked {
  const { interval = "day", mode = "rolling", method = "on" } = options;
  if (!Object.hasOwn(DAYS, interval)) throw unknownName("interval", interval, Object.keys(DAYS));
  if (mode !== "rolling" && mode !== "calendar") throw unknownName("mode", mode, ["rolling", "calendar"]);
  if (method !== "on" && method !== "on or after") throw unknownName("method", method, ["on", "on or after"]);
  return {
    ...startEvents(options.start ?? NEW),
    ...{ interval, back: chosenEvents(options.return ?? ACTIVE), isCalendar: mode === "calendar" },
    isOn: method === "on",
    brackets: bracketsOf(options, LAST_INTERVAL[interval]),
  };
}

function bracketsOf(
  { brackets, intervals, method }: RetentionOptions<string>,
  usual: number,
): readonly Bracket[] {
  const isNumber = (n: unknown): boolean =>
    Number.isInteger(n) && Number(n) >= 0 && Number(n) <= MOST_INTERVALS;
  if (brackets === undefined) {
    const last = intervals ?? usual;
    if (isNumber(last)) return Array.from({ length: last + 1 }, (_, i): Bracket => [i, i]);
    throw new UsageError(
      `intervals is ${String(intervals)}.`,
      `Give the number of the last interval, a whole number from 0 to ${MOST_INTERVALS}.`,
    );
  }
  if (intervals !== undefined || method === "on or after") {
    const other = intervals === undefined ? 'the method "on or after"' : "intervals";
    throw new UsageError(`brackets was given together with ${other}.`, "Give either.");
  }
  const isBracket = ([first, last, ...more]: readonly number[]): boolean =>
    isNumber(first) && isNumber(last) && Number(first) <= Number(last) && more.length === 0;
  if (brackets.length > 0 && brackets.every(isBracket)) return brackets;
  throw new UsageError(
    `brackets is ${JSON.stringify(brackets)}.`,
    `Give pairs of a first and a last interval from 0 to ${MOST_INTERVALS}: [[0, 0], [1, 3], [4, 7]].`,
  );
}

/** The complete cells of all cohorts added up. */
function together(rows: readonly CohortCells[], length: number): CohortCells {
  return {
    cohort: null,
    cells: Array.from({ length }, (_, k) => {
      const complete = rows.map(({ cells }) => cells[k]!).filter(({ incomplete }) => !incomplete);
      return {
        ...{ users: sum(complete.map(({ users }) => users)), hasBegun: true, incomplete: false },
        returned: sum(complete.map(({ returned }) => returned)),
      };
    }),
  };
}

function rateOf(returned: number, users: number): number | null {
  return users === 0 ? null : returned / users;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function columnName(interval: Asked["interval"], [first, last]: Bracket, isOn: boolean): string {
  const name = `${interval[0]!.toUpperCase()}${interval.slice(1)}`;
  if (!isOn) return `${name} ${first}+`;
  return first === last ? `${name} ${first}` : `${name}s ${first}–${last}`;
}

function describe({ start, isNew, back, interval, isCalendar, isOn, brackets }: Asked): string[] {
  const who = isNew
    ? `Users whose first event of all is in the range${start.filters.length > 0 ? `, and who then have an event with ${filtersText(start.filters)}` : ""}`
    : `Users with the event ${start.name} in the range`;
  const floored = interval === "day" ? "hour" : "date";
  const lengths = { day: "24 hours", week: "7 days", month: "30 days" } as const;
  const since = isCalendar
    ? `${interval}s of the calendar`
    : `${lengths[interval]} each, from the start floored to its ${floored}`;
  const when = isOn
    ? brackets.every(([first, last]) => first === last)
      ? "in that interval"
      : "in one of the bracket's intervals"
    : "in that interval or any later one";
  return [
    `${who}, in the ${interval} in which they began. Returned: with the event ${back.name} ${when}. Intervals are ${since}.`,
    "All together: each user once, of the cohorts whose interval is over for all who may have begun.",
  ];
}
