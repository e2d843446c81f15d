import { createReadStream } from "node:fs";
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";

/**
 * The lake's only door to the disk. Every change of a lake is one of these calls, in a fixed order, so that
 * a test can number them and let the work end at any one. All paths are absolute; failures are Node's own
 * errors with their `code`.
 */
export interface LakeFiles {
  /** The whole file. */
  read(path: string): Promise<Buffer>;
  /** The file's bytes in order, in pieces. */
  stream(path: string): AsyncIterable<Buffer>;
  /** Names in a folder, in no order; none if there is no such folder. */
  list(folder: string): Promise<string[]>;
  /** Length in bytes and time of last change (milliseconds since 1970); undefined if there is no such file. */
  stat(path: string): Promise<{ readonly bytes: number; readonly modified: number } | undefined>;
  /** Writes a new file and brings it to the disk (fsync). The name must be free. */
  write(path: string, content: FileContent): Promise<void>;
  /** Brings a file's bytes to the disk. */
  sync(path: string): Promise<void>;
  /** Brings the names in a folder to the disk, where the system can do that (Windows cannot). */
  syncFolder(folder: string): Promise<void>;
  /** Makes one folder; false if it was there. */
  makeFolder(folder: string): Promise<boolean>;
  /** Gives a file another name, in place of whatever had that name. */
  rename(from: string, to: string): Promise<void>;
  /** Gives a file a second name; fails with EEXIST if that name is taken. */
  link(from: string, to: string): Promise<void>;
  /** Removes a file, if it is there. */
  remove(path: string): Promise<void>;
  /** Removes a folder and all in it, if it is there. */
  removeFolder(folder: string): Promise<void>;
}

/** What to write: a text in UTF-8, or pieces in order. */
export type FileContent = string | Iterable<string | Buffer> | AsyncIterable<string | Buffer>;

/** The code of a failed system call (`ENOENT`), or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** What a folder's descriptor answers to fsync where folders cannot be synced: Windows, some network disks. */
const FOLDER_SYNC_UNSUPPORTED = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "EBADF"]);
const WINDOWS_FOLDER_REFUSALS = new Set(["EPERM", "EISDIR", "EACCES"]);

/** The real disk. */
export const diskFiles: LakeFiles = {
  read: (path) => readFile(path),
  stream: (path) => createReadStream(path, { highWaterMark: 1 << 20 }),
  async list(folder) {
    try {
      return await readdir(folder);
    } catch (error) {
      if (errorCode(error) === "ENOENT") return [];
      throw error;
    }
  },
  async stat(path) {
    try {
      const { size, mtimeMs } = await stat(path);
      return { bytes: size, modified: Math.floor(mtimeMs) };
    } catch (error) {
      if (errorCode(error) === "ENOENT") return undefined;
      throw error;
    }
  },
  async write(path, content) {
    const file = await open(path, "wx");
    try {
      if (typeof content === "string") await file.writeFile(content);
      else for await (const piece of content) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  async sync(path) {
    const file = await open(path, "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  },
  async syncFolder(folder) {
    try {
      const handle = await open(folder, "r");
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      const code = errorCode(error) ?? "";
      if (FOLDER_SYNC_UNSUPPORTED.has(code)) return;
      if (process.platform === "win32" && WINDOWS_FOLDER_REFUSALS.has(code)) return;
      throw error;
    }
  },
  async makeFolder(folder) {
    try {
      await mkdir(folder);
      return true;
    } catch (error) {
      if (errorCode(error) === "EEXIST") return false;
      throw error;
    }
  },
  rename,
  link,
  remove: (path) => rm(path, { force: true }),
  removeFolder: (folder) => rm(folder, { recursive: true, force: true }),
};
