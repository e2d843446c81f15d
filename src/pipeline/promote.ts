import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { typeName } from "../engine/column-type.js";
import type { Engine } from "../engine/engine.js";
import { lakeSelect } from "../engine/lake-view.js";
import { CancelledError, QueryError, UsageError } from "../errors/index.js";
import type { PromoteChange, PromoteReport } from "../frame/event-source.js";
import { nearestName } from "../frame/nearest-name.js";
import { allProperties, findProperties } from "../frame/properties/find.js";
import { kindsIn, maskOf } from "../frame/properties/kind-mask.js";
import { typeOfKinds } from "../frame/properties/kinds.js";
import { type StoredProperty, sameProperty } from "../frame/properties/projection.js";
import { type Property, propertiesNamed, propertyName } from "../frame/properties/property.js";
import { removeOrphans } from "../lake/derived.js";
import { guarded, lakeFailure } from "../lake/failure.js";
import {
  type ListedProjection,
  type PromotedList,
  readPromoted,
  replacePromoted,
} from "../lake/promoted-list.js";
import type { LakeTable } from "../lake/table.js";
import { openEngineFor } from "./open-engine.js";
import { openTable } from "./open-table.js";
import { intact, propertiesIn, storedIn, writeProjection } from "./projections.js";
import type { PromotionFailure } from "./report.js";
import { sweepProjections } from "./sweep-projections.js";

/** Which properties to promote, of which lake. */
export interface PromoteOptions extends PromoteChange {
  /** Folder of the lake, or `s3://bucket/prefix`. */
  readonly lake: string;
}

/**
 * Promotes properties of a lake: for each data file a projection is written under `_ampframe/promoted/`, a Parquet file with
 * most of its columns and the promoted properties as typed columns. Without `properties` and `drop` it brings the projections
 * up to date. It reads all that are there, and makes anew those that are not as they were written. Each is written beside and
 * renamed, and the list of them at the end: a kill leaves the old state or the new one. Of two runs at a time, the later to
 * end begins again with what the other has left. `now`, in milliseconds since 1970, says which replaced projections may go.
 * Throws as `lake.promote` does.
 */
export async function promote(
  { lake, ...change }: PromoteOptions,
  now: () => number = Date.now,
): Promise<PromoteReport> {
  const table = await openTable(lake);
  try {
    return await guarded(`promoting properties of the lake ${table.dir}`, () =>
      promoteTable(table, change, { now, reading: true }),
    );
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
    const list = await readPromoted(table.store);
    if (list && list.properties.length > 0) {
      await promoteTable(table, { signal }, { now: Date.now, reading: false });
    }
    return {};
  } catch (error) {
    const { message, wayOut } = lakeFailure("promoting properties", error);
    return { notPromoted: { reason: message, wayOut } };
  }
}

interface Ways {
  readonly now: () => number;
  /** Whether projections that seem untouched are read as well. */
  readonly reading: boolean;
}

async function promoteTable(table: LakeTable, change: PromoteChange, ways: Ways): Promise<PromoteReport> {
  const start = performance.now();
  for (;;) {
    const { version } = await table.refresh();
    const before = await readPromoted(table.store);
    const added = (change.properties ?? []).map((name) => ({ name, meant: propertiesNamed(name) }));
    const properties = wanted(
      propertiesIn(before?.properties ?? []),
      added.flatMap(({ meant }) => meant),
      change.drop ?? [],
    );
    const work = new Work(table, properties, before, change, ways);
    try {
      const list = await work.run(added);
      if (list === undefined) continue;
      return {
        ...{ lake: table.dir, properties: work.types(), files: table.snapshot.files.size },
        dataBytes: [...table.snapshot.files.values()].reduce((sum, { bytes }) => sum + bytes, 0),
        bytes: Object.values(list.files).reduce((sum, { bytes }) => sum + bytes, 0),
        written: work.written,
        seconds: Math.round(performance.now() - start) / 1000,
      };
    } catch (error) {
      // A file that is forgotten goes at once.
      if (!(error instanceof QueryError) || (await table.refresh()).version === version) throw error;
    } finally {
      work.close();
    }
  }
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
    private readonly before: PromotedList | undefined,
    private readonly change: PromoteChange,
    private readonly ways: Ways,
  ) {}

  /** `added` must occur in the lake. Undefined, and nothing is changed, if another run changed what is promoted meanwhile. */
  async run(
    added: readonly { name: string; meant: readonly Property[] }[],
  ): Promise<PromotedList | undefined> {
    const { table, properties, change } = this;
    const paths = properties.length > 0 ? [...table.snapshot.files.keys()] : [];
    const masks = new Map<string, number[]>();
    for (const path of paths) masks.set(path, await this.masks(path));
    this.#stored = properties.map((property, i) => {
      const kinds = [...masks.values()].reduce((all, own) => all | own[i]!, 0);
      return { ...property, kinds, type: typeOf(kinds) };
    });
    for (const { name, meant } of added) await this.requireFound(name, meant);
    const files = new Map<string, ListedProjection>();
    for (const path of paths) {
      const kept = await this.kept(path);
      if (kept) files.set(path, kept);
    }
    const due = paths.filter((path) => !files.has(path));
    const made: string[] = [];
    let isListed = false;
    try {
      for (const path of due) {
        this.throwIfCancelled();
        const engine = await this.engine();
        const one = await writeProjection(table, engine, path, this.#stored, masks.get(path)!, change.signal);
        if (one) {
          made.push(one.path);
          files.set(path, one);
        }
        this.written += 1;
        change.onProgress?.({ files: this.written, of: due.length });
      }
      const list = await this.settle(files);
      isListed = list !== undefined;
      return list;
    } finally {
      if (!isListed) for (const path of made) await table.store.remove(path).catch(() => undefined);
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
    this.#engine ??= this.table.stagingDir().then((tempDirectory) =>
      openEngineFor(this.table.store, {
        ...{ memoryLimit: "1GB", threads: 2, tempDirectory, cacheFiles: false },
      }),
    );
    return this.#engine;
  }

  /** The kinds of each property's values in a data file: by its projection, or by reading it. */
  private async masks(path: string): Promise<number[]> {
    const listed = this.before?.files[path];
    const stored = listed ? storedIn(listed) : [];
    const known = this.properties.map(
      (property) => stored.find((each) => sameProperty(each, property))?.kinds,
    );
    const open = this.properties.filter((_, i) => known[i] === undefined);
    if (open.length === 0) return known.map((kinds) => kinds ?? 0);
    this.throwIfCancelled();
    const sql = lakeSelect([{ path: this.table.filePath(path), eventTime: null, serverUploadTime: null }]);
    const { signal } = this.change;
    const found = await findProperties({ engine: await this.engine(), sql }, open, { signal });
    return this.properties.map((property, i) => {
      const each = found.find((one) => sameProperty(one, property));
      return known[i] ?? (each ? maskOf(each.kinds, each.items) : 0);
    });
  }

  /** The projection of a data file that need not be made. */
  private async kept(path: string): Promise<ListedProjection | undefined> {
    const listed = this.before?.files[path];
    if (!listed) return undefined;
    this.throwIfCancelled();
    const stored = storedIn(listed);
    const isCurrent =
      stored.length === this.#stored.length &&
      this.#stored.every((property, i) => {
        const own = stored[i]!;
        return sameProperty(own, property) && typeName(own.type) === typeName(property.type);
      });
    return isCurrent ? intact(this.table, listed, this.ways.reading) : undefined;
  }

  /** Makes `made` known, and deletes what readers have had time to leave. Undefined if another run was first. */
  private async settle(made: ReadonlyMap<string, ListedProjection>): Promise<PromotedList | undefined> {
    const { table, before, properties } = this;
    // Data files that were forgotten meanwhile take what was made from them along.
    await removeOrphans(table.store);
    const files: Record<string, ListedProjection> = {};
    for (const [path, listed] of made) {
      if (await table.store.stat(listed.path)) files[path] = listed;
    }
    const replaced = await sweepProjections(table, before, files, this.ways.now());
    const list: PromotedList = { formatVersion: 1, properties, files, replaced };
    const isEmpty = properties.length === 0 && replaced.length === 0;
    if (JSON.stringify(list) === JSON.stringify(before) || (isEmpty && !before)) return list;
    const beside = join(await table.stagingDir(), `${randomUUID()}.json`);
    const isFirst = await replacePromoted(table.store, before, isEmpty ? undefined : list, beside);
    return isFirst ? list : undefined;
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
