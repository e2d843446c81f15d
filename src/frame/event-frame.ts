import type { Column } from "../engine/column-type.js";
import type { Engine, Params, QueryOptions } from "../engine/engine.js";
import {
  filesWithin,
  firstFiles,
  lakeSelect,
  numberedLakeSelect,
  type TimeBounds,
  type TimeSpan,
} from "../engine/lake-view.js";
import { UsageError } from "../errors/index.js";
import type { ColumnName } from "../event.js";
import type { CohortStore } from "./cohort-store.js";
import { type EventRow, lakeColumn } from "./event-row.js";
import type { LakeFiles, ProfileStore } from "./event-source.js";
import { DerivedFrame, Frame } from "./frame.js";
import { notReady } from "./not-ready.js";
import { findPromoted, projectedSql } from "./promoted.js";
import { type PromotedColumn, type PromotedProperty, promotedProperties } from "./promoted-property.js";
import { type PropertyColumn, propertyColumns } from "./properties/columns.js";
import type { Events } from "./properties/find.js";
import { quotedName } from "./properties/property.js";
import { type SharedObjects, sharedObjects } from "./properties/shared-objects.js";
import type { FrameTime } from "./resample.js";
import { findKept } from "./schema/kept-kinds.js";
import { type KnownNames, knownNames } from "./schema/known-names.js";
import type { SelectedEvents } from "./selected-events.js";
import {
  both,
  ends,
  type FrameOptions,
  noColumns,
  type Selection,
  selectionOf,
  selectsSome,
} from "./selection.js";
import type { Statement } from "./statement.js";
import { TIMELINE_NEEDS, type TimelineColumns, timelineOf } from "./timeline.js";
import { type UnknownName, unknownEvent, unknownPlatform, type WarningOptions } from "./unknown-name.js";
import { uploadsIn } from "./uploads.js";
import { ofUsers, type User } from "./value-conditions.js";

/** What a frame needs of a lake. */
export interface LakeAccess {
  engine(): Promise<Engine>;
  files(): Promise<LakeFiles>;
  readonly cohorts?: CohortStore | undefined;
  readonly profiles?: ProfileStore | undefined;
  /** Whether its files are fetched from elsewhere. */
  readonly isRemote?: boolean | undefined;
}

/** What tells most of an event, for a terminal that cannot show all columns. */
const LEAD = [
  "event_time",
  "event_type",
  "user_id",
  "amplitude_id",
  "platform",
  "country",
  "device_id",
  "event_properties",
  "user_properties",
  "session_id",
  "uuid",
];

/**
 * Events of a lake: a selection that is not read until asked for. Once it has read, it keeps to the files that
 * the lake had then, so that its count, head and rows agree whatever is pulled meanwhile. `Row` is what `rows` gives; a
 * function that takes frames of any columns has it as its own parameter: `<Row>(frame: EventFrame<Row>)`.
 */
export class EventFrame<Row = EventRow> extends Frame<Row> implements SelectedEvents {
  readonly params: Params | undefined;
  protected override readonly lead: readonly string[] | undefined;
  protected readonly previewRows = 20;
  protected readonly countIsCheap = true;
  protected override readonly time: FrameTime;
  readonly #lake: LakeAccess;
  readonly #options: FrameOptions;
  readonly #now: number;
  readonly #selection: Selection;
  #files: Promise<LakeFiles> | undefined;
  #properties: readonly PropertyColumn[] | undefined;
  /** SQL over projections by the columns that it gives; undefined where they cannot be used. */
  readonly #projected = new Map<string, Promise<string | undefined>>();

  /** Made by `lake.frame(options)`. Throws UsageError if the options are wrong. */
  constructor(lake: LakeAccess, options: FrameOptions = {}, now: number = Date.now()) {
    const selection = selectionOf(options, now);
    const known = selection.properties === undefined ? selection.columns.map(lakeColumn) : undefined;
    super(known);
    this.#lake = lake;
    this.#options = options;
    this.#now = now;
    this.#selection = selection;
    this.#properties = known && [];
    this.time = { timeZone: selection.timeZone, bounds: selection.bounds.eventTime ?? {} };
    this.params = selection.params.length > 0 ? selection.params : undefined;
    this.lead = selection.chosen ? undefined : LEAD;
  }

  override get sql(): string {
    return this.#selection.sql("events", this.#known());
  }

  /** The properties that are columns, with the keys that lead to them. Throws UsageError before `ready()`. */
  get properties(): readonly PropertyColumn[] {
    return this.#known();
  }

  override async ready(options: QueryOptions = {}): Promise<this> {
    if (this.#properties !== undefined) return this;
    const { columns, properties } = this.#selection;
    const sql = this.#selection.eventsSql(await this.#source());
    const engine = await this.#lake.engine();
    const files = await this.#pinned();
    const { profiles } = this.#lake;
    const find: Events["find"] = async (wanted, how) =>
      (wanted.length === 0 ? [] : undefined) ??
      (await findKept(engine, files, profiles, this.#selection, wanted, how)) ??
      (await findPromoted(engine, files, this.#selection, wanted, how));
    const found = await propertyColumns({ engine, sql, find }, properties ?? [], columns, options).catch(
      async (error) => {
        // Of an event type that does not occur no property does.
        const types = error instanceof UsageError ? await this.warnings(options) : [];
        throw types.length > 0 ? new UsageError(types.map(({ text }) => text).join(" "), "") : error;
      },
    );
    if (columns.length + found.length === 0) throw noColumns("The selected events have no properties.");
    this.#properties = found;
    this.know([...columns.map(lakeColumn), ...found.map(({ name, type }) => ({ name, type }))]);
    return this;
  }

  /**
   * The events of one user (text is a `user_id`, a bigint or number an `amplitude_id`) that have a time, in order, with
   * the number and start of their session and the seconds since the event before; then the frame's own columns.
   * Only events of this selection count. Reads nothing yet. Throws UsageError.
   */
  timeline(user: User): Frame<TimelineColumns & Row> {
    const { columns, where } = this.#selection;
    const lacking = TIMELINE_NEEDS.filter((name) => !columns.includes(name));
    const events = this.#with(lacking, { where: both(where, ofUsers(user)) });
    const isOwn = ({ name }: Column) => !lacking.some((added) => added === name);
    return new DerivedFrame(events, (all) => timelineOf(all.filter(isOwn)), this.time);
  }

  protected override having(columns: readonly ColumnName[]): EventFrame<Row> {
    const lacking = columns.filter((name) => !this.#has(name));
    return lacking.length > 0 ? this.#with(lacking) : this;
  }

  /** The range of `event_time` and the time zone: what an analysis takes for its own unless told. */
  get range(): FrameTime {
    return this.time;
  }

  /** Whether it leaves out events that are in its range: by their type, users, time of upload or whatever. */
  get selects(): boolean {
    return selectsSome(this.#options);
  }

  /** The cohorts that are saved in the lake. */
  get cohorts(): CohortStore | undefined {
    return this.#lake.cohorts;
  }

  /** The names in the profiles that `schema` kept, if they are of all files. */
  async names(options: QueryOptions): Promise<KnownNames | undefined> {
    if (this.#lake.profiles === undefined) return undefined;
    return knownNames(await this.#lake.engine(), await this.#pinned(), this.#lake.profiles, options);
  }

  override async warnings({ quickly, ...options }: WarningOptions = {}): Promise<readonly UnknownName[]> {
    const { events = [], platforms = [] } = this.#options;
    const [types, kinds] = [events, platforms].map((asked) => [...new Set([asked].flat())]);
    const isRead = !(quickly && this.#lake.isRemote);
    const told = types!.length > 0 ? (await this.names(options))?.events : undefined;
    const all = told ?? (isRead ? await this.#valuesOf("event_type", types!, options) : types!);
    const found = isRead ? await this.#valuesOf("platform", kinds!, options) : kinds!;
    return [
      ...types!.filter((name) => !all.includes(name)).map((name) => unknownEvent(name, all)),
      ...kinds!.filter((name) => !found.includes(name)).map((name) => unknownPlatform(name, found)),
    ];
  }

  /** All values of a column of the lake; none if none is asked for. */
  async #valuesOf(
    column: "event_type" | "platform",
    asked: readonly string[],
    options: QueryOptions,
  ): Promise<readonly string[]> {
    if (asked.length === 0) return [];
    const { engine, sql } = await this.allEvents([column]);
    const found = await engine.query(`SELECT DISTINCT ${column} FROM (${sql})`, undefined, options);
    return found.rows().flatMap(([value]) => (value === null ? [] : [String(value)]));
  }

  /** The first and last `server_upload_time` of the lake's files; null if it has none. Microseconds since 1970. */
  async uploads(): Promise<TimeSpan | null> {
    return uploadsIn(await this.#pinned(), async () => {
      const engine = await this.#lake.engine();
      const time = "epoch_us(server_upload_time)";
      const sql = `SELECT min(${time}), max(${time}) FROM ${await this.#source()}`;
      const [row] = (await engine.query(sql)).rows();
      return { min: row?.[0], max: row?.[1] };
    });
  }

  /**
   * The query for `columns` of the events that this selection's other options choose and whose `event_time` lies within
   * `bounds` (microseconds since 1970; `until` is not included). Throws UsageError if the selection has a limit.
   */
  async events(
    columns: readonly ColumnName[],
    bounds: TimeBounds,
    promoted: readonly PromotedColumn[] = [],
  ): Promise<Statement> {
    const { limit, last: _, ...others } = this.#options;
    if (limit !== undefined) {
      throw new UsageError(
        `The frame has a limit of ${limit} events.`,
        "Make it without a limit: an analysis needs all events of a user.",
      );
    }
    const columnsOfPromoted = promoted.map(({ as, type, ...property }) => ({
      ...{ property: quotedName(property), as, type },
    }));
    const properties = this.#mayBeNamed() ? others.properties : columnsOfPromoted;
    const frame = new EventFrame(
      this.#asKnown(),
      { ...others, columns, properties, ...ends(bounds) },
      this.#now,
    );
    return frame.statement();
  }

  /** The promoted properties that can be read as columns: none where the condition may name the frame's own properties. */
  async promoted(): Promise<PromotedProperty[]> {
    return this.#mayBeNamed() ? [] : promotedProperties(await this.#pinned());
  }

  /** True if the frame has properties and a condition, which may name their columns. */
  #mayBeNamed(): boolean {
    return this.#selection.properties !== undefined && this.#selection.conditional;
  }

  /** The query for `columns` of all events of the lake whose `event_time` lies within `bounds`, as `events` takes them. */
  async allEvents(columns: readonly ColumnName[], bounds: TimeBounds = {}): Promise<Statement> {
    return new EventFrame(this.#asKnown(), { columns, ...ends(bounds) }, this.#now).statement();
  }

  /** True if one of the columns is called so, whether its type is known yet or not. */
  #has(name: string): boolean {
    const { columns, properties } = this.#selection;
    if (columns.some((column) => column === name)) return true;
    if (properties === undefined || properties === "all") return false;
    return properties.some((each) => (typeof each === "string" ? each : (each.as ?? each.property)) === name);
  }

  /** The same selection with more columns. */
  #with(columns: readonly ColumnName[], options: FrameOptions = {}): EventFrame<Row> {
    const all = [...this.#selection.columns, ...columns];
    return new EventFrame(this.#asKnown(), { ...this.#options, ...options, columns: all }, this.#now);
  }

  /** The lake as this frame knows it, whose files are those that it reads. */
  #asKnown(): LakeAccess {
    return {
      engine: () => this.#lake.engine(),
      cohorts: this.#lake.cohorts,
      profiles: this.#lake.profiles,
      isRemote: this.#lake.isRemote,
      files: () => this.#pinned(),
    };
  }

  async statement(limit?: number, only?: readonly string[]): Promise<Statement> {
    await this.ready();
    const columns = this.#selection.columns.filter((name) => only?.includes(name) ?? true);
    const all =
      (await this.#overProjections(columns)) ??
      this.#selection.sql(await this.#source(limit), this.#properties, true);
    const sql = limit === undefined ? all : `FROM (${all}) LIMIT ${limit}`;
    return { engine: await this.#lake.engine(), sql, params: this.params };
  }

  override async sharedObjects(options: QueryOptions = {}): Promise<SharedObjects | undefined> {
    await this.ready(options);
    const { conditional, columns } = this.#selection;
    if (this.#known().length === 0 || conditional || this.#options.limit !== undefined) return undefined;
    if ((await this.#overProjections(columns)) !== undefined) return undefined;
    const { files } = await this.#pinned();
    const { bounds } = this.#selection;
    if (filesWithin(files, bounds).length === 0) return undefined;
    const source = `(${numberedLakeSelect(files, bounds)}) AS events`;
    return sharedObjects(await this.#lake.engine(), source, this.#selection, this.#known(), options);
  }

  /** The statement that reads projections and gives no other columns than these and the properties, if there can be one. */
  async #overProjections(columns: Selection["columns"]): Promise<string | undefined> {
    const files = await this.#pinned();
    if (!files.promoted?.length || this.#known().length === 0) return undefined;
    const key = columns.join();
    const made =
      this.#projected.get(key) ??
      projectedSql(await this.#lake.engine(), files, this.#selection, columns, this.#known());
    this.#projected.set(key, made);
    return made;
  }

  /** The files that the frame keeps to, as a query in parentheses; of all events, only those that have the first `limit`. */
  async #source(limit?: number): Promise<string> {
    const { files } = await this.#pinned();
    const { everyEvent, conditional, bounds } = this.#selection;
    const wanted = limit !== undefined && everyEvent && !conditional ? firstFiles(files, limit) : files;
    return `(${lakeSelect(wanted, bounds)}) AS events`;
  }

  #pinned(): Promise<LakeFiles> {
    this.#files ??= this.#lake.files();
    return this.#files;
  }

  #known(): readonly PropertyColumn[] {
    if (this.#properties === undefined) throw notReady();
    return this.#properties;
  }
}
