// The public names of ampframe, by hand: what is not here is not public.

export {
  type ActiveUsersOptions,
  type ActiveUsersRow,
  activeUsers,
  type HistoryOptions,
  type RollingActiveUsersOptions,
  type RollingActiveUsersRow,
  rollingActiveUsers,
} from "./analyses/active-users.js";
export type { AnalysisSource } from "./analyses/analysis-input.js";
export type {
  BarChart,
  Chart,
  ChartUnit,
  FlowChart,
  FunnelChart,
  HeatMap,
  LineChart,
  StackChart,
} from "./analyses/chart.js";
export { type CohortOptions, type CohortRow, cohort } from "./analyses/cohort.js";
export type {
  CohortAmount,
  CohortDefinition,
  CohortTime,
  DidClause,
  DidNotClause,
  HadClause,
  NewClause,
} from "./analyses/cohort-definition.js";
export { type CompositionOptions, type CompositionRow, composition } from "./analyses/composition.js";
export type { AnalysisDefinition, AnalysisName, DefinitionOf } from "./analyses/definition.js";
export { type DistributionOptions, type DistributionRow, distribution } from "./analyses/distribution.js";
export {
  type EngagementOptions,
  type EngagementRow,
  engagement,
  type UsageIntervalOptions,
  type UsageIntervalRow,
  usageInterval,
} from "./analyses/engagement.js";
export type { EventChoice } from "./analyses/event-choice.js";
export { type EventConditions, eventCondition } from "./analyses/event-condition.js";
export {
  type EventCube,
  type EventCubeOptions,
  eventCube,
  type UserCount,
  type UserCountsOptions,
  userCounts,
} from "./analyses/event-cube.js";
export { type EventSelection, selectedEvents } from "./analyses/event-selection.js";
export type { Explanation } from "./analyses/explanation.js";
export type { FilterOperator, FilterValue, PropertyFilter } from "./analyses/filter.js";
export { eventText, filtersText, parseEvent, parseFilters } from "./analyses/filter-text.js";
export {
  type FunnelExclusion,
  type FunnelOptions,
  type FunnelOrder,
  FunnelResult,
  type FunnelRow,
  funnel,
} from "./analyses/funnel.js";
export { type FunnelReached, type FunnelUser, funnelUsers } from "./analyses/funnel-users.js";
export type { Identity, MergedId } from "./analyses/identity.js";
export { type LifecycleOptions, type LifecycleRow, lifecycle } from "./analyses/lifecycle.js";
export {
  type LifetimeValueOptions,
  type LifetimeValueRow,
  lifetimeValue,
} from "./analyses/lifetime-value.js";
export type { AnalysisInterval, AnalysisOptions, Segment } from "./analyses/options.js";
export { type PathsOptions, type PathsRow, paths } from "./analyses/paths.js";
export {
  type PropertyValueCount,
  type PropertyValueOptions,
  type PropertyValues,
  propertyValues,
} from "./analyses/property-values.js";
export type { AnalysisResult } from "./analyses/result.js";
export { type RetentionOptions, type RetentionRow, retention } from "./analyses/retention.js";
export { type RevenueOptions, type RevenueRow, type RevenueSource, revenue } from "./analyses/revenue.js";
export { type RanAnalysis, type RanRow, runAnalysis } from "./analyses/run-analysis.js";
export type { SavedCohort } from "./analyses/saved-cohort.js";
export {
  type CohortLake,
  cohorts,
  deleteCohort,
  type SaveCohortOptions,
  saveCohort,
} from "./analyses/saved-cohorts.js";
export {
  type Measure,
  type PropertyMeasure,
  type SegmentationOptions,
  type SegmentationResult,
  type SegmentationRow,
  type SegmentationTotal,
  segmentation,
} from "./analyses/segmentation.js";
export {
  type SessionLengthOptions,
  type SessionLengthsOptions,
  type SessionLengthsRow,
  type SessionsOptions,
  type SessionsRow,
  sessionLengths,
  sessions,
} from "./analyses/sessions.js";
export { type StickinessOptions, type StickinessRow, stickiness } from "./analyses/stickiness.js";
export type { FaultRule } from "./emulator/fault.js";
export { parseFault } from "./emulator/parse-fault.js";
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator/start-emulator.js";
export {
  type ArchiveOptions,
  type WriteOptions as MemberOptions,
  type Written as WrittenArchives,
  writeArchives,
  writeMembers,
} from "./emulator/write-archives.js";
export type { Column, ColumnType, Value } from "./engine/column-type.js";
export type { Param, Params, QueryOptions } from "./engine/engine.js";
export type { SparkProgress } from "./engine/spark/connection.js";
export type { SparkOptions } from "./engine/spark/spark.js";
export {
  AmpframeError,
  ArchiveError,
  CancelledError,
  CredentialsError,
  DownloadError,
  type ExitStatus,
  isAmpframeError,
  LakeError,
  QueryError,
  UsageError,
} from "./errors/index.js";
export { type ColumnName, FIELDS, type Field, type FieldKind, type FieldName } from "./event.js";
export type { Credentials } from "./export-api/credentials.js";
export type { Region } from "./export-api/endpoint.js";
export type { ListedEvent } from "./export-api/event-list.js";
export type { ConfinedLake, SelectedRows, SelectOptions } from "./frame/confined-lake.js";
export type { EventFrame } from "./frame/event-frame.js";
export type { EventRow } from "./frame/event-row.js";
export type { PromoteChange, PromoteReport } from "./frame/event-source.js";
export type {
  AskedProperties,
  EventTypes,
  FrameRow,
  PropertyName,
  PropertyValue,
  UserProperties,
} from "./frame/event-types.js";
export type { Exploded } from "./frame/explode.js";
export type { LakeExtent } from "./frame/extent.js";
export type { Joined, JoinKind, JoinOptions } from "./frame/join.js";
export type { Lake } from "./frame/lake.js";
export type { OrderOptions } from "./frame/order.js";
export type {
  Properties,
  PropertyColumn,
  PropertyOptions,
  PropertyType,
} from "./frame/properties/columns.js";
export type { Property } from "./frame/properties/property.js";
export type { QueryFrame } from "./frame/query-frame.js";
export type { RemoteAnswer } from "./frame/remote/remote-answer.js";
export type { RemoteEvents, RemoteEventsOptions } from "./frame/remote/remote-events.js";
export type { RemoteLake } from "./frame/remote/remote-lake.js";
export type { Interval, Resampled, ResampleOptions, Weekday } from "./frame/resample.js";
export type { ArrayOptions } from "./frame/row-objects.js";
export type { PlanDeviation } from "./frame/schema/plan.js";
export type { SchemaProgress } from "./frame/schema/profile-lake.js";
export type { Schema } from "./frame/schema/schema.js";
export type { SchemaOptions } from "./frame/schema/schema-options.js";
export type {
  SchemaChange,
  SchemaEvent,
  SchemaExample,
  SchemaProperty,
} from "./frame/schema/schema-types.js";
export type { Condition, FrameOptions } from "./frame/selection.js";
export type { FrameTable, SqlValue } from "./frame/sql-template.js";
export type { TimelineColumns } from "./frame/timeline.js";
export type { UnknownName, WarningOptions } from "./frame/unknown-name.js";
export type { User } from "./frame/value-conditions.js";
export type { Hour, HourRange } from "./hour.js";
export { isBucketUrl } from "./lake/store/bucket-url.js";
export type { SyncState } from "./lake/sync-file.js";
export { DEFAULT_LIMITS, type LimitName, type Limits } from "./limits.js";
export {
  type AmplitudeDeletions,
  amplitudeDeletions,
  type DeletionsOptions,
} from "./pipeline/amplitude-deletions.js";
export { type AmplitudeEventsOptions, amplitudeEvents } from "./pipeline/amplitude-events.js";
export { type CheckCredentialsOptions, checkCredentials } from "./pipeline/check-credentials.js";
export {
  type CompactionDay,
  type CompactOptions,
  type CompactPlan,
  type CompactReport,
  compact,
  type FilesAndBytes,
  planCompact,
} from "./pipeline/compact.js";
export { type CopyOptions, type CopyReport, copyLake } from "./pipeline/copy-lake.js";
export type { DiskUse } from "./pipeline/disk-use.js";
export {
  type ForgetOptions,
  type ForgetPlan,
  type ForgetReport,
  forget,
  planForget,
} from "./pipeline/forget.js";
export { prepareDecoders } from "./pipeline/lane-threads.js";
export { type LoadOptions, load } from "./pipeline/load.js";
export { type LoadEventsOptions, loadEvents } from "./pipeline/load-events.js";
export { type LoadOnSparkOptions, loadOnSpark } from "./pipeline/load-on-spark.js";
export { type ConfinedLakeOptions, openConfinedLake } from "./pipeline/open-confined-lake.js";
export { type OpenLakeOptions, openLake } from "./pipeline/open-lake.js";
export { openSparkLake, type SparkLakeOptions } from "./pipeline/open-spark-lake.js";
export type { PersonLines } from "./pipeline/person-files.js";
export type { PersonIds } from "./pipeline/person-ids.js";
export { type PromoteOptions, promote } from "./pipeline/promote.js";
export { type PullOptions, planPull, pull } from "./pipeline/pull.js";
export { type PullEveryOptions, type PullRound, pullEvery } from "./pipeline/pull-every.js";
export type { PullPlan } from "./pipeline/pull-plan.js";
export {
  type QuarantineExample,
  type QuarantineOptions,
  type QuarantineReason,
  type QuarantineReport,
  quarantine,
} from "./pipeline/quarantine.js";
export type {
  LoadReport,
  Progress,
  PromotionFailure,
  PullReport,
  Refusal,
  ReplacedHour,
  Totals,
} from "./pipeline/report.js";
export { type RetryOptions, type RetryReport, retryQuarantine } from "./pipeline/retry-quarantine.js";
export {
  type AnalysisBoard,
  boards,
  deleteAnalysis,
  deleteBoard,
  type SavedAnalysis,
  saveAnalysis,
  saveBoard,
  savedAnalyses,
  savedAnalysis,
} from "./pipeline/saved-analyses.js";
export type { Gap, HourStatus, SourceStatus } from "./pipeline/source-status.js";
export { type LakeStatus, type StatusOptions, status } from "./pipeline/status.js";
export type { SyncStatus } from "./pipeline/sync-status.js";
export {
  type AgainstOptions,
  type AgainstReport,
  type DeepReport,
  type Fault,
  type VerifyOptions,
  type VerifyReport,
  verify,
} from "./pipeline/verify.js";
export type { DeletionsSummary, WhomOptions } from "./pipeline/whom-to-forget.js";
export { type WriteLakeOptions, writeLake } from "./pipeline/write-lake.js";
