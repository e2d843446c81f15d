import type { Engine, Params, QueryOptions } from "../../engine/engine.js";
import { identifier } from "../../engine/sql-text.js";
import type { JsonColumn } from "../event-row.js";
import { extract, extractionsOf, objectsOf } from "./extract.js";
import { type KindCounts, kindSql, type PropertyKind } from "./kinds.js";
import type { Property } from "./property.js";

/** Events in which properties are looked for: a SELECT that gives the JSON columns, and its parameters. */
export interface Events {
  readonly engine: Engine;
  readonly sql: string;
  readonly params?: Params | undefined;
  /** Finds properties in some quicker way than `findProperties` does; the kinds must be the same, if not their numbers. */
  readonly find?:
    | ((properties: readonly Property[], options: QueryOptions) => Promise<FoundProperty[]>)
    | undefined;
}

/** A property as it was found: how many values it has of each kind, and what is in its lists. */
export interface FoundProperty extends Property {
  readonly kinds: KindCounts;
  readonly items: KindCounts;
}

interface Counted {
  kinds: KindCounts;
  items: KindCounts;
}

/** Those of `properties` that occur, in the same order. Reads the JSON of all `events` once, or twice for lists. */
export async function findProperties(
  events: Events,
  properties: readonly Property[],
  options: QueryOptions = {},
): Promise<FoundProperty[]> {
  if (properties.length === 0) return [];
  const extractions = extractionsOf(properties);
  const lists = (fn: string) => extractions.map((each) => extract(fn, each)).join(" || ");
  const order = extractions.flatMap((each) => each.properties);
  const counted = new Map(order.map((property): [Property, Counted] => [property, { kinds: {}, items: {} }]));
  const values = `SELECT unnest(range(${order.length})) AS i, unnest(types) AS type, unnest(texts) AS text
    FROM (SELECT ${lists("json_type")} AS types, ${lists("json_extract_string")} AS texts FROM (${events.sql}\n))`;
  const kinds = `SELECT i, ${kindSql("type", "text")} AS kind, count(*) FROM (${values})
    WHERE type IS NOT NULL GROUP BY ALL`;
  await eachCount(events, kinds, options, (i, kind, count) => {
    counted.get(order[i]!)!.kinds[kind] = count;
  });
  const listed = order.flatMap((property, i) => (counted.get(property)!.kinds.list ? [i] : []));
  if (listed.length > 0) {
    const elements = `SELECT i, unnest(json_extract(text, '$[*]')) AS item FROM (${values})
      WHERE type = 'ARRAY' AND i IN (${listed.join(", ")})`;
    const items = `SELECT i, ${kindSql("json_type(item)", "(item ->> '$')")} AS kind, count(*) FROM (${elements}) GROUP BY ALL`;
    await eachCount(events, items, options, (i, kind, count) => {
      counted.get(order[i]!)!.items[kind] = count;
    });
  }
  return properties.flatMap((property) => {
    const found = counted.get(property)!;
    return Object.keys(found.kinds).length > 0 ? [{ ...property, ...found }] : [];
  });
}

async function eachCount(
  { engine, params }: Events,
  sql: string,
  options: QueryOptions,
  take: (index: number, kind: PropertyKind, count: number) => void,
): Promise<void> {
  const result = await engine.query(sql, params, options);
  for (const [i, kind, count] of result.rows()) take(Number(i), kind as PropertyKind, Number(count));
}

/** Columns whose properties `properties: "all"` gives. */
export const PROPERTY_COLUMNS = [
  "event_properties",
  "user_properties",
  "group_properties",
  "global_user_properties",
] as const satisfies readonly JsonColumn[];

/**
 * Every property of `events`, at any depth, in the order of PROPERTY_COLUMNS and then of their names; an object's
 * own entry comes before those inside it. What is inside lists is no property of its own.
 */
export async function allProperties(events: Events, options: QueryOptions = {}): Promise<FoundProperty[]> {
  const properties: Property[] = [];
  for (const column of PROPERTY_COLUMNS) {
    const result = await events.engine.query(pathsSql(events.sql, column), events.params, options);
    for (const [path] of result.rows()) properties.push({ column, path: path as readonly string[] });
  }
  return findProperties(events, properties, options);
}

function pathsSql(events: string, column: JsonColumn): string {
  const different = `SELECT DISTINCT ${identifier(column)} AS json FROM (${events}\n) WHERE json_type(json) = 'OBJECT'`;
  const objects = `SELECT ${objectsOf(column, "json")} AS json FROM (${different})`;
  return `WITH RECURSIVE top AS (
      SELECT [j.key] AS path, j.value AS value, j.type AS type FROM (${objects}) AS o, json_each(o.json) AS j),
    inner_object AS (
      SELECT path, value FROM top WHERE top.type = 'OBJECT'
      UNION ALL
      SELECT list_append(o.path, j.key), j.value FROM inner_object AS o, json_each(o.value) AS j WHERE j.type = 'OBJECT')
    SELECT path FROM (SELECT DISTINCT path FROM top UNION
      SELECT DISTINCT list_append(o.path, j.key) FROM inner_object AS o, json_each(o.value) AS j)
    ORDER BY path`;
}
