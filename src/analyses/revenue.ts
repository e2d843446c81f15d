import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import { columnsOf } from "./columns.js";
import type { EventChoice } from "./event-choice.js";
import { FoundValues } from "./found-values.js";
import { lineName } from "./line-name.js";
import type { AnalysisInterval, AnalysisOptions } from "./options.js";
import { chartTimes, intervalsOf, isIncomplete } from "./range-intervals.js";
import { ratio } from "./ratio.js";
import type { AnalysisResult } from "./result.js";
import { resultOf } from "./result-of.js";
import { revenueNames, revenueSql, revenueWords } from "./revenue-sql.js";

/** Where revenue stands. Source: https://amplitude.com/docs/data/sources/instrument-track-revenue */
export interface RevenueSource {
  /**
   * The events that bring revenue. Default: any event (inactive ones too) with `$revenue` or `$price` but Amplitude's
   * `revenue_amount` without `$revenue`, which is there once more as `verified_revenue` or `unverified_revenue`.
   */
  readonly event?: EventChoice | undefined;
  /** The property with the amount. Default `$revenue`; where that is no number, `$price` times `$quantity` (1 if that is none). */
  readonly property?: string | undefined;
}

/** Revenue over time: `revenue(options)`. Currencies are not told apart. */
export interface RevenueOptions<G extends string = never> extends AnalysisOptions, RevenueSource {
  /** Default `day`. */
  readonly interval?: AnalysisInterval | undefined;
  /** Properties by whose values events are told apart, as they were at the event; `(none)` where there is none. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** One interval. */
export type RevenueRow<G extends string = never> = {
  readonly time: string;
  readonly start: Date;
  readonly segment: string;
  /** The sum of the amounts; refunds are negative. */
  readonly revenue: number;
  /** Different users with a revenue event in the interval. */
  readonly payingUsers: number;
  /** Different users with an active event in it. */
  readonly activeUsers: number;
  /**
   * `revenue / activeUsers`: Amplitude's ARPAU; null without active users.
   * Source: https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-custom-formulas#arpau
   */
  readonly arpu: number | null;
  /** `revenue / payingUsers`; null without paying users. */
  readonly arppu: number | null;
  /** True if the interval is not wholly within the data and the range. */
  readonly incomplete: boolean;
} & { readonly [K in G]: string };

/** A cell of the result while it is read. */
interface Money {
  readonly revenue: number;
  readonly payingUsers: number;
  readonly activeUsers: number;
}

const NOTHING: Money = { revenue: 0, payingUsers: 0, activeUsers: 0 };
const SOURCES = [
  "https://amplitude.com/docs/data/sources/instrument-track-revenue",
  "https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-custom-formulas#arpau",
];

/**
 * Adds revenue up over time: a row for each interval of each segment and group, in order; intervals without revenue have
 * zeros. Segment and group are those of the event itself, groups in the order of their names. Sums are of doubles, equal to
 * about 15 digits. Throws UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/data/sources/instrument-track-revenue
 */
export async function revenue<G extends string = never>(
  source: AnalysisSource,
  options: RevenueOptions<G> = {},
): Promise<AnalysisResult<RevenueRow<G>>> {
  const input = await AnalysisInput.of(source, options, ["event", "property", "interval", "groupBy"]);
  const calendar = input.calendar(options.interval ?? "day");
  const { sql, params, groups, segments } = await revenueSql(input, options, calendar, options.groupBy);
  const read = await input.engine.query(sql, params, input.queryOptions);
  const found = new FoundValues<Money>(segments, groups.length > 0);
  for (const [segment, ...rest] of read.rows()) {
    const [number, revenue, payingUsers, activeUsers] = rest.slice(groups.length).map(Number);
    found.set(segment!, rest.slice(0, groups.length), number!, () => ({
      revenue: revenue!,
      payingUsers: payingUsers!,
      activeUsers: activeUsers!,
    }));
  }
  const lines = found.lines();
  const intervals = intervalsOf(input, calendar);
  const rows = lines.flatMap(({ segment, labels, values }) =>
    intervals.map((interval) => {
      const { revenue, payingUsers, activeUsers } = values.get(interval.number) ?? NOTHING;
      return [
        ...[interval.label, interval.from, segment, ...labels, revenue, payingUsers, activeUsers],
        ...[ratio(revenue, activeUsers), ratio(revenue, payingUsers), isIncomplete(interval, input)],
      ];
    }),
  );
  const columns = columnsOf(
    ...([{ time: "text", start: "time", segment: "text" }, groups] as const),
    { revenue: "number", payingUsers: "count", activeUsers: "count" },
    { arpu: "number", arppu: "number", incomplete: "flag" },
  );
  return resultOf<RevenueRow<G>>(input, columns, rows, {
    sql,
    params,
    asked: { ...revenueNames(options), groupBy: options.groupBy },
    definition: [
      `Revenue for each ${calendar.interval}: ${revenueWords(options)}.`,
      "arpu is divided by the users with any active event in the interval, arppu by those with a revenue event.",
      "Currencies are not told apart.",
    ],
    sources: SOURCES,
    chart: {
      kind: "lines",
      title: "Revenue",
      unit: "number",
      times: chartTimes(intervals, input),
      series: lines.map(({ segment, labels, values }) => ({
        name: lineName("Revenue", segment, labels),
        values: intervals.map(({ number }) => values.get(number)?.revenue ?? 0),
      })),
    },
  });
}
