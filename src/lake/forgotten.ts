import { randomBytes } from "node:crypto";
import { LakeError } from "../errors/index.js";
import { FORGOTTEN } from "./paths.js";
import { sha256 } from "./sha256.js";
import type { LakeStore } from "./store/lake-store.js";

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
 * Whom a lake has forgotten; `known` itself if nobody was added since. Where nobody ever was, that costs
 * the listing of one folder. Throws LakeError if a tombstone is damaged: its person would come back.
 */
export async function readTombstones(store: LakeStore, known = NOBODY): Promise<Tombstones> {
  const names = (await store.list(FORGOTTEN)).filter((name) => NAME.test(name)).sort();
  if (names.join() === known.names.join()) return known;
  const salt = (await store.read(`${FORGOTTEN}/${SALT}`).catch(() => "")).toString();
  if (!HASH.test(salt)) throw damaged(store, SALT, "64 hex digits were expected");
  const hashes = new Set<string>();
  for (const name of names) {
    const text = (await store.read(`${FORGOTTEN}/${name}`)).toString("utf8");
    if (nameOf(text) !== name) throw damaged(store, name, "its SHA-256 is not the one in its name");
    const { forgotten }: { forgotten: readonly { readonly sha256: string }[] } = JSON.parse(text);
    for (const { sha256 } of forgotten) hashes.add(sha256);
  }
  return { names, salt, hashes };
}

/** Notes, on the disk, that these ids are forgotten; the ids themselves are not written. `beside` gives free paths. */
export async function writeTombstones(
  store: LakeStore,
  ids: readonly PersonId[],
  beside: (name: string) => string,
): Promise<void> {
  await store.putNew(`${FORGOTTEN}/${SALT}`, randomBytes(32).toString("hex"), beside("salt"));
  const salt = (await store.read(`${FORGOTTEN}/${SALT}`)).toString();
  if (!HASH.test(salt)) throw damaged(store, SALT, "64 hex digits were expected");
  const forgotten = ids.map((id) => ({ field: id.field, sha256: tombstoneOf(salt, id) }));
  forgotten.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  const text = `${JSON.stringify({ formatVersion: 1, forgotten })}\n`;
  await store.putNew(`${FORGOTTEN}/${nameOf(text)}`, text, beside("forgotten.json"));
}

function nameOf(text: string): string {
  return `${sha256(text).slice(0, 32)}.json`;
}

function damaged(store: LakeStore, name: string, expected: string): LakeError {
  return new LakeError(
    `The tombstone ${store.nameOf(`${FORGOTTEN}/${name}`)} is missing or damaged: ${expected}.`,
    "Restore the folder _ampframe/forgotten from a backup; without it, whom you have forgotten would come back.",
  );
}
