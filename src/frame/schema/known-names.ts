import type { Engine, QueryOptions } from "../../engine/engine.js";
import type { LakeFiles, ProfileStore } from "../event-source.js";
import { type Property, propertyName } from "../properties/property.js";
import type { Profile } from "./profile.js";
import { keptProfiles } from "./profile-lake.js";

/** A property that occurs with a value: on events of one type, or, one of users or groups (`event` null), on any. */
export interface KnownProperty extends Property {
  readonly event: string | null;
}

/** The names that occur in a lake. */
export interface KnownNames {
  /** All event types. */
  readonly events: readonly string[];
  readonly properties: readonly KnownProperty[];
  /** Event types some of whose properties are not among these, because there are too many. */
  readonly cut: ReadonlySet<string>;
}

/** The names in the kept profiles of all `files`; undefined if a file is in none. Reads no event. */
export async function knownNames(
  engine: Engine,
  { files }: LakeFiles,
  store: ProfileStore | undefined,
  options: QueryOptions,
): Promise<KnownNames | undefined> {
  const profiles = store && (await keptProfiles(engine, files, store, options));
  return profiles && namesOf(profiles);
}

function namesOf(profiles: readonly Profile[]): KnownNames {
  const types = profiles.flatMap(({ events }) => events);
  const properties = new Map<string, KnownProperty>();
  for (const { event, column, path, kinds } of profiles.flatMap((profile) => profile.properties)) {
    if (Object.keys(kinds).every((kind) => kind === "null")) continue;
    properties.set(JSON.stringify([event, propertyName({ column, path })]), { event, column, path });
  }
  return {
    events: [...new Set(types.map(({ name }) => name))],
    properties: [...properties.values()],
    cut: new Set(types.flatMap(({ name, omitted }) => (omitted > 0 ? [name] : []))),
  };
}
