import type { ColumnType } from "../engine/column-type.js";
import { errorCode, type LakeFiles } from "./files.js";
import { acquireLock } from "./lock.js";
import { inLake, OURS, PROMOTED, PROMOTED_LIST, PROMOTED_LOCK } from "./paths.js";
import { sha256 } from "./sha256.js";

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
  /** When it was changed last, in milliseconds since 1970: another time means that somebody else wrote to it. */
  readonly modified: number;
  readonly sha256: string;
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

/** A run that has the list's lock has it for some milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Replaces the list `before`, which `readPromoted` gave, or with undefined removes it. False, and nothing is changed, if
 * another run has changed it since. It is written at `beside`, a free path on the lake's disk, and renamed. Fails as the
 * disk does.
 */
export async function replacePromoted(
  dir: string,
  before: PromotedList | undefined,
  list: PromotedList | undefined,
  beside: string,
  files: LakeFiles,
): Promise<boolean> {
  const path = inLake(dir, PROMOTED_LIST);
  const lock = { path: PROMOTED_LOCK, patienceMs: PATIENCE_MS };
  const unlock = await acquireLock(dir, files, Date.now, lock);
  try {
    if (JSON.stringify(await readPromoted(dir, files)) !== JSON.stringify(before)) return false;
    if (list === undefined) await files.remove(path);
    else {
      await files.write(beside, `${JSON.stringify({ sha256: sha256(JSON.stringify(list)), ...list })}\n`);
      await files.rename(beside, path);
    }
    await files.syncFolder(inLake(dir, OURS));
    return true;
  } finally {
    await unlock();
  }
}

/** The list of the lake at `dir`; undefined if there is none, or not the one that was written. */
export async function readPromoted(dir: string, files: LakeFiles): Promise<PromotedList | undefined> {
  try {
    const text = (await files.read(inLake(dir, PROMOTED_LIST))).toString("utf8");
    const { sha256: expected, ...list }: PromotedList & { readonly sha256?: unknown } =
      JSON.parse(text) ?? {};
    return list.formatVersion === 1 && sha256(JSON.stringify(list)) === expected ? list : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Changes whenever the list does, or the projections are deleted together; undefined if there is no list. */
export async function promotedStamp(dir: string, files: LakeFiles): Promise<string | undefined> {
  const stat = await files.stat(inLake(dir, PROMOTED_LIST));
  const folder = await files.stat(inLake(dir, PROMOTED));
  return stat && `${stat.modified} ${stat.bytes} ${folder !== undefined}`;
}
