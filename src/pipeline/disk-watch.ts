import { statfsSync } from "node:fs";
import { LakeError } from "../errors/index.js";

const EVERY_BYTES = 8 * 2 ** 20;
const MB = 1_000_000;

/** Sees to it that what is written leaves some of a disk free. */
export class DiskWatch {
  private since = EVERY_BYTES;

  /** Watches the disk of `folder`; 0 for `leastFree`, in bytes, watches nothing. */
  constructor(
    private readonly folder: string,
    private readonly leastFree: number,
    private readonly freeBytes: (folder: string) => number | null = freeBytesNow,
  ) {}

  /** Looks, once in 8 MiB, before `bytes` more are dealt with. Throws LakeError if less is free than must stay so. */
  expect(bytes: number): void {
    this.since += bytes;
    if (this.leastFree === 0 || this.since < EVERY_BYTES) return;
    this.since = 0;
    requireFree(this.freeBytes(this.folder), this.leastFree);
  }
}

/** Throws LakeError if `free` is less than `leastFree`, both in bytes. Null, where the system does not tell, is enough. */
export function requireFree(free: number | null, leastFree: number): void {
  if (free === null || free >= leastFree) return;
  throw new LakeError(
    `The lake's disk has ${megabytes(free)} free; the limit is ${megabytes(leastFree)} that stay free.`,
    "What was committed stays. Make room and run it again, or set the limit: --limit free=SIZE (in code " +
      "limits.freeBytes); 0 lets the disk fill up.",
  );
}

function freeBytesNow(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** `1,234 MB`, the nearest. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / MB).toLocaleString("en-US")} MB`;
}
