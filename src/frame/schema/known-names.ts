import type { Engine, QueryOptions } from "../../engine/engine.js";
import type { LakeFiles, ProfileStore } from "../event-source.js";
import { type Property, propertyName } from "../properties/property.js";
import type { Profile, PropertyProfile } from "./profile.js";
import { keptProfiles } from "./profile-lake.js";
import { LONGEST_TEXT } from "./profile-sql.js";

/** A property that occurs with a value: on events of one type, or, one of users or groups (`event` null), on any. */
export interface KnownProperty extends Property {
  readonly event: string | null;
  /** All its values as texts, where they are known and all of them are texts or booleans. */
  readonly values?: readonly string[] | undefined;
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
    const key = JSON.stringify([event, propertyName({ column, path })]);
    const before = properties.get(key);
    const own = valuesOf(kinds);
    const values = before === undefined ? own : before.values && own && [...before.values, ...own];
    properties.set(key, { event, column, path, values });
  }
  return {
    events: [...new Set(types.map(({ name }) => name))],
    properties: [...properties.values()],
    cut: new Set(types.flatMap(({ name, omitted }) => (omitted > 0 ? [name] : []))),
  };
}

function valuesOf(kinds: PropertyProfile["kinds"]): string[] | undefined {
  const { text, time, boolean, null: _, ...others } = kinds;
  if (Object.values(others).some((kind) => kind.count > 0)) return undefined;
  const texts: string[] = [];
  for (const kind of [text, time, boolean]) {
    if (kind === undefined) continue;
    if (kind.values.kind !== "exact") return undefined;
    texts.push(...kind.values.values.map((one) => one.text));
  }
  // Longer ones are kept cut.
  return texts.some((one) => one.length >= LONGEST_TEXT) ? undefined : texts;
}
