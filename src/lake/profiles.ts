import { randomUUID } from "node:crypto";
import { ensureFolder } from "./ensure-folder.js";
import { errorCode, type LakeFiles } from "./files.js";
import { inLake, PROFILES } from "./paths.js";

// Profiles are derived from data files and hold values of theirs: whatever removes a data file for good removes the
// profiles that name it. They may be deleted at any time; `schema` makes them anew.

const NAME = /^[\w-]+$/;

/** The profile kept under `name`, undefined if there is none or it cannot be read. */
export async function readProfile(dir: string, name: string, files: LakeFiles): Promise<string | undefined> {
  try {
    return (await files.read(profilePath(dir, name))).toString("utf8");
  } catch {
    return undefined;
  }
}

/** Keeps a profile, written beside and renamed. Fails as the disk does. */
export async function writeProfile(dir: string, name: string, text: string, files: LakeFiles): Promise<void> {
  await ensureFolder(dir, PROFILES, files);
  const path = profilePath(dir, name);
  const beside = `${path}.${randomUUID()}`;
  try {
    await files.write(beside, text);
    await files.rename(beside, path);
  } catch (error) {
    await files.remove(beside).catch(() => undefined);
    throw error;
  }
}

/**
 * Deletes every profile that is not of data files in `live` (paths inside the lake) alone, and what a killed run has
 * left beside. Fails as the disk does.
 */
export async function removeStaleProfiles(
  dir: string,
  live: { has(path: string): boolean },
  files: LakeFiles,
): Promise<void> {
  const folder = inLake(dir, PROFILES);
  const names = await files.list(folder);
  let removed = 0;
  for (const name of names) {
    const path = `${folder}/${name}`;
    if (name.endsWith(".json") && (await namedFiles(path, files))?.every((file) => live.has(file))) continue;
    await files.remove(path);
    removed += 1;
  }
  if (removed > 0) await files.syncFolder(folder);
}

async function namedFiles(path: string, files: LakeFiles): Promise<readonly string[] | undefined> {
  try {
    const kept: { files?: unknown } | null = JSON.parse((await files.read(path)).toString("utf8"));
    const named = kept?.files;
    return Array.isArray(named) && named.every((file) => typeof file === "string") ? named : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function profilePath(dir: string, name: string): string {
  if (!NAME.test(name)) throw new TypeError(`${name} is no name of a profile.`);
  return inLake(dir, `${PROFILES}/${name}.json`);
}
