import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Engine } from "../engine/engine.js";
import { literal } from "../engine/sql-text.js";
import { isAmpframeError } from "../errors/index.js";
import { isJsonColumn } from "../frame/event-row.js";
import {
  type NumberType,
  numbersSql,
  projectionSql,
  type StoredProperty,
} from "../frame/properties/projection.js";
import type { Property } from "../frame/properties/property.js";
import { derivedPath } from "../lake/derived.js";
import { lakeFailure } from "../lake/failure.js";
import { PROMOTED } from "../lake/paths.js";
import { isAsListed, type ListedProjection, type ListedProperty } from "../lake/promoted-list.js";
import { fileSha256 } from "../lake/sha256.js";
import type { LakeTable } from "../lake/table.js";

/** Those of `listed` that lie in a column of JSON: all, unless a later version wrote them. */
export function propertiesIn<P extends ListedProperty>(listed: readonly P[]): (P & Property)[] {
  return listed.filter((each): each is P & Property => isJsonColumn(each.column));
}

/** The properties of a projection, in the order of its columns. */
export function storedIn({ properties }: ListedProjection): readonly StoredProperty[] {
  return propertiesIn(properties).map((each) => ({ ...each, also: each.also as NumberType[] | undefined }));
}

/** As `isAsListed`. Reads nothing; false where the store does not tell. */
export async function isUntouched({ store }: LakeTable, listed: ListedProjection): Promise<boolean> {
  return isAsListed(store, listed, await store.stat(listed.path).catch(() => undefined));
}

/**
 * The projection as it is to be listed from now on; undefined if its file is not the one that was written. One that was
 * changed at another time, as a copy of a lake has it, is read, and with `reading` any.
 */
export async function intact(
  table: LakeTable,
  listed: ListedProjection,
  reading: boolean,
): Promise<ListedProjection | undefined> {
  if (!reading && (await isUntouched(table, listed))) return listed;
  const { store } = table;
  const stat = await store.stat(listed.path);
  if (stat?.bytes !== listed.bytes || (await fileSha256(listed.path, store)) !== listed.sha256)
    return undefined;
  return { ...listed, modified: stat.modified };
}

/**
 * Writes the projection of the data file at `path` (inside the lake), with `stored`, of which `masks` are the kinds in that
 * file: beside, then renamed. Undefined, and nothing is left, if the data file is gone by then. Throws as the engine does,
 * and LakeError.
 */
export async function writeProjection(
  table: LakeTable,
  engine: Engine,
  path: string,
  stored: readonly StoredProperty[],
  masks: readonly number[],
  signal?: AbortSignal,
): Promise<ListedProjection | undefined> {
  const beside = join(await table.stagingDir(), `${randomUUID()}.parquet`);
  const target = derivedPath(PROMOTED, path, `${randomUUID().slice(0, 8)}.parquet`);
  const { store } = table;
  try {
    const sql = projectionSql(table.filePath(path), stored);
    const copy = `COPY (${sql}) TO ${literal(beside)} (FORMAT parquet, COMPRESSION zstd)`;
    await engine.run(copy, undefined, { signal });
    const [numbers] = (await engine.query(numbersSql(beside, stored))).rows();
    await store.disk.sync(beside);
    const sha256 = await fileSha256(beside, store.disk);
    await store.place([{ from: beside, to: target }]);
    const stat = await store.stat(target);
    // A forget deletes what was made from a file, then the file, then what was made meanwhile: so nothing stays of it.
    if (!stat || !(await store.stat(path))) {
      await store.remove(target);
      return undefined;
    }
    const properties = stored.map((each, i) => ({
      ...{ column: each.column, path: each.path, type: each.type },
      ...{ kinds: masks[i]!, also: numbers![i] as NumberType[] },
    }));
    return { path: target, ...stat, sha256, properties };
  } catch (error) {
    await store.disk.remove(beside).catch(() => undefined);
    throw isAmpframeError(error) ? error : lakeFailure(`writing ${target} in the lake ${table.dir}`, error);
  }
}
