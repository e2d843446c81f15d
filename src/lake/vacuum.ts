import type { CommittedAccount } from "./account-store.js";
import { isDataFile } from "./paths.js";
import type { Snapshot } from "./snapshot.js";
import type { LakeStore } from "./store/lake-store.js";

/** A data file that left the table but still lies on the disk, for readers of an older version. */
export interface ReplacedFile {
  /** Inside the lake, not percent-encoded. */
  readonly path: string;
  readonly bytes: number;
  /** When it left the table, in milliseconds since 1970. */
  readonly removedAt: number;
}

/**
 * The replaced files of a lake, oldest removal first. The log forgets removals after a while, the
 * accounts do not; what neither names is left alone, for it may belong to a commit under way.
 */
export async function replacedFiles(
  store: LakeStore,
  snapshot: Snapshot,
  accounts: AsyncIterable<CommittedAccount>,
): Promise<ReplacedFile[]> {
  const removed = new Map<string, number>();
  const note = (path: string, at: number) => removed.set(path, Math.max(at, removed.get(path) ?? at));
  for await (const { account } of accounts) {
    for (const path of account.removed) note(path, Date.parse(account.at));
  }
  for (const [path, { deletionTimestamp }] of snapshot.removed) {
    if (typeof deletionTimestamp === "number") note(path, deletionTimestamp);
  }
  const byFolder = new Map<string, ReplacedFile[]>();
  for (const [path, removedAt] of removed) {
    if (snapshot.files.has(path) || !isDataFile(path)) continue;
    const folder = path.slice(0, path.lastIndexOf("/"));
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), { path, bytes: 0, removedAt }]);
  }
  const found: ReplacedFile[] = [];
  for (const [folder, candidates] of byFolder) {
    const names = new Set(await store.list(folder));
    for (const file of candidates.filter(({ path }) => names.has(path.slice(folder.length + 1)))) {
      const stat = await store.stat(file.path);
      if (stat) found.push({ ...file, bytes: stat.bytes });
    }
  }
  return found.sort((a, b) => a.removedAt - b.removedAt);
}
