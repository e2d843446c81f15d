import { FIELDS } from "../event.js";
import { nearestName } from "../frame/nearest-name.js";
import { propertiesNamed, propertyName } from "../frame/properties/property.js";
import type { KnownNames, KnownProperty } from "../frame/schema/known-names.js";
import type { SelectedEvents } from "../frame/selected-events.js";
import { didYouMean, type UnknownName, unknownEvent } from "../frame/unknown-name.js";
import type { AnalysisInput } from "./analysis-input.js";
import { ColumnsUsed } from "./columns-used.js";
import { type AskedNames, type Named, namedIn } from "./named.js";
import { propertySql } from "./property-sql.js";

const COLUMNS: readonly string[] = FIELDS.map(({ name }) => name);
/** So many events of a lake without profiles tell what properties there are. */
const SAMPLE = 2_000;

/**
 * The names in `asked` that do not occur in the lake, whatever is selected. `looksEmpty`: a part of the result is zero or
 * nothing; else only those are looked for whose absence would not show so. Where the lake keeps profiles these tell, and no
 * event is read; else each name is looked for until it is found. Throws QueryError, CancelledError.
 */
export async function unknownNames(
  input: AnalysisInput,
  asked: AskedNames,
  looksEmpty: boolean,
): Promise<UnknownName[]> {
  const { selection, options, queryOptions } = input;
  const named = await namedIn(asked, options, selection);
  const wanted = looksEmpty ? named : named.filter(({ isUnseen }) => isUnseen);
  if (wanted.length === 0) return [];
  const known = await selection.names?.(queryOptions);
  const missing: Named[] = [];
  for (const one of wanted) {
    if (!((known && isKnown(one, known)) ?? (await occurs(one, input)))) missing.push(one);
  }
  if (missing.length === 0) return [];
  const unknownEvents = missing.filter(({ kind }) => kind === "event").map(({ name }) => name);
  const events = known?.events ?? (unknownEvents.length > 0 ? await eventTypes(input) : []);
  return Promise.all(
    missing.flatMap((one) => {
      if (one.kind === "event") return [Promise.resolve(unknownEvent(one.name, events))];
      // Of an event type that does not occur no property does.
      if (one.of?.length && one.of.every((name) => unknownEvents.includes(name))) return [];
      return [unknownProperty(one, known, input)];
    }),
  );
}

/** Whether it occurs; undefined if profiles do not tell. */
function isKnown({ kind, name, of }: Named, { events, properties, cut }: KnownNames): boolean | undefined {
  if (kind === "event") return events.includes(name);
  if (COLUMNS.includes(name)) return undefined;
  const places = propertiesNamed(name);
  const occurs = places.some((place) =>
    properties.some(
      (one) => isOf(one, of) && one.column === place.column && propertyName(one) === propertyName(place),
    ),
  );
  if (occurs) return true;
  const isTold = places.every(
    ({ column, path }) =>
      path.length === 1 && column !== "group_properties" && !/^[0-9]+$/.test(path[0] ?? ""),
  );
  const isWhole = ![...cut].some((event) => of?.includes(event) ?? true);
  return isTold && isWhole ? false : undefined;
}

function isOf({ event }: KnownProperty, of: readonly string[] | undefined): boolean {
  return event === null || of === undefined || of.includes(event);
}

async function occurs({ kind, name, of }: Named, { dialect, selection, queryOptions }: AnalysisInput) {
  const used = new ColumnsUsed();
  const type = dialect.identifier(used.add("event_type"));
  const among = (names: readonly string[]): string => `${type} IN (${names.map(dialect.literal).join(", ")})`;
  const conditions =
    kind === "event"
      ? [among([name])]
      : [...(of === undefined ? [] : [among(of)]), `${propertySql(name, dialect, used).text} IS NOT NULL`];
  const { engine, sql, params } = await selection.allEvents(used.names);
  const asked = `SELECT 1 FROM (${sql}) AS events WHERE ${conditions.join(" AND ")} LIMIT 1`;
  return (await engine.query(asked, params, queryOptions)).rows().length > 0;
}

async function eventTypes({ selection, queryOptions }: AnalysisInput): Promise<string[]> {
  const { engine, sql, params } = await selection.allEvents(["event_type"]);
  const asked = `SELECT DISTINCT event_type FROM (${sql}) AS events`;
  return (await engine.query(asked, params, queryOptions)).rows().map(([type]) => String(type));
}

async function unknownProperty(
  { name, of }: Named,
  known: KnownNames | undefined,
  input: AnalysisInput,
): Promise<UnknownName> {
  const properties = known?.properties ?? (await sampledProperties(input));
  const near = nearestProperty(name, of, properties);
  const [first] = of ?? [];
  const whose =
    first === undefined
      ? "No event has"
      : `No ${of?.map((one) => JSON.stringify(one)).join(" or ")} event has`;
  return {
    ...{ kind: "property", name, of: of ?? null, nearest: near },
    text: `${whose} a value of ${name}. ${hintOf(name, near, properties)}`,
  };
}

function hintOf(name: string, nearest: string | null, properties: readonly KnownProperty[]): string {
  const own = properties.filter((one) => shortName(one) === name && one.event !== null);
  const others = [...new Set(own.map(({ event }) => JSON.stringify(event)))];
  const shown = others.length > 3 ? [...others.slice(0, 3), `${others.length - 3} others`] : others;
  if (shown.length > 0) return `It is a property of ${shown.join(", ")}.`;
  return nearest === null ? "`ampframe schema` lists the properties." : didYouMean(nearest);
}

/** Of these events first, then of users and groups, columns, and other events. */
function nearestProperty(
  name: string,
  of: readonly string[] | undefined,
  properties: readonly KnownProperty[],
): string | null {
  const namesOf = (some: readonly KnownProperty[]): string[] => [...new Set(some.map(shortName))];
  const elsewhere = properties.find((one) => one.path.join(".") === name && shortName(one) !== name);
  if (elsewhere !== undefined) return shortName(elsewhere);
  if (COLUMNS.includes(name)) return null;
  const columns = COLUMNS.filter((column) => !name.startsWith(`${column}.`));
  const lists = [namesOf(properties.filter((one) => isOf(one, of))), columns, namesOf(properties)];
  const short = name.replace(/^event_properties\./, "");
  for (const names of lists) {
    const nearest = nearestName(short, names);
    if (nearest !== undefined && nearest !== name) return nearest;
  }
  return null;
}

/** As filters take it. */
function shortName(property: KnownProperty): string {
  const full = propertyName(property);
  const short = full.slice("event_properties.".length);
  return property.column === "event_properties" && !COLUMNS.includes(short) ? short : full;
}

/** The keys in some events. */
async function sampledProperties({ selection, queryOptions }: AnalysisInput): Promise<KnownProperty[]> {
  const columns = ["event_properties", "user_properties"] as const;
  const found = new Map<string, KnownProperty>();
  const { engine, sql, params } = await sampled(selection, columns);
  for (const [type, ...objects] of (await engine.query(sql, params, queryOptions)).rows()) {
    for (const [i, text] of objects.entries()) {
      const column = columns[i]!;
      const event = column === "event_properties" ? String(type) : null;
      for (const key of keysOf(text)) {
        found.set(JSON.stringify([event, column, key]), { event, column, path: [key] });
      }
    }
  }
  return [...found.values()];
}

async function sampled(
  selection: SelectedEvents,
  columns: readonly ("event_properties" | "user_properties")[],
) {
  const statement = await selection.allEvents(["event_type", ...columns]);
  const names = ["event_type", ...columns].join(", ");
  return { ...statement, sql: `SELECT ${names} FROM (${statement.sql}) AS events LIMIT ${SAMPLE}` };
}

/** Those with a value. */
function keysOf(text: unknown): string[] {
  const value: unknown = typeof text === "string" ? JSON.parse(text) : null;
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [key]));
}
