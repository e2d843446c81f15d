import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { typeName } from "../engine/column-type.js";
import { openEngine } from "../engine/duckdb.js";
import type { Engine } from "../engine/engine.js";
import { lakeSelect } from "../engine/lake-view.js";
import { literal } from "../engine/sql-text.js";
import { CancelledError, isAmpframeError, UsageError } from "../errors/index.js";
import { isJsonColumn } from "../frame/event-row.js";
import type { PromoteChange, PromoteReport } from "../frame/event-source.js";
import { nearestName } from "../frame/nearest-name.js";
import { allProperties, findProperties } from "../frame/properties/find.js";
import { kindsIn, maskOf } from "../frame/properties/kind-mask.js";
import { typeOfKinds } from "../frame/properties/kinds.js";
import {
  type NumberType,
  numbersSql,
  projectionSql,
  type StoredProperty,
  sameProperty,
} from "../frame/properties/projection.js";
import { type Property, propertiesNamed, propertyName } from "../frame/properties/property.js";
import { derivedPath, removeOrphans } from "../lake/derived.js";
import { ensureFolder } from "../lake/ensure-folder.js";
import { lakeFailure } from "../lake/failure.js";
import { diskFiles } from "../lake/files.js";
import { PROMOTED } from "../lake/paths.js";
import {
  type ListedProjection,
  type ListedProperty,
  type PromotedList,
  readPromoted,
  writePromoted,
} from "../lake/promoted-list.js";
import type { LakeTable } from "../lake/table.js";
import { openTable } from "./open-table.js";
import type { PromotionFailure } from "./report.js";
import { sweepProjections } from "./sweep-projections.js";

/** Which properties to promote, of which lake. */
export interface PromoteOptions extends PromoteChange {
  /** Folder of the lake. */
  readonly lake: string;
}

/**
 * Promotes properties of a lake: for each data file a projection is written under `_ampframe/promoted/`, a Parquet file with
 * most of its columns and the promoted properties as typed columns. Without `properties` and `drop` it brings the projections
 * up to date. Each is written beside and renamed, and the list of them at the end: a kill leaves the old state or the new one.
 * Throws as `lake.promote` does.
 */
export async function promote({ lake, ...change }: PromoteOptions): Promise<PromoteReport> {
  const table = await openTable(lake);
  try {
    return await promoteTable(table, change);
  } finally {
    await table.close();
  }
}

/**
 * Brings the projections of a table up to date if any property is promoted: at the end of what brings or merges files.
 * Never throws; what failed comes back, for projections cost speed only.
 */
export async function refreshPromoted(
  table: LakeTable,
  signal?: AbortSignal,
): Promise<{ readonly notPromoted?: PromotionFailure }> {
  try {
    const list = await readPromoted(table.dir, diskFiles);
    if (list && list.properties.length > 0) await promoteTable(table, { signal });
    return {};
  } catch (error) {
    const { message, wayOut } = lakeFailure("promoting properties", error);
    return { notPromoted: { reason: message, wayOut } };
  }
}

const NOTHING: PromotedList = { formatVersion: 1, properties: [], files: {}, replaced: [] };

async function promoteTable(table: LakeTable, change: PromoteChange): Promise<PromoteReport> {
  const start = performance.now();
  await table.refresh();
  const before = (await readPromoted(table.dir, diskFiles)) ?? NOTHING;
  const added = (change.properties ?? []).map((name) => ({ name, meant: propertiesNamed(name) }));
  const properties = wanted(
    before.properties.filter(isProperty),
    added.flatMap(({ meant }) => meant),
    change.drop ?? [],
  );
  const work = new Work(table, properties, before, change);
  try {
    const list = await work.run(added);
    return {
      ...{ lake: table.dir, properties: work.types(), files: table.snapshot.files.size },
      dataBytes: [...table.snapshot.files.values()].reduce((sum, { bytes }) => sum + bytes, 0),
      bytes: Object.values(list.files).reduce((sum, { bytes }) => sum + bytes, 0),
      written: work.written,
      seconds: Math.round(performance.now() - start) / 1000,
    };
  } finally {
    work.close();
  }
}

function isProperty<P extends ListedProperty>(property: P): property is P & Property {
  return isJsonColumn(property.column);
}

function wanted(old: readonly Property[], added: readonly Property[], drop: readonly string[]): Property[] {
  const kept = new Map([...old, ...added].map((property) => [propertyName(property), property]));
  for (const name of drop) {
    const gone = propertiesNamed(name).filter((property) => kept.delete(propertyName(property)));
    if (gone.length > 0) continue;
    const names = [...kept.keys()];
    throw new UsageError(
      `The property ${JSON.stringify(name)} is not promoted.`,
      names.length > 0 ? `Promoted are ${names.join(", ")}.` : "No property is.",
    );
  }
  return [...kept.values()];
}

class Work {
  written = 0;
  #engine: Promise<Engine> | undefined;
  #stored: readonly StoredProperty[] = [];

  constructor(
    private readonly table: LakeTable,
    private readonly properties: readonly Property[],
    private readonly before: PromotedList,
    private readonly change: PromoteChange,
  ) {}

  /** `added` must occur in the lake. */
  async run(added: readonly { name: string; meant: readonly Property[] }[]): Promise<PromotedList> {
    const { table, properties, before } = this;
    const paths = properties.length > 0 ? [...table.snapshot.files.keys()] : [];
    const masks = new Map<string, number[]>();
    for (const path of paths) masks.set(path, await this.masks(path));
    this.#stored = properties.map((property, i) => {
      const kinds = [...masks.values()].reduce((all, own) => all | own[i]!, 0);
      return { ...property, kinds, type: typeOf(kinds) };
    });
    for (const { name, meant } of added) await this.requireFound(name, meant);
    const stale = paths.filter((path) => !this.isCurrent(before.files[path]));
    const present = await Promise.all(
      paths.map(async (path) => stale.includes(path) || !(await isWhole(table, before.files[path]))),
    );
    const due = paths.filter((_, i) => present[i]);
    const made = new Map<string, ListedProjection>();
    try {
      for (const path of due) {
        this.throwIfCancelled();
        made.set(path, await this.write(path, masks.get(path)!));
        this.written += 1;
        this.change.onProgress?.({ files: made.size, of: due.length });
      }
      return await this.settle(paths, made);
    } catch (error) {
      for (const { path } of made.values())
        await diskFiles.remove(table.filePath(path)).catch(() => undefined);
      throw error;
    }
  }

  /** The properties that occur, with their types. */
  types(): PromoteReport["properties"] {
    return this.#stored.flatMap((property) =>
      property.kinds === 0 ? [] : [{ property: propertyName(property), type: typeName(property.type) }],
    );
  }

  close(): void {
    this.#engine?.then((engine) => engine.close()).catch(() => undefined);
  }

  private async engine(): Promise<Engine> {
    this.#engine ??= this.table
      .stagingDir()
      .then((tempDirectory) =>
        openEngine({ memoryLimit: "1GB", threads: 2, tempDirectory, cacheFiles: false }),
      );
    return this.#engine;
  }

  /** The kinds of each property's values in a data file: by its projection, or by reading it. */
  private async masks(path: string): Promise<number[]> {
    const stored = this.before.files[path]?.properties.filter(isProperty) ?? [];
    const known = this.properties.map((property) => stored.find((each) => sameProperty(each, property)));
    const open = this.properties.filter((_, i) => known[i] === undefined);
    if (open.length === 0) return known.map((each) => (each as StoredProperty).kinds);
    this.throwIfCancelled();
    const sql = lakeSelect([{ path: this.table.filePath(path), eventTime: null, serverUploadTime: null }]);
    const { signal } = this.change;
    const found = await findProperties({ engine: await this.engine(), sql }, open, { signal });
    return this.properties.map((property, i) => {
      const old = known[i];
      if (old) return (old as StoredProperty).kinds;
      const each = found.find((one) => sameProperty(one, property));
      return each ? maskOf(each.kinds, each.items) : 0;
    });
  }

  private isCurrent(listed: ListedProjection | undefined): boolean {
    const stored = listed?.properties ?? [];
    return (
      stored.length === this.#stored.length &&
      this.#stored.every((property, i) => {
        const own = stored[i]!;
        return (
          isProperty(own) && sameProperty(own, property) && typeName(own.type) === typeName(property.type)
        );
      })
    );
  }

  private async write(path: string, masks: readonly number[]): Promise<ListedProjection> {
    const { table } = this;
    const stored = this.#stored;
    const engine = await this.engine();
    const beside = join(await table.stagingDir(), `${randomUUID()}.parquet`);
    const target = derivedPath(PROMOTED, path, `${randomUUID().slice(0, 8)}.parquet`);
    try {
      await engine.run(
        `COPY (${projectionSql(table.filePath(path), stored)}) TO ${literal(beside)} (FORMAT parquet, COMPRESSION zstd)`,
        undefined,
        { signal: this.change.signal },
      );
      const [numbers] = (await engine.query(numbersSql(beside, stored))).rows();
      const properties = stored.map((each, i) => ({
        ...{ ...each, kinds: masks[i]! },
        also: numbers![i] as NumberType[],
      }));
      await diskFiles.sync(beside);
      const bytes = (await diskFiles.stat(beside))?.bytes ?? 0;
      await ensureFolder(table.dir, dirname(target), diskFiles);
      await diskFiles.rename(beside, table.filePath(target));
      await diskFiles.syncFolder(dirname(table.filePath(target)));
      return { path: target, bytes, properties };
    } catch (error) {
      await diskFiles.remove(beside).catch(() => undefined);
      throw isAmpframeError(error) ? error : lakeFailure(`writing ${target} in the lake ${table.dir}`, error);
    }
  }

  /** Makes what was written known, and deletes what readers have had time to leave. */
  private async settle(
    paths: readonly string[],
    made: ReadonlyMap<string, ListedProjection>,
  ): Promise<PromotedList> {
    const { table, before, properties } = this;
    // Data files that were forgotten meanwhile take what was made from them along.
    await removeOrphans(table.dir, diskFiles);
    const files: Record<string, ListedProjection> = {};
    for (const path of paths) {
      const listed = made.get(path) ?? before.files[path];
      if (listed && (await diskFiles.stat(table.filePath(path)))) files[path] = listed;
    }
    const replaced = await sweepProjections(table, before, files);
    const list: PromotedList = { formatVersion: 1, properties, files, replaced };
    const isEmpty = properties.length === 0 && replaced.length === 0;
    if (JSON.stringify(list) !== JSON.stringify(before)) {
      await writePromoted(table.dir, isEmpty ? undefined : list, diskFiles);
    }
    return list;
  }

  private async requireFound(name: string, meant: readonly Property[]): Promise<void> {
    const isThere = ({ kinds, ...each }: StoredProperty) =>
      kinds !== 0 && meant.some((property) => sameProperty(property, each));
    if (this.#stored.some(isThere)) return;
    const files = [...this.table.snapshot.files.keys()].slice(0, 1).map((path) => ({
      ...{ path: this.table.filePath(path), eventTime: null, serverUploadTime: null },
    }));
    const all = await allProperties({ engine: await this.engine(), sql: lakeSelect(files) });
    const names = all.map((property) => propertyName(property).replace(/^event_properties\./, ""));
    const nearest = nearestName(name, names);
    throw new UsageError(
      `No event of the lake has a property ${JSON.stringify(name)}.`,
      nearest === undefined
        ? `Properties are ${names.slice(0, 20).join(", ") || "none"}.`
        : `Did you mean ${JSON.stringify(nearest)}?`,
    );
  }

  private throwIfCancelled(): void {
    const { signal } = this.change;
    if (!signal?.aborted) return;
    throw new CancelledError("Promoting was cancelled; what was promoted before stays.", "Run it again.", {
      cause: signal.reason,
    });
  }
}

function typeOf(mask: number) {
  const { kinds, items } = kindsIn(mask);
  return typeOfKinds(kinds, items);
}

async function isWhole(table: LakeTable, listed: ListedProjection | undefined): Promise<boolean> {
  return listed !== undefined && (await diskFiles.stat(table.filePath(listed.path)))?.bytes === listed.bytes;
}
