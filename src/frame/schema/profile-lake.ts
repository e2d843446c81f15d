import { randomUUID } from "node:crypto";
import type { Engine, QueryOptions } from "../../engine/engine.js";
import { filesWithin, type LakeBounds, type LakeFile } from "../../engine/lake-view.js";
import { identifier } from "../../engine/sql-text.js";
import type { LakeFiles, ProfileStore } from "../event-source.js";
import { PROPERTY_COLUMNS } from "../properties/find.js";
import { EMPTY_PROFILE, mergeProfiles, type Profile } from "./profile.js";
import { profileEvents } from "./profile-events.js";
import { type KeptProfile, parseProfile, profileText } from "./profile-json.js";
import { type CountedFile, countRows, partsOf, rowsOf } from "./profile-parts.js";
import { profileProperties } from "./profile-properties.js";
import { type EventGroups, groupsOf } from "./profile-sql.js";

/** Events that are profiled by one set of queries, which hold the different JSON texts of each column in memory. */
const EVENTS_AT_ONCE = 2 ** 21;

/** How far a profile is: events that are in it, of all. */
export interface SchemaProgress {
  readonly events: number;
  readonly of: number;
}

/** How a lake is profiled. */
export interface ProfileOptions extends QueryOptions {
  readonly onProgress?: ((progress: SchemaProgress) => void) | undefined;
}

/** Profiles the events of some files, and tells `progress` how many it has done. */
export type ProfileFiles = (files: readonly CountedFile[], progress: Progress) => Promise<Profile>;

/** The profile of the events of `files`; else as `profileEach`. */
export async function profileLake(
  engine: Engine,
  { files }: LakeFiles,
  store: ProfileStore | undefined,
  options: ProfileOptions,
): Promise<Profile> {
  const counted = await countRows(engine, files, options);
  const profile: ProfileFiles = (some, progress) => profileOf(engine, some, {}, progress, options);
  return profileEach(engine, counted, store, profile, options);
}

/**
 * The profile of the events of `counted`, which `profileFiles` profiles where there is no other way: what `store` keeps is used
 * where its files are all still there, and kept anew: a profile for each upload month. `engine` is the one whose hashes are in them.
 */
export async function profileEach(
  engine: Engine,
  counted: readonly CountedFile[],
  store: ProfileStore | undefined,
  profileFiles: ProfileFiles,
  options: ProfileOptions,
): Promise<Profile> {
  const version = await versionOf(engine, options);
  const progress = progressOf(counted, options);
  let all = EMPTY_PROFILE;
  for (const [month, live] of byMonth(counted)) {
    const kept = await usable(store, month, live, version);
    const known = new Set(kept?.files);
    const rest = [...live].filter(([path]) => !known.has(path)).map(([, file]) => file);
    progress(rowsOf([...live.values()]) - rowsOf(rest));
    const profile = mergeProfiles(
      kept?.profile ?? EMPTY_PROFILE,
      rest.length > 0 ? await profileFiles(rest, progress) : EMPTY_PROFILE,
    );
    if (rest.length > 0)
      await store?.write(month, profileText({ files: [...live.keys()], profile }, version), [...live.keys()]);
    all = mergeProfiles(all, profile);
  }
  return all;
}

/** The profiles that are kept of `files`, together of all their events; undefined if a file is in none. */
export async function keptProfiles(
  engine: Engine,
  files: readonly LakeFile[],
  store: ProfileStore,
  options: QueryOptions,
): Promise<Profile[] | undefined> {
  const profiles: Profile[] = [];
  let version: string | undefined;
  for (const [month, live] of byMonth(files)) {
    version ??= await versionOf(engine, options);
    const kept = await usable(store, month, live, version);
    if (kept === undefined || new Set(kept.files).size !== live.size) return undefined;
    profiles.push(kept.profile);
  }
  return profiles;
}

async function versionOf(engine: Engine, options: QueryOptions): Promise<string> {
  return String((await engine.query("SELECT version()", undefined, options)).rows()[0]?.[0]);
}

/** The profile of the events of `files` within `bounds`, which is not kept. */
export async function profileWithin(
  engine: Engine,
  { files }: LakeFiles,
  bounds: LakeBounds,
  options: ProfileOptions,
): Promise<Profile> {
  const counted = await countRows(engine, filesWithin(files, bounds), options);
  return profileOf(engine, counted, bounds, progressOf(counted, options), options);
}

/** Told how many events more are done. */
export type Progress = (events: number) => void;

function progressOf(files: readonly CountedFile[], { onProgress }: ProfileOptions): Progress {
  const of = rowsOf(files);
  let done = 0;
  return (events) => {
    done += events;
    onProgress?.({ events: Math.round(done), of });
  };
}

async function profileOf(
  engine: Engine,
  files: readonly CountedFile[],
  bounds: LakeBounds,
  progress: Progress,
  options: QueryOptions,
): Promise<Profile> {
  const parts = partsOf(files, EVENTS_AT_ONCE, bounds).map(({ sql, events }) => ({
    groups: groupsOf(sql, engine.dialect),
    events,
  }));
  return profileParts(engine, parts, progress, options);
}

/** Groups of events that are profiled together, and how many events they are. */
export interface GroupedPart {
  readonly groups: EventGroups;
  readonly events: number;
}

/** The profile of all `parts`, which are looked at one after the other. */
export async function profileParts(
  engine: Engine,
  parts: readonly GroupedPart[],
  progress: Progress,
  options: QueryOptions,
): Promise<Profile> {
  let profile = EMPTY_PROFILE;
  const database = identifier(`profile ${randomUUID()}`);
  await engine.run(`ATTACH ':memory:' AS ${database}`);
  try {
    for (const part of parts) {
      profile = mergeProfiles(profile, await profilePart(engine, part, database, progress, options));
    }
  } finally {
    await engine.run(`DETACH ${database}`);
  }
  return profile;
}

/** All queries run beside each other, since those on few different objects would keep one core busy. */
async function profilePart(
  engine: Engine,
  { groups, events }: GroupedPart,
  database: string,
  progress: Progress,
  options: QueryOptions,
): Promise<Profile> {
  const found = [
    ...PROPERTY_COLUMNS.map((column) =>
      profileProperties(engine, groups, column, `${database}.${identifier(column)}`, options),
    ),
    profileEvents(engine, groups, options),
  ];
  for (const each of found) {
    each.then(
      () => progress(events / found.length),
      () => {},
    );
  }
  await Promise.allSettled(found);
  return (await Promise.all(found)).reduce(mergeProfiles);
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
function byMonth<F extends LakeFile>(files: readonly F[]): Map<string, Map<string, F>> {
  const months = new Map<string, Map<string, F>>();
  for (const file of files) {
    const path = file.path.split(/[/\\]/).slice(-3).join("/");
    const month = /\/upload_date=(\d{4}-\d{2})/.exec(path)?.[1] ?? "other";
    const own = months.get(month) ?? new Map<string, F>();
    months.set(month, own.set(path, file));
  }
  return new Map([...months].sort(([a], [b]) => (a < b ? -1 : 1)));
}
