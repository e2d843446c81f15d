import { LakeError } from "../errors/index.js";
import { type Action, parseActions } from "./actions.js";
import { type CheckpointStore, checkpointRows } from "./checkpoint.js";
import { errorCode } from "./files.js";
import { LOG, logPath } from "./paths.js";
import { refuseV2, type Snapshot, SnapshotBuilder } from "./snapshot.js";
import type { LakeStore } from "./store/lake-store.js";

const COMMIT = /^(\d{20})\.json$/;
const CHECKPOINT = /^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10}))?\.parquet$/;
const V2_CHECKPOINT = /^(\d{20})\.checkpoint\.[0-9a-f-]{36}\.(?:parquet|json)$/i;

/** What the folder `_delta_log` holds. */
export interface LogListing {
  readonly commits: ReadonlySet<number>;
  /** Complete classic checkpoints, newest first, with the names of their parts in order. */
  readonly checkpoints: readonly { readonly version: number; readonly parts: readonly string[] }[];
  /** The name of the newest V2 checkpoint, if any. */
  readonly v2: string | undefined;
  /** The newest version, -1 if the log is empty. */
  readonly latest: number;
}

/** Looks into the log of a lake; an empty listing if there is none. */
export async function listLog(store: LakeStore): Promise<LogListing> {
  const commits = new Set<number>();
  const parts = new Map<string, { version: number; of: number; names: string[] }>();
  let v2: string | undefined;
  let latest = -1;
  for (const name of await store.list(LOG)) {
    const commit = COMMIT.exec(name);
    const checkpoint = commit ? null : CHECKPOINT.exec(name);
    if (commit) commits.add(Number(commit[1]));
    if (checkpoint) {
      const [, version, , of = "1"] = checkpoint;
      const key = `${version}/${of}`;
      const group = parts.get(key) ?? { version: Number(version), of: Number(of), names: [] };
      group.names.push(name);
      parts.set(key, group);
    }
    if (V2_CHECKPOINT.test(name) && name > (v2 ?? "")) v2 = name;
    if (commit) latest = Math.max(latest, Number(commit[1]));
  }
  const checkpoints = [...parts.values()]
    .filter((group) => group.names.length === group.of)
    .map((group) => ({ version: group.version, parts: group.names.sort() }))
    .sort((a, b) => b.version - a.version);
  return { commits, checkpoints, v2, latest: Math.max(latest, checkpoints[0]?.version ?? -1) };
}

/**
 * The newest state of the table in `store`, undefined if there is none. Begins at the newest checkpoint that
 * can be read. Throws LakeError where versions are missing, the log cannot be read, or it ends before the
 * version `seen`.
 */
export async function readSnapshot(
  store: LakeStore,
  checkpoints: CheckpointStore,
  seen = -1,
): Promise<Snapshot | undefined> {
  const listing = await listLog(store);
  if (listing.latest < seen) throw endedLog(store.location, listing.latest, seen);
  if (listing.latest < 0) {
    if (listing.v2) throw refuseV2(store.nameOf(`${LOG}/${listing.v2}`));
    return undefined;
  }
  let failure: unknown;
  for (const start of [...listing.checkpoints, { version: -1, parts: [] }]) {
    try {
      const builder = new SnapshotBuilder();
      requireVersions(store, listing, start.version);
      if (start.parts.length > 0) {
        const name = store.nameOf(`${LOG}/${start.parts[0]}`);
        const rows = await checkpointRows(store, start.parts, checkpoints).catch((cause: unknown) => {
          throw unreadable(name, cause);
        });
        builder.apply(parseActions(rows.join("\n"), name), name);
      }
      await replay(builder, store, start.version + 1, listing.latest);
      return builder.build(listing.latest, start.version);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/**
 * `snapshot` brought to the newest version; the same value if there is no newer one. Reads only what is new,
 * and does not list the log unless another writer has removed entries from it.
 */
export async function readNewer(
  snapshot: Snapshot,
  store: LakeStore,
  checkpoints: CheckpointStore,
): Promise<Snapshot> {
  let builder: SnapshotBuilder | undefined;
  let version = snapshot.version;
  for (;;) {
    const actions = await readVersion(store, version + 1);
    if (!actions) break;
    version += 1;
    builder ??= new SnapshotBuilder(snapshot);
    builder.apply(actions, store.nameOf(logPath(version)));
  }
  const checkpoint = await lastCheckpoint(store);
  if (checkpoint <= version && (await store.stat(logPath(version)))) {
    const newest = Math.max(snapshot.checkpoint, checkpoint);
    return builder?.build(version, newest) ?? snapshot;
  }
  return (await readSnapshot(store, checkpoints, snapshot.version)) ?? snapshot;
}

/**
 * The version to which `_last_checkpoint` points, -1 if it points nowhere. Writers set it before they clean up
 * the log, so a version beyond ours means that the entries after ours may be gone.
 */
export async function lastCheckpoint(store: LakeStore): Promise<number> {
  try {
    const text = (await store.read(`${LOG}/_last_checkpoint`)).toString("utf8");
    const { version }: { version?: unknown } = JSON.parse(text);
    return typeof version === "number" ? version : -1;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === "ENOENT") return -1;
    throw error;
  }
}

/** The actions of one version; undefined if the log does not hold it. */
export async function readVersion(store: LakeStore, version: number): Promise<Action[] | undefined> {
  const path = logPath(version);
  try {
    return parseActions((await store.read(path)).toString("utf8"), store.nameOf(path));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

const READ_AHEAD = 16;

async function replay(builder: SnapshotBuilder, store: LakeStore, from: number, to: number): Promise<void> {
  for (let first = from; first <= to; first += READ_AHEAD) {
    const count = Math.min(READ_AHEAD, to - first + 1);
    const versions = Array.from({ length: count }, (_, i) => first + i);
    const entries = await Promise.all(versions.map((version) => readVersion(store, version)));
    for (const [i, actions] of entries.entries()) {
      if (!actions) throw missingVersion(store, first + i);
      builder.apply(actions, store.nameOf(logPath(first + i)));
    }
  }
}

function requireVersions(store: LakeStore, listing: LogListing, after: number): void {
  for (let version = after + 1; version <= listing.latest; version += 1) {
    if (listing.commits.has(version)) continue;
    throw listing.v2 ? refuseV2(store.nameOf(`${LOG}/${listing.v2}`)) : missingVersion(store, version);
  }
}

function endedLog(location: string, latest: number, seen: number): LakeError {
  return new LakeError(
    `The log of ${location} ends at version ${latest}, but version ${seen} was there before.`,
    "Restore the folder _delta_log from a backup; something removed entries from it.",
  );
}

function unreadable(checkpoint: string, cause: unknown): LakeError {
  const found = cause instanceof Error ? cause.message : String(cause);
  return new LakeError(
    `The checkpoint ${checkpoint} cannot be read: ${found}`,
    "Restore it from a backup; the log entries that it stands for are gone.",
    { cause },
  );
}

function missingVersion(store: LakeStore, version: number): LakeError {
  return new LakeError(
    `${store.nameOf(logPath(version))} is missing, and no checkpoint stands in for it.`,
    "Restore the folder _delta_log from a backup.",
  );
}
