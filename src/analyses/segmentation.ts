import type { Value } from "../engine/column-type.js";
import { UsageError } from "../errors/index.js";
import type { Table } from "../frame/table.js";
import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import type { ChartUnit, LineChart } from "./chart.js";
import { eventWords, titleWords } from "./chart-title.js";
import { columnsOf } from "./columns.js";
import type { EventChoice } from "./event-choice.js";
import { type ChosenEvents, chosenEvents } from "./event-choice-sql.js";
import { reachOf, termsOf } from "./formula.js";
import { lineName } from "./line-name.js";
import { measureWords } from "./measure-words.js";
import type { AskedNames } from "./named.js";
import type { AnalysisInterval, AnalysisOptions } from "./options.js";
import { chartTimes, isIncomplete } from "./range-intervals.js";
import { type AnalysisParts, AnalysisResult } from "./result.js";
import { partsOf, tableOf } from "./result-of.js";
import { countedKey, SegmentationCells, type SegmentationLine } from "./segmentation-cells.js";
import { cutTerms, type Series, seriesOf } from "./segmentation-series.js";
import { type Counted, segmentationSql } from "./segmentation-sql.js";

/**
 * A number made of a property's values, of those events that have a number there (or a text that holds one). Of a list each
 * item is a value.
 */
export type PropertyMeasure =
  | { readonly sum: string }
  | { readonly average: string }
  | { readonly median: string }
  | { readonly min: string }
  | { readonly max: string }
  /** Different values of any kind, told apart as `groupBy` does. */
  | { readonly distinct: string }
  /** The different values of each user, averaged over the users who have any: PROPCOUNTAVG(A). */
  | { readonly distinctPerUser: string }
  /** The sum for each user who did the event, averaged: PROPSUM(A) / UNIQUES(A). */
  | { readonly sumPerUser: string }
  /** `p` from 0 to 100, between neighbours in a straight line. */
  | { readonly percentile: string; readonly p: number };

/**
 * What is counted: `uniques` (different users), `totals` (events), `average` (events for each user who did one), `active %`
 * (how many users did it for each 100 users with any active event in the interval), or a number of a property.
 */
export type Measure = "uniques" | "totals" | "average" | "active %" | PropertyMeasure;

/** How events are counted over time. */
export interface SegmentationOptions<G extends string = never> extends AnalysisOptions {
  /** Default `uniques`. */
  readonly measure?: Measure | undefined;
  /**
   * In place of `measure`, as in Amplitude: numbers of the events A, B, … in the order given, with + - * / ( ) between them:
   * `%:UNIQUES(A) / UNIQUES(B)`, shown as percent; `$:` as dollars. `A2` is of the second segment. Functions: UNIQUES, TOTALS, AVG,
   * ACTIVE (a share from 0 to 1), FREQPERCENTILE(A, p) with p from 0 to 1, SEMANTICTOTALS(A, UNIQUE_ARRAY_VALUES); of a property,
   * PROPSUM(A, property), REVENUETOTAL, ARPAU, PROPAVG, PROPMIN, PROPMAX, PROPCOUNT, PROPCOUNTAVG, PERCENTILE(A, property, p); of
   * any of these over time, ROLLAVG(TOTALS, A, n) or ROLLAVG(TOTALS(A), n), ROLLWIN, CUMSUM(UNIQUES, A); of any number, EXP, LN,
   * LOG(x, base), LOG10, POWER(x, exponent), SQRT, TRENDLINE(x). Several formulas are separated by semicolons.
   */
  readonly formula?: string | undefined;
  /** Default `day`. */
  readonly interval?: AnalysisInterval | undefined;
  /** Properties by whose values events are told apart, as they were at the event; `(none)` where there is none. */
  readonly groupBy?: G | readonly G[] | undefined;
  /** The measure over the last so many whole intervals that end with each, those before the range too: Amplitude's rolling window. */
  readonly rolling?: number | undefined;
  /** Adds for each interval the value of the whole interval so many before, in `before`. */
  readonly compare?: number | undefined;
}

/** One interval of one series. */
export type SegmentationRow<G extends string = never> = {
  /** Where the interval begins as a clock shows it: `2026-11-23`, or `2026-11-23 05:00+01:00`. */
  readonly time: string;
  /** The same as an instant. */
  readonly start: Date;
  /** The event's name, or the formula. */
  readonly event: string;
  /** The segment's name; `all` without segments. */
  readonly segment: string;
  /** Null where there is nothing to divide by, or no value. */
  readonly value: number | null;
  /** With `compare`: the value of the interval before. */
  readonly before?: number | null;
  /** True if the data or the range covers only a part of the interval. */
  readonly incomplete: boolean;
} & { readonly [K in G]: string };

/** The value of a series over the whole range, as a bar chart shows it: of uniques, each user once. */
export type SegmentationTotal<G extends string = never> = Omit<
  SegmentationRow<G>,
  "time" | "start" | "before" | "incomplete"
>;

/** What a segmentation found. */
export class SegmentationResult<G extends string = never> extends AnalysisResult<SegmentationRow<G>> {
  /** The value of each series over the whole range, as a bar chart shows it. */
  readonly totals: Table<SegmentationTotal<G>>;

  /** Made by `segmentation`. */
  constructor(parts: AnalysisParts<SegmentationRow<G>> & { readonly totals: Table<SegmentationTotal<G>> }) {
    super(parts);
    this.totals = parts.totals;
  }
}

const OPTIONS = ["measure", "formula", "interval", "groupBy", "rolling", "compare"];
const SOURCES = [
  "https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-choose-measurement",
  "https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-custom-formulas",
  "https://amplitude.com/docs/faq/event-segmentation",
];

/**
 * Counts events, users or a property over time: a row for each interval of each event (or formula; several are separated by
 * semicolons), segment and group, in order; intervals without events have zeros. Segment and group are those of the event
 * itself. `totals` has one row a series for the whole range, in which each user counts once; groups come by it, largest first.
 * Throws UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-choose-measurement
 */
export async function segmentation<G extends string = never>(
  source: AnalysisSource,
  events: EventChoice | readonly EventChoice[],
  options: SegmentationOptions<G> = {},
): Promise<SegmentationResult<G>> {
  const input = await AnalysisInput.of(source, options, OPTIONS);
  const choices = ([events].flat() as readonly EventChoice[]).map(chosenEvents);
  if (choices.length === 0) throw new UsageError("There is no event.", "Name at least one event type.");
  const series = seriesOf(
    choices.map(({ name }) => name),
    input.segments.length,
    options.measure,
    options.formula,
    options.rolling,
  );
  const calendar = input.calendar(options.interval ?? "day");
  const { range } = input;
  const intervals = calendar.within(range.from, range.until);
  const compare = comparedWith(options.compare);
  const first = calendar.numberAt(range.from);
  const counted = countedOf(series, compare !== undefined, options.groupBy !== undefined);
  const earliest = first - (compare ?? 0);
  const lowest = earliest - Math.max(0, ...series.map(({ formula }) => reachOf(formula)));
  const last = first + intervals.length - 1;
  const plan = { input, calendar, choices, counted, groupBy: options.groupBy, first, last, earliest, lowest };
  const { sql, params, groups } = await segmentationSql(plan);
  const read =
    intervals.length === 0 ? [] : (await input.engine.query(sql, params, input.queryOptions)).rows();
  const segments = input.segments.map(({ name }) => name);
  const found = read.map(([one, event, segment, ...rest]): Value[] => [
    ...[one!, event!, segments[Number(segment)]!, ...rest],
  ]);

  const cells = new SegmentationCells(
    { counted, activeEvent: choices.length, intervals: { first, last, earliest, lowest }, segments },
    found,
  );
  const lines = series.flatMap(({ name, formula }) =>
    cells.lines(name, formula, groups.names.length, compare),
  );
  const which = columnsOf({ event: "text", segment: "text" }, groups.names);
  const columns = [
    ...columnsOf({ time: "text", start: "time" }),
    ...which,
    ...columnsOf({ value: "number" }, compare === undefined ? {} : { before: "number" }, {
      incomplete: "flag",
    }),
  ];
  const rows = lines.flatMap(({ name, segment, labels, values, before }) =>
    intervals.map((interval, i): Value[] => [
      ...[interval.label, interval.from, name, segment, ...labels, values[i] ?? null],
      ...(compare === undefined ? [] : [before[i] ?? null]),
      isIncomplete(interval, input),
    ]),
  );
  const parts = await partsOf<SegmentationRow<G>>(input, columns, rows, {
    sql,
    params,
    asked: {
      choices,
      grouped: choices,
      groupBy: options.groupBy,
      properties: propertiesOf(series, choices),
    },
    definition: [inWords(options, calendar.interval)],
    sources: SOURCES,
    kind: { rangeDedupe: true },
    chart: chartOf(
      lines,
      chartTimes(intervals, input),
      options,
      series,
      choices.map(({ name }) => name),
    ),
  });
  const totals = lines.map(({ name, segment, labels, total }) => [name, segment, ...labels, total]);
  return new SegmentationResult<G>({
    ...parts,
    totals: tableOf([...which, ...columnsOf({ value: "number" })], totals),
  });
}

/** The properties that the series are made of. In a sum of several a missing one does not show. */
function propertiesOf(series: readonly Series[], choices: readonly ChosenEvents[]): AskedNames["properties"] {
  return series.flatMap(({ formula }) => {
    const terms = termsOf(formula);
    return terms.flatMap(({ property, event }) =>
      property === undefined ? [] : [{ name: property, of: choices[event], isUnseen: terms.length > 1 }],
    );
  });
}

function comparedWith(compare: number | undefined): number | undefined {
  if (compare === undefined || (Number.isInteger(compare) && compare > 0)) return compare;
  throw new UsageError(`compare is ${String(compare)}.`, "Give a whole number of intervals, 1 or more.");
}

function chartOf(
  lines: readonly SegmentationLine[],
  times: LineChart["times"],
  options: SegmentationOptions<string>,
  series: readonly Series[],
  events: readonly string[],
): LineChart {
  const { measure, compare } = options;
  const [shown, ...others] = new Set(series.map((one) => one.unit));
  const unit: ChartUnit =
    (others.length === 0 ? shown : undefined) ??
    (measure === undefined || measure === "uniques" || measure === "totals" ? "count" : "number");
  return {
    kind: "lines",
    title: titleOf(series, events, options),
    unit,
    times,
    series: lines.flatMap(({ name, segment, labels, values, before }) => {
      const line = { name: lineName(name, segment, labels, series.length > 1), values };
      return compare === undefined
        ? [line]
        : [line, { name: `${line.name}, before`, values: before, faint: true }];
    }),
  };
}

/** What is counted of which events; of formulas also which event each letter is. */
function titleOf(
  series: readonly Series[],
  events: readonly string[],
  { measure, formula, rolling, interval = "day" }: SegmentationOptions<string>,
): string {
  const names = series.map(({ name }, i) => (i === 0 ? titleWords(name) : eventWords(name))).join(", ");
  if (formula === undefined) {
    const over = rolling === undefined ? "" : `, of ${rolling} ${interval}s each`;
    return `${names}: ${measureWords(measure)}${over}`;
  }
  return [names, ...events.map((name, i) => `${String.fromCharCode(65 + i)} = ${eventWords(name)}`)].join(
    ", ",
  );
}

function inWords(
  { measure, formula, rolling, compare }: SegmentationOptions<string>,
  interval: string,
): string {
  const what = formula ?? (typeof measure === "object" ? JSON.stringify(measure) : (measure ?? "uniques"));
  const over = rolling === undefined ? "" : ` of the last ${rolling} ${interval}s up to each`;
  const with_ = compare === undefined ? "" : `, with the value of ${compare} before`;
  return `${what} for each ${interval}${over}${with_}.`;
}

/** Each term once, as it is needed: for the intervals, for those compared with, and for the whole range. */
function countedOf(series: readonly Series[], compare: boolean, grouped: boolean): Counted[] {
  const needed = series.flatMap(({ formula }): Counted[] => [
    ...cutTerms(formula, false),
    ...(compare ? cutTerms(formula, true) : []),
    ...termsOf(formula).map((term) => ({
      term: { ...term, span: { kind: "each" as const } },
      cut: "total" as const,
    })),
    // Groups occur by their events, whatever is made of these; where users are counted, by theirs.
    ...(grouped
      ? termsOf(formula).flatMap((term): Counted[] =>
          term.fn === "UNIQUES"
            ? []
            : [
                {
                  term: { kind: "term", fn: "TOTALS", event: term.event, span: { kind: "each" } },
                  cut: "total",
                },
              ],
        )
      : []),
  ]);
  return [...new Map(needed.map((one) => [countedKey(one), one])).values()];
}
