import { lockHolder } from "../lake/lock.js";
import type { LakeStore } from "../lake/store/lake-store.js";
import { readSyncState, type SyncState } from "../lake/sync-file.js";

/** What `_ampframe/sync.json` says, and whether its process still runs. */
export interface SyncStatus extends SyncState {
  /** `unknown` if the process is on another machine or in a container, where it cannot be seen. */
  readonly process: "alive" | "dead" | "unknown";
}

/** The repeating pull of a lake; null if there never was one. */
export async function syncStatus(store: LakeStore): Promise<SyncStatus | null> {
  const state = await readSyncState(store);
  if (!state) return null;
  if (store.folder === undefined) return { ...state, process: "unknown" };
  const holder = await lockHolder(store.folder, store.disk);
  const isHeld = holder !== undefined && holder.owner.pid === state.pid && holder.owner.host === state.host;
  return { ...state, process: isHeld ? holder.state : "dead" };
}
