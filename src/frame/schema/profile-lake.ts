import type { Engine, QueryOptions } from "../../engine/engine.js";
import { type LakeBounds, type LakeFile, lakeSelect } from "../../engine/lake-view.js";
import type { LakeFiles, ProfileStore } from "../event-source.js";
import { makeProfile } from "./make-profile.js";
import { EMPTY_PROFILE, mergeProfiles, type Profile } from "./profile.js";
import { type KeptProfile, parseProfile, profileText } from "./profile-json.js";

/** So many files are profiled by one set of queries, which tells how far it is after each. */
const FILES_AT_ONCE = 256;

/** How far a profile is: files of which the profile is there, of all. */
export interface SchemaProgress {
  readonly files: number;
  readonly of: number;
}

/** How a lake is profiled. */
export interface ProfileOptions extends QueryOptions {
  readonly onProgress?: ((progress: SchemaProgress) => void) | undefined;
}

/**
 * The profile of the events of `files`. What `store` keeps is used where its files are all still there, and kept anew: a
 * profile for each upload month.
 */
export async function profileLake(
  engine: Engine,
  { files }: LakeFiles,
  store: ProfileStore | undefined,
  options: ProfileOptions,
): Promise<Profile> {
  const version = String((await engine.query("SELECT version()")).rows()[0]?.[0]);
  const progress = progressOf(files.length, options);
  let all = EMPTY_PROFILE;
  for (const [month, live] of byMonth(files)) {
    const kept = await usable(store, month, live, version);
    const known = new Set(kept?.files);
    const rest = [...live].filter(([path]) => !known.has(path)).map(([, file]) => file);
    progress(live.size - rest.length);
    let profile = kept?.profile ?? EMPTY_PROFILE;
    for (let i = 0; i < rest.length; i += FILES_AT_ONCE) {
      const some = rest.slice(i, i + FILES_AT_ONCE);
      profile = mergeProfiles(profile, await makeProfile(engine, lakeSelect(some), options));
      progress(some.length);
    }
    if (rest.length > 0)
      await store?.write(month, profileText({ files: [...live.keys()], profile }, version), [...live.keys()]);
    all = mergeProfiles(all, profile);
  }
  return all;
}

/** The profile of the events of `files` within `bounds`, which is not kept. */
export async function profileWithin(
  engine: Engine,
  { files }: LakeFiles,
  bounds: LakeBounds,
  options: ProfileOptions,
): Promise<Profile> {
  const progress = progressOf(1, options);
  const profile = await makeProfile(engine, lakeSelect(files, bounds), options);
  progress(1);
  return profile;
}

function progressOf(of: number, { onProgress }: ProfileOptions): (more: number) => void {
  let files = 0;
  return (more) => {
    files += more;
    onProgress?.({ files, of });
  };
}

async function usable(
  store: ProfileStore | undefined,
  month: string,
  live: ReadonlyMap<string, LakeFile>,
  engine: string,
): Promise<KeptProfile | undefined> {
  const text = await store?.read(month);
  const kept = text === undefined ? undefined : parseProfile(text, engine);
  return kept?.files.every((path) => live.has(path)) ? kept : undefined;
}

/** The files by their upload month and their path inside the lake, which are the last parts of their whole path. */
function byMonth(files: readonly LakeFile[]): Map<string, Map<string, LakeFile>> {
  const months = new Map<string, Map<string, LakeFile>>();
  for (const file of files) {
    const path = file.path.split(/[/\\]/).slice(-3).join("/");
    const month = /\/upload_date=(\d{4}-\d{2})/.exec(path)?.[1] ?? "other";
    const own = months.get(month) ?? new Map<string, LakeFile>();
    months.set(month, own.set(path, file));
  }
  return new Map([...months].sort(([a], [b]) => (a < b ? -1 : 1)));
}
