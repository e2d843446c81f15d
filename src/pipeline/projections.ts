import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
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
import { ensureFolder } from "../lake/ensure-folder.js";
import { lakeFailure } from "../lake/failure.js";
import { diskFiles } from "../lake/files.js";
import { PROMOTED } from "../lake/paths.js";
import type { ListedProjection, ListedProperty } from "../lake/promoted-list.js";
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

/**
 * True if the projection's file has the size, and was changed at the time, that it had when it was listed. Reads nothing;
 * false where the disk does not tell.
 */
export async function isUntouched(
  table: LakeTable,
  { path, bytes, modified }: ListedProjection,
): Promise<boolean> {
  const stat = await diskFiles.stat(table.filePath(path)).catch(() => undefined);
  return stat?.bytes === bytes && stat.modified === modified;
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
  const path = table.filePath(listed.path);
  const stat = await diskFiles.stat(path);
  if (stat?.bytes !== listed.bytes || (await fileSha256(path, diskFiles)) !== listed.sha256) return undefined;
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
  const targetPath = table.filePath(target);
  try {
    const sql = projectionSql(table.filePath(path), stored);
    const copy = `COPY (${sql}) TO ${literal(beside)} (FORMAT parquet, COMPRESSION zstd)`;
    await engine.run(copy, undefined, { signal });
    const [numbers] = (await engine.query(numbersSql(beside, stored))).rows();
    await diskFiles.sync(beside);
    const sha256 = await fileSha256(beside, diskFiles);
    await ensureFolder(table.dir, dirname(target), diskFiles);
    await diskFiles.rename(beside, targetPath);
    await diskFiles.syncFolder(dirname(targetPath));
    const stat = await diskFiles.stat(targetPath);
    // A forget deletes what was made from a file, then the file, then what was made meanwhile: so nothing stays of it.
    if (!stat || !(await diskFiles.stat(table.filePath(path)))) {
      await diskFiles.remove(targetPath);
      return undefined;
    }
    const properties = stored.map((each, i) => ({
      ...{ column: each.column, path: each.path, type: each.type },
      ...{ kinds: masks[i]!, also: numbers![i] as NumberType[] },
    }));
    return { path: target, ...stat, sha256, properties };
  } catch (error) {
    await diskFiles.remove(beside).catch(() => undefined);
    throw isAmpframeError(error) ? error : lakeFailure(`writing ${target} in the lake ${table.dir}`, error);
  }
}
