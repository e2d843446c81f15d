import { UsageError } from "../errors/index.js";
import { unknownName } from "../frame/selection.js";
import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import { titleWords } from "./chart-title.js";
import { columnsOf } from "./columns.js";
import { engagementSql, usageIntervalSql } from "./engagement-sql.js";
import type { EventChoice } from "./event-choice.js";
import { chosenEvents } from "./event-choice-sql.js";
import { FoundValues } from "./found-values.js";
import { lineName } from "./line-name.js";
import type { AnalysisInterval, AnalysisOptions } from "./options.js";
import { chartTimes, intervalsOf, isIncomplete } from "./range-intervals.js";
import { ratio } from "./ratio.js";
import type { AnalysisResult } from "./result.js";
import { resultOf } from "./result-of.js";

/**
 * How often users do an event: `engagement(event, options)`, the measure Frequency of Amplitude's Event Segmentation.
 * Source: https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-choose-measurement
 */
export interface EngagementOptions<G extends string = never> extends AnalysisOptions {
  /** Whether the times are counted or the different calendar days. Default `times`. */
  readonly count?: "times" | "days" | undefined;
  /** Default: one distribution for the whole range. */
  readonly interval?: AnalysisInterval | undefined;
  /** From and to, both included; null: without end. Default: each number that occurs. */
  readonly buckets?: readonly (readonly [number, number | null])[] | undefined;
  /** Properties by whose values events are told apart, as they were at the event; `(none)` where there is none. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** The users who did the event so often in one interval. */
export type EngagementRow<G extends string = never> = {
  /** With `interval`: where it begins, as a clock shows it; else null. */
  readonly time: string | null;
  readonly start: Date | null;
  readonly segment: string;
  /** Times (or days), included. */
  readonly from: number;
  /** Included; null: without end. */
  readonly to: number | null;
  readonly users: number;
  /** Of those who did it in the interval, from 0 to 1; null if nobody did. */
  readonly share: number | null;
  /** True if the interval is not wholly within the data and the range. */
  readonly incomplete: boolean;
} & { readonly [K in G]: string };

/**
 * How many days lie between the days on which users do an event: `usageInterval(event, options)`.
 * Source: https://amplitude.com/docs/analytics/charts/retention-analysis/retention-analysis-interpret-usage
 */
export type UsageIntervalOptions = AnalysisOptions;

/** The users whose usage interval is so many days. */
export interface UsageIntervalRow {
  readonly segment: string;
  /** From 1 to the longest. */
  readonly days: number;
  /** Users whose median gap between two days with the event is so many days, rounded up. */
  readonly users: number;
  /** Of all with the event on two days or more, from 0 to 1. */
  readonly share: number;
  /** Users with a median gap of so many days or fewer. */
  readonly usersAtMost: number;
  readonly shareAtMost: number;
}

type Bucket = readonly [from: number, to: number | null];

const COUNTS = ["times", "days"] as const;
const FREQUENCY =
  "https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-choose-measurement";
const USAGE =
  "https://amplitude.com/docs/analytics/charts/retention-analysis/retention-analysis-interpret-usage";

/**
 * Counts users by how often they did `event`: a row for each number (or bucket) of each interval, segment and group, in order;
 * groups in the order of their names. Who did not do it is nowhere. Segment and group are those of the event itself. Throws
 * UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-choose-measurement
 */
export async function engagement<G extends string = never>(
  source: AnalysisSource,
  event: EventChoice,
  options: EngagementOptions<G> = {},
): Promise<AnalysisResult<EngagementRow<G>>> {
  const input = await AnalysisInput.of(source, options, ["count", "interval", "buckets", "groupBy"]);
  const { count = "times", interval, buckets } = options;
  if (!COUNTS.includes(count)) throw unknownName("count", count, COUNTS);
  if (buckets !== undefined) checkBuckets(buckets);
  const choice = chosenEvents(event);
  const calendar = interval === undefined ? undefined : input.calendar(interval);
  const { sql, params, groups, segments } = await engagementSql(
    input,
    choice,
    count,
    calendar,
    options.groupBy,
  );
  const read = await input.engine.query(sql, params, input.queryOptions);
  const found = new FoundValues<Map<number, number>>(segments, groups.length > 0);
  for (const [segment, ...rest] of read.rows()) {
    const [number, n, users] = rest.slice(groups.length).map(Number) as [number, number, number];
    found.set(segment!, rest.slice(0, groups.length), number, (before = new Map()) => before.set(n, users));
  }
  const lines = found.lines();
  const intervals = calendar === undefined ? [] : intervalsOf(input, calendar);
  const whole = { number: 0, label: null, ...input.range };
  const pieces = calendar === undefined ? [whole] : intervals;
  const rows = lines.flatMap(({ segment, labels, values }) =>
    pieces.flatMap((piece) => {
      const counts = values.get(piece.number) ?? new Map<number, number>();
      const all = usersOf(counts, [0, null]);
      const time = calendar === undefined ? [null, null] : [piece.label, piece.from];
      return (buckets ?? numbersOf([counts])).map((bucket) => {
        const users = usersOf(counts, bucket);
        return [...time, segment, ...labels, ...bucket, users, ratio(users, all), isIncomplete(piece, input)];
      });
    }),
  );
  const columns = columnsOf({ time: "text", start: "time", segment: "text" }, groups, {
    ...({ from: "count", to: "count", users: "count", share: "number", incomplete: "flag" } as const),
  });
  const title = `${titleWords(choice.name)}: users by ${count === "days" ? "days with it" : "how often"}`;
  const bars = lines.flatMap(({ segment, labels, values }) =>
    (buckets ?? numbersOf([...values.values()])).map((bucket) => ({
      name: lineName(bucketText(bucket), segment, labels, true),
      values: pieces.map(({ number }) => usersOf(values.get(number) ?? new Map(), bucket)),
    })),
  );
  return resultOf<EngagementRow<G>>(input, columns, rows, {
    sql,
    params,
    asked: { choices: [choice], grouped: [choice], groupBy: options.groupBy },
    definition: [
      `Users by ${count === "days" ? "the calendar days on which they did" : "how many times they did"} ${choice.name} in ${interval === undefined ? "the date range" : `each ${interval}`}; those who did not do it are nowhere.`,
    ],
    sources: [FREQUENCY],
    chart:
      calendar === undefined
        ? {
            kind: "bars",
            title,
            unit: "count",
            bars: bars.map(({ name, values }) => ({ name, value: values[0] ?? 0 })),
          }
        : { kind: "stack", title, unit: "count", times: chartTimes(intervals, input), parts: bars },
  });
}

/**
 * Counts users by the median number of days from one day with `event` to the next: a row for each number of days from 1 to
 * the longest, of each segment. Only users with the event on two days of the date range or more; a half is rounded up. Throws
 * UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/retention-analysis/retention-analysis-interpret-usage
 */
export async function usageInterval(
  source: AnalysisSource,
  event: EventChoice,
  options: UsageIntervalOptions = {},
): Promise<AnalysisResult<UsageIntervalRow>> {
  const input = await AnalysisInput.of(source, options, []);
  const choice = chosenEvents(event);
  const { sql, params, segments } = await usageIntervalSql(input, choice);
  const read = await input.engine.query(sql, params, input.queryOptions);
  const found = new FoundValues<number>(segments, false);
  for (const [segment, days, users] of read.rows())
    found.set(segment!, [], Number(days), () => Number(users));
  const rows = found.lines().flatMap(({ segment, values }) => {
    const all = [...values.values()].reduce((sum, users) => sum + users, 0);
    let atMost = 0;
    return Array.from({ length: Math.max(0, ...values.keys()) }, (_, i) => {
      const users = values.get(i + 1) ?? 0;
      atMost += users;
      return [segment, i + 1, users, users / all, atMost, atMost / all];
    });
  });
  const columns = columnsOf(
    { segment: "text", days: "count", users: "count", share: "number" },
    { usersAtMost: "count", shareAtMost: "number" },
  );
  return resultOf<UsageIntervalRow>(input, columns, rows, {
    sql,
    params,
    asked: { choices: [choice], grouped: [choice] },
    definition: [
      `Users with ${choice.name} on two days or more, by the median number of days from one to the next, halves rounded up.`,
    ],
    sources: [USAGE],
    chart: (table) => ({
      kind: "bars",
      title: `${titleWords(choice.name)}: users who come back within so many days, as a rule`,
      unit: "percent",
      bars: table.map(({ segment, days, shareAtMost }) => ({
        name: lineName(`${days} d`, segment, [], true),
        value: shareAtMost,
      })),
    }),
  });
}

function checkBuckets(buckets: readonly Bucket[]): void {
  for (const [from, to] of buckets) {
    const isRight = Number.isInteger(from) && (to === null || (Number.isInteger(to) && to >= from));
    if (!isRight) {
      throw new UsageError(
        `A bucket is ${JSON.stringify([from, to])}.`,
        "Give its first and last number: [1, 1], [2, 5], [6, null].",
      );
    }
  }
}

function usersOf(counts: ReadonlyMap<number, number>, [from, to]: Bucket): number {
  let users = 0;
  for (const [n, of] of counts) if (n >= from && (to === null || n <= to)) users += of;
  return users;
}

/** A bucket for each number that occurs, ascending. */
function numbersOf(counts: readonly ReadonlyMap<number, number>[]): Bucket[] {
  const numbers = new Set(counts.flatMap((of) => [...of.keys()]));
  return [...numbers].sort((a, b) => a - b).map((n) => [n, n]);
}

function bucketText([from, to]: Bucket): string {
  if (from === to) return String(from);
  return to === null ? `${from} or more` : `${from}–${to}`;
}
