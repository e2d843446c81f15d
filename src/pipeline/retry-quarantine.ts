import { randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { openInput } from "../archive/index.js";
import { LakeError } from "../errors/index.js";
import type { InputAccount, MemberAccount, Source } from "../lake/account.js";
import { guarded } from "../lake/failure.js";
import { liveQuarantine, quarantineName } from "../lake/live-quarantine.js";
import { quarantinePath } from "../lake/paths.js";
import type { PlaceOfLine, QuarantinedLine } from "../lake/quarantine.js";
import { fileSha256 } from "../lake/sha256.js";
import type { LakeTable } from "../lake/table.js";
import { limitsOf, NO_ARCHIVE_LIMITS } from "../limits.js";
import type { Batch } from "./batch.js";
import { type CommitIntent, Ingest } from "./ingest.js";
import { openTable } from "./open-table.js";
import { refreshPromoted } from "./promote.js";
import type { RejectedLineOf } from "./rejected-lines.js";
import type { PromotionFailure } from "./report.js";

/** Which quarantine to try again. */
export interface RetryOptions {
  /** Folder of the lake. */
  readonly lake: string;
  /** The most levels of nesting that a line may have, 1 to 2,000. Default 512. */
  readonly nesting?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each quarantine file. */
  readonly onProgress?: ((done: { readonly files: number; readonly of: number }) => void) | undefined;
}

/** What came of trying again. Proof: `lines = loaded + remaining`. */
export interface RetryReport {
  /** Absolute path of the lake. */
  readonly lake: string;
  /** Version of the Delta table. */
  readonly version: number;
  /** Lines that were in quarantine. */
  readonly lines: number;
  /** Of these, events that can be read now; of which `duplicates` were in the lake already and were not kept again. */
  readonly loaded: number;
  readonly duplicates: number;
  /** Lines that stay in quarantine. */
  readonly remaining: number;
  /** Only there if the promoted properties could not be brought up to date. */
  readonly notPromoted?: PromotionFailure;
  readonly seconds: number;
}

/** What no event begins with, so that the file is surely taken for NDJSON; as a line it is rejected. */
const FIRST_LINE = "{}\n";
/** The lines of a quarantine file as they came, as the account names them. */
const MEMBER = "raw lines";
const COMMIT_BYTES = 64 * 2 ** 20;

/**
 * Decodes the lines in quarantine again, with this version's decoder, and loads the events that it can read. Each
 * commit has the quarantine files as its inputs, and a quarantine file of its own for the lines that stay, with the
 * reasons of now; the old files stay on the disk. Files without a line that can be read now are
 * left as they are.
 *
 * Throws LakeError (a quarantine file is gone or was altered), CancelledError; what was committed before stays.
 */
export async function retryQuarantine(
  options: RetryOptions,
  now: () => number = Date.now,
): Promise<RetryReport> {
  return retryTable(await openTable(options.lake, now), options);
}

/** As `retryQuarantine`, for a table that is open already; it is closed at the end. */
export async function retryTable(
  table: LakeTable,
  options: Omit<RetryOptions, "lake">,
): Promise<RetryReport> {
  const start = performance.now();
  const { signal, nesting } = options;
  const limits = limitsOf({ ...NO_ARCHIVE_LIMITS, nesting });
  const ingest = await Ingest.open(Promise.resolve(table), { signal, limits });
  try {
    const retrying = new Retrying(ingest, options);
    await guarded(`reading the quarantine of the lake ${table.dir}`, () => retrying.run());
    const promoted = await refreshPromoted(table, signal);
    const seconds = Math.round(performance.now() - start) / 1000;
    const { version } = table.snapshot;
    return { lake: table.dir, version, ...retrying.figures, ...promoted, seconds };
  } finally {
    await ingest.close();
  }
}

class Retrying {
  readonly figures = { lines: 0, loaded: 0, duplicates: 0, remaining: 0 };
  private readonly table: LakeTable;
  private readonly crc32 = new Map<string, number>();

  constructor(
    private readonly ingest: Ingest,
    private readonly options: Omit<RetryOptions, "lake">,
  ) {
    this.table = ingest.table;
  }

  async run(): Promise<void> {
    const bySource = new Map<string, { source: Source; files: Set<string> }>();
    await this.table.refresh();
    for (const { file, lines, source } of liveQuarantine(await this.table.summaries())) {
      const entry = bySource.get(source.id) ?? { source, files: new Set() };
      bySource.set(source.id, { source, files: entry.files.add(file) });
      this.figures.lines += lines;
    }
    this.figures.remaining = this.figures.lines;
    const of = [...bySource.values()].reduce((sum, { files }) => sum + files.size, 0);
    let done = 0;
    for (const { source, files } of bySource.values()) {
      for (const file of files) {
        await this.decode(file);
        done += 1;
        this.options.onProgress?.({ files: done, of });
        if (this.ingest.batchBytes >= COMMIT_BYTES) await this.commit(source);
      }
      await this.commit(source);
    }
  }

  private async decode(file: string): Promise<void> {
    const { store } = this.table;
    const path = quarantinePath(file);
    const sha256 = await fileSha256(path, store);
    if (quarantineName(sha256) !== file) {
      throw new LakeError(
        `The quarantine file ${store.nameOf(path)} was altered: its SHA-256 is ${sha256}.`,
        "Nothing of it was loaded. Restore it from a backup.",
      );
    }
    const staged = join(await this.table.stagingDir(), `${randomUUID()}-retry.ndjson`);
    this.crc32.set(file, await this.writeRaw(file, staged));
    const input = await openInput(staged, { signal: this.options.signal });
    try {
      await this.ingest.decode(input, file, sha256);
    } finally {
      await input.close();
      await rm(staged, { force: true });
    }
  }

  /** Gives the CRC-32 of the lines, but for the first that is none of them. */
  private async writeRaw(file: string, staged: string): Promise<number> {
    const out = await open(staged, "wx");
    let crc = 0;
    try {
      await out.write(FIRST_LINE);
      for await (const { raw } of this.table.quarantined(file)) {
        const line = Buffer.concat([raw, Buffer.from("\n")]);
        crc = crc32(line, crc);
        await out.write(line);
      }
    } finally {
      await out.close();
    }
    return crc;
  }

  private async commit(source: Source): Promise<void> {
    const batch = await this.ingest.seal();
    await this.keepReadable(batch);
    const hashes = new Map(batch.inputs.map(({ name, sha256 }) => [sha256, name]));
    const committed = await this.ingest.commit(batch, () => this.intent(source, hashes));
    if (committed.kind === "needless") return;
    for (const { loaded, duplicates } of committed.hours) {
      this.figures.loaded += loaded;
      this.figures.remaining -= loaded;
      this.figures.duplicates += duplicates;
    }
  }

  /** Leaves out of the batch files without a line that can be read; the others' lines keep where they once stood. */
  private async keepReadable(batch: Batch): Promise<void> {
    const readable: InputAccount[] = [];
    for (const input of batch.inputs.splice(0)) {
      const [member] = input.members;
      if (!member || member.loaded === 0) continue;
      const bytes = (await this.table.store.stat(quarantinePath(input.name)))?.bytes ?? 0;
      readable.push({
        ...input,
        bytes,
        members: [{ ...withoutFirstLine(member), crc32: this.crc32.get(input.name) ?? 0 }],
      });
    }
    batch.inputs.push(...readable);
    const names = new Set(readable.map(({ name }) => name));
    batch.rejected.through((lines) => this.withOrigins(lines, names));
  }

  private async *withOrigins(
    rejected: AsyncIterable<RejectedLineOf>,
    files: ReadonlySet<string>,
  ): AsyncGenerator<QuarantinedLine> {
    let [file, at] = ["", 0];
    let lines: AsyncGenerator<QuarantinedLine> | undefined;
    for await (const { input, line, offset, reason, raw } of rejected) {
      if (!files.has(input) || line === 1) continue;
      if (input !== file || !lines) {
        await lines?.return(undefined);
        [file, at, lines] = [input, 1, this.table.quarantined(input)];
      }
      let old = await lines.next();
      for (at += 1; at < line; at += 1) old = await lines.next();
      if (old.done) continue;
      const { origin = placeOf(old.value) } = old.value;
      const place = { input, member: MEMBER, line: line - 1, offset: offset - FIRST_LINE.length };
      yield { ...place, reason, raw, origin };
    }
    await lines?.return(undefined);
  }

  /** What to commit on the newest table; nothing if there is no event, or another run has tried these files. */
  private async intent(
    source: Source,
    files: ReadonlyMap<string, string>,
  ): Promise<CommitIntent | undefined> {
    const basedOn = await this.table.refresh();
    const live = new Set(liveQuarantine(await this.table.summaries()).map(({ file }) => file));
    if (files.size === 0 || [...files.values()].some((file) => !live.has(file))) return undefined;
    return { operation: "retry", source, requests: [], hours: new Map(), remove: [], basedOn };
  }
}

function placeOf({ input, member, line, offset }: PlaceOfLine): PlaceOfLine {
  return { input, member, line, offset };
}

function withoutFirstLine(member: MemberAccount): MemberAccount {
  const { bytes, lines, quarantined } = member;
  return {
    ...{ ...member, name: MEMBER, bytes: bytes - FIRST_LINE.length },
    ...{ lines: lines - 1, quarantined: quarantined - 1 },
  };
}
