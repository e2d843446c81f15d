import { unknownName } from "../frame/selection.js";
import type { HistoryOptions } from "./active-users.js";
import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import { cohortMap } from "./cohort-map.js";
import { columnsOf } from "./columns.js";
import { durationOf } from "./duration.js";
import { FoundValues } from "./found-values.js";
import { lifetimeValueSql } from "./lifetime-value-sql.js";
import type { AnalysisOptions } from "./options.js";
import { intervalsOf } from "./range-intervals.js";
import { ratio } from "./ratio.js";
import type { AnalysisResult } from "./result.js";
import { resultOf } from "./result-of.js";
import type { RevenueSource } from "./revenue.js";
import { revenueNames, revenueWords } from "./revenue-sql.js";
import { wholeNumber } from "./whole-number.js";

/**
 * What new users bring from their first event on: `lifetimeValue(options)`, Amplitude's Revenue LTV.
 * Source: https://amplitude.com/docs/analytics/charts/revenue-ltv/revenue-ltv-interpret
 */
export interface LifetimeValueOptions<G extends string = never>
  extends AnalysisOptions,
    HistoryOptions,
    RevenueSource {
  /** Of the cohorts by the calendar of `timeZone`, and of the time since: 24 hours, 7 or 30 times that. Default `day`. */
  readonly interval?: "day" | "week" | "month" | undefined;
  /** The last interval since. Default 30 (days), 12 (weeks, months). */
  readonly intervals?: number | undefined;
  /** Properties by whose values users are told apart, as they were at the user's first event. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** One cohort of new users, up to one interval after their first event. */
export type LifetimeValueRow<G extends string = never> = {
  /** The first day of the interval in which they were new; null for all together. */
  readonly cohort: string | null;
  readonly segment: string;
  /** Days, weeks or months since the first event, from 0. */
  readonly interval: number;
  /** The new users. For all together: those for whom this interval is over at the end of the data. */
  readonly users: number;
  /** Those of them with a revenue event ever, also a later one. */
  readonly payingUsers: number;
  /** Those of them whose first revenue event is in just this interval: New Paying Users. */
  readonly newPayingUsers: number;
  /** What they brought from the first event to the end of this interval. */
  readonly revenue: number;
  /** `revenue / users`; null if there are none. */
  readonly arpu: number | null;
  /** `revenue / payingUsers`; null if there are none. */
  readonly arppu: number | null;
  /** True if the data ends before this interval does for some of the users. Never for all together. */
  readonly incomplete: boolean;
  /** True if some of the users may not be new: see `history`. */
  readonly censored: boolean;
} & { readonly [K in G]: string };

/** New users who are alike, or what they brought in one interval since. */
interface Part {
  /** Number of the cohort's interval. */
  readonly cohort: number;
  /** How many intervals since are over at the end of the data. */
  readonly over: number;
  /** Of users: the interval since of the first revenue event, null without one. Of revenue: the interval since. */
  readonly since: number | null;
  readonly users: number;
  readonly revenue: number;
}

const DAY = 86_400_000_000n;
const LENGTHS = { day: DAY, week: 7n * DAY, month: 30n * DAY } as const;
const INTERVALS = ["day", "week", "month"] as const;
const OWN = ["event", "property", "interval", "intervals", "groupBy", "history"];
const SOURCES = [
  "https://amplitude.com/docs/analytics/charts/revenue-ltv/revenue-ltv-track-new-user-monetization",
  "https://amplitude.com/docs/analytics/charts/revenue-ltv/revenue-ltv-interpret",
];

/**
 * Adds up what users bring whose first event of all is in the date range: a row for each interval since that event, of all
 * together and of each cohort, for each segment and group, in order. Segment and group are those of that first event. Interval N
 * ends N + 1 lengths after it. All together are only the users for whom the interval is over, so that revenue per user may
 * fall. Groups are in the order of their names. Throws UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/revenue-ltv/revenue-ltv-interpret
 */
export async function lifetimeValue<G extends string = never>(
  source: AnalysisSource,
  options: LifetimeValueOptions<G> = {},
): Promise<AnalysisResult<LifetimeValueRow<G>>> {
  const input = await AnalysisInput.of(source, options, OWN);
  const { interval = "day", history = "30d" } = options;
  if (!INTERVALS.includes(interval)) throw unknownName("interval", interval, INTERVALS);
  const last = wholeNumber("intervals", options.intervals ?? (interval === "day" ? 30 : 12), 0, 1_000);
  const known = durationOf("history", history);
  const calendar = input.calendar(interval);
  const length = LENGTHS[interval];
  const cohorts = intervalsOf(input, calendar);
  const plan = { input, options, calendar, length, last };
  const { sql, params, groups, segments } = await lifetimeValueSql(plan);
  const read = await input.engine.query(sql, params, input.queryOptions);
  const found = new FoundValues<Part[]>(segments, groups.length > 0);
  for (const [segment, ...rest] of read.rows()) {
    const [cohort, over, since, users, revenue] = rest.slice(groups.length);
    const part = { cohort: Number(cohort), over: Number(over), since: since === null ? null : Number(since) };
    found.set(segment!, rest.slice(0, groups.length), part.cohort, (before = []) => [
      ...before,
      { ...part, users: Number(users), revenue: Number(revenue) },
    ]);
  }
  const isCensored = (from: bigint): boolean => known > 0n && from < input.data.from + known;
  const sinces = Array.from({ length: last + 1 }, (_, since) => since);
  const lines = found.lines().map((line) => {
    const all = [...line.values.values()].flat();
    const together = sinces.map((since) =>
      summed(
        all.filter(({ over }) => over > since),
        since,
      ),
    );
    return { ...line, size: summed(all, 0).users, together };
  });
  const rows = lines.flatMap(({ segment, labels, values, together }) => {
    const row = (cohort: string | null, from: bigint, since: number, sum: Sum, incomplete: boolean) => {
      const { users, payingUsers, newPayingUsers, revenue } = sum;
      return [
        ...[cohort, segment, ...labels, since, users, payingUsers, newPayingUsers, revenue],
        ...[ratio(revenue, users), ratio(revenue, payingUsers), incomplete, isCensored(from)],
      ];
    };
    const [first] = cohorts;
    return [
      ...(first === undefined ? [] : together.map((sum, since) => row(null, first.from, since, sum, false))),
      ...cohorts.flatMap(({ number, label, from }) => {
        const parts = values.get(number) ?? [];
        return sinces
          .filter((since) => from + BigInt(since) * length < input.data.until)
          .map((since) => row(label, from, since, summed(parts, since), isOpen(parts, since)));
      }),
    ];
  });
  const columns = columnsOf(
    ...([{ cohort: "text", segment: "text" }, groups] as const),
    { interval: "count", users: "count", payingUsers: "count", newPayingUsers: "count" },
    { revenue: "number", arpu: "number", arppu: "number", incomplete: "flag", censored: "flag" },
  );
  return resultOf<LifetimeValueRow<G>>(input, columns, rows, {
    sql,
    params,
    asked: { ...revenueNames(options), groupBy: options.groupBy },
    definition: [
      `What new users brought from their first event of all to the end of each ${interval} since (${length / DAY} times 24 hours), divided by their number: ${revenueWords(options)}.`,
      "Segments and groups are those of the first event. All together are the users for whom the interval is over.",
    ],
    sources: SOURCES,
    kind: { needsHistory: true },
    chart: cohortMap(
      {
        title: `Revenue per new user by ${interval}s since the first event`,
        unit: "number",
        columns: sinces.map((since) => `${interval[0]?.toUpperCase()}${interval.slice(1)} ${since}`),
      },
      lines.map(({ segment, labels, values, size, together }) => {
        const all = together.map(({ revenue, users }) => ({
          value: ratio(revenue, users),
          incomplete: false,
        }));
        const each = cohorts.map(({ number, label, from }) => {
          const parts = values.get(number) ?? [];
          return {
            cohort: label,
            size: summed(parts, 0).users,
            cells: sinces.map((since) => {
              const { revenue, users } = summed(parts, since);
              const isKnown = from + BigInt(since) * length < input.data.until;
              return { value: isKnown ? ratio(revenue, users) : null, incomplete: isOpen(parts, since) };
            }),
          };
        });
        return { segment, labels, rows: [{ cohort: null, size, cells: all }, ...each] };
      }),
    ),
  });
}

/** What users brought up to an interval since. */
interface Sum {
  readonly users: number;
  readonly payingUsers: number;
  readonly newPayingUsers: number;
  readonly revenue: number;
}

/** Whether the interval is not over for some of the users. */
function isOpen(parts: readonly Part[], since: number): boolean {
  return parts.some(({ users, over }) => users > 0 && over <= since);
}

/** Of users and of revenue up to the end of interval `last` since. */
function summed(parts: readonly Part[], last: number): Sum {
  const sum = { users: 0, payingUsers: 0, newPayingUsers: 0, revenue: 0 };
  for (const { since, users, revenue } of parts) {
    sum.users += users;
    if (since === null) continue;
    sum.payingUsers += users;
    if (since === last) sum.newPayingUsers += users;
    if (since <= last) sum.revenue += revenue;
  }
  return sum;
}
