import type { Value } from "../../engine/column-type.js";
import type { Engine, QueryOptions } from "../../engine/engine.js";
import { jsonPathOf } from "../../engine/sql-text.js";
import type { JsonColumn } from "../event-row.js";
import { addKinds, type KindCounts, type PropertyKind } from "../properties/kinds.js";
import {
  type EventProfile,
  type KindProfile,
  mergeKinds,
  noEvents,
  type Profile,
  type PropertyProfile,
  propertyKey,
} from "./profile.js";
import {
  differentObjects,
  differentObjectsSql,
  type EventGroups,
  innerValues,
  itemsSql,
  keysSql,
  MOST_KEYS,
  type Objects,
  type Wide,
  wideSql,
} from "./profile-sql.js";
import {
  BUCKETS,
  type CountedValue,
  emptyBuckets,
  mergeSketches,
  NO_VALUES,
  note,
  type Sketch,
  sketchOf,
} from "./sketch.js";

/** Objects in objects are looked into so deep, and so many of a column at each depth; others are JSON. */
const DEEPEST = 8;
const MOST_OBJECTS = 200;

/**
 * Profiles the properties of the events in `column`. Of event types it says no more than how many properties were left out.
 * `table`, as SQL has it, is made anew on the way.
 */
export async function profileProperties(
  engine: Engine,
  groups: EventGroups,
  column: JsonColumn,
  table: string,
  options: QueryOptions,
): Promise<Profile> {
  const ask = async (query: string) => (await engine.query(query, undefined, options)).rows();
  const found = new ColumnProfile(column);
  await engine.run(differentObjectsSql(table, groups, column), undefined, options);
  await found.read(ask, differentObjects(table, column));
  const events = [...found.omittedAtTop].flatMap(([name, omitted]): EventProfile[] =>
    name === null ? [] : [{ ...noEvents(name), omitted }],
  );
  return { uploaded: null, events, properties: found.profiles() };
}

type Ask = (sql: string) => Promise<Value[][]>;

interface Gathered {
  readonly event: string | null;
  readonly path: readonly string[];
  readonly kinds: Map<PropertyKind, GatheredKind>;
  items: KindCounts;
  omitted: number;
}

interface GatheredKind {
  profile: KindProfile;
  readonly values: CountedValue[];
}

class ColumnProfile {
  /** Keys of the column's own objects that were left out, by event type. */
  readonly omittedAtTop = new Map<string | null, number>();
  readonly #column: JsonColumn;
  readonly #properties = new Map<string, Gathered>();

  constructor(column: JsonColumn) {
    this.#column = column;
  }

  async read(ask: Ask, top: Objects): Promise<void> {
    let parents: readonly (readonly string[])[] = [[]];
    for (let depth = 1; parents.length > 0; depth++) {
      const objects =
        depth === 1
          ? top
          : innerValues(
              top,
              parents.map((path) => jsonPathOf(path)),
              "OBJECT",
            );
      await this.#readKeys(ask, objects, parents);
      parents = depth < DEEPEST ? this.#pathsWith("object", depth).slice(0, MOST_OBJECTS) : [];
    }
    const lists = this.#pathsWith("list");
    for (let i = 0; i < lists.length; i += MOST_OBJECTS) {
      const some = lists.slice(i, i + MOST_OBJECTS);
      const values = innerValues(
        top,
        some.map((path) => jsonPathOf(path)),
        "ARRAY",
      );
      for (const [event, parent, kind, count] of await ask(itemsSql(values))) {
        const property = this.#property(event as string | null, some[Number(parent)]!);
        property.items = addKinds(property.items, { [kind as PropertyKind]: Number(count) });
      }
    }
  }

  profiles(): PropertyProfile[] {
    return [...this.#properties.values()].map(({ event, path, kinds, items, omitted }) => {
      const each = [...kinds].map(([kind, { profile, values }]): [PropertyKind, KindProfile] => {
        const exact = values.length > 0 ? sketchOf(values) : NO_VALUES;
        return [kind, { ...profile, values: mergeSketches(profile.values, exact) }];
      });
      return { event, column: this.#column, path, kinds: Object.fromEntries(each), items, omitted };
    });
  }

  async #readKeys(ask: Ask, objects: Objects, parents: readonly (readonly string[])[]): Promise<void> {
    const wide = (await ask(wideSql(objects))).map(
      ([e, p, key]): Wide => [e as string | null, Number(p), key as string],
    );
    for (const row of await ask(keysSql(objects, wide))) {
      const [e, p, key, kind, id, isWide, count, first, last, min, max, text, keys] = row;
      const parent = parents[Number(p)]!;
      const property = this.#property(e as string | null, [...parent, key as string]);
      const value = { id: id as number, count: Number(count), text: (text as string | null) ?? "" };
      addTo(property, kind as PropertyKind, {
        profile: {
          ...{ count: value.count, first: Number(first), last: Number(last) },
          ...{ min: min as number | null, max: max as number | null },
          values: isWide && text !== null ? bucketOf(value) : NO_VALUES,
        },
        values: isWide || text === null ? [] : [value],
      });
      this.#omit(e as string | null, parent, Number(keys) - MOST_KEYS);
    }
  }

  #omit(event: string | null, parent: readonly string[], omitted: number): void {
    if (omitted <= 0) return;
    if (parent.length === 0) this.omittedAtTop.set(event, omitted);
    else this.#property(event, parent).omitted = omitted;
  }

  #property(event: string | null, path: readonly string[]): Gathered {
    const key = propertyKey({ event, column: this.#column, path });
    let property = this.#properties.get(key);
    if (!property) {
      property = { event, path, kinds: new Map(), items: {}, omitted: 0 };
      this.#properties.set(key, property);
    }
    return property;
  }

  /** Paths of so many keys (of any number) where values of `kind` lie. */
  #pathsWith(kind: PropertyKind, depth?: number): (readonly string[])[] {
    const paths = new Map<string, readonly string[]>();
    for (const { path, kinds } of this.#properties.values()) {
      if (kinds.has(kind) && (depth === undefined || path.length === depth))
        paths.set(JSON.stringify(path), path);
    }
    return [...paths.values()];
  }
}

function bucketOf({ id, text }: CountedValue): Sketch {
  const least = emptyBuckets(BUCKETS);
  note(least, id % BUCKETS, Math.floor(id / BUCKETS));
  return { kind: "estimate", least, examples: [text] };
}

function addTo({ kinds }: Gathered, kind: PropertyKind, more: GatheredKind): void {
  const known = kinds.get(kind);
  if (!known) {
    kinds.set(kind, more);
    return;
  }
  known.profile = mergeKinds(known.profile, more.profile);
  known.values.push(...more.values);
}
