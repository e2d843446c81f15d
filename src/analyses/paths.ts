import { unknownName } from "../frame/selection.js";
import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import { eventWords } from "./chart-title.js";
import { columnsOf } from "./columns.js";
import { durationOf } from "./duration.js";
import type { EventChoice } from "./event-choice.js";
import { chosenEvents } from "./event-choice-sql.js";
import { byTexts } from "./found-values.js";
import { lineName } from "./line-name.js";
import type { AnalysisOptions } from "./options.js";
import { type PathsPlan, pathsSql } from "./paths-sql.js";
import { ratio } from "./ratio.js";
import type { AnalysisResult } from "./result.js";
import { resultOf } from "./result-of.js";
import { wholeNumber } from "./whole-number.js";

/**
 * What users do after, or before, an event: `paths(event, options)`, Amplitude's Journeys (Pathfinder).
 * Source: https://amplitude.com/docs/analytics/charts/journeys/journeys-understand-paths
 */
export interface PathsOptions extends AnalysisOptions {
  /** Whether the event is the first or the last of a path. Default `starting with`. */
  readonly direction?: "starting with" | "ending with" | undefined;
  /** How many events after (or before) it at most. Default 4; Amplitude shows up to 8. */
  readonly steps?: number | undefined;
  /**
   * Within which time of the event, included: `30s`, `15m`, `6h`, `1d`, `2w`; a day is 24 hours. `session`: within the same
   * session, and no longer than the range. Default `1d`.
   */
  readonly window?: string | undefined;
  /** `uniques`: each user's first path in the range. `totals`: one from each time that the event was done. Default `uniques`. */
  readonly count?: "uniques" | "totals" | undefined;
  /** Whether the same event several times in a row is taken as one, at the time of the first. Default false. */
  readonly collapse?: boolean | undefined;
  /** Event types left out of paths. Inactive ones are always; the event itself never is. Default: none. */
  readonly hide?: readonly string[] | undefined;
  /** Event types that alone are in paths, beside the event itself. Default: all. */
  readonly only?: readonly string[] | undefined;
  /** So many most frequent events of each step are told by name, the others are `(other)`. Default 5. */
  readonly top?: number | undefined;
}

/** One link of a Sankey diagram. */
export interface PathsRow {
  readonly segment: string;
  /** The place of `from` in the path: 0 is the event, 1 the next one; -1 the one before the event. `to` is at the next place. */
  readonly step: number;
  /** An event type, the event's name at place 0, `(other)`; `(did not perform an event)` before a path that begins at `to`. */
  readonly from: string;
  /** The same; `(dropped off)` after a path that ends at `from`. */
  readonly to: string;
  /** Different users. */
  readonly users: number;
  /** Paths. With `uniques` as many as users. */
  readonly totals: number;
  /** Of all users (with `totals`: of all paths) of the segment, from 0 to 1. */
  readonly share: number;
}

const DIRECTIONS = ["starting with", "ending with"] as const;
const COUNTS = ["uniques", "totals"] as const;
const DROPPED_OFF = "(dropped off)";
const NOTHING_BEFORE = "(did not perform an event)";
const OWN = ["direction", "steps", "window", "count", "collapse", "hide", "only", "top"];
const SOURCES = [
  "https://amplitude.com/docs/analytics/charts/journeys/journeys-understand-paths",
  "https://amplitude.com/docs/analytics/charts/journeys/journeys-understand-visualizations",
];

/**
 * Finds what users do after `event`, or before it: a row for each link from one place in the paths to the next, the most
 * frequent first. `event` is in the date range and the segment; what comes after or before may be outside. Inactive events are in
 * no path, unless they are the event itself. Throws UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/journeys/journeys-understand-paths
 */
export async function paths(
  source: AnalysisSource,
  event: EventChoice,
  options: PathsOptions = {},
): Promise<AnalysisResult<PathsRow>> {
  const input = await AnalysisInput.of(source, options, OWN);
  const plan = planOf(input, event, options);
  const { sql, params, segments } = await pathsSql(plan);
  const read = await input.engine.query(sql, params, input.queryOptions);
  const found = read.rows().map(([segment, place, from, to, users, totals]) => ({
    segment: Number(segment),
    place: Number(place),
    ...{ nearer: from as string | null, farther: to as string | null },
    ...{ users: Number(users), totals: Number(totals) },
  }));
  const { forward, steps, totals: byTotals, choice } = plan;
  const rows = segments.flatMap((segment, i) => {
    const own = found.filter((row) => row.segment === i);
    const all = own.find(({ place }) => place === 0);
    return own
      .filter(({ place }) => place > 0)
      .map(({ place, nearer, farther, users, totals }): PathsRow => {
        const [near, far] = [nearer ?? choice.name, farther ?? (forward ? DROPPED_OFF : NOTHING_BEFORE)];
        const share = byTotals ? ratio(totals, all?.totals ?? 0) : ratio(users, all?.users ?? 0);
        return {
          segment,
          ...(forward ? { step: place - 1, from: near, to: far } : { step: -place, from: far, to: near }),
          ...{ users, totals, share: share ?? 0 },
        };
      })
      .sort(
        (a, b) =>
          a.step - b.step ||
          (byTotals ? b.totals - a.totals : b.users - a.users) ||
          byTexts([a.from, a.to], [b.from, b.to]),
      );
  });
  const columns = columnsOf(
    { segment: "text", step: "count", from: "text", to: "text" },
    { users: "count", totals: "count", share: "number" },
  );
  const values = rows.map(({ segment, step, from, to, users, totals, share }) => [
    ...[segment, step, from, to, users, totals, share],
  ]);
  return resultOf<PathsRow>(input, columns, values, {
    sql,
    params,
    asked: {
      choices: [choice],
      others: [...plan.hide, ...(plan.only ?? [])].map(chosenEvents),
      grouped: [choice],
    },
    definition: words(options, plan),
    sources: SOURCES,
    chart: {
      kind: "flows",
      title: `What users do ${forward ? "after" : "before"} ${eventWords(choice.name)}`,
      flows: rows.map(({ segment, step, from, to, users, totals }) => ({
        column: forward ? step : step + steps,
        from: lineName(from, segment, [], true),
        to: lineName(to, segment, [], true),
        value: byTotals ? totals : users,
      })),
    },
  });
}

function planOf(input: AnalysisInput, event: EventChoice, options: PathsOptions): PathsPlan {
  const { direction = "starting with", count = "uniques", window = "1d" } = options;
  if (!DIRECTIONS.includes(direction)) throw unknownName("direction", direction, DIRECTIONS);
  if (!COUNTS.includes(count)) throw unknownName("count", count, COUNTS);
  const inSession = window === "session";
  return {
    input,
    choice: chosenEvents(event),
    forward: direction === "starting with",
    steps: wholeNumber("steps", options.steps ?? 4, 1, 50),
    longest: inSession ? input.range.until - input.range.from : durationOf("window", window),
    inSession,
    totals: count === "totals",
    collapse: options.collapse ?? false,
    hide: options.hide ?? [],
    only: options.only,
    top: wholeNumber("top", options.top ?? 5, 1, 1_000),
  };
}

function words(
  { window = "1d", hide = [], only, collapse = false }: PathsOptions,
  plan: PathsPlan,
): string[] {
  const { forward, totals, steps, top, choice } = plan;
  const which = totals
    ? `each time that ${choice.name} was done`
    : `each user's first ${choice.name} of the range`;
  const within = window === "session" ? "in the same session" : `within ${window}`;
  return [
    `From ${which}, up to ${steps} events ${forward ? "after" : "before"} it ${within}; the ${top} most frequent of each step by name.`,
    ...(collapse ? ["The same event several times in a row is taken as one."] : []),
    ...(hide.length > 0 ? [`Left out: ${hide.join(", ")}.`] : []),
    ...(only === undefined ? [] : [`Only ${only.join(", ")} are looked at.`]),
  ];
}
