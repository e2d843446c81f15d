import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CancelledError, LakeError } from "../errors/index.js";
import { guarded } from "../lake/failure.js";
import { listLog } from "../lake/log.js";
import { LOG, logPath } from "../lake/paths.js";
import { fileSha256 } from "../lake/sha256.js";
import type { LakeStore } from "../lake/store/lake-store.js";
import { openStore } from "../lake/store/open-store.js";
import type { LakeTable } from "../lake/table.js";
import { atOnce } from "../slots.js";
import { type CopyFile, filesToCopy } from "./copy-plan.js";
import { openTable } from "./open-table.js";

/** Which lake to copy, and where to. */
export interface CopyOptions {
  /** A folder, or `s3://bucket/prefix`. */
  readonly from: string;
  /** Where no lake is, or an older copy of this one, which then gets what is new. */
  readonly to: string;
  readonly signal?: AbortSignal | undefined;
  /** Called after each file. */
  readonly onProgress?:
    | ((done: { readonly files: number; readonly of: number; readonly bytes: number }) => void)
    | undefined;
}

/** What was copied. */
export interface CopyReport {
  /** Absolute paths, or addresses. */
  readonly from: string;
  readonly to: string;
  /** Version of the Delta table that the copy now has. */
  readonly version: number;
  /** Files of the copy, all compared by SHA-256, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Of these, files that were not there before. */
  readonly copied: number;
  readonly seconds: number;
}

const FILES_AT_ONCE = 4;
/** Who copies where, so that a copy that was broken off can go on. */
const NOTE = "_ampframe/copy.json";
const HOLDS_EVENTS = /^(app=|_ampframe\/(quarantine|archives|profiles|promoted)\/)/;
/** What may lie there before the log does. */
const PARTS_OF_LAKE = /^(_delta_log|_ampframe|app=.*)$/;

/**
 * Copies a lake, as it is now, between folders and buckets. Data files are held against the SHA-256 of their accounts, and
 * every file is read back from where it was put. The log comes last, so that a copy which is broken off is no lake; the
 * next call goes on with it. An older copy gets what is new and loses what the lake has deleted. Cohorts, kept archives and whom the lake has forgotten come along; files that the table has
 * replaced, and promoted properties, do not. Throws UsageError, LakeError, CancelledError.
 */
export async function copyLake(options: CopyOptions): Promise<CopyReport> {
  const start = performance.now();
  const table = await openTable(options.from);
  const target = await openStore(options.to);
  try {
    await guarded(`reading ${target.location}`, () => requireOwn(table, target));
    const copying = new Copying(table, target, options);
    const report = await guarded(`copying ${table.dir} to ${target.location}`, () => copying.run());
    const copy = await openTable(options.to);
    if (copy.snapshot.version < table.snapshot.version) throw changed(target, LOG);
    return { ...report, seconds: Math.round(performance.now() - start) / 1000 };
  } finally {
    await table.close();
    await target.close();
  }
}

/** Throws LakeError if anything but an older copy lies there. */
async function requireOwn({ store, snapshot, dir }: LakeTable, target: LakeStore): Promise<void> {
  if (store.location === target.location) throw notOwn(target, "the same lake");
  const { commits, latest } = await listLog(target);
  if (latest < 0) {
    const names = await target.list("");
    if (names.length === 0) return;
    const note = await target.read(NOTE).catch(() => undefined);
    const isOurs =
      names.every((name) => PARTS_OF_LAKE.test(name)) && String(note) === noteOf(snapshot.metaData.id);
    if (isOurs) return;
    throw notOwn(target, "something else than a copy of this lake that was broken off");
  }
  if (latest > snapshot.version)
    throw notOwn(target, `version ${latest}, and ${dir} ends at ${snapshot.version}`);
  for (const version of commits) {
    const path = logPath(version);
    if (!(await target.read(path)).equals(await store.read(path))) {
      throw notOwn(target, `another lake, or a copy that has gone on by itself: version ${version} differs`);
    }
  }
}

const noteOf = (id: string) => `${JSON.stringify({ formatVersion: 1, copyOf: id })}\n`;

class Copying {
  #files = 0;
  #bytes = 0;
  #copied = 0;

  constructor(
    private readonly table: LakeTable,
    private readonly target: LakeStore,
    private readonly options: CopyOptions,
  ) {}

  async run(): Promise<Omit<CopyReport, "seconds">> {
    const { table, target } = this;
    const run = randomUUID();
    await target.makePlace();
    const scratch = await target.scratch(run);
    try {
      await target.put(NOTE, noteOf(table.snapshot.metaData.id), join(scratch, "note"));
      const plan = await filesToCopy(table);
      for (const files of plan) {
        const of = plan.flat().length;
        await atOnce(FILES_AT_ONCE, files, async (file) => {
          await this.copy(file, join(scratch, randomUUID()));
          this.options.onProgress?.({ files: this.#files, of, bytes: this.#bytes });
        });
      }
      await this.removeOthers(new Set(plan.flat().map(({ path }) => path)));
      await target.remove(NOTE);
      const { version } = table.snapshot;
      return {
        ...{ from: table.dir, to: target.location, version, files: this.#files, bytes: this.#bytes },
        copied: this.#copied,
      };
    } finally {
      await target.removeScratch(run).catch(() => undefined);
    }
  }

  /** One file: read and hashed, written unless it is there, read back. */
  private async copy(file: CopyFile, beside: string): Promise<void> {
    throwIfCancelled(this.options.signal);
    const { table, target } = this;
    const { path } = file;
    await mkdir(dirname(beside), { recursive: true });
    try {
      const { sha256, bytes } = await download(table.store, path, beside, this.options.signal);
      if (file.sha256 !== undefined && file.sha256 !== sha256)
        throw damaged(table.store.nameOf(path), file.sha256, sha256);
      const isThere =
        (await target.stat(path))?.bytes === bytes && (await fileSha256(path, target)) === sha256;
      if (!isThere) {
        if (file.isEntry) await this.putEntry(path, beside);
        else {
          await target.disk.sync(beside);
          await target.place([{ from: beside, to: path }]);
        }
        if ((await fileSha256(path, target)) !== sha256) throw changed(target, path);
        this.#copied += 1;
      }
      this.#files += 1;
      this.#bytes += bytes;
    } finally {
      await rm(beside, { force: true });
    }
  }

  /** What an older copy had and the lake has no more may hold events of people whom it has forgotten. */
  private async removeOthers(wanted: ReadonlySet<string>): Promise<void> {
    const gone: string[] = [];
    for await (const { path } of this.target.walk("")) {
      if (HOLDS_EVENTS.test(path) && !wanted.has(path)) gone.push(path);
    }
    for (const path of gone) await this.target.remove(path);
    for (const folder of new Set(gone.map((path) => dirname(path)))) await this.target.sync(folder);
  }

  private async putEntry(path: string, beside: string): Promise<void> {
    const text = (await this.target.disk.read(beside)).toString("utf8");
    if (!(await this.target.putNew(path, text, `${beside}.new`))) throw changed(this.target, path);
  }
}

async function download(
  store: LakeStore,
  path: string,
  to: string,
  signal: AbortSignal | undefined,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  const measure = new Transform({
    transform(piece: Buffer, _, done) {
      hash.update(piece);
      bytes += piece.length;
      done(null, piece);
    },
  });
  await pipeline(store.stream(path), measure, createWriteStream(to), ...(signal ? [{ signal }] : [])).catch(
    (error) => {
      throwIfCancelled(signal);
      throw error;
    },
  );
  return { sha256: hash.digest("hex"), bytes };
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new CancelledError(
    "Copying was cancelled before its end.",
    "Run it again: it goes on with what is missing.",
    {
      cause: signal.reason,
    },
  );
}

function notOwn({ location }: LakeStore, found: string): LakeError {
  return new LakeError(
    `${location} holds ${found}; an empty place or an older copy of this lake was expected.`,
    "Name another place to copy to. Nothing was changed.",
  );
}

function damaged(path: string, expected: string, found: string): LakeError {
  return new LakeError(
    `${path} has the SHA-256 ${found}; its account says ${expected}.`,
    "Run ampframe verify, and bring the hours of that file again; then copy.",
  );
}

function changed(target: LakeStore, path: string): LakeError {
  return new LakeError(
    `${target.nameOf(path)} is not as it was written.`,
    "Something else writes there, or the store is faulty. Copy again, to another place.",
  );
}
