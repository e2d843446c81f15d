import type { ColumnType } from "../engine/column-type.js";
import { errorCode } from "./files.js";
import { acquireLock } from "./lock.js";
import { OURS, PROMOTED, PROMOTED_LIST, PROMOTED_LOCK } from "./paths.js";
import { sha256 } from "./sha256.js";
import type { FileStat, LakeStore } from "./store/lake-store.js";

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
 * True if a projection's file has the size, and on a disk was changed at the time, that it had when it was listed: objects
 * are never written twice under their names, and their times are the store's own.
 */
export function isAsListed(
  { folder }: LakeStore,
  { bytes, modified }: ListedProjection,
  stat: FileStat | undefined,
): boolean {
  return stat?.bytes === bytes && (folder === undefined || stat.modified === modified);
}

/**
 * Replaces the list `before`, which `readPromoted` gave, or with undefined by one of nothing. False, and nothing is changed, if
 * another run has changed it since. `beside` is a free path on this machine. Fails as the store does.
 */
export async function replacePromoted(
  store: LakeStore,
  before: PromotedList | undefined,
  list: PromotedList | undefined,
  beside: string,
): Promise<boolean> {
  const expected = JSON.stringify(before);
  const isStill = (found: Buffer | undefined) => JSON.stringify(listIn(found)) === expected;
  if (store.putIfStill) return store.putIfStill(PROMOTED_LIST, isStill, textOf(list ?? NOTHING));
  const lock = { path: PROMOTED_LOCK, patienceMs: PATIENCE_MS };
  const unlock = await acquireLock(store.location, store.disk, Date.now, lock);
  try {
    if (!isStill(await bytesOf(store))) return false;
    if (list === undefined) {
      await store.remove(PROMOTED_LIST);
      await store.sync(OURS);
    } else await store.put(PROMOTED_LIST, textOf(list), beside);
    return true;
  } finally {
    await unlock();
  }
}

/** An object cannot be removed on the condition that it is still the same. */
const NOTHING: PromotedList = { formatVersion: 1, properties: [], files: {}, replaced: [] };

/** The list of a lake; undefined if there is none, or not the one that was written. */
export async function readPromoted(store: LakeStore): Promise<PromotedList | undefined> {
  return listIn(await bytesOf(store));
}

async function bytesOf(store: LakeStore): Promise<Buffer | undefined> {
  try {
    return await store.read(PROMOTED_LIST);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function textOf(list: PromotedList): string {
  return `${JSON.stringify({ sha256: sha256(JSON.stringify(list)), ...list })}\n`;
}

function listIn(bytes: Buffer | undefined): PromotedList | undefined {
  if (bytes === undefined) return undefined;
  try {
    const { sha256: expected, ...list }: PromotedList & { readonly sha256?: unknown } =
      JSON.parse(bytes.toString("utf8")) ?? {};
    return list.formatVersion === 1 && sha256(JSON.stringify(list)) === expected ? list : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Changes whenever the list does, or the projections are deleted together; undefined if there is no list. */
export async function promotedStamp(store: LakeStore): Promise<string | undefined> {
  const stat = await store.stat(PROMOTED_LIST);
  if (stat === undefined) return undefined;
  // A bucket has no folders.
  const isThere = store.folder === undefined || (await store.stat(PROMOTED)) !== undefined;
  return `${stat.modified} ${stat.bytes} ${isThere}`;
}
