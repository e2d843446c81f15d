import { randomUUID } from "node:crypto";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import type { HourRows, SpoolContent } from "../decode/decoder.js";
import type { Engine } from "../engine/engine.js";
import {
  measurePart,
  type PartFigures,
  type PartSelection,
  partitionsIn,
  writePart,
} from "../engine/parts.js";
import { dateOf, type Hour, hourAt } from "../hour.js";
import type { InputAccount } from "../lake/account.js";
import type { StagedFile } from "../lake/change.js";
import { diskFiles } from "../lake/files.js";
import { RejectedLines } from "./rejected-lines.js";

/** A project and a UTC date of `server_upload_time`. */
export interface Partition {
  readonly app: bigint | null;
  readonly uploadDate: string;
}

/** A Parquet file in the staging folder, of one partition, on the disk and counted. */
export interface Part extends Partition {
  readonly path: string;
  readonly figures: PartFigures;
}

/** What one commit will bring: inputs that were decoded, and the Parquet made of them. */
export class Batch {
  readonly inputs: InputAccount[] = [];
  readonly rejected: RejectedLines;
  readonly parts: Part[] = [];
  /** Files of rows whose uuid may occur elsewhere, in the order of decoding; they keep the column `app`. */
  readonly candidates: string[] = [];
  /** Events decoded, by upload hour. */
  readonly loaded = new Map<Hour, number>();
  /** Bytes of the inputs. */
  bytes = 0;
  private work: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(
    private readonly engine: Promise<Engine>,
    private readonly folder: string,
  ) {
    this.rejected = new RejectedLines(this.beside("rejected.ndjson"));
  }

  /** Turns a spool into parts, after those that were given before. Resolves when no more than one is waiting. */
  async take(spool: SpoolContent): Promise<void> {
    for (const { hour, rows } of spool.hours) this.loaded.set(hour, (this.loaded.get(hour) ?? 0) + rows);
    const before = this.work;
    this.waiting += 1;
    this.work = before
      .then(() => this.convert(spool))
      .finally(() => {
        this.waiting -= 1;
      });
    this.work.catch(() => {});
    if (this.waiting > 1) await before;
  }

  /** Resolves when all spools are parts. */
  async done(): Promise<void> {
    await this.work;
  }

  /** Adds the rows of a file that keeps `app`, but for some. */
  async addRows(from: string, without: readonly number[]): Promise<void> {
    for (const partition of await partitionsIn(await this.engine, from, without)) {
      this.parts.push({ ...partition, ...(await this.write(from, { partition, without })) });
    }
  }

  /** Writes a part anew without some of its rows. */
  async replacePart(part: Part, without: readonly number[]): Promise<void> {
    const written = await this.write(part.path, { without }, true);
    await unlink(part.path);
    this.parts[this.parts.indexOf(part)] = { ...part, ...written };
  }

  /** The parts as a commit wants them. Parts without rows are left out. */
  stagedFiles(): StagedFile[] {
    return this.parts
      .filter(({ figures }) => figures.rows > 0)
      .map(({ path, app, uploadDate, figures: { hours, ...figures } }) => ({
        ...{ path, app: app === null ? null : Number(app), uploadDate, ...figures },
        hours: Object.fromEntries([...hours].map(([ms, count]) => [hourAt(ms), count])),
      }));
  }

  /** Removes what the batch has written, after the work under way. */
  async discard(): Promise<void> {
    await this.work.catch(() => {});
    this.rejected.clear();
    for (const path of [...this.parts.map((part) => part.path), ...this.candidates]) {
      await unlink(path).catch(() => {});
    }
  }

  private async convert({ path, hours, repeats, empty }: SpoolContent): Promise<void> {
    const partitions = partitionsOf(hours);
    for (const partition of partitions) {
      const selection = { without: repeats, empty, ...(partitions.length > 1 ? { partition } : {}) };
      this.parts.push({ ...partition, ...(await this.write(path, selection)) });
    }
    if (repeats.length > 0) {
      const candidates = this.beside("candidates.parquet");
      this.candidates.push(candidates);
      await writePart(await this.engine, path, candidates, { only: repeats }, true);
    }
    await unlink(path);
  }

  /** Writes a part, counts what it holds by reading it, and brings it to the disk before its commit needs it. */
  private async write(
    from: string,
    selection: PartSelection,
    keepApp = false,
  ): Promise<Pick<Part, "path" | "figures">> {
    const path = this.beside("part.parquet");
    const engine = await this.engine;
    await writePart(engine, from, path, selection, keepApp);
    const figures = await measurePart(engine, path);
    await diskFiles.sync(path);
    return { path, figures };
  }

  private beside(name: string): string {
    return join(this.folder, `${randomUUID()}-${name}`);
  }
}

function partitionsOf(hours: readonly HourRows[]): Partition[] {
  const partitions = new Map<string, Partition>();
  for (const { app, hour } of hours) {
    const uploadDate = dateOf(hour);
    partitions.set(`${app} ${uploadDate}`, { app, uploadDate });
  }
  return [...partitions.values()];
}
