import type { Engine, QueryOptions } from "../../engine/engine.js";
import type { TimeBounds, TimeSpan } from "../../engine/lake-view.js";
import { UsageError } from "../../errors/index.js";
import type { ColumnName } from "../../event.js";
import type { CohortStore } from "../cohort-store.js";
import type { LakeFiles, ProfileStore } from "../event-source.js";
import type { FrameTime } from "../resample.js";
import { type KnownNames, knownNames } from "../schema/known-names.js";
import type { SelectedEvents } from "../selected-events.js";
import { ends, type FrameOptions, selectionOf, selectsSome } from "../selection.js";
import type { Statement } from "../statement.js";
import { uploadsIn } from "../uploads.js";

/** Which events: the options of `lake.frame` that choose some. */
export type RemoteEventsOptions = Omit<FrameOptions, "columns" | "properties" | "limit">;

/** What a selection needs of its lake. */
export interface RemoteAccess {
  engine(): Promise<Engine>;
  local(): Promise<Engine>;
  files(): Promise<LakeFiles>;
  readonly cohorts?: CohortStore | undefined;
  readonly profiles?: ProfileStore | undefined;
  table(files: LakeFiles): string;
}

/**
 * Events of a lake on another engine, for analyses. It keeps to the state that the lake had when it was first asked.
 */
export class RemoteEvents implements SelectedEvents {
  readonly range: FrameTime;
  readonly #lake: RemoteAccess;
  readonly #options: RemoteEventsOptions;
  readonly #now: number;
  #files: Promise<LakeFiles> | undefined;

  /** Made by `lake.frame(options)`. Throws UsageError if the options are wrong. */
  constructor(lake: RemoteAccess, options: RemoteEventsOptions = {}, now: number = Date.now()) {
    for (const name of ["columns", "properties", "limit"]) {
      if (!(name in options)) continue;
      throw new UsageError(
        `A frame on a cluster has no ${name}.`,
        "Ask for them in SQL with lake.query, or open the lake with openLake.",
      );
    }
    const { timeZone, bounds } = selectionOf(options, now);
    this.#lake = lake;
    this.#options = options;
    this.#now = now;
    this.range = { timeZone, bounds: bounds.eventTime ?? {} };
  }

  get selects(): boolean {
    return selectsSome(this.#options);
  }

  get cohorts(): CohortStore | undefined {
    return this.#lake.cohorts;
  }

  /** The engine of this machine, for files of its own. */
  local(): Promise<Engine> {
    return this.#lake.local();
  }

  /** The names in the profiles that `schema` kept, if they are of all files. */
  async names(options: QueryOptions): Promise<KnownNames | undefined> {
    const { profiles } = this.#lake;
    return profiles && knownNames(await this.#lake.local(), await this.#pinned(), profiles, options);
  }

  async uploads(): Promise<TimeSpan | null> {
    return uploadsIn(await this.#pinned(), async () => {
      const engine = await this.#lake.engine();
      const time = engine.dialect.micros("server_upload_time");
      const sql = `SELECT min(${time}), max(${time}) FROM ${this.#lake.table(await this.#pinned())}`;
      const [row] = (await engine.query(sql)).rows();
      return { min: row?.[0], max: row?.[1] };
    });
  }

  async events(columns: readonly ColumnName[], bounds: TimeBounds): Promise<Statement> {
    const { last: _, ...others } = this.#options;
    return this.#statement({ ...others, columns, ...ends(bounds) });
  }

  async allEvents(columns: readonly ColumnName[], bounds: TimeBounds = {}): Promise<Statement> {
    return this.#statement({ columns, ...ends(bounds) });
  }

  async #statement(options: FrameOptions): Promise<Statement> {
    const engine = await this.#lake.engine();
    const selection = selectionOf(options, this.#now, engine.dialect);
    const sql = selection.sql(this.#lake.table(await this.#pinned()));
    return { engine, sql, params: selection.params.length > 0 ? selection.params : undefined };
  }

  #pinned(): Promise<LakeFiles> {
    this.#files ??= this.#lake.files();
    return this.#files;
  }
}
