import type { Engine, Params } from "../engine/engine.js";
import { lakeSelect } from "../engine/lake-view.js";
import { lakeColumn } from "./event-row.js";
import type { LakeFiles } from "./event-source.js";
import { Frame, type Statement } from "./frame.js";
import { type FrameOptions, type Selection, selectionOf } from "./selection.js";

/** What a frame needs of a lake. */
export interface LakeAccess {
  engine(): Promise<Engine>;
  files(): Promise<LakeFiles>;
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
 * the lake had then, so that its count, head and rows agree whatever is pulled meanwhile.
 */
export class EventFrame<Row> extends Frame<Row> {
  readonly sql: string;
  readonly params: Params | undefined;
  protected override readonly lead: readonly string[] | undefined;
  protected readonly previewRows = 20;
  protected readonly countIsCheap = true;
  readonly #lake: LakeAccess;
  readonly #selection: Selection;
  #files: Promise<LakeFiles> | undefined;

  /** Made by `lake.frame(options)`. Throws UsageError if the options are wrong. */
  constructor(lake: LakeAccess, options: FrameOptions = {}) {
    const selection = selectionOf(options);
    super(selection.columns.map(lakeColumn));
    this.#lake = lake;
    this.#selection = selection;
    this.sql = selection.sql("events");
    this.params = selection.params.length > 0 ? selection.params : undefined;
    this.lead = selection.chosen ? undefined : LEAD;
  }

  async statement(limit?: number): Promise<Statement> {
    this.#files ??= this.#lake.files();
    const { files } = await this.#files;
    const all = this.#selection.sql(`(${lakeSelect(files, this.#selection.bounds)}) AS events`);
    const sql = limit === undefined ? all : `FROM (${all}) LIMIT ${limit}`;
    return { engine: await this.#lake.engine(), sql, params: this.params };
  }
}
