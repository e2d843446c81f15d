import { randomUUID } from "node:crypto";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import type { DecodedFile, HourEvents } from "../decode/decoder.js";
import type { Engine } from "../engine/engine.js";
import {
  measurePart,
  type PartFigures,
  type PartSelection,
  partitionsIn,
  writePart,
} from "../engine/parts.js";
import type { Hour } from "../hour.js";
import type { InputAccount } from "../lake/account.js";
import type { StagedFile } from "../lake/change.js";
import { diskFiles } from "../lake/files.js";
import { fileSha256 } from "../lake/sha256.js";
import { Slots } from "../slots.js";
import { RejectedLines } from "./rejected-lines.js";

/** Partitions of a file that are written at a time: while one is synced to the disk another is made. */
const WRITERS = 2;

/** A project and a UTC date of `server_upload_time`. */
export interface Partition {
  readonly app: bigint | null;
  readonly uploadDate: string;
}

/** A Parquet file in the staging folder, of one partition, on the disk, counted and hashed. */
export interface Part extends Partition {
  readonly path: string;
  readonly figures: PartFigures;
  readonly sha256: string;
}

/** What one commit will bring: inputs that were decoded, and the Parquet made of them, which stays until it is discarded. */
export class Batch {
  readonly inputs: InputAccount[] = [];
  readonly rejected: RejectedLines;
  /** Files of rows whose uuids differ from each other. */
  readonly parts: Part[] = [];
  /** Files of rows whose uuid may occur elsewhere, in the order of decoding; they keep the column `app`. */
  readonly candidates: string[] = [];
  /** Events decoded, by upload hour. */
  readonly loaded = new Map<Hour, number>();
  /** Bytes of the inputs. */
  bytes = 0;
  private readonly work: Promise<unknown>[] = [];
  /** Files that were written for an attempt to commit, beside those above. */
  private readonly written: string[] = [];

  constructor(
    private readonly engine: () => Promise<Engine>,
    private readonly folder: string,
  ) {
    this.rejected = new RejectedLines(this.beside("rejected.ndjson"));
  }

  /** Takes what came of a member, and the files that were ended meanwhile. */
  take(hours: readonly HourEvents[], files: readonly DecodedFile[]): void {
    for (const { hour, events } of hours) this.loaded.set(hour, (this.loaded.get(hour) ?? 0) + events);
    this.takeLater(Promise.resolve(files));
  }

  /** Takes files that are still being ended. */
  takeLater(ending: Promise<readonly DecodedFile[]>): void {
    const work = ending.then((files) => Promise.all(files.map((file) => this.takeFile(file))));
    work.catch(() => {});
    this.work.push(work);
  }

  /** Resolves when all rows are in parts or candidates. */
  async done(): Promise<void> {
    await Promise.all(this.work);
  }

  /** Takes rows out of a part for good. */
  async replacePart(part: Part, without: readonly number[]): Promise<void> {
    const written = await this.write(part.path, { without }, true);
    await unlink(part.path);
    this.parts[this.parts.indexOf(part)] = { ...part, ...written };
  }

  /** Takes rows out of a file of candidates for good. */
  async replaceCandidates(from: string, without: readonly number[]): Promise<void> {
    const path = this.beside("candidates.parquet");
    await writePart(await this.engine(), from, path, { without }, true);
    await unlink(from);
    this.candidates[this.candidates.indexOf(from)] = path;
  }

  /**
   * The files that a commit is to bring: all rows but `copies`, numbers of rows by their file. Parts without a copy
   * are among them as they are; the others and the candidates are written anew, and stay as they were for the next attempt.
   */
  async filesWithout(copies: ReadonlyMap<string, readonly number[]>): Promise<StagedFile[]> {
    await this.removeWritten();
    const chosen: Part[] = [];
    for (const part of this.parts) {
      const without = copies.get(part.path);
      if (!without) chosen.push(part);
      else if (without.length < part.figures.rows) {
        chosen.push({ ...part, ...(await this.write(part.path, { without }, true)) });
        this.written.push(chosen.at(-1)!.path);
      }
    }
    const slots = new Slots(WRITERS);
    const splits = this.candidates.map(async (path) => {
      const parts = await this.split(path, copies.get(path) ?? [], slots);
      this.written.push(...parts.map((part) => part.path));
      return parts;
    });
    chosen.push(...(await settledValues(splits)).flat());
    return chosen.filter(({ figures }) => figures.rows > 0).map(stagedFile);
  }

  /** Removes what the batch has written, after the work under way. */
  async discard(): Promise<void> {
    await Promise.allSettled(this.work);
    this.rejected.clear();
    await this.removeWritten();
    for (const path of [...this.parts.map((part) => part.path), ...this.candidates]) await remove(path);
  }

  private async removeWritten(): Promise<void> {
    for (const path of this.written.splice(0)) await remove(path);
  }

  private async takeFile(file: DecodedFile): Promise<void> {
    const { path } = file;
    if (file.kind === "repeats") {
      this.candidates.push(path);
    } else if (file.kind === "mixed") {
      this.parts.push(...(await this.split(path, [])));
      await unlink(path);
    } else {
      const { app, uploadDate, sha256 } = file;
      this.parts.push({ app, uploadDate, ...(await this.measure(path, sha256)) });
    }
  }

  /** Writes a part of each partition of a file that keeps `app`, but for some rows. */
  private async split(from: string, without: readonly number[], slots = new Slots(WRITERS)): Promise<Part[]> {
    const partitions = await partitionsIn(await this.engine(), from, without);
    const written = await settledValues(
      partitions.map((partition) => slots.run(() => this.write(from, { partition, without }))),
    );
    return written.map((part, i) => ({ ...partitions[i]!, ...part }));
  }

  private async write(
    from: string,
    selection: PartSelection,
    keepApp = false,
  ): Promise<Omit<Part, keyof Partition>> {
    const path = this.beside("part.parquet");
    await writePart(await this.engine(), from, path, selection, keepApp);
    return this.measure(path, fileSha256(path, diskFiles));
  }

  /** Counts what a part holds by reading it, and brings it to the disk before its commit needs it. */
  private async measure(path: string, hash: string | Promise<string>): Promise<Omit<Part, keyof Partition>> {
    const counted = this.engine().then((engine) => measurePart(engine, path));
    const [figures, sha256] = await Promise.all([counted, hash, diskFiles.sync(path)]);
    return { path, figures, sha256 };
  }

  private beside(name: string): string {
    return join(this.folder, `${randomUUID()}-${name}`);
  }
}

/** What all give, after all have ended; throws the first failure among them. */
async function settledValues<T>(work: readonly Promise<T>[]): Promise<T[]> {
  return (await Promise.allSettled(work)).map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}

/** A part as a commit wants it. */
function stagedFile({ path, sha256, app, uploadDate, figures: { hours, ...figures } }: Part): StagedFile {
  return {
    ...{ path, sha256, app: app === null ? null : Number(app), uploadDate, ...figures },
    hours: Object.fromEntries(hours),
  };
}

/** What a commit has taken, or an error has left unwritten, is not there. */
async function remove(path: string): Promise<void> {
  await unlink(path).catch(() => {});
}
