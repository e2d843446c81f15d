import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { ACCOUNTS, ARCHIVES, LOG, PROFILES, PROMOTED, QUARANTINE, STAGING } from "../lake/paths.js";
import type { LakeTable } from "../lake/table.js";

/** What a lake takes of its disk, in bytes. */
export interface DiskUse {
  /** Data files of the present version. */
  readonly data: number;
  /** Data files that later versions have replaced, or that killed runs have left: no reader of the table needs them. */
  readonly replaced: number;
  /** Downloaded archives that were kept. */
  readonly archives: number;
  readonly quarantine: number;
  /** Made from the data files, to answer faster: files of promoted properties, and profiles of `schema`. */
  readonly derived: number;
  /** The Delta log and the accounts. */
  readonly log: number;
  /** Runs under way. */
  readonly staging: number;
  /** Free on the disk for this user; null where the system does not tell. */
  readonly free: number | null;
}

/** Measures the folder of a lake. What vanishes meanwhile counts as nothing. */
export async function diskUse(table: LakeTable): Promise<DiskUse> {
  const live = table.snapshot.files;
  const isData = (path: string) => path.startsWith("app=") && path.endsWith(".parquet");
  const bytesOf = (folder: string) => bytesIn(table.filePath(folder), () => true);
  const [replaced, archives, quarantine, promoted, profiles, deltaLog, accounts, staging, free] =
    await Promise.all([
      bytesIn(table.dir, (path) => isData(path) && !live.has(path)),
      bytesOf(ARCHIVES),
      bytesOf(QUARANTINE),
      bytesOf(PROMOTED),
      bytesOf(PROFILES),
      bytesOf(LOG),
      bytesOf(ACCOUNTS),
      bytesOf(STAGING),
      freeBytes(table.dir),
    ]);
  const data = [...live.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const derived = promoted + profiles;
  return { data, replaced, archives, quarantine, derived, log: deltaLog + accounts, staging, free };
}

/** Bytes that this user may still write to the disk of `folder`; null where the system does not tell. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** Bytes of the files below `folder` whose path in it, with slashes, passes. */
async function bytesIn(folder: string, passes: (path: string) => boolean, inside = ""): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    const path = `${inside}${entry.name}`;
    if (entry.isDirectory()) bytes += await bytesIn(join(folder, entry.name), passes, `${path}/`);
    else if (passes(path)) bytes += (await stat(join(folder, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}
