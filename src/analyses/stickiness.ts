import type { Value } from "../engine/column-type.js";
import { unknownName } from "../frame/selection.js";
import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import type { CalendarInterval } from "./calendar.js";
import { eventWords } from "./chart-title.js";
import { columnsOf } from "./columns.js";
import type { EventChoice } from "./event-choice.js";
import { chosenEvents } from "./event-choice-sql.js";
import { FoundValues } from "./found-values.js";
import { lineName } from "./line-name.js";
import type { AnalysisOptions } from "./options.js";
import { intervalsOf, isIncomplete } from "./range-intervals.js";
import { ratio } from "./ratio.js";
import type { AnalysisResult } from "./result.js";
import { resultOf } from "./result-of.js";
import { stickinessSql } from "./stickiness-sql.js";

/**
 * On how many days of a week or month users do an event: `stickiness(event, options)`.
 * Source: https://amplitude.com/docs/analytics/charts/stickiness/stickiness-interpret
 */
export interface StickinessOptions<G extends string = never> extends AnalysisOptions {
  /** Default `week`. */
  readonly interval?: "week" | "month" | undefined;
  /** Properties by whose values events are told apart, as they were at the event; `(none)` where there is none. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** The users of one week or month who did the event on so many days. */
export type StickinessRow<G extends string = never> = {
  /** The first day of the week or month; null for all complete ones together, a user counted once for each. */
  readonly time: string | null;
  /** Its first instant. */
  readonly start: Date | null;
  readonly segment: string;
  /** Different calendar days: 1 to 7, or to the number of days of the month. */
  readonly days: number;
  /** Users who did the event on exactly so many days: Amplitude's non-cumulative stickiness. */
  readonly users: number;
  /** Of those who did it at all in the interval, from 0 to 1; null if nobody did. */
  readonly share: number | null;
  /** Users who did it on at least so many days: cumulative stickiness. */
  readonly usersAtLeast: number;
  /** 1 at the first day, if anybody did it. */
  readonly shareAtLeast: number | null;
  /** True if the week or month is not wholly within the data and the range. Never for all together. */
  readonly incomplete: boolean;
} & { readonly [K in G]: string };

const MOST_DAYS = { week: 7, month: 31 } as const;
const SOURCES = [
  "https://amplitude.com/docs/analytics/charts/stickiness/stickiness-interpret",
  "https://amplitude.com/docs/analytics/charts/stickiness/stickiness-identify-features",
];

/**
 * Counts on how many calendar days of a week or month users did an event: for each segment and group first all complete weeks or
 * months of the range together (`time: null`, a user counted once for each), then each; of each a row for each number of days from
 * 1. Only events in the range count. Groups are in the order of their names. Throws UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/stickiness/stickiness-interpret
 */
export async function stickiness<G extends string = never>(
  source: AnalysisSource,
  event: EventChoice,
  options: StickinessOptions<G> = {},
): Promise<AnalysisResult<StickinessRow<G>>> {
  const input = await AnalysisInput.of(source, options, ["interval", "groupBy"]);
  const { interval = "week" } = options;
  if (!Object.hasOwn(MOST_DAYS, interval)) throw unknownName("interval", interval, Object.keys(MOST_DAYS));
  const calendar = input.calendar(interval);
  const days = input.calendar("day");
  const chosen = chosenEvents(event);
  const { sql, params, groups, segments } = await stickinessSql(
    input,
    chosen,
    options.groupBy,
    calendar,
    days,
  );
  const read = await input.engine.query(sql, params, input.queryOptions);

  const found = new FoundValues<ReadonlyMap<number, number>>(segments, groups.length > 0);
  for (const [segment, ...rest] of read.rows()) {
    const [k, n, users] = rest.slice(groups.length).map(Number) as [number, number, number];
    found.set(segment!, rest.slice(0, groups.length), k, (before = new Map()) =>
      new Map(before).set(n, users),
    );
  }
  const intervals = intervalsOf(input, calendar);
  const complete = intervals.filter((each) => !isIncomplete(each, input));
  const lines = found.lines().map(({ segment, labels, values }) => {
    const usersOf = (of: readonly CalendarInterval[], most: number): number[] =>
      Array.from({ length: most }, (_, i) =>
        of.reduce((sum, { number }) => sum + (values.get(number)?.get(i + 1) ?? 0), 0),
      );
    return {
      ...{ segment, labels, together: countsOf(usersOf(complete, MOST_DAYS[interval])) },
      each: intervals.map((one) => countsOf(usersOf([one], days.within(one.from, one.until).length))),
    };
  });
  const rows = lines.flatMap(({ segment, labels, together, each }) => {
    const rowsOf = (counts: readonly Count[], of: CalendarInterval | null): Value[][] =>
      counts.map(({ users, share, usersAtLeast, shareAtLeast }, i) => [
        ...[of?.label ?? null, of?.from ?? null, segment, ...labels, i + 1],
        ...[users, share, usersAtLeast, shareAtLeast, of !== null && isIncomplete(of, input)],
      ]);
    return [...rowsOf(together, null), ...intervals.flatMap((one, i) => rowsOf(each[i]!, one))];
  });
  const columns = columnsOf(
    ...([{ time: "text", start: "time", segment: "text" }, groups] as const),
    { days: "count", users: "count", share: "number", usersAtLeast: "count", shareAtLeast: "number" },
    { incomplete: "flag" },
  );
  return resultOf<StickinessRow<G>>(input, columns, rows, {
    ...{ sql, params },
    asked: { choices: [chosen], grouped: [chosen], groupBy: options.groupBy },
    definition: [
      `Of the users with the event ${chosen.name} in a ${interval}, those who did it on exactly so many of its days, and on at least so many.`,
      `All together: the complete ${interval}s added up.`,
    ],
    sources: SOURCES,
    chart: {
      ...{ kind: "bars", title: `Stickiness: ${eventWords(chosen.name)}`, unit: "percent" },
      bars: lines.flatMap(({ segment, labels, together }) =>
        together.map(({ shareAtLeast }, i) => ({
          name: lineName(`${i + 1}+ day${i === 0 ? "" : "s"}`, segment, labels, true),
          value: shareAtLeast,
        })),
      ),
    },
  });
}

type Count = Pick<StickinessRow, "users" | "share" | "usersAtLeast" | "shareAtLeast">;

/** What the numbers of users on 1, 2, … days amount to. */
function countsOf(users: readonly number[]): Count[] {
  const sum = (from: number): number => users.slice(from).reduce((all, n) => all + n, 0);
  const all = sum(0);
  return users.map((n, i) => ({
    ...{ users: n, share: ratio(n, all), usersAtLeast: sum(i), shareAtLeast: ratio(sum(i), all) },
  }));
}
