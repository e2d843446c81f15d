import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { LakeError } from "../../errors/index.js";
import { atOnce } from "../../slots.js";
import { diskFiles, type LakeFiles } from "../files.js";
import { isDataFile, OURS, PROMOTED } from "../paths.js";
import type { BucketUrl } from "./bucket-url.js";
import type { CacheSettings } from "./cache-settings.js";
import { FileCache } from "./file-cache.js";
import type { FileStat, HoldOptions, LakeStore, Placement } from "./lake-store.js";
import { LocalRun } from "./local-run.js";
import { type ObjectClient, ObjectError, statusOf } from "./object-client.js";
import { probe, probeReplacing } from "./probe.js";
import { bytesOf, putIfAbsent, putIfStill } from "./put-if-absent.js";

/** Requests at a time for many small objects, and for whole data files. */
const SMALL_AT_ONCE = 16;
const FILES_AT_ONCE = 4;
const DOWNLOAD_TRIES = 4;

/**
 * A lake in a bucket. Objects are whole or not there, so nothing is written beside; a commit is one PUT that only succeeds
 * if there is no object of that key. Data files are read from a cache on this machine.
 */
export class BucketStore implements LakeStore {
  readonly location: string;
  readonly folder = undefined;
  readonly lateWrites = true;
  readonly disk: LakeFiles = diskFiles;
  readonly #client: ObjectClient;
  readonly #prefix: string;
  readonly #cache: FileCache;
  readonly #run: LocalRun;
  readonly #firstWaitMs: number | undefined;
  readonly #held = new Map<string, { count: number; ready: Promise<void> }>();
  #probed: Promise<void> | undefined;
  #replacingProbed: Promise<void> | undefined;
  #sizeOf: (path: string) => number | undefined = () => undefined;

  /** `firstWaitMs` as `putIfAbsent` has it. */
  constructor(url: BucketUrl, client: ObjectClient, { folder, bytes }: CacheSettings, firstWaitMs?: number) {
    this.#firstWaitMs = firstWaitMs;
    this.location = url.location;
    this.#client = client;
    this.#prefix = url.prefix === "" ? "" : `${url.prefix}/`;
    const id = createHash("sha256")
      .update(`${url.endpoint ?? ""} ${url.location}`)
      .digest("hex")
      .slice(0, 16);
    this.#cache = new FileCache(join(folder, id, "files"), bytes);
    this.#run = new LocalRun(join(folder, id, "runs"));
  }

  nameOf(path: string): string {
    return `${this.location}/${path}`;
  }

  async makePlace(): Promise<void> {
    await this.makeReady();
  }

  makeReady(): Promise<void> {
    const prefix = `${this.#prefix}${OURS}/`;
    this.#probed ??= probe(this.#client, prefix, this.location, this.#firstWaitMs).catch((error) => {
      this.#probed = undefined;
      throw error;
    });
    return this.#probed;
  }

  read(path: string): Promise<Buffer> {
    return bytesOf(this.#client, this.#key(path));
  }

  async *stream(path: string): AsyncGenerator<Buffer> {
    yield* await this.#client.get(this.#key(path));
  }

  async list(folder: string): Promise<string[]> {
    const prefix = folder === "" ? this.#prefix : `${this.#key(folder)}/`;
    const names: string[] = [];
    try {
      for await (const each of this.#client.list(prefix, "/")) {
        const name = "folder" in each ? each.folder.slice(prefix.length, -1) : each.key.slice(prefix.length);
        if (name !== "") names.push(name);
      }
    } catch (error) {
      throw this.#noBucket(error);
    }
    return names;
  }

  async *walk(folder: string): AsyncGenerator<FileStat & { readonly path: string }> {
    const prefix = folder === "" ? this.#prefix : `${this.#key(folder)}/`;
    try {
      for await (const each of this.#client.list(prefix)) {
        if ("folder" in each || each.key.endsWith("/")) continue;
        yield { path: each.key.slice(this.#prefix.length), bytes: each.bytes, modified: each.modified };
      }
    } catch (error) {
      throw this.#noBucket(error);
    }
  }

  stat(path: string): Promise<FileStat | undefined> {
    return this.#client.head(this.#key(path));
  }

  write(path: string, content: string): Promise<void> {
    return this.#client.put(this.#key(path), content);
  }

  put(path: string, content: string): Promise<void> {
    return this.#client.put(this.#key(path), content);
  }

  putNew(path: string, content: string): Promise<boolean> {
    return putIfAbsent(this.#client, this.#key(path), content, this.#firstWaitMs);
  }

  async putIfStill(
    path: string,
    isStill: (found: Buffer | undefined) => boolean,
    content: string,
  ): Promise<boolean> {
    const prefix = `${this.#prefix}${OURS}/`;
    this.#replacingProbed ??= probeReplacing(this.#client, prefix, this.location, this.#firstWaitMs).catch(
      (error) => {
        this.#replacingProbed = undefined;
        throw error;
      },
    );
    await this.#replacingProbed;
    return putIfStill(this.#client, this.#key(path), isStill, content, this.#firstWaitMs);
  }

  async place(files: readonly Placement[]): Promise<void> {
    const here = this.nameOf("");
    await atOnce(FILES_AT_ONCE, files, async ({ from, to }) => {
      if (from.startsWith(here)) return this.#client.copy(this.#key(from.slice(here.length)), this.#key(to));
      await this.#client.upload(this.#key(to), from);
      if (isCached(to)) await this.#cache.adopt(to, from);
    });
  }

  takeBack({ to }: Placement): Promise<void> {
    return this.remove(to);
  }

  async remove(path: string): Promise<void> {
    await this.#client.remove(this.#key(path));
    if (isCached(path)) await this.#cache.remove(path);
  }

  async removeFolder(folder: string): Promise<void> {
    const paths: string[] = [];
    for await (const { path } of this.walk(folder)) paths.push(path);
    await atOnce(SMALL_AT_ONCE, paths, (path) => this.remove(path));
  }

  async sync(): Promise<void> {}

  async scratch(run: string): Promise<string> {
    await this.#run.make();
    const folder = join(this.#run.folder, `scratch-${run}`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  removeScratch(run: string): Promise<void> {
    return rm(join(this.#run.folder, `scratch-${run}`), { recursive: true, force: true });
  }

  filePath(path: string): string {
    return join(this.#heldFolder, ...path.split("/"));
  }

  pathsIn(sql: string): string[] {
    const paths = new Set<string>();
    const start = `'${`${this.#heldFolder}/`.replaceAll("'", "''")}`;
    for (let at = sql.indexOf(start); at >= 0; at = sql.indexOf(start, at + 1)) {
      const rest = /^(?:[^']|'')*/.exec(sql.slice(at + start.length, at + start.length + 4096))?.[0] ?? "";
      paths.add(rest.replaceAll("''", "'"));
    }
    return [...paths];
  }

  async hold(paths: readonly string[], options: HoldOptions = {}): Promise<() => Promise<void>> {
    const taken = [...new Set(paths)];
    for (const path of taken) {
      const held = this.#held.get(path);
      if (held) held.count += 1;
      else this.#held.set(path, { count: 1, ready: Promise.resolve() });
    }
    const release = async () => {
      for (const path of taken.splice(0)) await this.#letGo(path);
    };
    try {
      await this.#run.make();
      await atOnce(FILES_AT_ONCE, [...taken], async (path) => {
        const held = this.#held.get(path);
        if (!held) return;
        held.ready = held.ready.then(() => this.#bring(path, options));
        held.ready.catch(() => undefined);
        await held.ready;
      });
      return release;
    } catch (error) {
      await release();
      throw error;
    }
  }

  knowSizes(sizeOf: (path: string) => number | undefined): void {
    this.#sizeOf = sizeOf;
  }

  async keepOnly(isWanted: (path: string) => boolean): Promise<void> {
    await this.#cache.keepOnly(isWanted).catch(() => undefined);
  }

  async close(): Promise<void> {
    if (this.#held.size === 0) await this.#run.close();
  }

  get #heldFolder(): string {
    return join(this.#run.folder, "held");
  }

  #key(path: string): string {
    return `${this.#prefix}${path}`;
  }

  /** Brings a file to its place on this machine, unless another call has. */
  async #bring(path: string, { fresh = false, signal }: HoldOptions): Promise<void> {
    signal?.throwIfAborted();
    const to = this.filePath(path);
    if (await stat(to).catch(() => undefined)) return;
    const incoming = join(this.#run.folder, randomUUID());
    const fetch = (at: string) => this.#download(path, at, signal);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    if (fresh || !isCached(path)) return fetch(to);
    const bytes = this.#sizeOf(path) ?? (await this.stat(path))?.bytes;
    if (bytes === undefined) throw new ObjectError(`${this.nameOf(path)} is missing`, 404);
    await this.#cache.give({ path, bytes, fetch }, to, incoming);
  }

  async #letGo(path: string): Promise<void> {
    const held = this.#held.get(path);
    if (!held) return;
    held.count -= 1;
    if (held.count > 0) return;
    // One after the other: whoever holds it meanwhile brings it again.
    held.ready = held.ready
      .catch(() => undefined)
      .then(() => (held.count === 0 ? rm(this.filePath(path), { force: true }) : undefined));
    await held.ready;
    if (held.count === 0) this.#held.delete(path);
  }

  /** Writes an object to a file, whole; a connection that breaks is tried again. */
  async #download(path: string, to: string, signal: AbortSignal | undefined): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        const pieces = await this.#client.get(this.#key(path));
        await pipeline(pieces, createWriteStream(to, { flush: true }), ...(signal ? [{ signal }] : []));
        return;
      } catch (error) {
        await rm(to, { force: true });
        const isAnswer = statusOf(error) !== undefined && !String(statusOf(error)).startsWith("5");
        if (tries >= DOWNLOAD_TRIES || isAnswer || signal?.aborted) throw error;
      }
    }
  }

  #noBucket(error: unknown): unknown {
    if (statusOf(error) !== 404) return error;
    return new LakeError(
      `There is no bucket for ${this.location}.`,
      "Make the bucket first, or name another; ampframe makes lakes, not buckets.",
      { cause: error },
    );
  }
}

/** True of files that never change under their names and are read often. */
function isCached(path: string): boolean {
  return isDataFile(path) || path.startsWith(`${PROMOTED}/`);
}
