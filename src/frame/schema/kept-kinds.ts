import type { Engine, QueryOptions } from "../../engine/engine.js";
import type { LakeFiles, ProfileStore } from "../event-source.js";
import type { FoundProperty } from "../properties/find.js";
import { addKinds, KINDS, type KindCounts } from "../properties/kinds.js";
import { EVENT_PROPERTIES, type Property } from "../properties/property.js";
import type { Selection } from "../selection.js";
import type { Profile, PropertyProfile } from "./profile.js";
import { propertyKey } from "./profile.js";
import { keptProfiles } from "./profile-lake.js";

/**
 * As `findProperties` in the events of `selection`, by the kept profiles alone; undefined where these do not tell it: they
 * are not of all `files`, the selection is of more than event types, a property lies in an object, or keys were left out.
 */
export async function findKept(
  engine: Engine,
  { files }: LakeFiles,
  store: ProfileStore | undefined,
  selection: Selection,
  properties: readonly Property[],
  options: QueryOptions,
): Promise<FoundProperty[] | undefined> {
  const { types, everyEvent } = selection;
  if (store === undefined || (types === undefined && !everyEvent)) return undefined;
  if (!properties.every((property) => isTold(property, everyEvent))) return undefined;
  const profiles = await keptProfiles(engine, files, store, options);
  if (profiles === undefined) return undefined;
  const chosen = types === undefined ? undefined : new Set(types);
  const isChosen = (name: string | null) => name === null || (chosen?.has(name) ?? true);
  if (profiles.some(({ events }) => events.some(({ name, omitted }) => isChosen(name) && omitted > 0)))
    return undefined;
  const wanted = new Map(properties.map((property) => [keyOf(property), { kinds: {}, items: {} } as Kinds]));
  for (const profile of profiles.flatMap((each: Profile) => each.properties)) {
    const held = isChosen(profile.event) ? wanted.get(keyOf(profile)) : undefined;
    if (!held) continue;
    held.kinds = addKinds(held.kinds, countsOf(profile));
    held.items = addKinds(held.items, profile.items);
  }
  return properties.flatMap((property) => {
    const { kinds, items } = wanted.get(keyOf(property))!;
    return Object.keys(kinds).length > 0 ? [{ ...property, kinds, items }] : [];
  });
}

interface Kinds {
  kinds: KindCounts;
  items: KindCounts;
}

/**
 * True if profiles of all values are kept of such a property. Those of users are not by event type, and a key of digits
 * may also be a place in a list.
 */
function isTold({ column, path }: Property, everyEvent: boolean): boolean {
  if (path.length !== 1 || column === "group_properties" || /^[0-9]+$/.test(path[0] ?? "")) return false;
  return column === EVENT_PROPERTIES || everyEvent;
}

function keyOf({ column, path }: Property): string {
  return propertyKey({ event: null, column, path });
}

function countsOf({ kinds }: PropertyProfile): KindCounts {
  return Object.fromEntries(KINDS.flatMap((kind) => (kinds[kind] ? [[kind, kinds[kind].count]] : [])));
}
