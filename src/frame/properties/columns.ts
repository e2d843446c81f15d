import { type ColumnType, typeName } from "../../engine/column-type.js";
import type { QueryOptions } from "../../engine/engine.js";
import { identifier } from "../../engine/sql-text.js";
import { UsageError } from "../../errors/index.js";
import { nearestName } from "../nearest-name.js";
import { extract, extractionsOf } from "./extract.js";
import { allProperties, type Events, type FoundProperty, findProperties } from "./find.js";
import { typeOfKinds } from "./kinds.js";
import { type Property, propertiesNamed, propertyName } from "./property.js";

/** Types that a property may be asked in. */
export type PropertyType = "boolean" | "int64" | "double" | "timestamp" | "text" | "json";

/** A property as a column of a frame, where its name alone does not say enough. */
export interface PropertyOptions {
  /** Its name: `price`, `address.city`, `user_properties.plan`, `"a.b"`. */
  readonly property: string;
  /** Name of the column. Default: the property's name as it is written here, with U+2400 for U+0000. */
  readonly as?: string | undefined;
  /**
   * Type of the column, whatever is found; it need not occur then. A text that holds a number is taken for one in
   * a column of numbers. A value that has no place in the type makes reading fail with QueryError.
   * Default: the type that holds all values exactly, see `docs/properties.md`.
   */
  readonly type?: PropertyType | undefined;
}

/** Which properties become columns: `"all"`, or some by name. */
export type Properties = "all" | readonly (string | PropertyOptions)[];

/** A column of a frame that holds a property. */
export interface PropertyColumn extends Property {
  readonly name: string;
  readonly type: ColumnType;
  /** True if the type was asked for, whatever the values are. */
  readonly forced: boolean;
}

const TYPES: readonly PropertyType[] = ["boolean", "int64", "double", "timestamp", "text", "json"];

/**
 * The columns that `properties` asks for, typed by what is found in `events`. `taken` are names that other columns have.
 * Throws UsageError if a property does not occur, could be two, or if two columns would have one name (case does
 * not tell names apart in SQL).
 */
export async function propertyColumns(
  events: Events,
  properties: Properties,
  taken: readonly string[],
  options: QueryOptions = {},
): Promise<PropertyColumn[]> {
  if (properties === "all") return distinctlyNamed(await allProperties(events, options), taken);
  const asked = properties.map((entry) => checked(entry));
  const candidates = asked.map(({ property }) => propertiesNamed(property));
  const open = candidates.filter((_, i) => asked[i]!.type === undefined || candidates[i]!.length > 1).flat();
  const find = events.find ?? ((wanted, how) => findProperties(events, wanted, how));
  const found = new Map((await find(unique(open), options)).map((each) => [propertyName(each), each]));
  const columns: PropertyColumn[] = [];
  for (const [i, { property, as, type }] of asked.entries()) {
    const one = oneOf(property, candidates[i]!, found, type !== undefined);
    if (one === undefined) throw await notFound(events, property, options);
    const known = found.get(propertyName(one));
    columns.push({
      name: as ?? columnName(property),
      column: one.column,
      path: one.path,
      type: type === undefined ? typeOfKinds(known!.kinds, known!.items) : { kind: type },
      forced: type !== undefined,
    });
  }
  requireDistinct(columns, taken);
  return columns;
}

/** The name of a column for `property`, a name: DuckDB takes U+0000 for the end of the query, so U+2400, its picture, stands for it. */
export function columnName(property: string): string {
  return property.replaceAll("\0", "\u2400");
}

function checked(entry: string | PropertyOptions): PropertyOptions {
  if (typeof entry === "string") return { property: entry };
  if (entry.as?.includes("\0"))
    throw new UsageError(`The column's name ${JSON.stringify(entry.as)} has a NUL in it.`, "Take it out.");
  if (entry.type === undefined || TYPES.includes(entry.type)) return entry;
  throw new UsageError(
    `A property cannot be asked as ${JSON.stringify(entry.type)}.`,
    `The types are ${TYPES.join(", ")}.`,
  );
}

function unique(properties: readonly Property[]): Property[] {
  return [...new Map(properties.map((property) => [propertyName(property), property])).values()];
}

function oneOf(
  name: string,
  candidates: readonly Property[],
  found: ReadonlyMap<string, FoundProperty>,
  mayBeMissing: boolean,
): Property | undefined {
  const there = candidates.filter((candidate) => found.has(propertyName(candidate)));
  if (there.length > 1) {
    throw new UsageError(
      `${JSON.stringify(name)} may be ${there.map(propertyName).join(" or ")}; both occur.`,
      "Write the one that is meant like this, with the quotes.",
    );
  }
  return there[0] ?? (mayBeMissing ? candidates[0] : undefined);
}

async function notFound(events: Events, name: string, options: QueryOptions): Promise<UsageError> {
  const names = (await allProperties(events, options)).map((property) => propertyName(property));
  const short = names.map((each) => each.replace(/^event_properties\./, ""));
  const nearest = nearestName(name, [...short, ...names]);
  return new UsageError(
    `No selected event has a property ${JSON.stringify(name)}.`,
    nearest === undefined
      ? `Properties of these events are ${short.slice(0, 20).join(", ") || "none"}. To have a column of nulls, give its type: { property: ${JSON.stringify(name)}, type: "text" }.`
      : `Did you mean ${JSON.stringify(nearest)}?`,
  );
}

function requireDistinct(columns: readonly PropertyColumn[], taken: readonly string[]): void {
  const names = new Set(taken.map((name) => name.toLowerCase()));
  for (const { name, column, path } of columns) {
    if (names.has(name.toLowerCase())) {
      const full = propertyName({ column, path });
      throw new UsageError(
        `Two columns would be called ${name}, and SQL does not tell upper case from lower.`,
        `Write ${JSON.stringify(full)}, give the property another name with { property: ${JSON.stringify(name)}, as: "…" }, or leave the other column out.`,
      );
    }
    names.add(name.toLowerCase());
  }
}

/** All of `properties` but objects, whose parts are columns; names that differ only in case are numbered. */
function distinctlyNamed(properties: readonly FoundProperty[], taken: readonly string[]): PropertyColumn[] {
  const names = new Set(taken.map((name) => name.toLowerCase()));
  return properties
    .filter(({ kinds }) => Object.keys(kinds).some((kind) => kind !== "object" && kind !== "null"))
    .map(({ column, path, kinds, items }) => {
      const first = columnName(propertyName({ column, path }));
      let name = first;
      for (let n = 2; names.has(name.toLowerCase()); n++) name = `${first} (${n})`;
      names.add(name.toLowerCase());
      return { name, column, path, type: typeOfKinds(kinds, items), forced: false };
    });
}

interface Hidden {
  /** As an identifier. */
  readonly name: string;
  readonly sql: string;
  readonly properties: readonly PropertyColumn[];
}

/** Columns with lists of what properties are, as text or as JSON, so that each JSON text is read once. */
function hiddenOf(columns: readonly PropertyColumn[]): Hidden[] {
  const list = (fn: string, what: string, some: readonly PropertyColumn[]) =>
    extractionsOf(some).map((each, i) => ({
      name: identifier(`properties as ${what} ${i + 1}`),
      sql: extract(fn, each),
      properties: each.properties,
    }));
  return [
    ...list(
      "json_extract_string",
      "text",
      columns.filter((each) => !asJson(each)),
    ),
    ...list("json_extract", "JSON", columns.filter(asJson)),
  ];
}

const asJson = ({ type }: PropertyColumn) => type.kind === "json" || type.kind === "list";

/** `source` with hidden columns in which the values of the properties are. */
export function withProperties(source: string, columns: readonly PropertyColumn[]): string {
  if (columns.length === 0) return source;
  const lists = hiddenOf(columns).map(({ name, sql }) => `${sql} AS ${name}`);
  return `(SELECT *, ${lists.join(", ")} FROM ${source}) AS events`;
}

/** Names of the columns that `withProperties` adds, as identifiers. */
export function hiddenColumns(columns: readonly PropertyColumn[]): string[] {
  return hiddenOf(columns).map(({ name }) => name);
}

/** The columns as a SELECT over what `withProperties` gives writes them. */
export function propertySelects(columns: readonly PropertyColumn[]): string[] {
  const places = new Map(
    hiddenOf(columns).flatMap(({ name, properties }) =>
      properties.map((each, i) => [each, `${name}[${i + 1}]`] as const),
    ),
  );
  return columns.map((each) => {
    const value = places.get(each)!;
    return `${each.forced ? forced(value, each) : typed(value, each.type)} AS ${identifier(each.name)}`;
  });
}

/** `value`, the text or the JSON of a property, as a column of `type`. */
export function typed(value: string, type: ColumnType): string {
  switch (type.kind) {
    case "text":
      return value;
    case "json":
      return `nullif(${value}::VARCHAR, 'null')`;
    case "boolean":
      return `${value}::BOOLEAN`;
    case "int64":
      return `${value}::BIGINT`;
    case "double":
      return `${value}::DOUBLE`;
    case "timestamp":
      return `make_timestamp(epoch_us(${value}::TIMESTAMPTZ))`;
    case "list":
      return type.item.kind === "timestamp"
        ? `list_transform(${value}::VARCHAR[], lambda x: make_timestamp(epoch_us(x::TIMESTAMPTZ)))`
        : `${value}::${LIST_SQL[type.item.kind] ?? "VARCHAR"}[]`;
    default:
      throw new TypeError(`A property has no type ${typeName(type)}.`);
  }
}

/** As `typed`, for values that may be anything: where one has no place in the type the cast fails, and the query. */
export function forced(value: string, { type }: Pick<PropertyColumn, "type">): string {
  if (type.kind !== "int64") return typed(value, type);
  return `(CASE WHEN ${isWhole(value)} THEN ${value} ELSE ${value} || ' (no int64)' END)::BIGINT`;
}

/** SQL that is true if a text is a whole number; DuckDB's cast would round others. */
export function isWhole(text: string): string {
  return `regexp_full_match(${text}, ' *-?[0-9]+([.]0*)? *')`;
}

const LIST_SQL: Readonly<Record<string, string>> = { boolean: "BOOLEAN", int64: "BIGINT", double: "DOUBLE" };
