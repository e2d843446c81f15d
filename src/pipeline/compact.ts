import { CancelledError, LakeError, QueryError, UsageError } from "../errors/index.js";
import { guarded } from "../lake/failure.js";
import type { LakeTable } from "../lake/table.js";
import type { ReplacedFile } from "../lake/vacuum.js";
import { atOnce } from "../slots.js";
import { type CompactionPlace, compactGroup } from "./compact-group.js";
import { type LakeCopy, Successors } from "./compaction-copies.js";
import { type CompactionGroup, groupsToCompact, nameOf } from "./compaction-groups.js";
import type { CompactionRows } from "./compaction-rows.js";
import { fileOrigins } from "./file-origins.js";
import { graceMs } from "./grace.js";
import { LocalRows } from "./local-rows.js";
import { openEngineFor } from "./open-engine.js";
import type { SparkLakeOptions } from "./open-spark-lake.js";
import { openTable } from "./open-table.js";
import { refreshPromoted } from "./promote.js";
import type { PromotionFailure, Refusal } from "./report.js";
import { checkSettleHours } from "./settle-hours.js";
import { shuffled } from "./shuffled.js";
import { SparkRows } from "./spark-rows.js";

/** What to compact. */
export interface CompactOptions {
  /** Folder of the lake. */
  readonly lake: string;
  /**
   * How long files that were replaced stay on the disk for those who still read them: `36h`, `7d`, `2w`; at least
   * `1h`. Default `7d`.
   */
  readonly grace?: string | undefined;
  /** About the bytes of a file after which a day is split, at least a million. Default 512 MiB. */
  readonly fileBytes?: number | undefined;
  /** Hours after its beginning at which an upload hour is final. Default 3. */
  readonly settleHours?: number | undefined;
  /** A Spark cluster that is to read, sort and write the rows and to prove them; this machine commits. Default: it does all itself. */
  readonly spark?: SparkLakeOptions | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each day of a project. */
  readonly onProgress?: ((done: { readonly days: number; readonly of: number }) => void) | undefined;
}

/** Some files, and their bytes. */
export interface FilesAndBytes {
  readonly files: number;
  readonly bytes: number;
}

/** A project's upload day that is to be compacted. */
export interface CompactionDay extends FilesAndBytes {
  /** UTC date of `server_upload_time`. */
  readonly uploadDate: string;
  readonly app: number | null;
  /** Name of the project whose events they are. */
  readonly project: string;
  readonly rows: number;
  /** Rows that are left out, for an earlier row has their uuid. */
  readonly duplicates: number;
}

/** What a compaction would do. */
export interface CompactPlan {
  /** Absolute path of the lake. */
  readonly lake: string;
  readonly days: readonly CompactionDay[];
  /** Replaced files whose grace period is over, to be deleted. */
  readonly expired: FilesAndBytes;
  /** Replaced files that stay for now. */
  readonly waiting: FilesAndBytes;
}

/** What a compaction did. */
export interface CompactReport {
  /** Absolute path of the lake. */
  readonly lake: string;
  /** Version of the Delta table. */
  readonly version: number;
  /** Days of a project that were compacted. */
  readonly days: number;
  readonly rows: number;
  /** Their data files before and after. */
  readonly before: FilesAndBytes;
  readonly after: FilesAndBytes;
  /** Rows that were left out, for an earlier row has their uuid. */
  readonly duplicates: number;
  /** Replaced files that were deleted, and those that still lie on the disk. */
  readonly freed: FilesAndBytes;
  readonly waiting: FilesAndBytes;
  /** Days that stay as they were, and why. */
  readonly refused: readonly Refusal[];
  /** Only there if the promoted properties could not be brought up to date. */
  readonly notPromoted?: PromotionFailure;
  readonly seconds: number;
}

const GRACE = "7d";
const FILE_BYTES = 512 * 2 ** 20;
const LEAST_FILE_BYTES = 1_000_000;
/** How often days are planned anew that other runs change meanwhile. */
const ROUNDS = 3;

/** What `compact` would do, without doing it. Throws as `compact` does. */
export async function planCompact(
  options: CompactOptions,
  now: () => number = Date.now,
): Promise<CompactPlan> {
  const settings = settingsOf(options);
  const table = await openTable(options.lake, now);
  return withRows(table, options.spark, async (rows) => {
    const { groups, copies } = await plan(table, rows, options, now());
    const replaced = await table.replacedFiles();
    const isExpired = ({ removedAt }: ReplacedFile) => removedAt <= now() - settings.grace;
    return {
      lake: table.dir,
      days: groups.map((group) => dayOf(group, copies)),
      expired: sizeOf(replaced.filter(isExpired)),
      waiting: sizeOf(replaced.filter((file) => !isExpired(file))),
    };
  });
}

/**
 * Merges the files of closed upload days (all hours settled) into one for each day, project and source, sorted by
 * `amplitude_id` and `event_time`; a large day gets several. Every merge is one commit, made after proof that old
 * and new files hold the same rows in all columns. Rows whose uuid an earlier row of the lake has, however far away,
 * are left out and counted. Readers go on with the files they know: those are deleted after the grace period, by
 * a later call. Calls on several machines at once share the days of a lake in a bucket.
 *
 * Throws UsageError, LakeError, CancelledError (what was committed before stays).
 */
export async function compact(options: CompactOptions, now: () => number = Date.now): Promise<CompactReport> {
  settingsOf(options);
  return compactTable(await openTable(options.lake, now), options, now);
}

/** As `compact`, for a table that is open already; it is closed at the end. */
export async function compactTable(
  table: LakeTable,
  options: Omit<CompactOptions, "lake">,
  now: () => number,
): Promise<CompactReport> {
  const settings = settingsOf(options);
  const start = performance.now();
  return withRows(table, options.spark, async (rows) => {
    const { signal } = options;
    const compaction = new Compaction({ table, rows, fileBytes: settings.fileBytes, signal }, options, now);
    await compaction.run();
    const promoted = await refreshPromoted(table, options.signal);
    const replaced = await table.replacedFiles();
    const freed = await table.deleteReplaced(
      replaced.filter(({ removedAt }) => removedAt <= now() - settings.grace),
    );
    return {
      ...{ lake: table.dir, version: table.snapshot.version, ...compaction.figures() },
      freed: sizeOf(freed),
      waiting: sizeOf(replaced.filter((file) => !freed.includes(file))),
      refused: compaction.refused,
      ...promoted,
      seconds: Math.round(performance.now() - start) / 1000,
    };
  });
}

class Compaction {
  readonly refused: Refusal[] = [];
  private readonly successors = new Successors();
  private days = 0;
  private rows = 0;
  private duplicates = 0;
  private before: FilesAndBytes = { files: 0, bytes: 0 };
  private after: FilesAndBytes = { files: 0, bytes: 0 };

  constructor(
    private readonly place: CompactionPlace,
    private readonly options: Omit<CompactOptions, "lake">,
    private readonly now: () => number,
  ) {}

  async run(): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      const { groups, copies } = await plan(this.place.table, this.place.rows, this.options, this.now());
      const refused = new Set(this.refused.map(({ what }) => what));
      const left = groups.filter((group) => !refused.has(nameOf(group)));
      const due = this.place.table.store.folder === undefined ? shuffled(left) : left;
      let [given, done] = [0, 0];
      await atOnce(this.place.rows.groupsAtOnce, due, async (group) => {
        if (!(await this.compact(group, copies))) given += 1;
        done += 1;
        this.options.onProgress?.({ days: done, of: due.length });
      });
      if (given === 0) return;
    }
  }

  figures() {
    const { days, rows, before, after, duplicates } = this;
    return { days, rows, before, after, duplicates };
  }

  /** False if the group is to be planned anew. */
  private async compact(
    group: CompactionGroup,
    byFile: ReadonlyMap<string, readonly LakeCopy[]>,
  ): Promise<boolean> {
    throwIfCancelled(this.options.signal);
    const paths = new Set(group.files.map(({ file }) => file.path));
    const copies = [...paths].flatMap((path) => byFile.get(path) ?? []);
    const kept = new Set(copies.map(({ keptFile }) => keptFile).filter((path) => !paths.has(path)));
    try {
      const account = await compactGroup(this.place, group, copies, (latest) =>
        [...kept].every((path) => this.successors.isIn(latest, path)),
      );
      if (!account) return false;
      this.successors.add(
        account.removed,
        account.files.map(({ path }) => path),
      );
      this.days += 1;
      this.duplicates += copies.length;
      this.rows += account.files.reduce((sum, { rows }) => sum + rows, 0);
      this.before = added(this.before, sizeOf(group.files.map(({ file }) => file)));
      this.after = added(this.after, sizeOf(account.files));
    } catch (error) {
      if (!(error instanceof LakeError || error instanceof QueryError)) throw error;
      this.refused.push({ what: nameOf(group), reason: error.message, wayOut: error.wayOut });
    }
    return true;
  }
}

async function plan(
  table: LakeTable,
  rows: CompactionRows,
  { settleHours, signal }: Omit<CompactOptions, "lake">,
  now: number,
): Promise<{ groups: CompactionGroup[]; copies: Map<string, LakeCopy[]> }> {
  const origins = await fileOrigins(table);
  const copies = await rows.copies(origins, signal);
  const withCopies = new Set(copies.keys());
  return { groups: groupsToCompact(origins.values(), { now, settleHours, withCopies }), copies };
}

async function withRows<T>(
  table: LakeTable,
  spark: SparkLakeOptions | undefined,
  work: (rows: CompactionRows) => Promise<T>,
): Promise<T> {
  try {
    const tempDirectory = await table.stagingDir();
    const engine = await openEngineFor(table.store, {
      memoryLimit: "1GB",
      threads: 2,
      tempDirectory,
      cacheFiles: false,
    });
    try {
      return await guarded(`compacting the lake ${table.dir}`, async () => {
        if (spark === undefined) return work(new LocalRows(table, engine));
        const rows = await SparkRows.open(table, engine, spark);
        return work(rows).finally(() => rows.close());
      });
    } finally {
      engine.close();
    }
  } finally {
    await table.close();
  }
}

function settingsOf(options: Omit<CompactOptions, "lake">): { grace: number; fileBytes: number } {
  checkSettleHours(options.settleHours);
  const { grace = GRACE, fileBytes = FILE_BYTES } = options;
  if (!Number.isSafeInteger(fileBytes) || fileBytes < LEAST_FILE_BYTES) {
    throw new UsageError(
      `Files cannot be compacted to ${fileBytes} bytes.`,
      `Give fileBytes a whole number of at least ${LEAST_FILE_BYTES}; the default is ${FILE_BYTES}.`,
    );
  }
  return { grace: graceMs(grace), fileBytes };
}

function dayOf(group: CompactionGroup, copies: ReadonlyMap<string, readonly LakeCopy[]>): CompactionDay {
  const { uploadDate, app, source, files } = group;
  return {
    ...{ uploadDate, app, project: source.project, ...sizeOf(files.map(({ file }) => file)) },
    rows: files.reduce((sum, { file }) => sum + file.rows, 0),
    duplicates: files.reduce((sum, { file }) => sum + (copies.get(file.path)?.length ?? 0), 0),
  };
}

function sizeOf(files: readonly { readonly bytes: number }[]): FilesAndBytes {
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function added(a: FilesAndBytes, b: FilesAndBytes): FilesAndBytes {
  return { files: a.files + b.files, bytes: a.bytes + b.bytes };
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new CancelledError(
    "Compacting was cancelled; the days that were committed stay compacted.",
    "Run it again to go on.",
    { cause: signal.reason },
  );
}
