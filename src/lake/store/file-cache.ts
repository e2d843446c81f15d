import { link, mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode } from "../files.js";

/** Where links cannot be made: a file is then fetched for one run alone. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EMLINK"]);
const TRIES = 5;
/** The share of the limit after which the cache is measured again. */
const MEASURED_EVERY = 1 / 16;

/** A file to be had: its path in the cache, its size, and how to get it where it is not. */
export interface Wanted {
  readonly path: string;
  readonly bytes: number;
  /** Writes the file to an absolute path. */
  readonly fetch: (to: string) => Promise<void>;
}

/**
 * Files that never change under their names, shared by all processes of this machine. Whoever reads one has a link of its
 * own to it, so that it may leave the cache at any time. The longest unread go first when the limit is passed.
 */
export class FileCache {
  readonly #folder: string;
  readonly #limit: number;
  #added = Number.POSITIVE_INFINITY;
  #trimming: Promise<void> = Promise.resolve();

  /** `folder` is absolute and need not be there; `limit` in bytes. */
  constructor(folder: string, limit: number) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /** Gives a file the further name `to`, an absolute path; `incoming` is a free one on the same disk. */
  async give({ path, bytes, fetch }: Wanted, to: string, incoming: string): Promise<void> {
    const cached = join(this.#folder, path);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (await this.#linked(cached, to, bytes)) return;
      await fetch(incoming);
      if (!(await this.#take(incoming, cached))) return rename(incoming, to);
      await this.#grew(bytes);
    }
    await fetch(to);
  }

  /** Takes a copy of a file that is on this machine already, if it can be linked. */
  async adopt(path: string, from: string): Promise<void> {
    const cached = join(this.#folder, path);
    try {
      await mkdir(dirname(cached), { recursive: true, mode: 0o700 });
      await link(from, cached);
      await this.#grew((await stat(cached)).size);
    } catch {
      // It can be fetched when it is wanted.
    }
  }

  /** Removes a file, if it is there. */
  async remove(path: string): Promise<void> {
    await rm(join(this.#folder, path), { force: true });
  }

  /** Removes what is not wanted any more. */
  async keepOnly(isWanted: (path: string) => boolean): Promise<void> {
    for (const { path } of await this.#files()) if (!isWanted(path)) await this.remove(path);
  }

  async #linked(cached: string, to: string, bytes: number): Promise<boolean> {
    try {
      await link(cached, to);
    } catch (error) {
      if (errorCode(error) === "ENOENT") return false;
      if (errorCode(error) !== "EEXIST") throw error;
    }
    if ((await stat(to)).size === bytes) {
      const now = new Date();
      await utimes(cached, now, now).catch(() => undefined);
      return true;
    }
    await Promise.all([rm(cached, { force: true }), rm(to, { force: true })]);
    return false;
  }

  /** False if links cannot be made here. The file `from` is in the cache afterwards, and not where it was. */
  async #take(from: string, cached: string): Promise<boolean> {
    await mkdir(dirname(cached), { recursive: true, mode: 0o700 });
    const probe = `${from}.link`;
    try {
      await link(from, probe);
    } catch (error) {
      if (NO_LINKS.has(errorCode(error) ?? "")) return false;
      throw error;
    }
    await rm(probe, { force: true });
    await rename(from, cached);
    return true;
  }

  async #grew(bytes: number): Promise<void> {
    this.#added += bytes;
    if (this.#added < this.#limit * MEASURED_EVERY) return;
    this.#added = 0;
    this.#trimming = this.#trimming.then(() => this.#trim());
    await this.#trimming;
  }

  async #trim(): Promise<void> {
    const files = await this.#files();
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, bytes } of files.sort((a, b) => a.used - b.used)) {
      if (total <= this.#limit) return;
      await this.remove(path);
      total -= bytes;
    }
  }

  async #files(): Promise<{ path: string; bytes: number; used: number }[]> {
    const names = await readdir(this.#folder, { recursive: true }).catch(() => []);
    const files = await Promise.all(
      names.map(async (path) => {
        const found = await stat(join(this.#folder, path)).catch(() => undefined);
        return found?.isFile()
          ? [{ path: path.replaceAll("\\", "/"), bytes: found.size, used: found.mtimeMs }]
          : [];
      }),
    );
    return files.flat();
  }
}
