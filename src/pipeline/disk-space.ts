import { basename, dirname, resolve } from "node:path";
import { LakeError } from "../errors/index.js";
import { isBucketUrl } from "../lake/store/bucket-url.js";
import { cacheSettings } from "../lake/store/cache-settings.js";
import type { LakeTable } from "../lake/table.js";
import { freeBytes } from "./disk-use.js";
import { megabytes } from "./disk-watch.js";
import type { InputFile } from "./input-files.js";

/** What a run needs beside its rows: decoded events on their way to Parquet, and archives that are being read. */
const BASE_BYTES = 256_000_000;
/** An archive and the rows made of it lie side by side for a while. */
const COPIES = 2;
/** By the name: rows take about half as much as their archive, at most as much; of plain NDJSON a twentieth. */
const COMPRESSED = /\.(zip|gz)$/i;
const PLAIN_SHARE = 1 / 8;

/** What a run will want to write to, and how to find out what is free there. */
interface SpaceCheck {
  /** Folder of the lake, which need not be there. */
  readonly lake: string;
  /** The lake, if it is there. */
  readonly table: LakeTable | undefined;
  /** Bytes that must be free; by default 256 MB and what the run is thought to write. 0 checks nothing. */
  readonly minFree?: number | undefined;
  readonly freeBytes?: ((folder: string) => Promise<number | null>) | undefined;
}

/** How much a pull will want to write: by the hours of the lake those that are asked for are judged. */
export interface PullSpace extends SpaceCheck {
  /** Hours that are asked for. */
  readonly hours: number;
}

/** How much a load will want to write. */
export interface LoadSpace extends SpaceCheck {
  readonly files: readonly InputFile[];
}

/** Throws LakeError if less is free on the disk of the lake than a pull needs. Where the system does not tell, it may. */
export async function checkSpace(check: PullSpace): Promise<void> {
  const { table, hours, minFree } = check;
  if (minFree === 0 || hours === 0) return;
  const rows = minFree === undefined && table ? await bytesOfHours(table, hours) : 0;
  const why = minFree === undefined && rows > 0 ? ", by what its hours so far have taken" : "";
  await requireSpace(check, minFree ?? BASE_BYTES + COPIES * rows, `for ${hours} hours${why}`);
}

/** As `checkSpace`, for a load. Files that the lake seems to hold, by name and size, are taken to need nothing. */
export async function checkLoadSpace(check: LoadSpace): Promise<void> {
  const { table, files, minFree } = check;
  const free = minFree === 0 || files.length === 0 ? null : await freeFor(check);
  if (free === null || free >= (minFree ?? neededFor(files))) return;
  const known = table && minFree === undefined ? await inputsOf(table) : new Set<string>();
  const news = files.filter(({ path, bytes }) => !known.has(nameAndSize(basename(path), bytes)));
  if (news.length === 0 && minFree === undefined) return;
  const bytes = news.reduce((sum, file) => sum + file.bytes, 0);
  const what = `to load ${news.length === 1 ? "1 file" : `${news.length} files`} of ${megabytes(bytes)}`;
  await requireSpace(check, minFree ?? neededFor(news), what, free);
}

async function requireSpace(check: SpaceCheck, needed: number, what: string, known?: number): Promise<void> {
  const free = known ?? (await freeFor(check));
  if (free === null || free >= needed) return;
  throw new LakeError(
    `The disk of ${isBucketUrl(check.lake) ? cacheSettings().folder : check.lake} has ${megabytes(free)} free; this needs about ${megabytes(needed)} ${what}.`,
    "Free some disk space or name a lake on another disk; --min-free sets what is needed, 0 tries in any case.",
  );
}

/** What `hours` hours take, if they are as those that the lake holds. */
async function bytesOfHours(table: LakeTable, hours: number): Promise<number> {
  const held = new Set<string>();
  for (const account of await table.summaries()) {
    for (const { hour, rows } of account.hours) if (rows > 0) held.add(hour);
  }
  const bytes = [...table.snapshot.files.values()].reduce((sum, file) => sum + file.bytes, 0);
  return held.size === 0 ? 0 : Math.round((bytes / held.size) * hours);
}

function neededFor(files: readonly InputFile[]): number {
  const rows = files.map(({ path, bytes }) => bytes * (COMPRESSED.test(path) ? 1 : PLAIN_SHARE));
  return Math.round(rows.reduce((sum, bytes) => sum + bytes, BASE_BYTES));
}

async function inputsOf(table: LakeTable): Promise<Set<string>> {
  const known = new Set<string>();
  for await (const { account } of table.accounts()) {
    for (const { name, bytes } of account.inputs) known.add(nameAndSize(name, bytes));
  }
  return known;
}

function nameAndSize(name: string, bytes: number): string {
  return `${bytes} ${name}`;
}

function freeFor({ lake, freeBytes: freeBytesOf = freeBytes }: SpaceCheck): Promise<number | null> {
  return freeOn(isBucketUrl(lake) ? cacheSettings().folder : resolve(lake), freeBytesOf);
}

/** What is free on the disk of `folder`, or of the nearest folder above it that is there. */
export async function freeOn(
  folder: string,
  freeBytesOf: (folder: string) => Promise<number | null>,
): Promise<number | null> {
  const free = await freeBytesOf(folder);
  const above = dirname(folder);
  return free === null && above !== folder ? freeOn(above, freeBytesOf) : free;
}
