import type { QueryOptions } from "../engine/engine.js";
import { UsageError } from "../errors/index.js";
import { unknownName } from "../frame/selection.js";
import type { Table } from "../frame/table.js";
import {
  type ActiveUsersRow,
  activeUsers,
  type RollingActiveUsersRow,
  rollingActiveUsers,
} from "./active-users.js";
import type { AnalysisSource } from "./analysis-input.js";
import { type CompositionRow, composition } from "./composition.js";
import type { AnalysisDefinition, AnalysisName, DefinitionOf } from "./definition.js";
import {
  BOOLEAN,
  COMMON,
  EVENT,
  EVENT_OR_EVENTS,
  EVENTS,
  EXCLUSIONS,
  INTERVAL,
  isRecord,
  type Kind,
  MEASURE,
  NUMBER,
  NUMBERS,
  OPEN_PAIRS,
  oneOf,
  PAIRS,
  TEXT,
  TEXT_OR_TEXTS,
  TEXTS,
} from "./definition-kinds.js";
import { type DistributionRow, distribution } from "./distribution.js";
import { type EngagementRow, engagement, type UsageIntervalRow, usageInterval } from "./engagement.js";
import { type FunnelRow, funnel } from "./funnel.js";
import { type LifecycleRow, lifecycle } from "./lifecycle.js";
import { type LifetimeValueRow, lifetimeValue } from "./lifetime-value.js";
import type { AnalysisOptions } from "./options.js";
import { type PathsRow, paths } from "./paths.js";
import type { AnalysisResult } from "./result.js";
import { type RetentionRow, retention } from "./retention.js";
import { type RevenueRow, revenue } from "./revenue.js";
import { type SegmentationRow, segmentation } from "./segmentation.js";
import { type SessionLengthsRow, type SessionsRow, sessionLengths, sessions } from "./sessions.js";
import { type StickinessRow, stickiness } from "./stickiness.js";

/** A definition without its name, and the signal. */
type AskedOf<Name extends AnalysisName> = Omit<DefinitionOf<Name>, "analysis"> & QueryOptions;

/** An analysis: what it must be given, what it may be, and its function. */
interface Runnable<Name extends AnalysisName> {
  /** The parts of the definition that must be there. */
  readonly needs?: readonly (keyof DefinitionOf<Name> & string)[];
  readonly parts: Readonly<Record<Exclude<keyof AskedOf<Name>, keyof AnalysisOptions>, Kind>>;
  readonly run: (source: AnalysisSource, asked: AskedOf<Name>) => Promise<AnalysisResult<object>>;
}

const SHORT_INTERVAL = oneOf("day", "week", "month");

const ANALYSES: { readonly [Name in AnalysisName]: Runnable<Name> } = {
  segmentation: {
    needs: ["events"],
    parts: {
      ...{ events: EVENT_OR_EVENTS, measure: MEASURE, formula: TEXT, interval: INTERVAL },
      ...{ groupBy: TEXT_OR_TEXTS, rolling: NUMBER, compare: NUMBER },
    },
    run: (source, { events, ...options }) => segmentation(source, events, options),
  },
  funnel: {
    needs: ["steps"],
    parts: {
      ...{ steps: EVENTS, order: oneOf("this order", "any order", "exact order"), window: TEXT },
      ...{ resolution: oneOf("second", "millisecond"), count: oneOf("uniques", "totals") },
      ...{ holdConstant: TEXT, exclude: EXCLUSIONS, groupBy: TEXT_OR_TEXTS, interval: INTERVAL },
    },
    run: (source, { steps, ...options }) => funnel(source, steps, options),
  },
  retention: {
    parts: {
      ...{ start: EVENT, return: EVENT, method: oneOf("on", "on or after"), brackets: PAIRS },
      ...{ interval: SHORT_INTERVAL, mode: oneOf("rolling", "calendar"), intervals: NUMBER },
      ...{ groupBy: TEXT_OR_TEXTS },
    },
    run: retention,
  },
  activeUsers: {
    parts: { interval: INTERVAL, rolling: NUMBER, groupBy: TEXT_OR_TEXTS, history: TEXT },
    run: activeUsers,
  },
  rollingActiveUsers: { parts: { groupBy: TEXT_OR_TEXTS }, run: rollingActiveUsers },
  lifecycle: {
    needs: ["event"],
    parts: { event: EVENT, interval: SHORT_INTERVAL, history: TEXT },
    run: (source, { event, ...options }) => lifecycle(source, event, options),
  },
  stickiness: {
    needs: ["event"],
    parts: { event: EVENT, interval: oneOf("week", "month"), groupBy: TEXT_OR_TEXTS },
    run: (source, { event, ...options }) => stickiness(source, event, options),
  },
  sessions: {
    parts: { interval: INTERVAL, lengthFrom: oneOf("first event", "session_id"), groupBy: TEXT_OR_TEXTS },
    run: sessions,
  },
  sessionLengths: {
    parts: { bins: NUMBERS, lengthFrom: oneOf("first event", "session_id"), groupBy: TEXT_OR_TEXTS },
    run: sessionLengths,
  },
  composition: {
    needs: ["property"],
    parts: { property: TEXT, values: oneOf("most recent", "all"), top: NUMBER },
    run: (source, { property, ...options }) => composition(source, property, options),
  },
  distribution: {
    needs: ["event", "property"],
    parts: { event: EVENT, property: TEXT, bins: NUMBERS, groupBy: TEXT_OR_TEXTS },
    run: (source, { event, property, ...options }) => distribution(source, event, property, options),
  },
  engagement: {
    needs: ["event"],
    parts: {
      ...{ event: EVENT, count: oneOf("times", "days"), interval: INTERVAL, buckets: OPEN_PAIRS },
      ...{ groupBy: TEXT_OR_TEXTS },
    },
    run: (source, { event, ...options }) => engagement(source, event, options),
  },
  usageInterval: {
    needs: ["event"],
    parts: { event: EVENT },
    run: (source, { event, ...options }) => usageInterval(source, event, options),
  },
  revenue: {
    parts: { event: EVENT, property: TEXT, interval: INTERVAL, groupBy: TEXT_OR_TEXTS },
    run: revenue,
  },
  lifetimeValue: {
    parts: {
      ...{ event: EVENT, property: TEXT, interval: SHORT_INTERVAL, intervals: NUMBER, history: TEXT },
      ...{ groupBy: TEXT_OR_TEXTS },
    },
    run: lifetimeValue,
  },
  paths: {
    needs: ["event"],
    parts: {
      ...{ event: EVENT, direction: oneOf("starting with", "ending with"), steps: NUMBER, window: TEXT },
      ...{ count: oneOf("uniques", "totals"), collapse: BOOLEAN, hide: TEXTS, only: TEXTS, top: NUMBER },
    },
    run: (source, { event, ...options }) => paths(source, event, options),
  },
};

type Run = (source: AnalysisSource, asked: object) => Promise<AnalysisResult<object>>;

/** The rows of each analysis without groups. */
interface RowsOf {
  readonly segmentation: SegmentationRow;
  readonly funnel: FunnelRow;
  readonly retention: RetentionRow;
  readonly activeUsers: ActiveUsersRow;
  readonly rollingActiveUsers: RollingActiveUsersRow;
  readonly lifecycle: LifecycleRow;
  readonly stickiness: StickinessRow;
  readonly sessions: SessionsRow;
  readonly sessionLengths: SessionLengthsRow;
  readonly composition: CompositionRow;
  readonly distribution: DistributionRow;
  readonly engagement: EngagementRow;
  readonly usageInterval: UsageIntervalRow;
  readonly revenue: RevenueRow;
  readonly lifetimeValue: LifetimeValueRow;
  readonly paths: PathsRow;
}

/** A row of the analysis of that name; of `groupBy` there are further keys, whose values are texts. */
export type RanRow<Name extends AnalysisName = AnalysisName> = RowsOf[Name] & {
  readonly [group: string]: unknown;
};

/** The result of `runAnalysis`, with rows as the function of that name gives them; `totals` as `segmentation` has them. */
export type RanAnalysis<Name extends AnalysisName = AnalysisName> = AnalysisResult<RanRow<Name>> & {
  readonly totals?: Table<object>;
};

/**
 * Runs the analysis that `definition` is, whatever it came from: the function of its name, with its options. Throws UsageError
 * that names what is unknown or of another kind in the definition, and the nearest right name; QueryError, CancelledError.
 */
export async function runAnalysis<Name extends AnalysisName>(
  source: AnalysisSource,
  definition: DefinitionOf<Name>,
  options: QueryOptions = {},
): Promise<RanAnalysis<Name>> {
  const { analysis, ...asked } = checkedDefinition(definition);
  // Each function gets the definition that has its own name; TypeScript does not follow that.
  const run = ANALYSES[analysis].run as Run;
  return (await run(source, { ...asked, ...options })) as RanAnalysis<Name>;
}

/** `definition`, if it is one. Throws UsageError. */
export function checkedDefinition(definition: unknown): AnalysisDefinition {
  if (!isRecord(definition) || typeof definition.analysis !== "string") {
    throw new UsageError(
      "The definition of an analysis has no name.",
      'Write an object such as { "analysis": "funnel", "steps": ["View", "Buy"] }.',
    );
  }
  const { analysis } = definition;
  if (!Object.hasOwn(ANALYSES, analysis)) throw unknownName("analysis", analysis, NAMES);
  const { needs = [], parts } = ANALYSES[analysis as AnalysisName];
  const kinds: Readonly<Record<string, Kind>> = { ...parts, ...COMMON };
  for (const [name, value] of Object.entries(definition)) {
    if (name === "analysis" || value === undefined) continue;
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) throw unknownName("option", name, Object.keys(kinds));
    if (!kind.fits(value)) {
      throw new UsageError(`${name} of ${analysis} is ${shown(value)}.`, `Give ${kind.words}.`);
    }
  }
  for (const part of needs) {
    if (definition[part] !== undefined) continue;
    throw new UsageError(`The definition of ${analysis} has no ${part}.`, `Give ${kinds[part]?.words}.`);
  }
  return definition as unknown as AnalysisDefinition;
}

const NAMES = Object.keys(ANALYSES);

function shown(value: unknown): string {
  const text = typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? typeof value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
