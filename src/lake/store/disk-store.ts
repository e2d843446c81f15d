import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LakeError } from "../../errors/index.js";
import { ensureFolder, ensureRoot } from "../ensure-folder.js";
import { diskFiles, errorCode, type LakeFiles } from "../files.js";
import { ACCOUNTS, inLake, LOG, STAGING } from "../paths.js";
import { type FileStat, type LakeStore, NotConfirmedError, type Placement } from "./lake-store.js";

const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EMLINK"]);
/** Made with the lake, and once more by each run that writes. */
const MADE_FIRST: ReadonlySet<string> = new Set([LOG, ACCOUNTS]);

/**
 * A lake in a folder of a disk. Every file is written beside, fsynced and renamed, and the folder fsynced; a file that
 * must be the first of its name is linked, which fails if there is one.
 */
export class DiskStore implements LakeStore {
  readonly location: string;
  readonly folder: string;
  readonly disk: LakeFiles;
  readonly lateWrites = false;

  /** `folder` is absolute and need not be there. */
  constructor(folder: string, disk: LakeFiles = diskFiles) {
    this.location = folder;
    this.folder = folder;
    this.disk = disk;
  }

  nameOf(path: string): string {
    return inLake(this.folder, path);
  }

  async makePlace(): Promise<void> {
    await ensureRoot(this.folder, this.disk);
    await ensureFolder(this.folder, LOG, this.disk);
    await this.makeReady();
  }

  async makeReady(): Promise<void> {
    for (const folder of [ACCOUNTS, STAGING]) await ensureFolder(this.folder, folder, this.disk);
  }

  read(path: string): Promise<Buffer> {
    return this.disk.read(this.nameOf(path));
  }

  stream(path: string): AsyncIterable<Buffer> {
    return this.disk.stream(this.nameOf(path));
  }

  list(folder: string): Promise<string[]> {
    return this.disk.list(this.nameOf(folder));
  }

  async *walk(folder: string): AsyncGenerator<FileStat & { readonly path: string }> {
    const entries = await readdir(this.nameOf(folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* this.walk(path);
      else {
        const stat = await this.stat(path).catch(() => undefined);
        if (stat) yield { path, ...stat };
      }
    }
  }

  stat(path: string): Promise<FileStat | undefined> {
    return this.disk.stat(this.nameOf(path));
  }

  write(path: string, content: string): Promise<void> {
    return this.disk.write(this.nameOf(path), content);
  }

  async put(path: string, content: string, beside = `${this.nameOf(path)}.${randomUUID()}`): Promise<void> {
    const folder = await this.#folderOf(path);
    try {
      await this.disk.write(beside, content);
      await this.disk.rename(beside, this.nameOf(path));
    } catch (error) {
      await this.disk.remove(beside).catch(() => undefined);
      throw error;
    }
    await this.disk.syncFolder(folder);
  }

  async putNew(path: string, content: string, beside: string): Promise<boolean> {
    const folder = await this.#folderOf(path);
    try {
      await this.disk.write(beside, content);
      if (!(await this.#link(beside, path, content))) return false;
    } finally {
      await this.disk.remove(beside).catch(() => undefined);
    }
    await this.disk.syncFolder(folder).catch((cause: unknown) => {
      throw notConfirmed(cause);
    });
    return true;
  }

  /** After a failure the content tells whose file stands there: what is linked was whole before. */
  async #link(from: string, path: string, content: string): Promise<boolean> {
    try {
      await this.disk.link(from, this.nameOf(path));
      return true;
    } catch (error) {
      let standing: string | undefined;
      try {
        standing = (await this.read(path)).toString("utf8");
      } catch (unread) {
        if (errorCode(unread) !== "ENOENT") throw notConfirmed(error);
      }
      if (standing === undefined && errorCode(error) !== "EEXIST") throw refuseIfNoLinks(this.folder, error);
      return standing === content;
    }
  }

  async place(files: readonly Placement[]): Promise<void> {
    const folders = new Set<string>();
    for (const folder of new Set(files.map(({ to }) => dirname(to)))) {
      folders.add(await ensureFolder(this.folder, folder, this.disk));
    }
    for (const { from, to } of files) await this.disk.rename(from, this.nameOf(to));
    for (const folder of folders) await this.disk.syncFolder(folder);
  }

  takeBack({ from, to }: Placement): Promise<void> {
    return this.disk.rename(this.nameOf(to), from);
  }

  remove(path: string): Promise<void> {
    return this.disk.remove(this.nameOf(path));
  }

  removeFolder(folder: string): Promise<void> {
    return this.disk.removeFolder(this.nameOf(folder));
  }

  sync(folder: string): Promise<void> {
    return this.disk.syncFolder(this.nameOf(folder));
  }

  scratch(run: string): Promise<string> {
    return ensureFolder(this.folder, `${STAGING}/${run}`, this.disk);
  }

  removeScratch(run: string): Promise<void> {
    return this.disk.removeFolder(join(this.folder, STAGING, run));
  }

  filePath(path: string): string {
    return inLake(this.folder, path);
  }

  async hold(): Promise<() => Promise<void>> {
    return async () => {};
  }

  pathsIn(): string[] {
    return [];
  }

  knowSizes(): void {}

  async keepOnly(): Promise<void> {}

  async close(): Promise<void> {}

  async #folderOf(path: string): Promise<string> {
    const folder = dirname(path);
    return MADE_FIRST.has(folder) ? this.nameOf(folder) : ensureFolder(this.folder, folder, this.disk);
  }
}

function notConfirmed(cause: unknown): NotConfirmedError {
  return new NotConfirmedError(cause instanceof Error ? cause.message : String(cause), { cause });
}

function refuseIfNoLinks(folder: string, error: unknown): unknown {
  if (!NO_LINKS.has(errorCode(error) ?? "")) return error;
  return new LakeError(
    `The file system of ${folder} cannot make hard links, on which safe commits rest.`,
    "Keep the lake on a disk that can (ext4, xfs, APFS, NTFS), not on FAT, exFAT or some network shares.",
    { cause: error },
  );
}
