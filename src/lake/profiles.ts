import { errorCode } from "./files.js";
import { PROFILES } from "./paths.js";
import type { LakeStore } from "./store/lake-store.js";

// Profiles are derived from data files and hold values of theirs: whatever removes a data file for good removes the
// profiles that name it. They may be deleted at any time; `schema` makes them anew.

const NAME = /^[\w-]+$/;

/** The profile kept under `name`, undefined if there is none or it cannot be read. */
export async function readProfile(store: LakeStore, name: string): Promise<string | undefined> {
  try {
    return (await store.read(profilePath(name))).toString("utf8");
  } catch {
    return undefined;
  }
}

/** Keeps a profile, in the place of one of that name. Fails as the store does. */
export function writeProfile(store: LakeStore, name: string, text: string): Promise<void> {
  return store.put(profilePath(name), text);
}

/**
 * Deletes every profile that is not of data files in `live` (paths inside the lake) alone, and what a killed run has
 * left beside. Fails as the store does.
 */
export async function removeStaleProfiles(
  store: LakeStore,
  live: { has(path: string): boolean },
): Promise<void> {
  let removed = 0;
  for (const name of await store.list(PROFILES)) {
    const path = `${PROFILES}/${name}`;
    if (name.endsWith(".json") && (await namedFiles(store, path))?.every((file) => live.has(file))) continue;
    await store.remove(path);
    removed += 1;
  }
  if (removed > 0) await store.sync(PROFILES);
}

async function namedFiles(store: LakeStore, path: string): Promise<readonly string[] | undefined> {
  try {
    const kept: { files?: unknown } | null = JSON.parse((await store.read(path)).toString("utf8"));
    const named = kept?.files;
    return Array.isArray(named) && named.every((file) => typeof file === "string") ? named : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function profilePath(name: string): string {
  if (!NAME.test(name)) throw new TypeError(`${name} is no name of a profile.`);
  return `${PROFILES}/${name}.json`;
}
