import type { TimeBounds } from "../engine/lake-view.js";
import { FIELDS } from "../event.js";
import { propertiesNamed, propertyName } from "../frame/properties/property.js";
import type { KnownNames, KnownProperty } from "../frame/schema/known-names.js";
import type { SelectedEvents } from "../frame/selected-events.js";
import { type UnknownName, unknownEvent } from "../frame/unknown-name.js";
import type { AnalysisInput } from "./analysis-input.js";
import { type AskedNames, type Named, namedIn } from "./named.js";
import { missingOf, someValues } from "./named-scan.js";
import { COLUMNS } from "./property-sql.js";
import { isOf, takenName, unknownProperty, unknownValue } from "./unknown-words.js";

const JSON_FIELDS: readonly string[] = FIELDS.flatMap(({ name, kind }) => (kind === "json" ? [name] : []));
/** So many events of a lake without profiles tell what properties there are. */
const SAMPLE = 2_000;

/**
 * The names in `asked` that no event has, whatever is selected: of the lake, or where its profiles do not tell, since the range
 * begins; and columns of Amplitude's own that bear the name of a property. `looksEmpty`: a part of the result is zero or
 * nothing; else only those are looked for whose absence would not show so, and of values only those with another that is
 * spelt like them. Where the lake keeps profiles these tell, and no event is read; else all are looked for in one reading.
 * Throws QueryError, CancelledError.
 */
export async function unknownNames(
  input: AnalysisInput,
  asked: AskedNames,
  looksEmpty: boolean,
): Promise<UnknownName[]> {
  const { selection, options, queryOptions } = input;
  const named = await namedIn(asked, options, selection);
  const taken = named.filter(({ kind, name }) => kind === "property" && JSON_FIELDS.includes(name));
  const wanted = looksEmpty ? named : named.filter(({ isUnseen }) => isUnseen);
  if (wanted.length === 0 && taken.length === 0) return [];
  const known = await selection.names?.(queryOptions);
  const since = sinceOf(input);
  const untold = wanted.filter((one) => isRead(one, looksEmpty) && isKnown(one, known) === undefined);
  const read = new Set<Named>();
  for (const [isOfAnyTime, bounds] of [
    [false, since.bounds],
    [true, {}],
  ] as const) {
    const these = untold.filter((one) => isOfAnyTime === (one.isOfAnyTime ?? false));
    for (const one of await missingOf(these, bounds, input)) read.add(one);
  }
  const missing = wanted.filter((one) => read.has(one) || isKnown(one, known) === false);
  const told = missing.filter((one) => !isToldBy(missing, one));
  const hasEvents = told.some(({ kind }) => kind === "event");
  const hasProperties = taken.length > 0 || told.some(({ kind }) => kind === "property");
  const events = hasEvents ? (known?.events ?? (await eventTypes(input, since.bounds))) : [];
  const properties = hasProperties ? (known?.properties ?? (await sampledProperties(input))) : [];
  const found: (UnknownName | undefined)[] = [];
  for (const one of told) {
    const when = read.has(one) && !one.isOfAnyTime ? since.words : "";
    if (one.kind === "event") found.push(unknownEvent(one.name, events, when));
    else if (one.kind === "property") found.push(unknownProperty(one, properties, when));
    else {
      const isToBeTold = looksEmpty && !one.isUnseen;
      const values = await someValues(one, one.isOfAnyTime ? {} : since.bounds, input);
      found.push(unknownValue(one, values, when, isToBeTold));
    }
  }
  for (const one of taken) if (!missing.includes(one)) found.push(takenName(one.name, properties));
  return found.filter((one) => one !== undefined);
}

/** Values in JSON are looked for in events only where something is zero. */
function isRead({ kind, name }: Named, looksEmpty: boolean): boolean {
  return looksEmpty || kind !== "value" || COLUMNS.has(name);
}

/** Of an event type that does not occur no property does, and a property that does not has no values. */
function isToldBy(missing: readonly Named[], { kind, name, of }: Named): boolean {
  if (kind === "event") return false;
  const types = missing.filter((one) => one.kind === "event").map((one) => one.name);
  if (of?.length && of.every((type) => types.includes(type))) return true;
  return kind === "value" && missing.some((one) => one.kind === "property" && one.name === name);
}

/** From when on events are looked at, and that in words; all if the range begins with the data. */
function sinceOf(input: AnalysisInput): { readonly bounds: TimeBounds; readonly words: string } {
  const { from } = input.range;
  if (from <= input.data.from) return { bounds: {}, words: "" };
  const calendars = [input.calendar("day"), input.calendar("hour")];
  const [day, hour] = calendars.map((calendar) => calendar.at(calendar.numberAt(from)));
  return { bounds: { from }, words: ` since ${day?.from === from ? day.label : hour?.label}` };
}

/** Whether it occurs; undefined if profiles do not tell. */
function isKnown(named: Named, known: KnownNames | undefined): boolean | undefined {
  if (known === undefined) return undefined;
  const { kind, name, of } = named;
  const { events, properties, cut } = known;
  if (kind === "event") return events.includes(name);
  if (COLUMNS.has(name)) return undefined;
  const places = propertiesNamed(name);
  const found = properties.filter(
    (one) =>
      isOf(one, of) &&
      places.some((place) => one.column === place.column && propertyName(one) === propertyName(place)),
  );
  const isTold = places.every(
    ({ column, path }) =>
      path.length === 1 && column !== "group_properties" && !/^[0-9]+$/.test(path[0] ?? ""),
  );
  const isWhole = ![...cut].some((event) => of?.includes(event) ?? true);
  if (kind === "value" && found.length > 0) {
    const text = String(named.value);
    if (found.some(({ values }) => values?.includes(text))) return true;
    return isTold && isWhole && found.every(({ values }) => values !== undefined) ? false : undefined;
  }
  if (found.length > 0) return true;
  return isTold && isWhole ? false : undefined;
}

async function eventTypes({ selection, queryOptions }: AnalysisInput, bounds: TimeBounds): Promise<string[]> {
  const { engine, sql, params } = await selection.allEvents(["event_type"], bounds);
  const asked = `SELECT DISTINCT event_type FROM (${sql}) AS events`;
  return (await engine.query(asked, params, queryOptions)).rows().map(([type]) => String(type));
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
