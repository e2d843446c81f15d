import { statfs } from "node:fs/promises";
import { ACCOUNTS, ARCHIVES, LOG, PROFILES, PROMOTED, QUARANTINE, STAGING } from "../lake/paths.js";
import type { LakeTable } from "../lake/table.js";

/** What a lake takes of its disk or bucket, in bytes. */
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
  /** Free on the disk for this user; null where the system does not tell, and for a bucket. */
  readonly free: number | null;
}

const KINDS: readonly (readonly [Exclude<keyof DiskUse, "free" | "data">, readonly string[]])[] = [
  ["archives", [ARCHIVES]],
  ["quarantine", [QUARANTINE]],
  ["derived", [PROMOTED, PROFILES]],
  ["log", [LOG, ACCOUNTS]],
  ["staging", [STAGING]],
];

/** Measures all files of a lake. What vanishes meanwhile counts as nothing. */
export async function diskUse({ store, snapshot }: LakeTable): Promise<DiskUse> {
  const live = snapshot.files;
  const use = { replaced: 0, archives: 0, quarantine: 0, derived: 0, log: 0, staging: 0 };
  for await (const { path, bytes } of store.walk("")) {
    const kind = KINDS.find(([, folders]) => folders.some((folder) => path.startsWith(`${folder}/`)))?.[0];
    if (kind) use[kind] += bytes;
    else if (path.startsWith("app=") && path.endsWith(".parquet") && !live.has(path)) use.replaced += bytes;
  }
  const data = [...live.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  return { data, ...use, free: store.folder === undefined ? null : await freeBytes(store.folder) };
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
