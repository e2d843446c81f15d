import type { Value } from "../engine/column-type.js";
import { UsageError } from "../errors/index.js";
import { Table } from "../frame/table.js";
import { AnalysisInput, type AnalysisSource, EVERYONE } from "./analysis-input.js";
import type { CalendarInterval } from "./calendar.js";
import type { EventChoice } from "./event-choice.js";
import { chosenEvents } from "./event-choice-sql.js";
import { explain } from "./explanation.js";
import { type EventTerm, evaluate } from "./formula.js";
import type { AnalysisInterval, AnalysisOptions } from "./options.js";
import { type AnalysisParts, AnalysisResult } from "./result.js";
import { segmentationSql } from "./segmentation-sql.js";
import { baseTerms, type Series, seriesOf, termKey } from "./segmentation-terms.js";

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
   * In place of `measure`: numbers of the events A, B, … in the order given, with + - * / ( ) between them:
   * `UNIQUES(A) / UNIQUES(B) * 100`. Functions: UNIQUES, TOTALS, AVG, ACTIVE, PROPSUM(A, property), PROPAVG, PROPMIN, PROPMAX,
   * PROPCOUNT, PROPCOUNTAVG, PERCENTILE(A, property, p) with p from 0 to 1, and over time, of any one of these,
   * ROLLAVG(TOTALS(A), n), ROLLWIN(UNIQUES(A), n), CUMSUM(UNIQUES(A)). ACTIVE is a share from 0 to 1, as Amplitude's.
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
const COUNTS: ReadonlySet<string> = new Set(["UNIQUES", "TOTALS", "PROPCOUNT", "PROPSUM"]);

/**
 * Counts events, users or a property over time: a row for each interval of each event (or formula), segment and group, in
 * order; intervals without events have zeros. Segment and group are those of the event itself. `totals` has one row a series
 * for the whole range, in which each user counts once. Groups come largest first. Throws UsageError, QueryError,
 * CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-choose-measurement
 */
export async function segmentation<G extends string = never>(
  source: AnalysisSource,
  events: EventChoice | readonly EventChoice[],
  options: SegmentationOptions<G> = {},
): Promise<SegmentationResult<G>> {
  const input = await AnalysisInput.of(source, options, OPTIONS);
  const choices = [events].flat().map((choice) => chosenEvents(choice as EventChoice));
  if (choices.length === 0) throw new UsageError("There is no event.", "Name at least one.");
  const names = choices.map(({ name }) => name);
  const series = seriesOf(names, options.measure, options.formula, options.rolling);
  const terms = baseTerms(series);
  const calendar = input.calendar(options.interval ?? "day");
  const { range } = input;
  const intervals = calendar.within(range.from, range.until);
  const first = calendar.numberAt(range.from);
  const earliest = first - compared(options.compare);
  const { groupBy } = options;
  const plan = { input, calendar, choices, terms, groupBy, first, earliest, range };
  const { sql, params, groups } = await segmentationSql(plan);
  const found = await input.engine.query(sql, params, input.queryOptions);

  const cells = new Cells(first - earliest, intervals.length);
  for (const row of found.rows()) {
    const [term, , segment, ...rest] = row;
    const labels = rest.slice(0, groups.names.length) as string[];
    const [k, value] = rest.slice(groups.names.length);
    const interval = k === null ? null : Number(k) - earliest;
    cells.set(termKey(terms[Number(term)]!), segment as string, labels, interval, value as number | null);
  }
  const lines = linesOf(
    series,
    input.segments.map(({ name }) => name),
    cells,
    groups.names.length > 0,
  );
  const isCut = ({ from, until }: CalendarInterval): boolean => from < range.from || until > range.until;
  const groupColumns = groups.names.map((name) => ({ name, type: { kind: "text" as const } }));
  const text = { kind: "text" as const };
  const number = { kind: "double" as const };
  const withBefore = options.compare !== undefined;
  const rows = lines.flatMap(({ name, segment, labels, values }) =>
    intervals.map((interval, i): Value[] => [
      interval.label,
      interval.from,
      name,
      segment,
      ...labels,
      values[i + first - earliest] ?? null,
      ...(withBefore ? [values[i] ?? null] : []),
      isCut(interval),
    ]),
  );
  const table = new Table<SegmentationRow<G>>({
    columns: [
      { name: "time", type: text },
      { name: "start", type: { kind: "timestamp" } },
      { name: "event", type: text },
      { name: "segment", type: text },
      ...groupColumns,
      { name: "value", type: number },
      ...(withBefore ? [{ name: "before", type: number }] : []),
      { name: "incomplete", type: { kind: "boolean" } },
    ],
    rows,
    rowCount: rows.length,
  });
  const totals = new Table<SegmentationTotal<G>>({
    columns: [
      { name: "event", type: text },
      { name: "segment", type: text },
      ...groupColumns,
      { name: "value", type: number },
    ],
    rows: lines.map(({ name, segment, labels, total }) => [name, segment, ...labels, total]),
    rowCount: lines.length,
  });
  const title = series.map(({ name }) => name).join(", ");
  const unit = options.measure === "active %" ? "number" : "count";
  return new SegmentationResult({
    rows: table,
    totals,
    sql,
    params,
    explanation: explain(input, [describe(options, calendar.interval)], SOURCES, {
      rangeDedupe: true,
    }),
    chart: {
      kind: "lines",
      title,
      unit,
      times: intervals.map((interval) => ({
        label: interval.label,
        start: new Date(Number(interval.from / 1000n)),
        incomplete: isCut(interval),
      })),
      series: lines.flatMap((line) => {
        const label = lineName(line, series.length);
        const values = line.values.slice(first - earliest);
        const before = line.values.slice(0, intervals.length);
        return [
          { name: label, values },
          ...(withBefore ? [{ name: `${label}, before`, values: before, faint: true }] : []),
        ];
      }),
    },
  });
}

const SOURCES = [
  "https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-choose-measurement",
  "https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-custom-formulas",
  "https://amplitude.com/docs/faq/event-segmentation",
];

interface Line {
  readonly name: string;
  readonly segment: string;
  readonly labels: readonly string[];
  readonly values: readonly (number | null)[];
  readonly total: number | null;
}

function compared(compare: number | undefined): number {
  if (compare === undefined) return 0;
  if (Number.isInteger(compare) && compare > 0) return compare;
  throw new UsageError(`compare is ${String(compare)}.`, "Give a whole number of intervals, 1 or more.");
}

/** The values that were read, by term, segment and group. */
class Cells {
  readonly #values = new Map<string, { values: (number | null)[]; total: number | null }>();
  readonly #groups = new Map<string, Map<string, { labels: readonly string[]; weight: number }>>();

  constructor(
    private readonly before: number,
    private readonly intervals: number,
  ) {}

  set(
    term: string,
    segment: string,
    labels: readonly string[],
    interval: number | null,
    value: number | null,
  ): void {
    const group = JSON.stringify(labels);
    const key = JSON.stringify([term, segment, group]);
    const length = this.before + this.intervals;
    const found = this.#values.get(key) ?? {
      values: new Array<number | null>(length).fill(null),
      total: null,
    };
    this.#values.set(key, found);
    if (interval === null) found.total = value;
    else found.values[interval] = value;
    const groups =
      this.#groups.get(segment) ?? new Map<string, { labels: readonly string[]; weight: number }>();
    this.#groups.set(segment, groups);
    const known = groups.get(group) ?? { labels, weight: 0 };
    groups.set(group, interval === null ? { labels, weight: Math.max(known.weight, value ?? 0) } : known);
  }

  groups(segment: string): readonly (readonly string[])[] {
    const groups = [...(this.#groups.get(segment)?.values() ?? [])];
    return groups
      .sort((a, b) => b.weight - a.weight || (a.labels.join("\0") < b.labels.join("\0") ? -1 : 1))
      .map(({ labels }) => labels);
  }

  get length(): number {
    return this.before + this.intervals;
  }

  of(
    term: EventTerm,
    segment: string,
    labels: readonly string[],
  ): { values: (number | null)[]; total: number | null } {
    const found = this.#values.get(JSON.stringify([termKey(term), segment, JSON.stringify(labels)]));
    const none = COUNTS.has(term.fn) ? 0 : null;
    const length = this.before + this.intervals;
    return {
      values: Array.from({ length }, (_, i) => found?.values[i] ?? none),
      total: found?.total ?? none,
    };
  }
}

function linesOf(
  series: readonly Series[],
  segments: readonly string[],
  cells: Cells,
  grouped: boolean,
): Line[] {
  return series.flatMap(({ name, formula }) =>
    segments.flatMap((segment) =>
      (grouped ? cells.groups(segment) : [[]]).map((labels): Line => {
        const length = cells.length;
        return {
          name,
          segment,
          labels,
          values: evaluate(formula, length, (term) => cells.of(term, segment, labels).values),
          total: evaluate(formula, 1, (term) => [cells.of(term, segment, labels).total])[0] ?? null,
        };
      }),
    ),
  );
}

function lineName({ name, segment, labels }: Line, series: number): string {
  const parts = [
    ...(series > 1 || labels.length === 0 ? [name] : []),
    ...(segment === EVERYONE ? [] : [segment]),
    ...labels,
  ];
  return parts.join(" · ");
}

function describe({ measure, formula, rolling }: SegmentationOptions<string>, interval: string): string {
  const what = formula ?? (typeof measure === "object" ? JSON.stringify(measure) : (measure ?? "uniques"));
  const over = rolling === undefined ? "" : `, over the last ${rolling} ${interval}s up to each`;
  return `${what} for each ${interval}${over}.`;
}
