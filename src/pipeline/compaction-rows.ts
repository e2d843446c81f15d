import type { Content } from "../engine/sorted-rows.js";
import type { Hour } from "../hour.js";
import type { StagedFile } from "../lake/change.js";
import type { LakeCopy } from "./compaction-copies.js";
import type { CompactionGroup } from "./compaction-groups.js";
import type { FileOrigin } from "./file-origins.js";

/** Rows of a data file of the lake: all of them by default. */
export interface LakePiece {
  /** Inside the lake. */
  readonly path: string;
  /** Only rows of these upload hours. */
  readonly hours?: readonly Hour[];
  /** Rows to leave out, by number from 0. */
  readonly without?: readonly number[];
}

/** What reads, sorts and writes the rows of compactions: the engine of this machine, or a cluster. */
export interface CompactionRows {
  /** Groups that are worked at together. */
  readonly groupsAtOnce: number;
  /**
   * The copies that files which are not compacted yet bring into the lake, by file. Those that are compacted were held against all
   * others when that was done. `origins` are the files of the table as it now is.
   */
  copies(
    origins: ReadonlyMap<string, FileOrigin>,
    signal: AbortSignal | undefined,
  ): Promise<Map<string, LakeCopy[]>>;
  /** Begins the work at a group. */
  of(group: CompactionGroup, signal: AbortSignal | undefined): GroupRows;
}

/** The rows of one group at work. */
export interface GroupRows {
  contentOf(pieces: readonly LakePiece[]): Promise<Content>;
  /**
   * Writes rows, sorted by `amplitude_id` and `event_time`, to at most `files` new files, and gives those that hold any. `content` is
   * of all rows of the group.
   */
  write(pieces: readonly LakePiece[], files: number, content: Content): Promise<WrittenRows[]>;
  /** The content of all that `write` has given, read from those files; undefined if there is nothing. */
  contentWritten(): Promise<Content | undefined>;
  /** Up to three uuids of rows that are not the same in `before` and what was written; for the words of an error. */
  differing(before: readonly LakePiece[]): Promise<string[]>;
  /** Removes what was written and has not joined the table. Never throws. */
  clear(): Promise<void>;
}

/** A new file, but for whose rows it holds. */
export type WrittenRows = Omit<StagedFile, "app" | "uploadDate" | "compacted">;
