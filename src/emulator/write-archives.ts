import { type FileHandle, mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CancelledError, isAmpframeError, UsageError } from "../errors/index.js";
import { dateOf, type Hour, hoursIn } from "../hour.js";
import { type Compression, type Member, packMember, shopSource } from "./hour-source.js";
import { HourPlanner } from "./shop/hour-plan.js";
import { lastPlannedHour, resolveShop, type ShopOptions } from "./shop/shop.js";
import { centralDirectory, localHeader, type ZipEntry } from "./zip-writer.js";

/** What to write, and where to. Events are those of the shop that the options describe, up to its `end`. */
export interface WriteOptions extends ShopOptions {
  /** Folder, made if it is missing; files of the same name are replaced. */
  readonly dir: string;
  /** gzip's level, 1 to 9. Default 6. */
  readonly level?: number;
  /** Ends the work with CancelledError; finished files stay. */
  readonly signal?: AbortSignal;
  /** Called after each hour with the lines written so far. */
  readonly onProgress?: (lines: number, hour: Hour) => void;
}

/** As `WriteOptions`, for zips. */
export interface ArchiveOptions extends WriteOptions {
  /** One archive a day (the default) or an hour, each as the Export API would answer for it. */
  readonly per?: "day" | "hour";
  /** Default `store`. */
  readonly compression?: Compression;
}

/** A file that was written. */
export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
  readonly members: number;
  readonly lines: number;
}

/** All that was written. */
export interface Written {
  readonly files: readonly WrittenFile[];
  readonly members: number;
  /** Events, each copy of one that was sent twice counted. */
  readonly lines: number;
  /** Bytes of NDJSON, before gzip. */
  readonly ndjsonBytes: number;
  /** Bytes of the files. */
  readonly bytes: number;
}

/**
 * Writes the shop's events as archives `312746_2026-11-23.zip` (or `…_5.zip`, for an hour), each beside its
 * name first. Hours without events have no archive. About 25 µs of CPU an event, spread over two cores.
 * Throws CancelledError on the signal, UsageError if the folder cannot be written to.
 */
export async function writeArchives(options: ArchiveOptions): Promise<Written> {
  const { per = "day", compression = "store" } = options;
  const tally = createTally();
  let archive: Archive | undefined;
  async function add(hour: Hour, member: Member): Promise<void> {
    const name = per === "day" ? dateOf(hour) : `${dateOf(hour)}_${Number(hour.slice(11))}`;
    const path = join(options.dir, `${member.projectId}_${name}.zip`);
    if (archive?.path !== path) {
      if (archive) tally.files.push(await archive.finish());
      archive = await openArchive(path);
    }
    await archive.add(await packMember(member, compression), member.lines);
  }
  try {
    await eachMember(options, tally, add);
    if (archive) tally.files.push(await archive.finish());
  } catch (error) {
    await archive?.abandon();
    throw inWords(options.dir, error);
  }
  return tally.result();
}

/**
 * Writes the shop's events as plain `.json.gz` members, as Amplitude's exports to S3, GCS and Azure lie
 * there.
 */
export async function writeMembers(options: WriteOptions): Promise<Written> {
  const tally = createTally();
  await eachMember(options, tally, async (_hour, member) => {
    const path = join(options.dir, member.name);
    await writeFile(path, member.gz);
    tally.files.push({ path, bytes: member.gz.length, members: 1, lines: member.lines });
  }).catch((error: unknown) => {
    throw inWords(options.dir, error);
  });
  return tally.result();
}

/** An error of the file system as one of ours. */
function inWords(dir: string, error: unknown): unknown {
  if (isAmpframeError(error) || !(error instanceof Error && "syscall" in error)) return error;
  return new UsageError(
    `Events cannot be written to "${dir}": ${error.message}.`,
    "Give a folder that can be written to, on a disk with room, and leave it alone meanwhile.",
    { cause: error },
  );
}

type OnMember = (hour: Hour, member: Member) => Promise<void>;

async function eachMember(options: WriteOptions, tally: Tally, onMember: OnMember): Promise<void> {
  const shop = resolveShop(options);
  const source = shopSource(new HourPlanner(shop), options.level);
  await mkdir(options.dir, { recursive: true });
  for (const hour of hoursIn({ from: shop.from, to: lastPlannedHour(shop) })) {
    if (options.signal?.aborted) {
      throw new CancelledError(
        `Writing events was cancelled before hour ${hour}.`,
        "Run it again to write all files anew.",
        { cause: options.signal.reason },
      );
    }
    for await (const member of source.members(hour)) {
      await onMember(hour, member);
      tally.count(member.lines, member.size);
    }
    options.onProgress?.(tally.lines(), hour);
  }
}

interface Tally {
  readonly files: WrittenFile[];
  count(lines: number, ndjsonBytes: number): void;
  lines(): number;
  result(): Written;
}

function createTally(): Tally {
  const files: WrittenFile[] = [];
  let members = 0;
  let lines = 0;
  let ndjsonBytes = 0;
  return {
    files,
    count(more, bytes) {
      members++;
      lines += more;
      ndjsonBytes += bytes;
    },
    lines: () => lines,
    result: () => {
      return { files, members, lines, ndjsonBytes, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
    },
  };
}

interface Archive {
  readonly path: string;
  add(packed: { entry: ZipEntry; content: Buffer }, lines: number): Promise<void>;
  finish(): Promise<WrittenFile>;
  abandon(): Promise<void>;
}

async function openArchive(path: string): Promise<Archive> {
  const partial = `${path}.part`;
  const file: FileHandle = await open(partial, "w");
  const entries: ZipEntry[] = [];
  let bytes = 0;
  let lines = 0;
  async function write(piece: Buffer): Promise<void> {
    await file.writeFile(piece);
    bytes += piece.length;
  }
  return {
    path,
    async add({ entry, content }, more) {
      await write(localHeader(entry));
      await write(content);
      entries.push(entry);
      lines += more;
    },
    async finish() {
      await write(centralDirectory(entries));
      await file.close();
      await rename(partial, path);
      return { path, bytes, members: entries.length, lines };
    },
    async abandon() {
      await file.close();
      await rm(partial, { force: true });
    },
  };
}
