import { diskFiles } from "../lake/files.js";
import { lockHolder } from "../lake/lock.js";
import { readSyncState, type SyncState } from "../lake/sync-file.js";

/** What `_ampframe/sync.json` says, and whether its process still runs. */
export interface SyncStatus extends SyncState {
  /** `unknown` if the process is on another machine or in a container, where it cannot be seen. */
  readonly process: "alive" | "dead" | "unknown";
}

/** The repeating pull of the lake at `dir`; null if there never was one. */
export async function syncStatus(dir: string): Promise<SyncStatus | null> {
  const state = await readSyncState(dir, diskFiles);
  if (!state) return null;
  const holder = await lockHolder(dir, diskFiles);
  const isHeld = holder !== undefined && holder.owner.pid === state.pid && holder.owner.host === state.host;
  return { ...state, process: isHeld ? holder.state : "dead" };
}
