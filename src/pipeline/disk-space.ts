import { dirname, resolve } from "node:path";
import { LakeError } from "../errors/index.js";
import type { LakeTable } from "../lake/table.js";
import { freeBytes } from "./disk-use.js";

const MB = 1_000_000;
/** What a run needs beside its rows: decoded events on their way to Parquet, and archives that are being read. */
const BASE_BYTES = 256 * MB;
/** An archive and the rows made of it lie side by side for a while. */
const COPIES = 2;

/** How much a pull will want to write, and how to find out what is free. */
export interface SpaceCheck {
  /** Folder of the lake, which need not be there. */
  readonly lake: string;
  /** The lake, if it is there: by its hours those that are asked for are judged. */
  readonly table: LakeTable | undefined;
  /** Hours that are asked for. */
  readonly hours: number;
  /** Bytes that must be free; by default 256 MB and twice what the hours will take. 0 checks nothing. */
  readonly minFree?: number | undefined;
  readonly freeBytes?: ((folder: string) => Promise<number | null>) | undefined;
}

/** Throws LakeError if less is free on the disk of the lake than a pull needs. Where the system does not tell, it may. */
export async function checkSpace(check: SpaceCheck): Promise<void> {
  const { lake, table, hours, minFree } = check;
  if (minFree === 0 || hours === 0) return;
  const rows = minFree === undefined && table ? await bytesOfHours(table, hours) : 0;
  const needed = minFree ?? BASE_BYTES + COPIES * rows;
  const free = await freeOn(resolve(lake), check.freeBytes ?? freeBytes);
  if (free === null || free >= needed) return;
  const why = minFree === undefined && rows > 0 ? ", by what its hours so far have taken" : "";
  throw new LakeError(
    `The disk of ${lake} has ${megabytes(free)} free; this needs about ${megabytes(needed)} for ${hours} hours${why}.`,
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

/** What is free on the disk of `folder`, or of the nearest folder above it that is there. */
async function freeOn(
  folder: string,
  freeBytesOf: NonNullable<SpaceCheck["freeBytes"]>,
): Promise<number | null> {
  const free = await freeBytesOf(folder);
  const above = dirname(folder);
  return free === null && above !== folder ? freeOn(above, freeBytesOf) : free;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / MB).toLocaleString("en-US")} MB`;
}
