import type { LakeFile } from "../engine/lake-view.js";
import type { StoredProperty } from "./properties/projection.js";
import type { Property } from "./properties/property.js";

/** A data file of the lake. */
export interface SourceFile extends LakeFile {
  /** The same rows with some columns and the promoted properties, if it was made: see `projectionSql`. */
  readonly projection?: Projection | undefined;
}

/** A file that holds a data file's rows for quick reading. */
export interface Projection {
  /** Absolute; ends as the path of the data file does but for its name. */
  readonly path: string;
  /** In the order of their columns. */
  readonly properties: readonly StoredProperty[];
}

import type { CohortStore } from "./cohort-store.js";

/** The live files of a lake as of one version of its table. */
export interface LakeFiles {
  /** Grows with every commit; equal versions mean equal files. */
  readonly version: number;
  /** In the order in which rows should come: by upload date and hour. */
  readonly files: readonly SourceFile[];
  /** The promoted properties; default none. */
  readonly promoted?: readonly Property[] | undefined;
  /** Differs whenever the projections do. */
  readonly projections?: string | undefined;
}

/**
 * Keeps profiles of events beside them, so that each file is profiled once. A profile holds values of properties: it must
 * go with the files that it is of. Keeping fails silently, since a lake may be read-only.
 */
export interface ProfileStore {
  /** The text that was kept under `name`, undefined if there is none. */
  read(name: string): Promise<string | undefined>;
  /** Keeps `text`, the profile of the data files `of` (paths inside the lake), unless one of them has left the lake. */
  write(name: string, text: string, of: readonly string[]): Promise<void>;
}

/** Where a frame's events come from. Whoever opens a lake's table provides it. */
export interface EventSource {
  /** The folder of the lake, as the user wrote it. */
  readonly dir: string;
  /** True if files have to be fetched before they can be read. */
  readonly isRemote?: boolean | undefined;
  /** The newest state of the table. Called before each new frame or query reads; cheap if nothing changed. */
  files(): Promise<LakeFiles>;
  /** Changes which properties are promoted, and brings the projections up to date. */
  promote?(options: PromoteChange): Promise<PromoteReport>;
  /** Absent where nothing is to be kept. */
  readonly profiles?: ProfileStore | undefined;
  readonly cohorts?: CohortStore | undefined;
  /** Gives back what was taken to read. */
  close?(): Promise<void>;
}

/** What to change of the promoted properties. */
export interface PromoteChange {
  /** Properties to promote, named as in `frame({ properties })`. */
  readonly properties?: readonly string[] | undefined;
  /** Properties that shall no longer be. */
  readonly drop?: readonly string[] | undefined;
  /** Ends the work; what was promoted before stays so. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each file that is written. */
  readonly onProgress?: ((done: { readonly files: number; readonly of: number }) => void) | undefined;
}

/** The promoted properties of a lake, and what was done for them. */
export interface PromoteReport {
  /** Absolute path of the lake. */
  readonly lake: string;
  /** Those that occur, by their full names (`event_properties.price`), with the type that holds all values of the lake. */
  readonly properties: readonly { readonly property: string; readonly type: string }[];
  /** Data files of the lake, and their bytes. */
  readonly files: number;
  readonly dataBytes: number;
  /** Bytes of their projections. */
  readonly bytes: number;
  /** Projections that were written now. */
  readonly written: number;
  readonly seconds: number;
}
