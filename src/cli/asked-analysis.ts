import {
  type AnalysisDefinition,
  type EventChoice,
  filtersText,
  type PropertyFilter,
  parseEvent,
  parseFilters,
  UsageError,
} from "../index.js";
import type { CliOptions, Invocation } from "./invocation.js";

/** Which part of a definition the arguments of a command are. */
export interface MainPart {
  readonly part: string;
  readonly kind: "event" | "events" | "text";
  readonly byDefault?: string;
  /** The part that a second argument is, a text. */
  readonly second?: string;
}

/** What the command line asks, as a definition: unchecked, as `runAnalysis` does that. Throws UsageError. */
export function askedAnalysis(
  analysis: string,
  main: MainPart | undefined,
  { args, options }: Pick<Invocation, "args" | "options">,
): AnalysisDefinition {
  const { filter, segment, cohort, identity, dauWauMau, lengths, usageInterval } = options;
  const name = dauWauMau
    ? "rollingActiveUsers"
    : lengths
      ? "sessionLengths"
      : usageInterval
        ? "usageInterval"
        : analysis;
  const definition = {
    analysis: name,
    ...(main === undefined ? {} : { [main.part]: mainPart(main, args) }),
    ...(main?.second === undefined ? {} : { [main.second]: args[1] }),
    ...Object.fromEntries(Object.entries(options).flatMap(([option, value]) => converted(option, value))),
    ...(identity === undefined ? {} : { identity: identityOf(identity) }),
    ...(filter === undefined && segment === undefined && cohort === undefined
      ? {}
      : { segments: segmentsOf(filter, segment, cohort) }),
  };
  return definition as AnalysisDefinition;
}

/** Options that are no part of a definition, or that `askedAnalysis` reads itself. */
const NO_PART: ReadonlySet<string> = new Set<keyof CliOptions>([
  ...(["engine", "spark", "sparkLake"] as const),
  ...(["lake", "json", "quiet", "debug", "explain", "output", "save"] as const),
  ...(["filter", "segment", "cohort", "identity", "dauWauMau", "lengths", "usageInterval"] as const),
]);
const EVENTS: readonly string[] = ["start", "return", "event"];
/** Whose choices have spaces in the library. */
const SPACED: readonly string[] = ["method", "direction", "values", "lengthFrom"];

function converted(option: string, value: unknown): [string, unknown][] {
  if (NO_PART.has(option)) return [];
  if (option === "exclude" && Array.isArray(value)) return [[option, value.map(exclusionOf)]];
  if (typeof value !== "string") return [[option, value]];
  if (EVENTS.includes(option)) return [[option, parseEvent(value)]];
  if (option === "inactiveFrom") return [["inactive", value]];
  if (option === "order") return [[option, `${value} order`]];
  return [[option, SPACED.includes(option) ? value.replaceAll("-", " ") : value]];
}

function mainPart({ kind, byDefault }: MainPart, args: readonly string[]): unknown {
  if (kind === "events") return args.map(parseEvent);
  const [first = byDefault ?? ""] = args;
  return kind === "event" ? parseEvent(first) : first;
}

function exclusionOf(text: string): { event: EventChoice; after?: number; before?: number } {
  const [, after, before, event] = /^(\d{1,3})-(\d{1,3}):(.+)$/s.exec(text) ?? [];
  if (event === undefined) return { event: parseEvent(text) };
  return { event: parseEvent(event), after: Number(after), before: Number(before) };
}

/** `raw`, `estimated`, or the merges in the file of that name. */
export function identityOf(text: string): "raw" | "estimated" | { merges: string } {
  return text === "raw" || text === "estimated" ? text : { merges: text };
}

type Segments = NonNullable<AnalysisDefinition["segments"]>;

/** Segments and cohorts, each of which has the filters of `--filter` too; these alone are one. Throws UsageError. */
function segmentsOf(
  filter: readonly string[] = [],
  segment: readonly string[] = [],
  cohort: readonly string[] = [],
): Segments {
  const all = filter.flatMap((text) => parseFilters(text));
  const some = all.length > 0 ? { filters: all } : {};
  const given = [
    ...segment.map((text) => segmentOf(text, all)),
    ...cohort.map((name) => [name, { ...some, cohort: name }] as const),
  ];
  if (given.length === 0) return { [filtersText(all)]: { filters: all } };
  const names = given.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return Object.fromEntries(given);
  throw new UsageError(`Two segments are called ${twice}.`, "Give each a name of its own.");
}

function segmentOf(text: string, all: readonly PropertyFilter[]): readonly [string, Segments[string]] {
  const at = text.indexOf("=");
  const name = text.slice(0, Math.max(at, 0)).trim();
  if (name !== "") return [name, { filters: [...all, ...parseFilters(text.slice(at + 1))] }];
  throw new UsageError(
    `The segment ${JSON.stringify(text)} has no name.`,
    'Write it as in --segment "Germany=country is Germany".',
  );
}
