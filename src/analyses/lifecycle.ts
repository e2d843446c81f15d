import { unknownName } from "../frame/selection.js";
import type { HistoryOptions } from "./active-users.js";
import { AnalysisInput, type AnalysisSource } from "./analysis-input.js";
import { eventWords } from "./chart-title.js";
import { columnsOf } from "./columns.js";
import type { EventChoice } from "./event-choice.js";
import { chosenEvents } from "./event-choice-sql.js";
import { FoundValues } from "./found-values.js";
import { historyOf, isCensored } from "./history.js";
import { lifecycleSql } from "./lifecycle-sql.js";
import { lineName } from "./line-name.js";
import type { AnalysisOptions } from "./options.js";
import { chartTimes, intervalsOf, isIncomplete } from "./range-intervals.js";
import { ratio } from "./ratio.js";
import type { AnalysisResult } from "./result.js";
import { resultOf } from "./result-of.js";

/**
 * How the users of an event come, stay, go and come back: `lifecycle(event, options)`.
 * Source: https://amplitude.com/docs/analytics/charts/lifecycle/lifecycle-interpret
 */
export interface LifecycleOptions extends AnalysisOptions, HistoryOptions {
  /** Amplitude's usage interval. Default `day`. */
  readonly interval?: "day" | "week" | "month" | undefined;
}

/** One interval. Who did the event is in exactly one of `newUsers`, `currentUsers`, `resurrectedUsers`. */
export interface LifecycleRow {
  /** The interval's first day. */
  readonly time: string;
  /** Its first instant. */
  readonly start: Date;
  readonly segment: string;
  /** Did the event, and their first event of all (any, inactive ones too) is in this interval. */
  readonly newUsers: number;
  /** Did the event in this interval and in the one before. */
  readonly currentUsers: number;
  /** Did the event in this interval, not in the one before, and are not new. */
  readonly resurrectedUsers: number;
  /** Did the event in the interval before and not in this one. */
  readonly dormantUsers: number;
  /** Of the dormant those who were new, current and resurrected in the interval before. */
  readonly dormantNew: number;
  readonly dormantCurrent: number;
  readonly dormantResurrected: number;
  /** `(newUsers + resurrectedUsers) / dormantUsers`; null if nobody is dormant. */
  readonly pulse: number | null;
  /** True if the interval is not wholly within the data and the range. */
  readonly incomplete: boolean;
  /**
   * True if the interval begins less than `history` after the beginning of the data, or the one before begins before the
   * data: users who were there earlier look new, or resurrected. Never with `history: "0d"`.
   */
  readonly censored: boolean;
}

const INTERVALS = ["day", "week", "month"];
const SOURCES = [
  "https://amplitude.com/docs/analytics/charts/lifecycle/lifecycle-interpret",
  "https://amplitude.com/docs/analytics/charts/lifecycle/lifecycle-track-growth",
];

/**
 * Tells the users of an event apart by what they did before: a row for each interval of each segment, in order. Who did the event
 * in it is new, current or resurrected; who did it in the one before and not in it is dormant. The intervals before are looked at
 * whole, also before the range. New is whose first event of all in the lake, of any type, is in the interval. Throws
 * UsageError, QueryError, CancelledError.
 * Source: https://amplitude.com/docs/analytics/charts/lifecycle/lifecycle-interpret
 */
export async function lifecycle(
  source: AnalysisSource,
  event: EventChoice,
  options: LifecycleOptions = {},
): Promise<AnalysisResult<LifecycleRow>> {
  const input = await AnalysisInput.of(source, options, ["interval", "history"]);
  const { interval = "day" } = options;
  if (!INTERVALS.includes(interval)) throw unknownName("interval", interval, INTERVALS);
  const calendar = input.calendar(interval);
  const history = historyOf(options.history);
  const chosen = chosenEvents(event);
  const { sql, params, segments } = await lifecycleSql(input, chosen, calendar);
  const read = await input.engine.query(sql, params, input.queryOptions);

  const found = new FoundValues<Counts>(segments, false);
  for (const [isDormant, segment, k, state, n] of read.rows()) {
    found.set(segment!, [], Number(k), (before = NOBODY) => ({
      ...before,
      [`${isDormant ? "dormant " : ""}${state}`]: Number(n),
    }));
  }
  const lines = found.lines();
  const intervals = intervalsOf(input, calendar);
  const rows = lines.flatMap(({ segment, values }) =>
    intervals.map((each) => {
      const counts = values.get(each.number) ?? NOBODY;
      const dormant = dormantOf(counts);
      return [
        ...[each.label, each.from, segment, counts.new, counts.current, counts.resurrected, dormant],
        ...[counts["dormant new"], counts["dormant current"], counts["dormant resurrected"]],
        ...[ratio(counts.new + counts.resurrected, dormant), isIncomplete(each, input)],
        isCensored(each.from, input.data.from, history) ||
          (history > 0n && calendar.at(each.number - 1).from < input.data.from),
      ];
    }),
  );
  const columns = columnsOf(
    { time: "text", start: "time", segment: "text" },
    { newUsers: "count", currentUsers: "count", resurrectedUsers: "count" },
    { dormantUsers: "count", dormantNew: "count", dormantCurrent: "count", dormantResurrected: "count" },
    { pulse: "number", incomplete: "flag", censored: "flag" },
  );
  return resultOf<LifecycleRow>(input, columns, rows, {
    ...{ sql, params },
    asked: { choices: [chosen], grouped: [chosen] },
    definition: [
      `Users with the event ${chosen.name} in each ${interval}: new if their first event of all is in it, current if they did it in the ${interval} before too, else resurrected.`,
      `Dormant are those who did it in the ${interval} before and not in this one. Pulse is (new + resurrected) / dormant.`,
    ],
    sources: SOURCES,
    kind: { needsHistory: true },
    chart: {
      ...{ kind: "stack", title: `Lifecycle: ${eventWords(chosen.name)}`, unit: "count" },
      times: chartTimes(intervals, input),
      parts: lines.flatMap(({ segment, values }) => {
        const part = (name: string, of: (counts: Counts) => number) => ({
          name: lineName(name, segment, [], true),
          values: intervals.map(({ number }) => of(values.get(number) ?? NOBODY)),
        });
        return [
          part("Current", ({ current }) => current),
          part("New", (counts) => counts.new),
          part("Resurrected", ({ resurrected }) => resurrected),
          part("Dormant", (counts) => 0 - dormantOf(counts)),
        ];
      }),
    },
  });
}

type State = "new" | "current" | "resurrected";
type Counts = Readonly<Record<State | `dormant ${State}`, number>>;

const NOBODY: Counts = {
  ...{ new: 0, current: 0, resurrected: 0 },
  ...{ "dormant new": 0, "dormant current": 0, "dormant resurrected": 0 },
};

function dormantOf(counts: Counts): number {
  return counts["dormant new"] + counts["dormant current"] + counts["dormant resurrected"];
}
