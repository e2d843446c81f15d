import { type Input, openInput } from "../archive/index.js";
import { ArchiveError, UsageError } from "../errors/index.js";
import { type HourRange, parseHourRange } from "../hour.js";
import type { Source } from "../lake/account.js";
import type { LakeTable } from "../lake/table.js";
import { type Limits, limitsOf } from "../limits.js";
import { checkRange } from "./check-range.js";
import { checkLoadSpace } from "./disk-space.js";
import { type CommitIntent, Ingest } from "./ingest.js";
import { type BroughtFile, type InputFile, inputFiles } from "./input-files.js";
import { openOrCreateTable, openTableIfThere } from "./open-table.js";
import { refreshPromoted } from "./promote.js";
import type { LoadReport, Progress, Refusal } from "./report.js";
import { Tally } from "./totals.js";

/** What to load, and where. */
export interface LoadOptions {
  /** Folder of the lake, or `s3://bucket/prefix`; made if there is none. */
  readonly lake: string;
  /** Files (zip, `.json.gz`, NDJSON), folders of such, and `s3://bucket/prefix` for objects of a bucket. */
  readonly paths: readonly string[];
  /** Name of the project the files are of. Default `files`. */
  readonly project?: string | undefined;
  /**
   * Upload hours of which the files are known to hold every event, each end a DATE or HOUR, inclusive, UTC.
   * These hours then count as held, or empty where no event is.
   */
  readonly complete?: { readonly from: string; readonly to: string } | undefined;
  /**
   * Bytes that must be free on the lake's disk before anything is read. Default: 256 MB, the size of compressed files and
   * an eighth of plain ones, but for those that the lake seems to hold. 0 checks nothing.
   */
  readonly minFree?: number | undefined;
  /** Limits that differ from the defaults. A file that passes one is refused. */
  readonly limits?: Partial<Limits> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What a test of `load` puts in place of the real thing. */
export interface LoadEffects {
  /** Bytes free on the disk of a folder; null if it is not there. */
  readonly freeBytes?: (folder: string) => Promise<number | null>;
}

/** Bytes that an event hardly ever takes less of in an archive. */
const BYTES_AN_EVENT = 150;
/** Bytes of inputs after which what was decoded is committed. */
const COMMIT_BYTES = 64 * 2 ** 20;
/** Objects that are fetched while one is being decoded. */
const OBJECTS_AHEAD = 4;

/**
 * Brings the events of files into the lake. Inputs that the lake holds already, byte for byte, change nothing; a
 * damaged one is refused whole, and the others are brought all the same.
 *
 * Throws UsageError (a path is not there, a limit out of its range), LakeError (also if too little of the disk is free),
 * CancelledError.
 */
export async function load(options: LoadOptions, effects: LoadEffects = {}): Promise<LoadReport> {
  const limits = limitsOf(options.limits);
  const complete = completeRange(options.complete);
  const { files, others, close } = await inputFiles(options.paths);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  options.onProgress?.({ kind: "planned", windows: files.length, hours: 0, bytes });
  const events = Math.ceil(bytes / BYTES_AN_EVENT);
  const first = prepare(files[0], limits, options.signal);
  try {
    const opening = openWithSpace(options, files, effects);
    const ingest = await Ingest.open(opening, { ...options, limits, events });
    try {
      const report = await new Loading(ingest, options, limits, complete, others).run(files, first);
      return { ...report, ...(await refreshPromoted(ingest.table, options.signal)) };
    } finally {
      await ingest.close();
    }
  } finally {
    await (await first)?.close?.();
    await close();
  }
}

/** The lake, made if there is none, once its disk is known to have room for `files`. */
async function openWithSpace(
  { lake, minFree }: LoadOptions,
  files: readonly InputFile[],
  { freeBytes }: LoadEffects,
): Promise<LakeTable> {
  const table = await openTableIfThere(lake);
  try {
    await checkLoadSpace({ lake, table, files, minFree, freeBytes });
  } catch (error) {
    await table?.close();
    throw error;
  }
  return table ?? openOrCreateTable(lake);
}

class Loading {
  private readonly tally = new Tally();
  private readonly refused: Refusal[] = [];
  private readonly skipped: Set<string>;
  private readonly alreadyLoaded: string[] = [];
  private readonly commits: Promise<void>[] = [];
  /** Files whose batch was dropped because another run has loaded one of them meanwhile. */
  private readonly again: InputFile[] = [];
  private known = new Set<string>();
  private readonly source: Source;
  /** The files of the batch that is being filled, decoded or under way, by SHA-256. */
  private readonly batch = new Map<string, InputFile>();
  private underWay: Promise<void>[] = [];
  private damaged = false;

  constructor(
    private readonly ingest: Ingest,
    private readonly options: LoadOptions,
    private readonly limits: Limits,
    private readonly complete: HourRange | undefined,
    others: readonly string[],
  ) {
    this.skipped = new Set(others.map((path) => `${path} (not named as a file of events)`));
    this.source = { id: "files", project: options.project ?? "files" };
  }

  /** `first` is the first of `files`, prepared. */
  async run(files: readonly InputFile[], first: Promise<Prepared | undefined>): Promise<LoadReport> {
    await this.loadAll(files, first);
    while (this.again.length > 0) await this.loadAll(this.again.splice(0));
    if (this.complete && this.refused.length === 0) await this.markComplete(this.complete);
    const { refused, alreadyLoaded } = this;
    return { ...this.tally.totals(), alreadyLoaded, skipped: [...this.skipped], refused };
  }

  private async loadAll(files: readonly InputFile[], first = this.prepare(files[0])): Promise<void> {
    await this.ingest.table.refresh();
    this.known = await this.ingest.table.loadedInputs();
    let bytes = 0;
    const ahead = [first];
    for (const [i, file] of files.entries()) {
      const current = await ahead.shift();
      const most = file.bring ? OBJECTS_AHEAD : 1;
      while (ahead.length < most && i + ahead.length + 1 < files.length) {
        ahead.push(this.prepare(files[i + ahead.length + 1]));
      }
      await this.start(file, current);
      bytes += file.bytes;
      if (bytes >= COMMIT_BYTES) await this.ingest.end();
      if (bytes >= COMMIT_BYTES || this.damaged) await this.arrive();
      if (bytes >= COMMIT_BYTES) {
        await this.commit();
        bytes = 0;
      }
    }
    await this.ingest.end();
    await this.arrive();
    await this.commit();
    await Promise.all(this.commits);
  }

  /** Waits for the files under way; if one was damaged, which spoils the batch, decodes the others again. */
  private async arrive(): Promise<void> {
    await settled(this.underWay.splice(0));
    if (!this.damaged) return;
    this.damaged = false;
    await this.ingest.drop();
    const again = [...this.batch.values()];
    this.batch.clear();
    for (const file of again) await this.start(file, await this.prepare(file));
    await this.arrive();
  }

  private prepare(file: InputFile | undefined): Promise<Prepared | undefined> {
    return prepare(file, this.limits, this.options.signal);
  }

  /** Begins to decode a file into the batch as soon as there is room, unless nothing will come of it. */
  private async start(file: InputFile, prepared: Prepared | undefined): Promise<void> {
    if (!prepared) return;
    const { path, input, sha256, close } = prepared;
    if (!input) return this.refuse(path, prepared.error);
    for (const { name, reason } of input.skipped) this.skipped.add(`${path}: ${name} (${reason})`);
    if (this.batch.has(sha256)) await this.arrive();
    const known = this.known.has(sha256) || this.batch.has(sha256);
    if (input.format === "empty") this.skipped.add(`${path} (0 bytes)`);
    else if (known) this.alreadyLoaded.push(path);
    if (input.format === "empty" || known) return close();
    // After a first damaged input every one is proven before its rows join others.
    if (this.refused.length > 0 && !(await this.isSound(path, input))) return close();
    await this.ingest.room();
    this.batch.set(sha256, file);
    const work = this.decode(file, input, sha256).finally(close);
    work.catch(() => {});
    this.underWay.push(work);
  }

  private async isSound(path: string, input: Input): Promise<boolean> {
    try {
      await prove(input, this.options.signal);
      return true;
    } catch (error) {
      this.refuse(path, error);
      return false;
    }
  }

  private async decode(file: InputFile, input: Input, sha256: string): Promise<void> {
    try {
      await this.ingest.decode(input, input.name, sha256);
    } catch (error) {
      this.damaged = true;
      this.batch.delete(sha256);
      this.refuse(file.path, error);
    }
  }

  /** Notes why a file is not brought, if it is the file's fault. */
  private refuse(path: string, error: unknown): void {
    if (!(error instanceof ArchiveError)) throw error;
    const refusal = { what: path, reason: error.message, wayOut: error.wayOut };
    this.refused.push(refusal);
    this.options.onProgress?.({ kind: "refused", refusal });
  }

  private async commit(): Promise<void> {
    if (this.batch.size === 0) return;
    const files = [...this.batch.values()];
    for (const sha256 of this.batch.keys()) this.known.add(sha256);
    this.batch.clear();
    const batch = await this.ingest.seal();
    const hashes = batch.inputs.map(({ sha256 }) => sha256);
    const commit = this.ingest
      .commit(batch, () => this.intent(hashes))
      .then((committed) => {
        if (committed.kind === "committed") this.tally.add({ inputs: batch.inputs, hours: committed.hours });
        else this.again.push(...files);
      });
    commit.catch(() => {});
    this.commits.push(commit);
    await this.commits.at(-2);
  }

  /** What to commit on the newest table; nothing if another run has loaded one of the inputs. */
  private async intent(inputs: readonly string[]): Promise<CommitIntent | undefined> {
    const { table } = this.ingest;
    const basedOn = await table.refresh();
    const loaded = await table.loadedInputs();
    if (inputs.some((sha256) => loaded.has(sha256))) return undefined;
    return this.change(basedOn, new Map());
  }

  /** Commits that the hours of `range` are whole, unless the lake says so already. */
  private async markComplete(range: HourRange): Promise<void> {
    const { table } = this.ingest;
    await this.ingest.commit(await this.ingest.seal(), async () => {
      const basedOn = await table.refresh();
      const states = await table.hourStates(this.source.id, range);
      const marks = new Map(
        [...states].map(([hour, { rows }]) => [hour, { mark: rows > 0 ? "held" : "empty" }] as const),
      );
      const isNews = [...marks].some(([hour, { mark }]) => states.get(hour)?.state !== mark);
      return isNews ? this.change(basedOn, marks) : undefined;
    });
  }

  private change(basedOn: CommitIntent["basedOn"], hours: CommitIntent["hours"]): CommitIntent {
    return { operation: "load", source: this.source, requests: [], hours, remove: [], basedOn };
  }
}

/** A file that was opened and hashed, or why it was not. */
type Prepared =
  | {
      readonly path: string;
      readonly input: Input;
      readonly sha256: string;
      readonly close: () => Promise<void>;
    }
  | {
      readonly path: string;
      readonly input?: undefined;
      readonly sha256?: undefined;
      readonly close?: undefined;
      readonly error: unknown;
    };

/** Opens and hashes a file, while those before it are being decoded. */
async function prepare(
  file: InputFile | undefined,
  limits: Limits,
  signal: AbortSignal | undefined,
): Promise<Prepared | undefined> {
  if (!file) return undefined;
  const { path } = file;
  let input: Input | undefined;
  let brought: BroughtFile | undefined;
  const close = async () => {
    await input?.close();
    await brought?.release();
  };
  try {
    brought = await file.bring?.(signal);
    input = await openInput(brought?.at ?? path, { limits, signal });
    return { path, input, sha256: await input.sha256(signal), close };
  } catch (error) {
    await close();
    return { path, error };
  }
}

/** Waits for all, and then throws the first failure. */
async function settled(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

/** Reads all of an input and keeps nothing. Throws ArchiveError if it is damaged. */
async function prove(input: Input, signal: AbortSignal | undefined): Promise<void> {
  const memory = new Uint8Array(256 * 1024);
  for (const member of input.members)
    await input.read(member, { target: () => memory, take: () => {} }, signal);
}

function completeRange(range: LoadOptions["complete"]): HourRange | undefined {
  if (!range) return undefined;
  const hours = parseHourRange(range.from, range.to);
  if (hours) {
    checkRange(hours);
    return hours;
  }
  throw new UsageError(
    `"${range.from}..${range.to}" is no range of upload hours.`,
    "Give both ends as 2026-11-23 or 2026-11-23T05, the first not after the last.",
  );
}
