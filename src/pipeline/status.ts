import { guarded } from "../lake/failure.js";
import { liveQuarantine } from "../lake/live-quarantine.js";
import { type DiskUse, diskUse } from "./disk-use.js";
import { openTable } from "./open-table.js";
import { checkSettleHours } from "./settle-hours.js";
import { type SourceStatus, sourceStatuses } from "./source-status.js";
import { type SyncStatus, syncStatus } from "./sync-status.js";

/** Which lake to look at. */
export interface StatusOptions {
  /** Folder of the lake. */
  readonly lake: string;
  /** Hours after its beginning at which an upload hour is final. Default 3. */
  readonly settleHours?: number | undefined;
}

/** What is in a lake, from its log and accounts alone. */
export interface LakeStatus {
  /** Absolute path. */
  readonly lake: string;
  /** Version of the Delta table. */
  readonly version: number;
  readonly rows: number;
  readonly files: number;
  /** Bytes of the data files. */
  readonly bytes: number;
  /** Lines that are in quarantine. */
  readonly quarantined: number;
  readonly sources: readonly SourceStatus[];
  readonly disk: DiskUse;
  /** The repeating pull of this lake (`pull --every`), as it last told; null if there never was one. */
  readonly sync: SyncStatus | null;
}

/** The state of a lake: every upload hour of every project in it. Throws UsageError, LakeError. */
export async function status(options: StatusOptions, now: () => number = Date.now): Promise<LakeStatus> {
  const { settleHours } = options;
  checkSettleHours(settleHours);
  const table = await openTable(options.lake);
  const accounts = await table.summaries();
  const files = [...table.snapshot.files.values()];
  const judgement = { now: now(), ...(settleHours === undefined ? {} : { settleHours }) };
  const sources = await sourceStatuses(table, judgement);
  return {
    lake: table.dir,
    version: table.snapshot.version,
    rows: sources.reduce((sum, source) => sum + source.rows, 0),
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    quarantined: liveQuarantine(accounts).reduce((sum, { lines }) => sum + lines, 0),
    sources,
    ...(await guarded(`reading the lake ${table.dir}`, async () => ({
      disk: await diskUse(table),
      sync: await syncStatus(table.store),
    }))),
  };
}
