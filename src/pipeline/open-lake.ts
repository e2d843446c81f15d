import { openEngine } from "../engine/duckdb.js";
import type { EventSource, LakeFiles, Projection } from "../frame/event-source.js";
import { Lake } from "../frame/lake.js";
import { diskFiles } from "../lake/files.js";
import { type ListedProjection, promotedStamp, readPromoted } from "../lake/promoted-list.js";
import { parseStats } from "../lake/stats.js";
import type { LakeTable } from "../lake/table.js";
import { openTable } from "./open-table.js";
import { isUntouched, propertiesIn, storedIn } from "./projections.js";
import { promote } from "./promote.js";

/**
 * Opens the lake in the folder `dir` for reading: events as frames, SQL over the table `events`. Cheap: no data
 * file is opened before something is asked. Throws LakeError if there is no lake.
 */
export async function openLake(dir: string): Promise<Lake> {
  return new Lake(await openSource(dir), openEngine);
}

/** The events of the lake in the folder `dir`. Throws LakeError if there is no lake. */
export async function openSource(dir: string): Promise<EventSource> {
  const table = await openTable(dir);
  let last: LakeFiles | undefined;
  return {
    dir,
    async files() {
      const { version } = await table.refresh();
      // Projections make answers quick; without them there are the same.
      const projections = await promotedStamp(table.dir, diskFiles).catch(() => undefined);
      if (last?.version !== version || last.projections !== projections)
        last = await filesOf(table, projections);
      return last;
    },
    promote: (change) => promote({ ...change, lake: dir }),
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
}

async function filesOf(table: LakeTable, projections: string | undefined): Promise<LakeFiles> {
  const { version, files } = table.snapshot;
  const list =
    projections === undefined ? undefined : await readPromoted(table.dir, diskFiles).catch(() => undefined);
  const live = await Promise.all(
    [...files.values()].map(async ({ path, add }) => {
      const { eventTime, serverUploadTime, rows } = parseStats(add.stats);
      const projection = await projectionOf(table, list?.files[path]);
      return { path: table.filePath(path), eventTime, serverUploadTime, rows: rows ?? undefined, projection };
    }),
  );
  live.sort((a, b) => order(a.serverUploadTime?.min, b.serverUploadTime?.min));
  return { version, files: live, promoted: list && propertiesIn(list.properties), projections };
}

async function projectionOf(
  table: LakeTable,
  listed: ListedProjection | undefined,
): Promise<Projection | undefined> {
  if (listed === undefined || !(await isUntouched(table, listed))) return undefined;
  return { path: table.filePath(listed.path), properties: storedIn(listed) };
}

function order(a: bigint | undefined, b: bigint | undefined): number {
  if (a === b) return 0;
  return a === undefined || (b !== undefined && a < b) ? -1 : 1;
}
