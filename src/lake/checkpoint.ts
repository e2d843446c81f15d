import type { AmpframeError } from "../errors/index.js";
import { type Action, formatActions } from "./actions.js";
import { LOG, versionName } from "./paths.js";
import type { Snapshot } from "./snapshot.js";
import type { LakeStore } from "./store/lake-store.js";

/**
 * Turns checkpoints from NDJSON, one action a line as in the log, to Parquet and back. The engine does it, for
 * checkpoints are the only Parquet that the log itself needs.
 */
export interface CheckpointStore {
  /** Writes the actions in the file `ndjson` as one Parquet file, which need not be on the disk yet. */
  write(ndjson: string, parquet: string): Promise<void>;
  /** The rows of the Parquet files, the parts of one checkpoint, each as the JSON of an action. */
  read(parquet: readonly string[]): Promise<readonly string[]>;
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** The actions that a checkpoint of `snapshot` holds. Removed files are named for a week (Delta's default). */
export function checkpointActions(snapshot: Snapshot, now: number): Action[] {
  const recent = [...snapshot.removed.values()].filter((remove) => {
    const kept = snapshot.configuration["delta.deletedFileRetentionDuration"] !== undefined;
    return kept || (remove.deletionTimestamp ?? 0) > now - WEEK_MS;
  });
  return [
    { protocol: snapshot.protocol },
    { metaData: snapshot.metaData },
    ...[...snapshot.transactions.values()].map((txn) => ({ txn })),
    ...[...snapshot.files.values()].map(({ add }) => ({ add: { ...add, dataChange: false } })),
    ...recent.map((remove) => ({ remove: { ...remove, dataChange: false } })),
  ];
}

/** The rows of a checkpoint, whose parts have these names, each as the JSON of an action. Fails as the store and `checkpoints` do. */
export async function checkpointRows(
  store: LakeStore,
  parts: readonly string[],
  checkpoints: CheckpointStore,
): Promise<readonly string[]> {
  const paths = parts.map((name) => `${LOG}/${name}`);
  const release = await store.hold(paths);
  try {
    return await checkpoints.read(paths.map((path) => store.filePath(path)));
  } finally {
    await release();
  }
}

/**
 * Writes the checkpoint of `snapshot` and points `_last_checkpoint` at it. `beside(name)` gives a free path on
 * this machine. Nothing depends on its success: readers can always replay the log.
 */
export async function writeCheckpoint(
  snapshot: Snapshot,
  checkpoints: CheckpointStore,
  store: LakeStore,
  beside: (name: string) => string,
  now: number,
): Promise<void> {
  const { disk } = store;
  const name = versionName(snapshot.version);
  const actions = checkpointActions(snapshot, now);
  const [ndjson, parquet] = [beside(`checkpoint-${name}.ndjson`), beside(`checkpoint-${name}.parquet`)];
  try {
    await disk.write(ndjson, formatActions(actions));
    await checkpoints.write(ndjson, parquet);
    await disk.sync(parquet);
    await store.place([{ from: parquet, to: `${LOG}/${name}.checkpoint.parquet` }]);
    const pointer = JSON.stringify({ version: snapshot.version, size: actions.length });
    await store.put(`${LOG}/_last_checkpoint`, pointer, beside(`checkpoint-${name}.pointer`));
  } finally {
    for (const path of [ndjson, parquet]) await disk.remove(path).catch(() => undefined);
  }
}

/** What became of the checkpoint of a commit: it was not its turn, it was written, or it failed. */
export type CheckpointOutcome =
  | { readonly kind: "notDue" }
  | { readonly kind: "written" }
  | { readonly kind: "failed"; readonly error: AmpframeError };
