import type { Engine, QueryOptions } from "../engine/engine.js";
import type { TimeBounds, TimeSpan } from "../engine/lake-view.js";
import type { ColumnName } from "../event.js";
import type { CohortStore } from "./cohort-store.js";
import type { PromotedColumn, PromotedProperty } from "./promoted-property.js";
import type { FrameTime } from "./resample.js";
import type { KnownNames } from "./schema/known-names.js";
import type { Statement } from "./statement.js";
import type { UnknownName, WarningOptions } from "./unknown-name.js";

/** What an analysis asks of a selection of events. */
export interface SelectedEvents {
  /** The selection's own range of `event_time`, and its time zone. */
  readonly range: FrameTime;
  /** Whether it leaves out events that are in its range. */
  readonly selects: boolean;
  /** The first and last `server_upload_time` in the files; null of an empty lake. */
  uploads(): Promise<TimeSpan | null>;
  /**
   * The query for `columns` of its events whose `event_time` is within `bounds`, whatever its own range; and for `properties`, which are
   * some of `promoted`. Throws UsageError.
   */
  events(
    columns: readonly ColumnName[],
    bounds: TimeBounds,
    properties?: readonly PromotedColumn[],
  ): Promise<Statement>;
  /** The properties that can be read as columns. Absent: none. */
  promoted?(): Promise<readonly PromotedProperty[]>;
  /** As `events`, but of all events of the lake, whatever is selected. It has no parameters. Default bounds: none. */
  allEvents(columns: readonly ColumnName[], bounds?: TimeBounds): Promise<Statement>;
  /** An engine that reads files of this machine; absent where the one of the events does. */
  local?(): Promise<Engine>;
  /** The event types and properties of all events of the lake, where they are known without reading these. */
  names?(options: QueryOptions): Promise<KnownNames | undefined>;
  /** The event types that it selects by their names and that no event of the lake has; absent where that is not looked for. */
  warnings?(options?: WarningOptions): Promise<readonly UnknownName[]>;
  /** The cohorts that are saved beside the events; absent where they are of no lake. */
  readonly cohorts?: CohortStore | undefined;
}
