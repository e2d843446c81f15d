import type { Hour } from "../hour.js";
import { errorCode } from "./files.js";
import { SYNC } from "./paths.js";
import type { LakeStore } from "./store/lake-store.js";

/** The state of a repeating pull, for monitors: the content of `_ampframe/sync.json`. All times are ISO, in UTC. */
export interface SyncState {
  readonly formatVersion: 1;
  /** The process, its machine and when it began. */
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** As it was given: `1h`. */
  readonly every: string;
  /** `ended` after SIGINT or SIGTERM; a process that was killed leaves what it was doing. */
  readonly state: "pulling" | "waiting" | "ended";
  /** When this was written. */
  readonly updated: string;
  /** Rounds that have ended since the process began, and how many of the last ones failed in a row. */
  readonly rounds: number;
  readonly failures: number;
  readonly lastRound: {
    readonly at: string;
    readonly ok: boolean;
    readonly hours: number;
    readonly events: number;
    readonly duplicates: number;
    readonly seconds: number;
  } | null;
  /** When a round last ended without a failure, also of an earlier process. */
  readonly lastSuccess: string | null;
  /** The last failure in words, also of an earlier process. */
  readonly lastError: { readonly at: string; readonly message: string; readonly wayOut: string } | null;
  /** When the next round begins; null while one is under way and after the end. */
  readonly nextRound: string | null;
  /** The oldest hour that is missing, and the oldest that is settling with the time from which it is final. */
  readonly oldestMissing: Hour | null;
  readonly oldestSettling: { readonly hour: Hour; readonly settledAt: string } | null;
}

/** Writes the state so that a reader never sees half of it. Fails as the store does. */
export function writeSyncState(store: LakeStore, state: SyncState): Promise<void> {
  return store.put(SYNC, `${JSON.stringify(state, null, 2)}\n`);
}

/** The state that was last written; undefined if there is none, or none that can be read. */
export async function readSyncState(store: LakeStore): Promise<SyncState | undefined> {
  try {
    const state: SyncState | null = JSON.parse((await store.read(SYNC)).toString("utf8"));
    return state?.formatVersion === 1 ? state : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
