import type { Input } from "../archive/index.js";
import type { Engine } from "../engine/engine.js";
import type { Hour } from "../hour.js";
import type { AccountDraft, HourAccount } from "../lake/account.js";
import type { Snapshot } from "../lake/snapshot.js";
import type { LakeTable } from "../lake/table.js";
import { DEFAULT_LIMITS, type Limits } from "../limits.js";
import { Batch } from "./batch.js";
import { DecodePool } from "./decode-pool.js";
import { Forgotten } from "./drop-forgotten.js";
import { filesAround } from "./files-around.js";
import { InputDecoding } from "./input-decoding.js";
import { openEngineFor } from "./open-engine.js";
import type { Progress } from "./report.js";
import { type DuplicatesOf, withoutDuplicates } from "./without-duplicates.js";

/** What a commit says of its hours and requests, beside what was counted. */
export interface CommitIntent extends Pick<AccountDraft, "operation" | "source" | "range" | "requests"> {
  /** How an hour is marked: those that must be in the account, and any other that has rows. */
  readonly hours: ReadonlyMap<Hour, Pick<HourAccount, "mark" | "provisional" | "reason">>;
  /** Paths of files that the batch replaces. */
  readonly remove: readonly string[];
  /** The table on which the intent rests. */
  readonly basedOn: Snapshot;
}

/** What a commit brought; nothing if other runs have made it needless. */
export type Committed =
  | {
      readonly kind: "committed";
      readonly version: number;
      readonly hours: readonly HourAccount[];
      /** Events and lines of its inputs that were not kept, for their person was forgotten. */
      readonly forgotten: number;
    }
  | { readonly kind: "needless" };

export interface IngestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** About how many events will come; more than that cost time. Default 5 million. */
  readonly events?: number;
  /** Limits of its inputs. Default DEFAULT_LIMITS. */
  readonly limits?: Limits;
}

const MEMORY_LIMIT = "256MB";
/** It has little to do beside the decoders, and each more holds another row group in memory. */
const ENGINE_THREADS = 2;

/**
 * From verified bytes to commits: one batch at a time is filled by `decode`, sealed, and committed while the
 * next is being filled.
 */
export class Ingest {
  private batch: Batch;
  /** True if the decoders were told to end the files of the batch. */
  private ending = false;
  private readonly ownFiles = new Set<string>();
  private commits: Promise<unknown> = Promise.resolve();

  private opened: Promise<Engine> | undefined;

  private constructor(
    readonly table: LakeTable,
    private readonly folder: string,
    private readonly decoders: DecodePool,
    private readonly options: IngestOptions,
  ) {
    this.batch = this.newBatch();
  }

  /** The decoders start while the table is still being opened. */
  static async open(opening: Promise<LakeTable>, options: IngestOptions): Promise<Ingest> {
    const staging = opening.then((table) => table.stagingDir());
    const { events = 5e6, limits = DEFAULT_LIMITS } = options;
    const decoders = new DecodePool(staging, events, limits);
    const cancel = () => decoders.cancel();
    options.signal?.addEventListener("abort", cancel, { once: true });
    const [table, folder] = await Promise.all([opening, staging]).catch(async (error) => {
      await decoders.close();
      throw error;
    });
    const ingest = new Ingest(table, folder, decoders, options);
    if (options.signal?.aborted) cancel();
    return ingest;
  }

  /** Opened when it is first asked for: loading it holds this thread up. */
  get engine(): Promise<Engine> {
    if (this.opened) return this.opened;
    this.opened = openEngineFor(this.table.store, {
      ...{ memoryLimit: MEMORY_LIMIT, threads: ENGINE_THREADS, tempDirectory: this.folder },
      ...{ preserveInsertionOrder: false, cacheFiles: false },
    });
    this.opened.catch(() => {});
    return this.opened;
  }

  /** Begins to decode an input, `name` in its account, into the batch that is being filled. */
  begin(name: string): InputDecoding {
    const { limits = DEFAULT_LIMITS, onProgress } = this.options;
    const place = { decoders: this.decoders, limits, onProgress, onRows: () => void this.engine };
    return new InputDecoding(place, this.batch, name);
  }

  /**
   * Decodes all of `input` into the batch that is being filled; several may be under way. When it throws, the whole batch
   * must be dropped.
   */
  decode(input: Input, name: string, sha256: string): Promise<void> {
    return this.begin(name).complete(input, sha256);
  }

  /** Resolves when the decoders will soon have nothing to do. */
  room(): Promise<void> {
    return this.decoders.room();
  }

  /**
   * Says that nothing more comes into the batch, while some of it is still being decoded: each decoder then ends its files
   * when it has done its part, and they are counted while the others are at work.
   */
  async end(): Promise<void> {
    const { batch } = this;
    await this.room();
    if (this.ending || batch !== this.batch) return;
    this.ending = true;
    for (const files of this.decoders.seal()) this.batch.takeLater(files);
  }

  /** Bytes of inputs in the batch that is being filled. */
  get batchBytes(): number {
    return this.batch.bytes;
  }

  /** Ends the batch and begins another; the decoders write out the former before they begin with the latter. */
  async seal(): Promise<Batch> {
    await this.end();
    const sealed = this.batch;
    this.batch = this.newBatch();
    return sealed;
  }

  /** Drops the batch that is being filled, after a failure. */
  async drop(): Promise<void> {
    await this.decoders.drop();
    const dropped = this.batch;
    this.batch = this.newBatch();
    await dropped.discard();
  }

  /**
   * Commits a sealed batch, after those before it. `intent` is asked again whenever other runs have committed
   * what it did not know of; if it gives none, the batch is dropped.
   */
  commit(batch: Batch, intent: () => Promise<CommitIntent | undefined>): Promise<Committed> {
    const turn = this.commits.then(async () => {
      await batch.done();
      try {
        return await this.commitNow(batch, intent);
      } finally {
        await batch.discard();
      }
    });
    this.commits = turn.catch(() => {});
    return turn;
  }

  /** Ends all work, frees the engine and removes the run's staging folder. */
  async close(): Promise<void> {
    await this.commits;
    this.decoders.cancel();
    await this.drop().catch(() => {});
    await Promise.all([this.decoders.close(), this.opened?.then((engine) => engine.close()).catch(() => {})]);
    await this.table.close();
  }

  private newBatch(): Batch {
    this.ending = false;
    return new Batch(() => this.engine, this.folder);
  }

  private async commitNow(batch: Batch, plan: () => Promise<CommitIntent | undefined>): Promise<Committed> {
    const forgotten = new Forgotten(this.table, batch, () => this.engine);
    let quarantine: AccountDraft["quarantine"] | undefined;
    for (;;) {
      const intent = await plan();
      if (!intent) return { kind: "needless" };
      const dropped = await forgotten.drop();
      if (dropped !== undefined) quarantine = undefined;
      if (dropped) continue;
      if (quarantine === undefined) {
        quarantine = await this.table.writeQuarantine(forgotten.without(batch.rejected));
      }
      const around = filesAround(intent.basedOn, batch.loaded.keys());
      const paths = (own: boolean) =>
        around
          .filter(({ path }) => this.ownFiles.has(path) === own && !intent.remove.includes(path))
          .map(({ path }) => this.table.filePath(path));
      const kept = await withoutDuplicates(await this.engine, batch, paths(true), paths(false));
      const { files: add, duplicates } = kept;
      const hours = hourAccounts(batch, intent, duplicates, forgotten.rows, add);
      const { operation, source, range, requests, basedOn, remove } = intent;
      const said = { operation, source, ...(range ? { range } : {}), requests, inputs: batch.inputs };
      const outcome = await this.table.commit({
        account: { ...said, hours, quarantine, ...forgotten.lines },
        add,
        remove,
        basedOn,
        recheck: async (latest) => {
          if (await forgotten.isOutdated()) return "A person was forgotten meanwhile.";
          const now = filesAround(latest, batch.loaded.keys());
          const isSame = now.length === around.length && now.every(({ path }) => basedOn.files.has(path));
          return isSame ? null : "Other rows of these days came or went meanwhile.";
        },
        ...(this.options.signal ? { signal: this.options.signal } : {}),
      });
      if (outcome.kind === "conflict") continue;
      for (const { path } of outcome.account.files) this.ownFiles.add(path);
      const { version } = outcome;
      const rows = add.reduce((sum, file) => sum + file.rows, 0);
      this.options.onProgress?.({ kind: "committed", version, hours: hours.length, rows });
      return { kind: "committed", version, hours, forgotten: forgotten.count };
    }
  }
}

/** The account of every hour that the intent names or that has events. `rows` come from the files. */
function hourAccounts(
  batch: Batch,
  intent: CommitIntent,
  duplicates: ReadonlyMap<Hour, DuplicatesOf>,
  forgotten: ReadonlyMap<Hour, number>,
  files: readonly { readonly hours: Readonly<Record<string, number>> }[],
): HourAccount[] {
  const rows = new Map<string, number>();
  for (const file of files) {
    for (const [hour, count] of Object.entries(file.hours)) rows.set(hour, (rows.get(hour) ?? 0) + count);
  }
  const hours = [...new Set([...intent.hours.keys(), ...batch.loaded.keys()])].sort();
  return hours.map((hour) => {
    const dropped = duplicates.get(hour);
    const elsewhere = Object.keys(dropped?.keptBy ?? {}).length > 0;
    return {
      hour,
      ...(intent.hours.get(hour) ?? { mark: "loaded" as const }),
      loaded: batch.loaded.get(hour) ?? 0,
      duplicates: dropped?.count ?? 0,
      rows: rows.get(hour) ?? 0,
      ...(forgotten.has(hour) ? { forgotten: forgotten.get(hour)! } : {}),
      ...(elsewhere ? { keptBy: dropped!.keptBy } : {}),
    };
  });
}
