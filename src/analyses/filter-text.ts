import { UsageError } from "../errors/index.js";
import type { EventChoice } from "./event-choice.js";
import type { FilterOperator, FilterValue, PropertyFilter } from "./filter.js";
import { FILTER_OPERATORS } from "./filter-operators.js";

const NONE = "(none)";
/** Longest first, so that `is not` is not read as `is`. */
const OPERATORS = [...FILTER_OPERATORS].sort((a, b) => b.length - a.length);
const OPERATOR = new RegExp(`(?:${OPERATORS.join("|")})(?![^\\s])`, "y");
const QUOTED = /"(?:[^"\\]|\\.)*"/y;
const AND = /\s+and\s+/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;
/** Within quotes only: what ends a value, or is not seen. */
const SPECIAL = /[",()\\\p{Cc}\p{Zl}\p{Zp}]|^\s|\s$|\s\s|[^\S ]/u;
const HINT =
  'Write it as in: country is Germany, Austria and price greater 10. Names and values with commas, brackets or the word and stand in quotes: "…".';

/** A filter in words: `country is Germany, France`. `parseFilters` reads it. */
export function filterText({ property, op = "is", value = null }: PropertyFilter): string {
  const values = ([value].flat() as readonly FilterValue[]).map(valueText);
  return `${propertyText(property)} ${op} ${values.join(", ")}`;
}

/** Filters in words: `country is Germany and price greater 10`. */
export function filtersText(filters: readonly PropertyFilter[]): string {
  return filters.map(filterText).join(" and ");
}

/**
 * Reads `country is Germany, Austria and price greater 10`. Numbers, `true`, `false` and `(none)` mean those; in quotes they
 * are text. Throws UsageError that tells where it is wrong.
 */
export function parseFilters(text: string): PropertyFilter[] {
  const reader = new Reader(text);
  const filters = [reader.filter()];
  while (!reader.atEnd) {
    reader.and();
    filters.push(reader.filter());
  }
  return filters;
}

/** The name of events in results: the event types, and their filters in parentheses. */
export function eventsName(types: readonly string[], filters: readonly PropertyFilter[]): string {
  return `${types.join(" or ")}${filters.length === 0 ? "" : ` (${filtersText(filters)})`}`;
}

/**
 * Reads an event as a person writes it: an event type; one with filters in parentheses, `Order Completed (country is Germany)`; or
 * JSON, `{"event": ["Buy", "Rent"]}`. Brackets that hold no filters belong to the event type. Throws UsageError.
 */
export function parseEvent(text: string): EventChoice {
  if (text.trim() === "") throw new UsageError("An event has no name.", "Name an event type.");
  if (text.startsWith("{")) return eventOfJson(text);
  if (!text.endsWith(")")) return text;
  for (let at = text.indexOf(" ("); at > 0; at = text.indexOf(" (", at + 1)) {
    const filters = filtersOrNone(text.slice(at + 2, -1));
    if (filters !== undefined) return { event: text.slice(0, at), filters };
  }
  return text;
}

/** An event as `parseEvent` reads it. */
export function eventText(choice: EventChoice): string {
  const { event, filters = [], name } = typeof choice === "string" ? { event: choice } : choice;
  const text = typeof event === "string" && name === undefined ? eventsName([event], filters) : "";
  return text !== "" && isSame(text, event, filters) ? text : JSON.stringify({ event, filters, name });
}

function isSame(text: string, event: EventTypes, filters: readonly PropertyFilter[]): boolean {
  if (text.startsWith("{")) return false;
  const read = parseEvent(text);
  if (typeof read === "string") return filters.length === 0 && read === event;
  return read.event === event && filtersText(read.filters ?? []) === filtersText(filters);
}

type EventTypes = Exclude<EventChoice, string>["event"];

function eventOfJson(text: string): EventChoice {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `The event ${text} begins as JSON does and is none: ${error instanceof Error ? error.message : String(error)}.`,
      'Write it as in {"event": "Buy", "filters": [{"property": "country", "value": "Germany"}]}.',
      { cause: error },
    );
  }
}

function filtersOrNone(text: string): PropertyFilter[] | undefined {
  try {
    return parseFilters(text);
  } catch {
    return undefined;
  }
}

function propertyText(property: string): string {
  const words = ` ${property} `;
  const isPlain =
    property !== "" &&
    !SPECIAL.test(property) &&
    // `my set` before `is` would read as `my` before `set is`.
    ![...OPERATORS, "and", "set"].some((word) => words.includes(` ${word} `));
  return isPlain ? property : JSON.stringify(property);
}

function valueText(value: FilterValue): string {
  if (value === null) return NONE;
  if (typeof value !== "string") return String(value);
  const isPlain =
    value !== "" &&
    !SPECIAL.test(value) &&
    // `not x` behind `is` would read as `is not`.
    !/^(not|or equal)( |$)/.test(value) &&
    !` ${value} `.includes(" and ") &&
    plainValue(value) === value;
  return isPlain ? value : JSON.stringify(value);
}

function plainValue(text: string): FilterValue {
  if (text === NONE) return null;
  if (text === "true" || text === "false") return text === "true";
  return NUMBER.test(text) ? Number(text) : text;
}

class Reader {
  #at = 0;

  constructor(private readonly text: string) {
    this.#take(/\s+/y);
  }

  get atEnd(): boolean {
    return this.#at >= this.text.length;
  }

  filter(): PropertyFilter {
    const property = this.#property() ?? this.#fail("a property and an operator");
    const op = (this.#take(OPERATOR) ?? this.#fail("an operator")) as FilterOperator;
    this.#take(/\s+/y);
    const values = [this.#value()];
    while (this.#take(/\s*,\s*/y) !== undefined) values.push(this.#value());
    if (/^\s*$/.test(this.text.slice(this.#at))) this.#at = this.text.length;
    return { property, op, value: values.length === 1 ? values[0]! : values };
  }

  and(): void {
    if (this.#take(AND) === undefined) this.#fail('"and" or the end');
  }

  /** The property's name; after it stands an operator. Undefined, and nothing read, if there is none. */
  #property(): string | undefined {
    const start = this.#at;
    const quoted = this.#take(QUOTED);
    if (quoted !== undefined) {
      const name = unquoted(quoted);
      if (name !== undefined && this.#take(/\s+/y) !== undefined && this.#sees(OPERATOR)) return name;
      this.#at = start;
      return undefined;
    }
    const space = /[^\s",()]+(\s+)/y;
    for (let word = this.#take(space); word !== undefined; word = this.#take(space)) {
      if (this.#sees(OPERATOR)) return this.text.slice(start, this.#at).trim();
      if (this.#sees(/and\s/y)) break;
    }
    this.#at = start;
    return undefined;
  }

  /** Up to a comma, the end, or an `and` behind which a filter begins. */
  #value(): FilterValue {
    const quoted = this.#take(QUOTED);
    if (quoted !== undefined) return unquoted(quoted) ?? this.#fail("a text in quotes, as JSON has it");
    if (this.#take(/\(none\)/y) !== undefined) return null;
    const start = this.#at;
    while (!this.atEnd && !this.#sees(/\s*(?:,|$)/y) && !this.#endsHere()) {
      if (this.#sees(/["()]/y)) this.#fail("a value, which stands in quotes if it has quotes or brackets");
      this.#at++;
    }
    const text = this.text.slice(start, this.#at);
    return text === "" ? this.#fail("a value") : plainValue(text);
  }

  #endsHere(): boolean {
    const start = this.#at;
    const ends = this.#take(AND) !== undefined && this.#property() !== undefined;
    this.#at = start;
    return ends;
  }

  #sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.text);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #fail(expected: string): never {
    const rest = this.text.slice(this.#at);
    const found =
      rest === "" ? "it ends" : `there is ${JSON.stringify(rest.slice(0, 20))} at character ${this.#at + 1}`;
    throw new UsageError(
      `In the filter ${JSON.stringify(this.text)} ${found} where ${expected} was expected.`,
      HINT,
    );
  }
}

function unquoted(text: string): string | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
