import { openEngine } from "../engine/duckdb.js";
import type { Engine } from "../engine/engine.js";
import { repeatedUuids } from "../engine/repeated-uuids.js";
import type { Hour } from "../hour.js";
import { keptArchives, wrongArchive } from "../lake/archives-proof.js";
import { wrongCheckpoint } from "../lake/checkpoint-proof.js";
import type { Fault } from "../lake/fault.js";
import { diskFiles } from "../lake/files.js";
import type { LakeTable } from "../lake/table.js";
import { wrongTable } from "../lake/table-proof.js";
import { checkpoints, openTable } from "./open-table.js";
import { proveDataFile } from "./verify/data-file.js";
import { Findings } from "./verify/findings.js";
import { proveHours } from "./verify/hours.js";
import { type Ledger, readLedger } from "./verify/ledger.js";

export type { Fault } from "../lake/fault.js";

/** What to prove. */
export interface VerifyOptions {
  /** Folder of the lake. */
  readonly lake: string;
  readonly signal?: AbortSignal | undefined;
  /** Called after each data file. */
  readonly onProgress?: ((done: { readonly files: number; readonly of: number }) => void) | undefined;
}

/** What was proven, and what was not as it should be. */
export interface VerifyReport {
  /** Absolute path. */
  readonly lake: string;
  /** The version that was proven. */
  readonly version: number;
  /** True if there is no fault. */
  readonly ok: boolean;
  readonly accounts: number;
  readonly files: number;
  /** Of `files`, those that another program wrote: their rows are counted, their values nothing can prove. */
  readonly rewritten: number;
  /** Kept archives that were held against their accounts. */
  readonly archives: number;
  readonly hours: number;
  readonly rows: number;
  readonly bytes: number;
  readonly faults: readonly Fault[];
  /** Upload hours whose rows the faults put in doubt; brought again, they are right. */
  readonly doubtful: readonly Hour[];
  readonly seconds: number;
}

/**
 * Proves a lake from its bytes: every account in itself (lines = loaded + quarantined + blank, rows = loaded −
 * duplicates), by its SHA-256 and against its log entry; every data file against its account and against what the
 * log says of it (size, SHA-256, partition, rows, rows of each upload hour, first and last times, counted by reading
 * it); every hour's rows against the accounts and against what `status` says; every quarantine file and kept archive
 * against its account; the newest checkpoint against the log; and that no uuid occurs twice. Writes nothing.
 *
 * All faults are collected. Throws LakeError only if the log itself cannot be read, and CancelledError.
 */
export async function verify(options: VerifyOptions): Promise<VerifyReport> {
  const start = performance.now();
  const table = await openTable(options.lake);
  const { snapshot, dir: lake } = table;
  const findings = new Findings(options.signal);
  const engine = await openEngine({ memoryLimit: "1GB", preserveInsertionOrder: false, cacheFiles: false });
  try {
    findings.add(wrongTable(snapshot));
    findings.add(await wrongCheckpoint(lake, diskFiles, checkpoints));
    const ledger = await readLedger(table, findings);
    const figures = await proveData(table, snapshot, engine, ledger, findings, options);
    const archives = await proveArchives(table, ledger, findings);
    const { faults, doubtful } = findings;
    const seconds = Math.round(performance.now() - start) / 1000;
    const { version } = snapshot;
    const { accounts } = ledger;
    return {
      lake,
      version,
      ok: faults.length === 0,
      accounts,
      ...figures,
      archives,
      faults,
      doubtful,
      seconds,
    };
  } finally {
    engine.close();
  }
}

/** The data files of `snapshot` one by one, then what they hold together. */
async function proveData(
  table: LakeTable,
  snapshot: LakeTable["snapshot"],
  engine: Engine,
  ledger: Ledger,
  findings: Findings,
  { onProgress }: VerifyOptions,
): Promise<Pick<VerifyReport, "files" | "rewritten" | "hours" | "rows" | "bytes">> {
  const counted = new Map<string, ReadonlyMap<Hour, number>>();
  const sound: string[] = [];
  const hours = new Set<Hour>();
  let [files, rows, bytes] = [0, 0, 0];
  for (const file of snapshot.files.values()) {
    findings.throwIfCancelled();
    const account = ledger.files.get(file.path)?.account;
    const onDisk = table.filePath(file.path);
    const proven = await proveDataFile(engine, onDisk, file, account);
    findings.add(proven.faults, Object.keys(account?.hours ?? {}));
    if (proven.hours) counted.set(file.path, proven.hours);
    if (proven.hours && proven.faults.length === 0) sound.push(onDisk);
    for (const [hour, count] of proven.hours ?? []) {
      hours.add(hour);
      rows += count;
    }
    bytes += file.bytes;
    files += 1;
    onProgress?.({ files, of: snapshot.files.size });
  }
  const rewritten = proveHours(snapshot, counted, ledger, findings).length;
  for (const { uuid, rows: found } of await repeatedUuids(engine, sound)) {
    findings.compare(`uuid ${uuid}`, found, 1, "rows");
  }
  return { files, rewritten, hours: hours.size, rows, bytes };
}

async function proveArchives(table: LakeTable, ledger: Ledger, findings: Findings): Promise<number> {
  const kept = await keptArchives(table.dir, diskFiles);
  for (const archive of kept) {
    findings.throwIfCancelled();
    findings.add(await wrongArchive(table.dir, archive, ledger.archives, diskFiles));
  }
  return kept.length;
}
