import type { ActiveUsersOptions, RollingActiveUsersOptions } from "./active-users.js";
import type { CompositionOptions } from "./composition.js";
import type { DistributionOptions } from "./distribution.js";
import type { EngagementOptions, UsageIntervalOptions } from "./engagement.js";
import type { EventChoice } from "./event-choice.js";
import type { FunnelOptions } from "./funnel.js";
import type { LifecycleOptions } from "./lifecycle.js";
import type { LifetimeValueOptions } from "./lifetime-value.js";
import type { PathsOptions } from "./paths.js";
import type { RetentionOptions } from "./retention.js";
import type { RevenueOptions } from "./revenue.js";
import type { SegmentationOptions } from "./segmentation.js";
import type { SessionLengthsOptions, SessionsOptions } from "./sessions.js";
import type { StickinessOptions } from "./stickiness.js";

/** Options as a file holds them: times as text, and no signal. */
type Saved<Options> = Omit<Options, "signal" | "from" | "to"> & {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/** What each analysis is asked, beside its options. */
interface DefinitionParts {
  readonly segmentation: Saved<SegmentationOptions<string>> & {
    readonly events: EventChoice | readonly EventChoice[];
  };
  readonly funnel: Saved<FunnelOptions<string>> & { readonly steps: readonly EventChoice[] };
  readonly retention: Saved<RetentionOptions<string>>;
  readonly activeUsers: Saved<ActiveUsersOptions<string>>;
  readonly rollingActiveUsers: Saved<RollingActiveUsersOptions<string>>;
  readonly lifecycle: Saved<LifecycleOptions> & { readonly event: EventChoice };
  readonly stickiness: Saved<StickinessOptions<string>> & { readonly event: EventChoice };
  readonly sessions: Saved<SessionsOptions<string>>;
  readonly sessionLengths: Saved<SessionLengthsOptions<string>>;
  readonly composition: Saved<CompositionOptions> & { readonly property: string };
  readonly distribution: Saved<DistributionOptions<string>> & {
    readonly event: EventChoice;
    readonly property: string;
  };
  readonly engagement: Saved<EngagementOptions<string>> & { readonly event: EventChoice };
  readonly usageInterval: Saved<UsageIntervalOptions> & { readonly event: EventChoice };
  readonly revenue: Saved<RevenueOptions<string>>;
  readonly lifetimeValue: Saved<LifetimeValueOptions<string>>;
  readonly paths: Saved<PathsOptions> & { readonly event: EventChoice };
}

/** The name of an analysis, which is that of its function. */
export type AnalysisName = keyof DefinitionParts;

/** The definition of one analysis: what `runAnalysis` needs beside the lake. */
export type DefinitionOf<Name extends AnalysisName> = { readonly analysis: Name } & DefinitionParts[Name];

/**
 * An analysis as a value that can be kept as JSON: the name of its function, what that is given, and its options without
 * `signal`: `{ "analysis": "funnel", "steps": ["View", "Buy"], "window": "1d" }`.
 */
export type AnalysisDefinition = { [Name in AnalysisName]: DefinitionOf<Name> }[AnalysisName];
