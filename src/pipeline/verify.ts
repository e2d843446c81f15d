import { stat } from "node:fs/promises";
import { openEngine } from "../engine/duckdb.js";
import type { Engine } from "../engine/engine.js";
import { measurePart } from "../engine/parts.js";
import { repeatedUuids } from "../engine/repeated-uuids.js";
import { CancelledError } from "../errors/index.js";
import { type Hour, hourAt } from "../hour.js";
import type { FileAccount } from "../lake/account.js";
import { brokenIdentities } from "../lake/account-proof.js";
import { diskFiles } from "../lake/files.js";
import { fileSha256 } from "../lake/sha256.js";
import type { LakeTable } from "../lake/table.js";
import { openTable } from "./open-table.js";

/** What to prove. */
export interface VerifyOptions {
  /** Folder of the lake. */
  readonly lake: string;
  readonly signal?: AbortSignal | undefined;
  /** Called after each data file. */
  readonly onProgress?: ((done: { readonly files: number; readonly of: number }) => void) | undefined;
}

/** Something that is not as the accounts say. */
export interface Fault {
  /** The file, hour, account or uuid. */
  readonly what: string;
  readonly found: string;
  readonly expected: string;
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
  readonly hours: number;
  readonly rows: number;
  readonly bytes: number;
  readonly faults: readonly Fault[];
  readonly seconds: number;
}

/**
 * Proves a lake from its bytes: every account in itself (lines = loaded + quarantined + blank, rows = loaded −
 * duplicates), every data file against its account (size, SHA-256, rows, rows of each upload hour, counted by
 * reading it), every hour's rows, every quarantine file's lines, and that no uuid occurs twice.
 * Throws LakeError if the log itself cannot be read, CancelledError.
 */
export async function verify(options: VerifyOptions): Promise<VerifyReport> {
  const start = performance.now();
  const table = await openTable(options.lake);
  const engine = await openEngine({ memoryLimit: "1GB", preserveInsertionOrder: false });
  try {
    const proof = new Proof(table, engine, options);
    const figures = await proof.run();
    const { dir: lake } = table;
    const seconds = Math.round(performance.now() - start) / 1000;
    return {
      lake,
      version: table.snapshot.version,
      ok: proof.faults.length === 0,
      ...figures,
      faults: proof.faults,
      seconds,
    };
  } finally {
    engine.close();
  }
}

class Proof {
  readonly faults: Fault[] = [];
  private readonly accounted = new Map<string, FileAccount>();
  /** Rows that should be in the lake, by upload hour. */
  private readonly expectedRows = new Map<string, number>();

  constructor(
    private readonly table: LakeTable,
    private readonly engine: Engine,
    private readonly options: VerifyOptions,
  ) {}

  async run(): Promise<Pick<VerifyReport, "accounts" | "files" | "hours" | "rows" | "bytes">> {
    const accounts = await this.proveAccounts();
    const files = [...this.table.snapshot.files.values()];
    const rowsByHour = new Map<string, number>();
    let [rows, bytes] = [0, 0];
    for (const [done, file] of files.entries()) {
      if (this.options.signal?.aborted) {
        throw new CancelledError("The proof was cancelled.", "Run it again; nothing was changed.");
      }
      const found = await this.proveFile(file.path);
      for (const [hour, count] of found) {
        rowsByHour.set(hour, (rowsByHour.get(hour) ?? 0) + count);
        rows += count;
      }
      bytes += file.bytes;
      this.options.onProgress?.({ files: done + 1, of: files.length });
    }
    for (const hour of new Set([...rowsByHour.keys(), ...this.expectedRows.keys()])) {
      this.compare(`hour ${hour}`, rowsByHour.get(hour) ?? 0, this.expectedRows.get(hour) ?? 0, "rows");
    }
    const sound = files.filter(({ path }) => !this.faults.some(({ what }) => what === path));
    await this.proveUuids(sound.map(({ path }) => path));
    return { accounts, files: files.length, hours: rowsByHour.size, rows, bytes };
  }

  /** Each account in itself; gathers what it says of files and hours. */
  private async proveAccounts(): Promise<number> {
    let count = 0;
    for await (const { account, version } of this.table.accounts()) {
      count += 1;
      for (const sentence of brokenIdentities(account)) {
        this.faults.push({
          what: `account of version ${version}`,
          found: sentence,
          expected: "figures that agree",
        });
      }
      for (const file of account.files) {
        this.accounted.set(file.path, file);
        this.addRows(file, 1);
      }
      for (const path of account.removed) {
        const file = this.accounted.get(path);
        if (file) this.addRows(file, -1);
      }
      await this.proveQuarantine(account.quarantine);
    }
    return count;
  }

  private addRows(file: FileAccount, sign: 1 | -1): void {
    for (const [hour, rows] of Object.entries(file.hours)) {
      this.expectedRows.set(hour, (this.expectedRows.get(hour) ?? 0) + sign * rows);
    }
  }

  private async proveQuarantine(quarantine: { lines: number; file: string } | null): Promise<void> {
    if (!quarantine) return;
    const what = `quarantine file ${quarantine.file}`;
    try {
      let lines = 0;
      for await (const _ of this.table.quarantined(quarantine.file)) lines += 1;
      this.compare(what, lines, quarantine.lines, "lines");
    } catch (error) {
      this.faults.push({ what, found: (error as Error).message, expected: `${quarantine.lines} lines` });
    }
  }

  /** One data file against its account; gives the rows of each upload hour that were counted in it. */
  private async proveFile(path: string): Promise<Map<Hour, number>> {
    const account = this.accounted.get(path);
    const onDisk = this.table.filePath(path);
    const size = (await stat(onDisk).catch(() => undefined))?.size;
    if (size === undefined) {
      this.faults.push({ what: path, found: "no such file", expected: "a data file that the log names" });
      return new Map();
    }
    if (account) {
      this.compare(path, size, account.bytes, "bytes");
      const sha256 = await fileSha256(onDisk, diskFiles);
      if (sha256 !== account.sha256) {
        this.faults.push({ what: path, found: `SHA-256 ${sha256}`, expected: `SHA-256 ${account.sha256}` });
      }
    }
    try {
      const figures = await measurePart(this.engine, onDisk);
      const hours = new Map([...figures.hours].map(([ms, rows]) => [hourAt(ms), rows]));
      if (account) {
        this.compare(path, figures.rows, account.rows, "rows");
        for (const [hour, rows] of hours) {
          this.compare(`${path}, hour ${hour}`, rows, account.hours[hour] ?? 0, "rows");
        }
      }
      return hours;
    } catch (error) {
      this.faults.push({ what: path, found: (error as Error).message, expected: "a Parquet file" });
      return new Map();
    }
  }

  private async proveUuids(paths: readonly string[]): Promise<void> {
    const repeated = await repeatedUuids(
      this.engine,
      paths.map((path) => this.table.filePath(path)),
    );
    for (const { uuid, rows } of repeated) {
      this.faults.push({ what: `uuid ${uuid}`, found: `${rows} rows`, expected: "1 row" });
    }
  }

  private compare(what: string, found: number, expected: number, unit: string): void {
    if (found === expected) return;
    this.faults.push({ what, found: `${found} ${unit}`, expected: `${expected} ${unit}` });
  }
}
