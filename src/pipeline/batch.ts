import { randomUUID } from "node:crypto";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import type { HourRows, SpoolContent } from "../decode/decoder.js";
import type { Engine } from "../engine/engine.js";
import { measurePart, writePart } from "../engine/parts.js";
import { dateOf, type Hour, hourAt } from "../hour.js";
import type { InputAccount } from "../lake/account.js";
import type { StagedFile } from "../lake/change.js";
import { RejectedLines } from "./rejected-lines.js";

/** A project and a UTC date of `server_upload_time`. */
export interface Partition {
  readonly app: bigint | null;
  readonly uploadDate: string;
}

/** A Parquet file in the staging folder, of one partition. */
export interface Part extends Partition {
  readonly path: string;
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
      .then(() => this.write(spool))
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

  /** Adds the rows of a file that keeps `app` and has only rows of `partitions`. */
  async addRows(from: string, partitions: readonly Partition[], without: readonly number[]): Promise<void> {
    for (const partition of partitions) {
      const path = this.beside("part.parquet");
      await writePart(await this.engine, from, path, { partition, without });
      this.parts.push({ ...partition, path });
    }
  }

  /** Writes a part anew without some of its rows. */
  async replacePart(part: Part, without: readonly number[]): Promise<void> {
    const path = this.beside("part.parquet");
    await writePart(await this.engine, part.path, path, { without }, true);
    await unlink(part.path);
    this.parts[this.parts.indexOf(part)] = { ...part, path };
  }

  /** The parts with their figures, counted from the files. Parts without rows are left out. */
  async stagedFiles(): Promise<StagedFile[]> {
    const staged: StagedFile[] = [];
    for (const { path, app, uploadDate } of this.parts) {
      const { rows, hours, eventTime, serverUploadTime } = await measurePart(await this.engine, path);
      if (rows === 0) continue;
      staged.push({
        ...{ path, app: app === null ? null : Number(app), uploadDate, rows, eventTime, serverUploadTime },
        hours: Object.fromEntries([...hours].map(([ms, count]) => [hourAt(ms), count])),
      });
    }
    return staged;
  }

  /** Removes what the batch has written, after the work under way. */
  async discard(): Promise<void> {
    await this.work.catch(() => {});
    this.rejected.clear();
    for (const path of [...this.parts.map((part) => part.path), ...this.candidates]) {
      await unlink(path).catch(() => {});
    }
  }

  private async write({ path, hours, repeats }: SpoolContent): Promise<void> {
    const partitions = partitionsOf(hours);
    for (const partition of partitions) {
      const part = { ...partition, path: this.beside("part.parquet") };
      this.parts.push(part);
      const selection = partitions.length > 1 ? { partition, without: repeats } : { without: repeats };
      await writePart(await this.engine, path, part.path, selection);
    }
    if (repeats.length > 0) {
      const candidates = this.beside("candidates.parquet");
      this.candidates.push(candidates);
      await writePart(await this.engine, path, candidates, { only: repeats }, true);
    }
    await unlink(path);
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
