import { randomBytes } from "node:crypto";
import { LakeError } from "../errors/index.js";
import { ensureFolder } from "./ensure-folder.js";
import { errorCode, type LakeFiles } from "./files.js";
import { FORGOTTEN, inLake } from "./paths.js";
import { sha256 } from "./sha256.js";

/** The fields by which a person is known. */
export const ID_FIELDS = ["user_id", "device_id", "amplitude_id"] as const;
export type IdField = (typeof ID_FIELDS)[number];

/** An id of a person who is to be forgotten. */
export interface PersonId {
  readonly field: IdField;
  /** As text: an amplitude_id in decimal digits. */
  readonly value: string;
}

/** Whom the lake has forgotten, by salted hashes of their ids. */
export interface Tombstones {
  /** Names of the files that say so, sorted. */
  readonly names: readonly string[];
  readonly salt: string;
  /** Those of `tombstoneOf`. */
  readonly hashes: ReadonlySet<string>;
}

export const NOBODY: Tombstones = { names: [], salt: "", hashes: new Set() };

const SALT = "salt";
const NAME = /^[0-9a-f]{32}\.json$/;
const HASH = /^[0-9a-f]{64}$/;

/** SHA-256 of the lake's salt, the field, a colon and the value, 64 hex digits. */
export function tombstoneOf(salt: string, { field, value }: PersonId): string {
  return sha256(`${salt}${field}:${value}`);
}

/**
 * Whom the lake at `dir` has forgotten; `known` itself if nobody was added since. Where nobody ever was, that costs
 * the listing of one folder. Throws LakeError if a tombstone is damaged: its person would come back.
 */
export async function readTombstones(dir: string, files: LakeFiles, known = NOBODY): Promise<Tombstones> {
  const names = (await files.list(inLake(dir, FORGOTTEN))).filter((name) => NAME.test(name)).sort();
  if (names.join() === known.names.join()) return known;
  const salt = (await files.read(inLake(dir, `${FORGOTTEN}/${SALT}`)).catch(() => "")).toString();
  if (!HASH.test(salt)) throw damaged(dir, SALT, "64 hex digits were expected");
  const hashes = new Set<string>();
  for (const name of names) {
    const text = (await files.read(inLake(dir, `${FORGOTTEN}/${name}`))).toString("utf8");
    if (nameOf(text) !== name) throw damaged(dir, name, "its SHA-256 is not the one in its name");
    const { forgotten }: { forgotten: readonly { readonly sha256: string }[] } = JSON.parse(text);
    for (const { sha256 } of forgotten) hashes.add(sha256);
  }
  return { names, salt, hashes };
}

/** Notes, on the disk, that these ids are forgotten; the ids themselves are not written. `beside` gives free paths. */
export async function writeTombstones(
  dir: string,
  ids: readonly PersonId[],
  files: LakeFiles,
  beside: (name: string) => string,
): Promise<void> {
  const folder = await ensureFolder(dir, FORGOTTEN, files);
  await linkNew(beside("salt"), randomBytes(32).toString("hex"), inLake(dir, `${FORGOTTEN}/${SALT}`), files);
  const salt = (await files.read(inLake(dir, `${FORGOTTEN}/${SALT}`))).toString();
  if (!HASH.test(salt)) throw damaged(dir, SALT, "64 hex digits were expected");
  const forgotten = ids.map((id) => ({ field: id.field, sha256: tombstoneOf(salt, id) }));
  forgotten.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  const text = `${JSON.stringify({ formatVersion: 1, forgotten })}\n`;
  await linkNew(beside("forgotten.json"), text, inLake(dir, `${FORGOTTEN}/${nameOf(text)}`), files);
  await files.syncFolder(folder);
}

/** Writes a file whole, unless there is one of that name. */
async function linkNew(temporary: string, text: string, path: string, files: LakeFiles): Promise<void> {
  try {
    await files.write(temporary, text);
    await files.link(temporary, path);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  } finally {
    await files.remove(temporary).catch(() => undefined);
  }
}

function nameOf(text: string): string {
  return `${sha256(text).slice(0, 32)}.json`;
}

function damaged(dir: string, name: string, expected: string): LakeError {
  return new LakeError(
    `The tombstone ${inLake(dir, `${FORGOTTEN}/${name}`)} is missing or damaged: ${expected}.`,
    "Restore the folder _ampframe/forgotten from a backup; without it, whom you have forgotten would come back.",
  );
}
