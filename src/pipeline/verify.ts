import type { UuidFigures } from "../engine/every-row.js";
import { repeatedUuids } from "../engine/repeated-uuids.js";
import { REAL_EFFECTS } from "../export-api/effects.js";
import type { Hour } from "../hour.js";
import { wrongCheckpoint } from "../lake/checkpoint-proof.js";
import { guarded } from "../lake/failure.js";
import type { Fault } from "../lake/fault.js";
import { wrongTable } from "../lake/table-proof.js";
import { type Limits, limitsOf } from "../limits.js";
import { openEngineFor } from "./open-engine.js";
import { checkpoints, openTable } from "./open-table.js";
import type { PullEffects } from "./pull.js";
import { type AgainstOptions, type AgainstReport, proveAgainst } from "./verify/against.js";
import { proveArchives } from "./verify/archives.js";
import type { ProvenLake } from "./verify/compare.js";
import { proveDataFile } from "./verify/data-file.js";
import { proveEveryRow } from "./verify/deep.js";
import { Findings } from "./verify/findings.js";
import { proveHours } from "./verify/hours.js";
import { readLedger } from "./verify/ledger.js";
import { proveProjections } from "./verify/projections.js";

export type { Fault } from "../lake/fault.js";
export type { AgainstOptions, AgainstReport } from "./verify/against.js";

/** What to prove. */
export interface VerifyOptions {
  /** Folder of the lake. */
  readonly lake: string;
  /**
   * Also reads every value of every row, hashes every uuid, and decodes every kept archive again to compare its events
   * by value with the rows that the lake holds of them. Default false.
   */
  readonly deep?: boolean | undefined;
  /** Also exports a sample of the held hours again and compares them by value. Default: asks nobody. */
  readonly against?: AgainstOptions | undefined;
  /** The limits with which the lake was pulled, where they differ from the defaults: `deep` and `against` decode again. */
  readonly limits?: Partial<Limits> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each data file. */
  readonly onProgress?: ((done: { readonly files: number; readonly of: number }) => void) | undefined;
}

/** What `deep` has read. */
export interface DeepReport extends UuidFigures {
  /** Rows that were compared by value with what the kept archives hold. */
  readonly compared: number;
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
  /** Null unless asked for. */
  readonly deep: DeepReport | null;
  readonly against: AgainstReport | null;
  readonly seconds: number;
}

/**
 * Proves a lake from its bytes: every account in itself (lines = loaded + quarantined + blank, rows = loaded −
 * duplicates), by its SHA-256 and against its log entry; every data file against its account and against what the
 * log says of it (size, SHA-256, partition, rows, rows of each upload hour, first and last times, counted by reading
 * it); every hour's rows against the accounts and against what `status` says; every quarantine file and kept archive
 * against its account; the newest checkpoint against the log; that no uuid occurs twice; and the files of promoted
 * properties by their SHA-256. Changes nothing; `deep`
 * and `against` work in a folder of their own beside the lake, which is removed.
 *
 * All faults are collected. Throws LakeError only if the log itself cannot be read, CancelledError, and with
 * `against` what `pull` throws.
 */
export async function verify(
  options: VerifyOptions,
  effects: PullEffects = REAL_EFFECTS,
): Promise<VerifyReport> {
  const start = performance.now();
  const { signal, against, deep = false } = options;
  const limits = limitsOf(options.limits);
  const table = await openTable(options.lake);
  const { snapshot, dir } = table;
  const findings = new Findings(signal);
  const engine = await openEngineFor(table.store, {
    ...{ memoryLimit: "1GB", preserveInsertionOrder: false, cacheFiles: false },
  });
  const prove = async (): Promise<VerifyReport> => {
    findings.add(wrongTable(snapshot));
    findings.add(await wrongCheckpoint(table.store, checkpoints));
    const ledger = await readLedger(table, findings);
    const sound = new Set<string>();
    const lake: ProvenLake = { table, snapshot, ledger, sound, engine, findings, limits, signal };
    const figures = await proveData(lake, sound, options);
    const uuids = deep ? await proveEveryRow(lake, figures.rows) : null;
    const { archives, compared } = await proveArchives(lake, deep);
    await proveProjections(table, findings);
    const exported = against ? await proveAgainst(lake, against, effects) : null;
    const { faults, doubtful } = findings;
    const { accounts } = ledger;
    return {
      ...{ lake: dir, version: snapshot.version, ok: faults.length === 0, accounts, ...figures, archives },
      ...{ faults, doubtful, deep: uuids && { ...uuids, compared }, against: exported },
      seconds: Math.round(performance.now() - start) / 1000,
    };
  };
  try {
    return await guarded(`verifying the lake ${dir}`, prove);
  } finally {
    engine.close();
    await table.close();
  }
}

/** The data files one by one, then what they hold together. Those without a fault become `sound`. */
async function proveData(
  { table, snapshot, engine, ledger, findings }: ProvenLake,
  sound: Set<string>,
  { onProgress }: VerifyOptions,
): Promise<Pick<VerifyReport, "files" | "rewritten" | "hours" | "rows" | "bytes">> {
  const counted = new Map<string, ReadonlyMap<Hour, number>>();
  const hours = new Set<Hour>();
  let [files, rows, bytes] = [0, 0, 0];
  for (const file of snapshot.files.values()) {
    findings.throwIfCancelled();
    const account = ledger.files.get(file.path)?.account;
    const proven = await proveDataFile(engine, table.store, file, account);
    findings.add(proven.faults, Object.keys(account?.hours ?? {}));
    if (proven.hours) counted.set(file.path, proven.hours);
    if (proven.hours && proven.faults.length === 0) sound.add(file.path);
    for (const [hour, count] of proven.hours ?? []) {
      hours.add(hour);
      rows += count;
    }
    bytes += file.bytes;
    files += 1;
    onProgress?.({ files, of: snapshot.files.size });
  }
  const rewritten = proveHours(snapshot, counted, ledger, findings).length;
  const paths = [...sound].map((path) => table.filePath(path));
  for (const { uuid, rows: found } of await repeatedUuids(engine, paths)) {
    findings.compare(`uuid ${uuid}`, found, 1, "rows");
  }
  return { files, rewritten, hours: hours.size, rows, bytes };
}
