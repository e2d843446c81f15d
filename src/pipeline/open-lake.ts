import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventSource, LakeFiles, Projection } from "../frame/event-source.js";
import { Lake } from "../frame/lake.js";
import { PROMOTED } from "../lake/paths.js";
import {
  isAsListed,
  type ListedProjection,
  type PromotedList,
  promotedStamp,
  readPromoted,
} from "../lake/promoted-list.js";
import { parseStats } from "../lake/stats.js";
import type { FileStat, LakeStore } from "../lake/store/lake-store.js";
import type { LakeTable } from "../lake/table.js";
import { halfOfMemory } from "./memory-limit.js";
import { openEngineFor } from "./open-engine.js";
import { openTable } from "./open-table.js";
import { isUntouched, propertiesIn, storedIn } from "./projections.js";
import { promote } from "./promote.js";

/** How a lake is opened. */
export interface OpenLakeOptions {
  /**
   * Most memory that the query engine may use, such as `4GB`; what does not fit is written to files in a folder of the system's
   * temporary ones, which go when the lake is closed, or where rows were not read to their end, by the end of the process. The
   * process has some 200 MB more. Default: half of the machine's, or of what this process may use, but at most 1.25 GiB.
   */
  readonly memoryLimit?: string | undefined;
}

/** Analyses of ten million events fit in it; with more they gain little. */
const MOST_BY_DEFAULT = 1280;

/**
 * Opens the lake `dir`, a folder or `s3://bucket/prefix`, for reading: events as frames, SQL over the table `events`. Cheap:
 * no data file is opened before something is asked. Throws LakeError if there is no lake.
 */
export async function openLake(dir: string, options: OpenLakeOptions = {}): Promise<Lake> {
  const { source, store } = await openSource(dir);
  const { memoryLimit = halfOfMemory(MOST_BY_DEFAULT) } = options;
  return new Lake(source, () =>
    openEngineFor(store, { memoryLimit, keepFreed: true, tempDirectory: spillFolder() }),
  );
}

let opened = 0;

/** A folder that no other engine spills into; the engine makes it when it must, and takes it away. */
function spillFolder(): string {
  opened += 1;
  return join(tmpdir(), `ampframe-${process.pid}-${opened}`);
}

/** The events of the lake `dir`, and where it lies. Throws LakeError if there is no lake. */
export async function openSource(dir: string): Promise<{ source: EventSource; store: LakeStore }> {
  const table = await openTable(dir);
  let last: LakeFiles | undefined;
  const source: EventSource = {
    dir,
    isRemote: table.store.folder === undefined,
    async files() {
      const { version } = await table.refresh();
      // Projections make answers quick; without them there are the same.
      const projections = await promotedStamp(table.store).catch(() => undefined);
      if (last?.version !== version || last.projections !== projections)
        last = await filesOf(table, projections);
      return last;
    },
    promote: (change) => promote({ ...change, lake: dir }),
    profiles: {
      read: (name) => table.profile(name),
      write: (name, text, of) => table.keepProfile(name, text, of).catch(() => undefined),
    },
    close: () => table.close(),
    cohorts: {
      names: () => table.cohortNames(),
      read: (name) => table.cohort(name),
      write: (name, text) => table.keepCohort(name, text),
      remove: (name) => table.removeCohort(name),
      version: async () => (await table.refresh()).version,
    },
  };
  return { source, store: table.store };
}

async function filesOf(table: LakeTable, projections: string | undefined): Promise<LakeFiles> {
  const { version, files } = table.snapshot;
  const list = projections === undefined ? undefined : await readPromoted(table.store).catch(() => undefined);
  const isThere = await projectionTest(table, list);
  const live = await Promise.all(
    [...files.values()].map(async ({ path, add }) => {
      const { eventTime, serverUploadTime, rows } = parseStats(add.stats);
      const projection = await projectionOf(table, list?.files[path], isThere);
      return { path: table.filePath(path), eventTime, serverUploadTime, rows: rows ?? undefined, projection };
    }),
  );
  live.sort((a, b) => order(a.serverUploadTime?.min, b.serverUploadTime?.min));
  return { version, files: live, promoted: list && propertiesIn(list.properties), projections };
}

type IsThere = (listed: ListedProjection) => boolean | Promise<boolean>;

/** Tells whether a projection can be read; a bucket is asked once for all. */
async function projectionTest(table: LakeTable, list: PromotedList | undefined): Promise<IsThere> {
  if (list === undefined || table.store.folder !== undefined) return (listed) => isUntouched(table, listed);
  const stats = new Map<string, FileStat>();
  for await (const { path, ...stat } of table.store.walk(PROMOTED)) stats.set(path, stat);
  return (listed) => isAsListed(table.store, listed, stats.get(listed.path));
}

async function projectionOf(
  table: LakeTable,
  listed: ListedProjection | undefined,
  isThere: IsThere,
): Promise<Projection | undefined> {
  if (listed === undefined || !(await isThere(listed))) return undefined;
  return { path: table.filePath(listed.path), properties: storedIn(listed) };
}

function order(a: bigint | undefined, b: bigint | undefined): number {
  if (a === b) return 0;
  return a === undefined || (b !== undefined && a < b) ? -1 : 1;
}
