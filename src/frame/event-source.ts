import type { LakeFile } from "../engine/lake-view.js";
import type { CohortStore } from "./cohort-store.js";

/** The live files of a lake as of one version of its table. */
export interface LakeFiles {
  /** Grows with every commit; equal versions mean equal files. */
  readonly version: number;
  /** In the order in which rows should come: by upload date and hour. */
  readonly files: readonly LakeFile[];
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
  /** The newest state of the table. Called before each new frame or query reads; cheap if nothing changed. */
  files(): Promise<LakeFiles>;
  /** Absent where nothing is to be kept. */
  readonly profiles?: ProfileStore | undefined;
  readonly cohorts?: CohortStore | undefined;
}
