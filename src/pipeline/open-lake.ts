import { openEngine } from "../engine/duckdb.js";
import { isJsonColumn } from "../frame/event-row.js";
import type { EventSource, LakeFiles, Projection } from "../frame/event-source.js";
import { Lake } from "../frame/lake.js";
import type { StoredProperty } from "../frame/properties/projection.js";
import type { Property } from "../frame/properties/property.js";
import { diskFiles } from "../lake/files.js";
import {
  type ListedProjection,
  type ListedProperty,
  type PromotedList,
  promotedStamp,
  readPromoted,
} from "../lake/promoted-list.js";
import { parseStats } from "../lake/stats.js";
import type { LakeTable } from "../lake/table.js";
import { openTable } from "./open-table.js";
import { promote } from "./promote.js";

/**
 * Opens the lake in the folder `dir` for reading: events as frames, SQL over the table `events`. Cheap: no data
 * file is opened before something is asked. Throws LakeError if there is no lake.
 */
export async function openLake(dir: string): Promise<Lake> {
  const table = await openTable(dir);
  let last: LakeFiles | undefined;
  const source: EventSource = {
    dir,
    async files() {
      const { version } = await table.refresh();
      const projections = await promotedStamp(table.dir, diskFiles);
      if (last?.version !== version || last.projections !== projections)
        last = await filesOf(table, projections);
      return last;
    },
    promote: (change) => promote({ ...change, lake: dir }),
    profiles: {
      read: (name) => table.profile(name),
      write: (name, text, of) => table.keepProfile(name, text, of).catch(() => undefined),
    },
  };
  return new Lake(source, openEngine);
}

async function filesOf(table: LakeTable, projections: string | undefined): Promise<LakeFiles> {
  const { version, files } = table.snapshot;
  const list = projections === undefined ? undefined : await readPromoted(table.dir, diskFiles);
  const live = await Promise.all(
    [...files.values()].map(async ({ path, add }) => {
      const { eventTime, serverUploadTime } = parseStats(add.stats);
      const projection = await projectionOf(table, list?.files[path]);
      return { path: table.filePath(path), eventTime, serverUploadTime, projection };
    }),
  );
  live.sort((a, b) => order(a.serverUploadTime?.min, b.serverUploadTime?.min));
  return { version, files: live, promoted: list?.properties.filter(isProperty), projections };
}

/** Undefined if there is none, or not the one that was written. */
async function projectionOf(
  table: LakeTable,
  listed: PromotedList["files"][string] | undefined,
): Promise<Projection | undefined> {
  if (listed === undefined) return undefined;
  const path = table.filePath(listed.path);
  if ((await diskFiles.stat(path))?.bytes !== listed.bytes) return undefined;
  return listed.properties.every(isStored) ? { path, properties: listed.properties } : undefined;
}

function isProperty(property: ListedProperty): property is Property {
  return isJsonColumn(property.column);
}

function isStored(property: ListedProjection["properties"][number]): property is StoredProperty {
  return isProperty(property);
}

function order(a: bigint | undefined, b: bigint | undefined): number {
  if (a === b) return 0;
  return a === undefined || (b !== undefined && a < b) ? -1 : 1;
}
