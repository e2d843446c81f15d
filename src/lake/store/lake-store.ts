import type { LakeFiles } from "../files.js";

/** A file of this machine's disk, and the path inside the lake that it is to have. */
export interface Placement {
  /** Absolute; or what `nameOf` gives of another file of the lake. */
  readonly from: string;
  readonly to: string;
}

/** Length in bytes, and time of last change in milliseconds since 1970. */
export interface FileStat {
  readonly bytes: number;
  readonly modified: number;
}

/**
 * Where a lake lies: a folder of a disk, or a bucket. Paths are written with `/` and are inside the lake. What a call has
 * written is there for good, and for everyone, when it returns. A file that is not there is an error with the code ENOENT.
 *
 * `beside` in some calls is a free absolute path on this machine's disk, in the run's own folder: on a disk, a file is
 * written there first and then gets its name. By default it is the file's own path with something added.
 */
export interface LakeStore {
  /** The lake's absolute path, or its URL. */
  readonly location: string;
  /** The lake's absolute path; undefined if it does not lie on a disk. */
  readonly folder: string | undefined;
  /** The disk of this machine, for the files of a run. On a disk it is the lake's own. */
  readonly disk: LakeFiles;
  /** True if a write may take effect after its writer is gone: a request that was on its way. */
  readonly lateWrites: boolean;
  /** Absolute path or URL of a file, for messages. */
  nameOf(path: string): string;
  /** Makes the place for a lake, if it is not there. */
  makePlace(): Promise<void>;
  /** Called once before a run writes. Throws LakeError if a lake cannot safely be written to there. */
  makeReady(): Promise<void>;

  /** The whole file. */
  read(path: string): Promise<Buffer>;
  /** The file's bytes in order, in pieces. */
  stream(path: string): AsyncIterable<Buffer>;
  /** Names of files and folders in a folder, in no order; none if there is no such folder. */
  list(folder: string): Promise<string[]>;
  /** All files in a folder and those below it, in no order, with their paths inside the lake. */
  walk(folder: string): AsyncIterable<FileStat & { readonly path: string }>;
  /** Undefined if there is no such file. */
  stat(path: string): Promise<FileStat | undefined>;

  /** Writes a file whose name nobody else uses. A reader may see half of it meanwhile. */
  write(path: string, content: string): Promise<void>;
  /** Writes a file in place of whatever had its name; a reader sees the old or the new one, whole. */
  put(path: string, content: string, beside?: string): Promise<void>;
  /**
   * Writes a file if there is none of its name, which only one of several writers can do. True if it now holds `content`,
   * false if another one is there. What fails without telling whether it took effect is found out by reading. Throws
   * NotConfirmedError if even so it stays open whether the file stands, or will.
   */
  putNew(path: string, content: string, beside: string): Promise<boolean>;
  /**
   * In a bucket, where nothing can be locked: writes a file in the place of what has its name, or of none, if `isStill` says of
   * that that it may go. False if it may not; of several writers at once one is told true. Throws as `putNew` does, and LakeError if
   * the bucket cannot do so safely.
   */
  putIfStill?(
    path: string,
    isStill: (found: Buffer | undefined) => boolean,
    content: string,
  ): Promise<boolean>;
  /** Gives files, of this machine or beside the table in the lake, their names in it. They may be gone from where they were, or not. */
  place(files: readonly Placement[]): Promise<void>;
  /** Takes a placed file out again; it then lies where it was. */
  takeBack(file: Placement): Promise<void>;
  /** Removes a file, if it is there. `sync` of its folder makes that last. */
  remove(path: string): Promise<void>;
  /** Removes a folder and all in it, if it is there. */
  removeFolder(folder: string): Promise<void>;
  /** Sees to it that what was removed from a folder stays so. */
  sync(folder: string): Promise<void>;

  /** Makes the folder on this machine's disk in which the run of that name writes; its absolute path. */
  scratch(run: string): Promise<string>;
  /** Removes the folder of that run and all in it. */
  removeScratch(run: string): Promise<void>;
  /** The absolute path at which a file of the lake can be read while it is held. */
  filePath(path: string): string;
  /** Sees to it that files of the lake can be read at their `filePath` until what it returns is called. */
  hold(paths: readonly string[], options?: HoldOptions): Promise<() => Promise<void>>;
  /** The files of the lake that must be held before this SQL, in which they stand by their `filePath`, can run. */
  pathsIn(sql: string): string[];
  /** Tells how large a file of the table is, so that it need not be asked for. */
  knowSizes(sizeOf: (path: string) => number | undefined): void;
  /** Drops copies on this machine of the table's files, and those made from them, that are not wanted any more. */
  keepOnly(isWanted: (path: string) => boolean): Promise<void>;
  /** Ends the run on this machine; the store can be used again after it. */
  close(): Promise<void>;
}

/** How to hold files. */
export interface HoldOptions {
  /** Reads them anew from where the lake lies, not from a copy that was made before. Default false. */
  readonly fresh?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** It stays open whether a file that `putNew` was to write stands in the lake, or will. */
export class NotConfirmedError extends Error {
  override readonly name = "NotConfirmedError";
}
