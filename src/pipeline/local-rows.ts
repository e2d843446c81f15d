import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { copiesOf } from "../engine/copies.js";
import type { Engine } from "../engine/engine.js";
import { measurePart } from "../engine/parts.js";
import { type Content, contentOf, differingUuids, type Piece } from "../engine/sorted-rows.js";
import { hourStart } from "../hour.js";
import type { LakeTable } from "../lake/table.js";
import { copiesByFile, type LakeCopy } from "./compaction-copies.js";
import type { CompactionRows, GroupRows, LakePiece, WrittenRows } from "./compaction-rows.js";
import type { FileOrigin } from "./file-origins.js";
import { mergeRows } from "./merge-rows.js";

/** Compaction by the engine of this machine, which must keep the order of rows. */
export class LocalRows implements CompactionRows {
  readonly groupsAtOnce = 1;

  constructor(
    private readonly table: LakeTable,
    private readonly engine: Engine,
  ) {}

  async copies(
    origins: ReadonlyMap<string, FileOrigin>,
    signal: AbortSignal | undefined,
  ): Promise<Map<string, LakeCopy[]>> {
    const { table, engine } = this;
    const inLake = new Map([...origins.keys()].map((path) => [table.filePath(path), path]));
    const fresh = [...origins.values()].filter(({ file }) => !file.compacted);
    const paths = fresh.map(({ file }) => table.filePath(file.path));
    const found = await copiesOf(engine, paths, [...inLake.keys()], signal);
    return copiesByFile(
      found.map((copy) => ({
        ...copy,
        file: inLake.get(copy.file)!,
        keptFile: inLake.get(copy.keptFile)!,
      })),
    );
  }

  of(_: unknown, signal: AbortSignal | undefined): GroupRows {
    return new LocalGroup(this.table, this.engine, signal);
  }
}

class LocalGroup implements GroupRows {
  /** All that was ever written. */
  readonly #paths: string[] = [];
  readonly #given: Piece[] = [];

  constructor(
    private readonly table: LakeTable,
    private readonly engine: Engine,
    private readonly signal: AbortSignal | undefined,
  ) {}

  contentOf(pieces: readonly LakePiece[]): Promise<Content> {
    return contentOf(this.engine, this.#local(pieces), this.signal);
  }

  async write(pieces: readonly LakePiece[], files: number, content: Content): Promise<WrittenRows[]> {
    const folder = await this.table.stagingDir();
    const newPath = () => {
      const path = join(folder, `${randomUUID()}-sorted.parquet`);
      this.#paths.push(path);
      return path;
    };
    const { rows, memoryBytes } = content;
    const shape = { files, rows, memoryBytes, newPath, signal: this.signal };
    const written: WrittenRows[] = [];
    for (const path of await mergeRows(this.engine, this.#local(pieces), shape)) {
      const { hours, ...figures } = await measurePart(this.engine, path);
      if (figures.rows === 0) continue;
      this.#given.push({ path });
      written.push({ path, ...figures, hours: Object.fromEntries(hours) });
    }
    return written;
  }

  async contentWritten(): Promise<Content | undefined> {
    return this.#given.length > 0 ? contentOf(this.engine, this.#given, this.signal) : undefined;
  }

  differing(before: readonly LakePiece[]): Promise<string[]> {
    return differingUuids(this.engine, this.#local(before), this.#given);
  }

  async clear(): Promise<void> {
    for (const path of this.#paths) await rm(path, { force: true }).catch(() => {});
  }

  #local(pieces: readonly LakePiece[]): Piece[] {
    return pieces.map(({ path, hours, without }) => ({
      path: this.table.filePath(path),
      ...(hours ? { hours: hours.map(hourStart) } : {}),
      ...(without ? { without } : {}),
    }));
  }
}
