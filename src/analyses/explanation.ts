import { utcText } from "../engine/sql-text.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { MergedUsers } from "./merged-users.js";

/** What a number means, and why Amplitude's chart may show another. */
export interface Explanation {
  /** What was computed, in one or a few sentences, with the options as they were taken. */
  readonly definition: readonly string[];
  /** The Amplitude pages that define it. */
  readonly sources: readonly string[];
  /** What could make Amplitude's chart differ here, for this data and these options. */
  readonly differences: readonly string[];
}

/** What of Amplitude's charts an analysis has. */
export interface Kind {
  /** Its whole-range numbers count a user once, its intervals each their own. */
  readonly rangeDedupe?: boolean;
  /** It asks whether something was ever done before. */
  readonly needsHistory?: boolean;
}

/** How much identity moved the number: `Of 1,204 ids in this range 57 belong to another user: 1,150 users, 4.5 % fewer.` */
function mergedText({ ids, merged, users }: MergedUsers): string {
  const count = (value: number): string => value.toLocaleString("en-US");
  const fewer = ids === 0 ? 0 : (100 * (ids - users)) / ids;
  return `Of ${count(ids)} ids with events in this range ${count(merged)} belong to another user: ${count(users)} users instead of ${count(ids)}, ${fewer.toFixed(1)} % fewer.`;
}

/** Explains an analysis of `input`: `definition` and `sources` are its own, the rest follows from the data and the options. */
export function explain(
  input: AnalysisInput,
  definition: readonly string[],
  sources: readonly string[],
  kind: Kind = {},
): Explanation {
  const { range, data, settings, users, inactive, merged, options } = input;
  const zone = settings.timeZone.name;
  const shown = (micros: bigint): string => utcText(micros).slice(0, 16);
  return {
    definition: [
      ...definition,
      `Events of ${shown(range.from)} to ${shown(range.until)} UTC by event_time; days and weeks of ${zone}, weeks from ${settings.weekStart ?? "monday"}.`,
      `Users: ${users.words}.`,
      ...(merged === undefined ? [] : [mergedText(merged)]),
      inactive.length > 0 ? `Inactive events: ${inactive.join(", ")}.` : "No event is marked inactive.",
    ],
    sources,
    differences: [
      ...(users.ids === undefined
        ? [
            "Amplitude merges ids when it draws a chart, exports have them unmerged: its users are some 5 % fewer, on the web more. Give identity.",
          ]
        : users.estimated
          ? ["Merges are estimated from devices and log-ins; Amplitude's own list may have others."]
          : []),
      ...(inactive.length === 0
        ? [
            "Events that are marked inactive in Amplitude count here as active: exports do not tell. Give inactive.",
          ]
        : []),
      ...(options.timeZone === undefined && zone === "UTC"
        ? ["Amplitude's days are those of the project's time zone. Give timeZone."]
        : []),
      ...(kind.needsHistory
        ? [`What users did before ${shown(data.from)} UTC is not held: who seems new may be an old user.`]
        : []),
      ...(kind.rangeDedupe
        ? [
            "Over the whole range a user counts once; the intervals' numbers do not add up to it, as in Amplitude.",
          ]
        : []),
      `Uploads after ${shown(data.until)} UTC are not held; late events still come in.`,
      "Events that are hidden, dropped or transformed in Amplitude's own settings are in an export as they were sent.",
    ],
  };
}
