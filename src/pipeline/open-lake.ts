import { openEngine } from "../engine/duckdb.js";
import type { EventSource } from "../frame/event-source.js";
import { Lake } from "../frame/lake.js";
import { parseStats } from "../lake/stats.js";
import { openTable } from "./open-table.js";

/**
 * Opens the lake in the folder `dir` for reading: events as frames, SQL over the table `events`. Cheap: no data
 * file is opened before something is asked. Throws LakeError if there is no lake.
 */
export async function openLake(dir: string): Promise<Lake> {
  const table = await openTable(dir);
  const source: EventSource = {
    dir,
    async files() {
      const { version, files } = await table.refresh();
      const live = [...files.values()].map(({ path, add }) => {
        const { eventTime, serverUploadTime } = parseStats(add.stats);
        return { path: table.filePath(path), eventTime, serverUploadTime };
      });
      live.sort((a, b) => order(a.serverUploadTime?.min, b.serverUploadTime?.min));
      return { version, files: live };
    },
    profiles: {
      read: (name) => table.profile(name),
      write: (name, text, of) => table.keepProfile(name, text, of).catch(() => undefined),
    },
    cohorts: {
      names: () => table.cohortNames(),
      read: (name) => table.cohort(name),
      write: (name, text) => table.keepCohort(name, text),
      remove: (name) => table.removeCohort(name),
      version: async () => (await table.refresh()).version,
    },
  };
  return new Lake(source, openEngine);
}

function order(a: bigint | undefined, b: bigint | undefined): number {
  if (a === b) return 0;
  return a === undefined || (b !== undefined && a < b) ? -1 : 1;
}
