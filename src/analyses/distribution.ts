import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import { type Bin, binsOf, usualBins } from "./bins.js";
import { titleWords } from "./chart-title.js";
import { columnsOf } from "./columns.js";
import { type DistributionSql, distributionSql } from "./distribution-sql.js";
import type { EventChoice } from "./event-choice.js";
import { chosenEvents } from "./event-choice-sql.js";
import { FoundValues } from "./found-values.js";
import { lineName } from "./line-name.js";
import type { AnalysisOptions } from "./options.js";
import { ratio } from "./ratio.js";
import type { AnalysisResult } from "./result.js";
import { resultOf } from "./result-of.js";

/**
 * How the numbers of a property are spread: `distribution(event, property, options)`, Amplitude's Distribution of Property Value
 * and PROPHIST.
 * Source: https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-choose-measurement#properties
 */
export interface DistributionOptions<G extends string = never> extends AnalysisOptions {
  /**
   * Where bins begin, ascending, and where the last one ends: `[0, 10, 100]`. Default: 20 bins at most of one width, which is 1,
   * 2 or 5 times a power of ten, from the least number to the greatest.
   */
  readonly bins?: readonly number[] | undefined;
  /** Properties by whose values events are told apart, as they were at the event; `(none)` where there is none. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/** One bin of the numbers in the range. */
export type DistributionRow<G extends string = never> = {
  readonly segment: string;
  /** Included. */
  readonly from: number;
  /** Not included. */
  readonly to: number;
  /** Numbers in the bin: events, where the property is no list. */
  readonly totals: number;
  /** Of all numbers of the segment and group, also those in no bin, from 0 to 1; null without any. */
  readonly share: number | null;
  /** Different users with a number in the bin. A user may be in several bins. */
  readonly users: number;
} & { readonly [K in G]: string };

const SOURCES = [
  "https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-choose-measurement#properties",
  "https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-custom-formulas#prophist",
];

/**
 * Counts the numbers that `property` has at `event` by their size: a row for each bin of each segment and group, in order; groups
 * in the order of their names. Numbers are JSON numbers and texts that are written so; of a list each item is one; events
 * without one are left out. Segment and group are those of the event itself. Without `bins` the events are read twice, and there
 * are no rows without numbers. Throws UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-choose-measurement#properties
 */
export async function distribution<G extends string = never>(
  source: AnalysisSource,
  event: EventChoice,
  property: string,
  options: DistributionOptions<G> = {},
): Promise<AnalysisResult<DistributionRow<G>>> {
  const input = await AnalysisInput.of(source, options, ["bins", "groupBy"]);
  const given =
    options.bins === undefined ? undefined : binsOf(options.bins, Number.NEGATIVE_INFINITY, "[0, 10, 100]");
  const choice = chosenEvents(event);
  const statement = await distributionSql(input, choice, property, options.groupBy);
  const { params, groups, segments } = statement;
  const bins = given ?? (await binsBetween(input, statement));
  const sql = statement.counts(bins);
  const read = await input.engine.query(sql, params, input.queryOptions);
  const found = new FoundValues<Counts>(segments, groups.length > 0);
  for (const [segment, ...rest] of read.rows()) {
    const [bin, totals, users] = rest.slice(groups.length);
    const counts = { totals: Number(totals), users: Number(users) };
    found.set(segment!, rest.slice(0, groups.length), bin === null ? IN_NONE : Number(bin), () => counts);
  }
  const lines = found.lines();
  const rows = lines.flatMap(({ segment, labels, values }) => {
    const all = [...values.values()].reduce((sum, { totals }) => sum + totals, 0);
    return bins.map(([from, to], i) => {
      const { totals, users } = values.get(i) ?? NOTHING;
      return [segment, ...labels, from, to, totals, ratio(totals, all), users];
    });
  });
  const columns = columnsOf({ segment: "text" }, groups, {
    ...({ from: "number", to: "number", totals: "count", share: "number", users: "count" } as const),
  });
  return resultOf<DistributionRow<G>>(input, columns, rows, {
    sql,
    params,
    asked: {
      choices: [choice],
      grouped: [choice],
      groupBy: options.groupBy,
      properties: [{ name: property, of: choice }],
    },
    definition: [
      `Numbers of ${property} at the event ${choice.name} in the date range, by their size; a bin's end is in the next one. Events without a number are left out.`,
    ],
    sources: SOURCES,
    differences:
      given === undefined ? ["Amplitude's own bins are not published: give it the same, or give bins."] : [],
    chart: {
      kind: "bars",
      title: `${titleWords(choice.name)} by ${property}`,
      unit: "count",
      bars: lines.flatMap(({ segment, labels, values }) =>
        bins.map(([from, to], i) => ({
          name: lineName(`${from} to < ${to}`, segment, labels, true),
          value: values.get(i)?.totals ?? 0,
        })),
      ),
    },
  });
}

interface Counts {
  readonly totals: number;
  readonly users: number;
}

const NOTHING: Counts = { totals: 0, users: 0 };
const IN_NONE = -1;

async function binsBetween(input: AnalysisInput, { ends, params }: DistributionSql): Promise<Bin[]> {
  const read = await input.engine.query(ends, params, input.queryOptions);
  const [min, max, areWhole] = read.rows()[0] ?? [];
  return typeof min === "number" && typeof max === "number" ? usualBins(min, max, areWhole === true) : [];
}
