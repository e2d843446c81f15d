import type { Value } from "../engine/column-type.js";
import { AnalysisInput, type AnalysisSource, EVERYONE } from "./analysis-input.js";
import type { Chart } from "./chart.js";
import { eventWords, titleWords } from "./chart-title.js";
import { columnsOf } from "./columns.js";
import type { EventChoice } from "./event-choice.js";
import { FUNNEL_OPTIONS, type FunnelPlan, funnelPlan } from "./funnel-plan.js";
import { readAttempts } from "./funnel-read.js";
import { average, FunnelCells, type FunnelCounts, median } from "./funnel-rows.js";
import { funnelSql } from "./funnel-sql.js";
import { lineName } from "./line-name.js";
import type { AnalysisInterval, AnalysisOptions } from "./options.js";
import { ratio } from "./ratio.js";
import { type AnalysisParts, AnalysisResult } from "./result.js";
import { partsOf } from "./result-of.js";

/** How far a funnel's steps must be in order. Source: https://amplitude.com/docs/analytics/charts/funnel-analysis/funnel-analysis-how-amplitude-computes */
export type FunnelOrder = "this order" | "any order" | "exact order";

/**
 * Events that must not come between two steps, their numbers from 1. Default: between the first and the last. In `any order`
 * always between the first and the last event of the attempt.
 */
export interface FunnelExclusion {
  readonly event: EventChoice;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
}

/** How users go from step to step. */
export interface FunnelOptions<G extends string = never> extends AnalysisOptions {
  /** Default `this order`. */
  readonly order?: FunnelOrder | undefined;
  /**
   * The most time from the first step to the last, included: `30s`, `15m`, `6h`, `1d`, `2w`; from 1 second to 366 days. Default
   * `1d`, as in Amplitude's charts. A day is 24 hours. In `any order` it is cut to whole days, at least one.
   */
  readonly window?: string | undefined;
  /**
   * Within which time two events have no order: `second` (Amplitude's default: different event types of one second satisfy
   * either order, equal ones count once) or `millisecond`. Default `second`.
   */
  readonly resolution?: "second" | "millisecond" | undefined;
  /** Whether users or ways are counted: `uniques` (a user's longest attempt, of those the earliest) or `totals`. Default `uniques`. */
  readonly count?: "uniques" | "totals" | undefined;
  /**
   * A property that must have the same value at all steps: not users are counted then, but users with a value. Events without
   * the property are not looked at.
   */
  readonly holdConstant?: string | undefined;
  readonly exclude?: readonly FunnelExclusion[] | undefined;
  /** At most two properties, as they were at the first step. */
  readonly groupBy?: G | readonly G[] | undefined;
  /** Rows for each interval in which users entered, by the first step. Default: one for the whole range. */
  readonly interval?: AnalysisInterval | undefined;
}

/** One step of one funnel. */
export type FunnelRow<G extends string = never> = {
  /** With `interval`: where the interval of the entry begins, as a clock shows it; else null. */
  readonly time: string | null;
  readonly segment: string;
  /** From 1. */
  readonly step: number;
  readonly event: string;
  /** Users (or ways, or users with a value) who came as far as this step. */
  readonly users: number;
  /** Of those at step 1, a share from 0 to 1; null if nobody was. */
  readonly conversion: number | null;
  /** Of those at the step before. 1 at the first. */
  readonly stepConversion: number | null;
  /** Those who came to the step before but not to this one. 0 at the first. */
  readonly droppedOff: number;
  /**
   * Seconds from having done all steps before to having done this one too, of those who came here: exact, where Amplitude's median
   * is from a histogram. Null at the first step.
   */
  readonly medianSeconds: number | null;
  readonly averageSeconds: number | null;
} & { readonly [K in G]: string };

/**
 * What a funnel found. Its `sql` gives the events of the users, in order; what they came to is found among these here, since no
 * engine's SQL finds the best attempt of each user.
 */
export class FunnelResult<G extends string = never> extends AnalysisResult<FunnelRow<G>> {
  /**
   * How many of the attempts that count, and did not come to the last step, may still: their window was not over when the data
   * ended. With groups each is counted once.
   */
  readonly open: number;

  /** Made by `funnel`. */
  constructor(parts: AnalysisParts<FunnelRow<G>> & { readonly open: number }) {
    super(parts);
    this.open = parts.open;
  }
}

/**
 * Counts how many users came to each of `steps`: a row for each step of each segment, group and interval, in that order.
 * A user counts by the longest attempt whose first step lies in the date range and in the segment; later steps may lie after
 * the range. Groups come largest first; without `groupBy` there are rows with zeros if nobody entered. Every event is looked
 * at, so the numbers are exact. Reads the events of users in order from the engine, and holds one user's at a time.
 * Throws UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/funnel-analysis/funnel-analysis-how-amplitude-computes
 */
export async function funnel<G extends string = never>(
  source: AnalysisSource,
  steps: readonly EventChoice[],
  options: FunnelOptions<G> = {},
): Promise<FunnelResult<G>> {
  const input = await AnalysisInput.of(source, options, FUNNEL_OPTIONS);
  const plan = funnelPlan(input, steps, options);
  const statement = await funnelSql(plan);
  const { range, data } = input;
  const intervals = plan.calendar?.within(range.from, range.until) ?? [undefined];
  const grouped = statement.groups.length > 0;
  const cells = new FunnelCells(input.segments.length, intervals.length, steps.length, grouped);
  const ends = Number((data.until - statement.since) / plan.unit);
  let [entered, open] = [0, 0];
  await readAttempts(plan, statement, (attempt) => {
    cells.add(attempt);
    entered++;
    if (attempt.times.length < steps.length && attempt.times[0]! + plan.rules.window >= ends) open++;
  });
  const found = input.segments.flatMap((segment, i) =>
    cells.groups(i).map(({ labels, cells }) => ({ segment: segment.name, labels, cells })),
  );
  const rows = found.flatMap(({ segment, labels, cells }) =>
    cells.flatMap((cell, i) =>
      rowsOf(cell, plan).map((row): Value[] => [intervals[i]?.label ?? null, segment, ...labels, ...row]),
    ),
  );
  const columns = columnsOf(
    ...([{ time: "text", segment: "text" }, statement.groups] as const),
    { step: "count", event: "text", users: "count", conversion: "number", stepConversion: "number" },
    { droppedOff: "count", medianSeconds: "number", averageSeconds: "number" },
  );
  const held = plan.holdConstant === undefined ? [] : [plan.holdConstant];
  const parts = await partsOf<FunnelRow<G>>(input, columns, rows, {
    sql: statement.sql,
    params: statement.params,
    asked: {
      choices: plan.steps,
      others: plan.excluded,
      grouped: plan.steps.slice(0, 1),
      groupBy: options.groupBy,
      properties: plan.steps.flatMap((of) => held.map((name) => ({ name, of }))),
    },
    definition: definitionOf(plan, options),
    sources: SOURCES,
    differences: [
      `${open} of ${entered} that entered did not convert but still may: their window was not over when the data ended. Amplitude counts them so, too.`,
      "Medians are exact; Amplitude's are made from a histogram.",
    ],
    chart: chartOf(plan, found),
  });
  return new FunnelResult<G>({ ...parts, open });
}

const SOURCES = [
  "https://amplitude.com/docs/analytics/charts/funnel-analysis/funnel-analysis-how-amplitude-computes",
  "https://amplitude.com/docs/analytics/charts/funnel-analysis/funnel-analysis-how-amplitude-computes-conversions",
  "https://amplitude.com/docs/analytics/charts/funnel-analysis/funnel-analysis-how-amplitude-handles-simultaneous-events",
  "https://amplitude.com/docs/faq/funnel-analysis",
];

interface FoundFunnel {
  readonly segment: string;
  readonly labels: readonly string[];
  readonly cells: readonly FunnelCounts[];
}

/** From `step` on. */
function rowsOf({ reached, took }: FunnelCounts, { steps, unit }: FunnelPlan): Value[][] {
  const seconds = (units: number | null): number | null =>
    units === null ? null : (units * Number(unit)) / 1e6;
  return steps.map(({ name }, i) => {
    const [users, before] = [reached[i]!, reached[i - 1] ?? 0];
    return [
      i + 1,
      name,
      users,
      ratio(users, reached[0]!),
      i === 0 ? 1 : ratio(users, before),
      i === 0 ? 0 : before - users,
      seconds(median(took[i]!)),
      seconds(average(took[i]!)),
    ];
  });
}

function chartOf({ input, steps, calendar, window }: FunnelPlan, found: readonly FoundFunnel[]): Chart {
  const title = steps.map(({ name }, i) => (i === 0 ? titleWords(name) : eventWords(name))).join(" → ");
  if (calendar === undefined) {
    return {
      kind: "funnel",
      title,
      steps: steps.map(({ name }) => name),
      funnels: found.map(({ segment, labels, cells }) => ({
        name: lineName(EVERYONE, segment, labels),
        users: cells[0]!.reached,
      })),
    };
  }
  const { range, data } = input;
  return {
    kind: "lines",
    title: `${title}: conversion`,
    unit: "percent",
    times: calendar.within(range.from, range.until).map(({ label, from, until }) => ({
      label,
      start: new Date(Number(from / 1000n)),
      incomplete: from < range.from || until > range.until || until + window > data.until,
    })),
    series: found.map(({ segment, labels, cells }) => ({
      name: lineName("Conversion", segment, labels),
      values: cells.map(({ reached }) => ratio(reached.at(-1)!, reached[0]!)),
    })),
  };
}

function definitionOf(
  { steps, rules, excluded, totals, holdConstant, window }: FunnelPlan,
  options: FunnelOptions<string>,
): string[] {
  const who = holdConstant === undefined ? "users" : `pairs of a user and a value of ${holdConstant}`;
  const counted = totals
    ? `Attempts of ${who}; each event is in one attempt only.`
    : `Different ${who}${options.interval === undefined ? "" : ` in each ${options.interval}`}, by the longest attempt, of those the earliest.`;
  const days = rules.order === "any order" ? ", in whole days" : "";
  return [
    `${steps.map(({ name }, i) => (i === 0 ? titleWords(name) : eventWords(name))).join(" → ")}, in ${rules.order}, within ${options.window ?? "1d (Amplitude's default)"}${days} (${window / 1_000_000n} s, included) from the first event to the last; times floored to the ${options.resolution ?? "second"}.`,
    counted,
    "The first step lies in the range and the segment; later steps may come after the range.",
    ...excluded.map(({ name }, i) => {
      const { after, before } = rules.exclusions[i]!;
      const where =
        rules.order === "any order"
          ? "between the first and the last event"
          : `between steps ${after + 1} and ${before + 1}`;
      return `Without ${name} ${where}.`;
    }),
  ];
}
