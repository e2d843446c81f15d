import type { LakeFile } from "../engine/lake-view.js";

/** The live files of a lake as of one version of its table. */
export interface LakeFiles {
  /** Grows with every commit; equal versions mean equal files. */
  readonly version: number;
  /** In the order in which rows should come: by upload date and hour. */
  readonly files: readonly LakeFile[];
}

/** Where a frame's events come from. Whoever opens a lake's table provides it. */
export interface EventSource {
  /** The folder of the lake, as the user wrote it. */
  readonly dir: string;
  /** The newest state of the table. Called before each new frame or query reads; cheap if nothing changed. */
  files(): Promise<LakeFiles>;
}
