import { randomUUID } from "node:crypto";
import type { Engine } from "../engine/engine.js";
import type { Content } from "../engine/sorted-rows.js";
import { openSpark } from "../engine/spark/spark.js";
import {
  contentOnSpark,
  copiesOnSpark,
  differingOnSpark,
  readWritten,
  type SparkFiles,
  type SparkPiece,
  tableDetail,
  WRITER_SETTINGS,
  writeOnSpark,
} from "../engine/spark/spark-rows.js";
import { sparkTable } from "../engine/spark/spark-table.js";
import { LakeError } from "../errors/index.js";
import { hourStart } from "../hour.js";
import { PARTITION_COLUMNS } from "../lake/schema.js";
import type { LakeTable } from "../lake/table.js";
import { adoptFiles } from "./adopt-files.js";
import { copiesByFile, type LakeCopy } from "./compaction-copies.js";
import type { CompactionGroup } from "./compaction-groups.js";
import type { CompactionRows, GroupRows, LakePiece, WrittenRows } from "./compaction-rows.js";
import type { FileOrigin } from "./file-origins.js";
import { pathOnCluster, type SparkLakeOptions } from "./open-spark-lake.js";

/** Enough to keep a cluster busy, since small days are sorted by one of its cores each. */
const GROUPS_AT_ONCE = 4;

/**
 * Compaction by a Spark cluster over the same lake: it reads the rows, in the version that `copies` saw, looks for copies, sorts,
 * writes, reads back what it wrote, and counts and hashes on both sides. This machine streams old and new files for their SHA-256,
 * reads the footers, and commits.
 */
export class SparkRows implements CompactionRows {
  readonly groupsAtOnce = GROUPS_AT_ONCE;
  #files: SparkFiles | undefined;

  private constructor(
    private readonly table: LakeTable,
    private readonly local: Engine,
    private readonly engine: Engine,
    private readonly path: string,
    /** Where the cluster finds the lake. */
    private readonly location: string,
  ) {}

  /**
   * `local` is this machine's engine. Throws QueryError if the cluster does not answer or finds no table there, LakeError if it finds
   * another one, UsageError.
   */
  static async open(table: LakeTable, local: Engine, options: SparkLakeOptions): Promise<SparkRows> {
    const engine = await openSpark({ ...options, settings: WRITER_SETTINGS });
    try {
      const path = pathOnCluster(table.dir, options.path);
      const { id, location } = await tableDetail(engine, sparkTable(path), {});
      if (id !== table.snapshot.metaData.id) {
        throw new LakeError(
          `The table that the cluster finds at ${path} is not the lake ${table.dir}: their ids are ${id} and ${table.snapshot.metaData.id}.`,
          "Say with --spark-lake or AMPFRAME_SPARK_LAKE by which path the cluster finds the lake.",
        );
      }
      return new SparkRows(table, local, engine, path, location);
    } catch (error) {
      engine.close();
      throw error;
    }
  }

  async copies(
    origins: ReadonlyMap<string, FileOrigin>,
    signal: AbortSignal | undefined,
  ): Promise<Map<string, LakeCopy[]>> {
    const from = sparkTable(this.path, this.table.snapshot.version);
    const columns = (await this.engine.describe(`SELECT * FROM ${from}`)).filter(
      ({ name }) => !PARTITION_COLUMNS.includes(name),
    );
    this.#files = { engine: this.engine, location: this.location, columns };
    const fresh = new Map<string, string[]>();
    for (const { file } of origins.values()) {
      if (!file.compacted) fresh.set(file.uploadDate, [...(fresh.get(file.uploadDate) ?? []), file.path]);
    }
    const byName = this.#byName(origins.keys());
    return copiesByFile(
      await copiesOnSpark(this.#files, from, fresh, (name) => byName.get(name), { signal }),
    );
  }

  of(group: CompactionGroup, signal: AbortSignal | undefined): GroupRows {
    if (!this.#files) throw new TypeError("copies must be looked for first");
    return new SparkGroup(this.table, this.local, this.#files, group, signal);
  }

  close(): void {
    this.engine.close();
  }

  #byName(paths: Iterable<string>): Map<string, string> {
    const byName = new Map<string, string>();
    for (const path of paths) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      if (byName.has(name)) {
        throw new LakeError(
          `Two data files of the lake are named ${name}, which a cluster does not tell apart.`,
          "Compact it without --engine spark.",
        );
      }
      byName.set(name, path);
    }
    return byName;
  }
}

class SparkGroup implements GroupRows {
  /** Folders that Spark was told to write, inside the lake. */
  readonly #folders: string[] = [];
  readonly #contents: Content[] = [];

  constructor(
    private readonly table: LakeTable,
    private readonly local: Engine,
    private readonly files: SparkFiles,
    private readonly group: CompactionGroup,
    private readonly signal: AbortSignal | undefined,
  ) {}

  contentOf(pieces: readonly LakePiece[]): Promise<Content> {
    return contentOnSpark(this.files, this.#there(pieces), { signal: this.signal });
  }

  async write(pieces: readonly LakePiece[], files: number): Promise<WrittenRows[]> {
    const options = { signal: this.signal };
    const folder = `${await this.table.stagingInLake()}/spark-${randomUUID()}`;
    const there = `${this.files.location}/${folder}`;
    this.#folders.push(folder);
    await writeOnSpark(this.files, this.#there(pieces), there, files, options);
    const written = await readWritten(this.files, there, options);
    this.#contents.push(...written.map(({ content }) => content));
    const { app, uploadDate } = this.group;
    const found = written.map(({ name, content: _, hours, ...figures }) => ({
      ...{ path: `${folder}/${name}`, app, uploadDate, ...figures, hours: Object.fromEntries(hours) },
    }));
    return adoptFiles(this.table, this.local, found, this.signal);
  }

  async contentWritten(): Promise<Content | undefined> {
    const [first] = this.#contents;
    if (!first) return undefined;
    const hours = new Map<number, { rows: number; digest: bigint }>();
    for (const [hour, { rows, digest }] of this.#contents.flatMap((content) => [...content.hours])) {
      const sum = hours.get(hour) ?? { rows: 0, digest: 0n };
      hours.set(hour, { rows: sum.rows + rows, digest: sum.digest + digest });
    }
    return { ...first, hours, rows: this.#contents.reduce((sum, { rows }) => sum + rows, 0) };
  }

  differing(before: readonly LakePiece[]): Promise<string[]> {
    const folders = this.#folders.map((folder) => `${this.files.location}/${folder}`);
    return differingOnSpark(this.files, this.#there(before), folders, { signal: this.signal });
  }

  async clear(): Promise<void> {
    for (const folder of this.#folders) await this.table.store.removeFolder(folder).catch(() => {});
  }

  #there(pieces: readonly LakePiece[]): SparkPiece[] {
    return pieces.map(({ path, hours, without }) => ({ path, hours: hours?.map(hourStart), without }));
  }
}
