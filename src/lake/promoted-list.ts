import { randomUUID } from "node:crypto";
import type { ColumnType } from "../engine/column-type.js";
import { ensureFolder } from "./ensure-folder.js";
import { errorCode, type LakeFiles } from "./files.js";
import { inLake, OURS, PROMOTED_LIST } from "./paths.js";

/** A property by the column of JSON that it lies in and the keys that lead to it. */
export interface ListedProperty {
  readonly column: string;
  readonly path: readonly string[];
}

/** The projection of a data file: a Parquet file with some of its columns and the promoted properties as columns. */
export interface ListedProjection {
  /** Inside the lake. */
  readonly path: string;
  readonly bytes: number;
  /** In the order of the file's columns, each with its type and the kinds of values that occur, as bits. */
  readonly properties: readonly (ListedProperty & {
    readonly type: ColumnType;
    readonly kinds: number;
    readonly also?: readonly string[] | undefined;
  })[];
}

/** The promoted properties of a lake and their projections: the content of `_ampframe/promoted.json`. */
export interface PromotedList {
  readonly formatVersion: 1;
  readonly properties: readonly ListedProperty[];
  /** By the data files' paths inside the lake. One may be gone, or its data file. */
  readonly files: Readonly<Record<string, ListedProjection>>;
  /** Projections that are no longer in `files`, and since when (milliseconds since 1970); readers may still use them. */
  readonly replaced: readonly { readonly path: string; readonly at: number }[];
}

/** Replaces the list, or removes it with undefined. It is written beside and renamed. Fails as the disk does. */
export async function writePromoted(
  dir: string,
  list: PromotedList | undefined,
  files: LakeFiles,
): Promise<void> {
  const path = inLake(dir, PROMOTED_LIST);
  if (list === undefined) return files.remove(path);
  await ensureFolder(dir, OURS, files);
  const beside = `${path}.${randomUUID()}`;
  try {
    await files.write(beside, `${JSON.stringify(list)}\n`);
    await files.rename(beside, path);
    await files.syncFolder(inLake(dir, OURS));
  } catch (error) {
    await files.remove(beside).catch(() => undefined);
    throw error;
  }
}

/** The list of the lake at `dir`; undefined if there is none, or none that can be read. */
export async function readPromoted(dir: string, files: LakeFiles): Promise<PromotedList | undefined> {
  try {
    const list: PromotedList | null = JSON.parse(
      (await files.read(inLake(dir, PROMOTED_LIST))).toString("utf8"),
    );
    return list?.formatVersion === 1 && Array.isArray(list.properties) && list.files ? list : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Changes whenever the list does; undefined if there is none. */
export async function promotedStamp(dir: string, files: LakeFiles): Promise<string | undefined> {
  const stat = await files.stat(inLake(dir, PROMOTED_LIST));
  return stat && `${stat.modified} ${stat.bytes}`;
}
