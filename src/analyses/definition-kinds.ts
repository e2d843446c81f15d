import { WEEKDAYS } from "./calendar.js";
import { FILTER_OPERATORS } from "./filter-operators.js";

/** What the value of one part of a definition must be. */
export interface Kind {
  /** As it stands in an error: `a text`. */
  readonly words: string;
  readonly fits: (value: unknown) => boolean;
}

type Fields = Readonly<Record<string, Kind>>;

export const TEXT: Kind = { words: "a text", fits: (value) => typeof value === "string" };
export const NUMBER: Kind = { words: "a number", fits: (value) => typeof value === "number" };
export const BOOLEAN: Kind = { words: "true or false", fits: (value) => typeof value === "boolean" };
export const TEXTS: Kind = listOf(TEXT, "a list of texts");
export const TEXT_OR_TEXTS: Kind = either("a text, or a list of texts", TEXT, TEXTS);
export const NUMBERS: Kind = listOf(NUMBER, "a list of numbers");
const NULL: Kind = { words: "null", fits: (value) => value === null };
const VALUE: Kind = either("a text, number, true, false or null", TEXT, NUMBER, BOOLEAN, NULL);

const FILTER: Kind = record('a filter such as {"property": "country", "value": "Germany"}', ["property"], {
  property: TEXT,
  op: oneOf(...FILTER_OPERATORS),
  value: either("a value, or a list of values", VALUE, listOf(VALUE, "a list of values")),
});
const FILTERS = listOf(FILTER, "a list of filters");

export const EVENT: Kind = either(
  'an event type, or {"event": …, "filters": …}',
  TEXT,
  record("an event", ["event"], { event: TEXT_OR_TEXTS, filters: FILTERS, name: TEXT }),
);
export const EVENTS: Kind = listOf(EVENT, 'a list of events such as ["View", "Buy"]');
export const EVENT_OR_EVENTS: Kind = either("an event, or a list of events", EVENT, EVENTS);
/** `[[0, 0], [1, 3]]` */
export const PAIRS: Kind = listOf(pairOf(NUMBER), "a list of pairs such as [[0, 0], [1, 3]]");
/** `[[1, 4], [5, null]]` */
export const OPEN_PAIRS: Kind = listOf(
  pairOf(either("a number or null", NUMBER, NULL)),
  "a list of pairs such as [[1, 4], [5, null]]",
);
export const EXCLUSIONS: Kind = listOf(
  record("an exclusion", ["event"], { event: EVENT, after: NUMBER, before: NUMBER }),
  'a list such as [{"event": "Cancel", "after": 1, "before": 2}]',
);
export const MEASURE: Kind = either(
  'uniques, totals, average, active %, or a number of a property such as {"sum": "price"}',
  oneOf("uniques", "totals", "average", "active %"),
  ...["sum", "average", "median", "min", "max", "distinct", "distinctPerUser", "sumPerUser"].map((name) =>
    record(name, [name], { [name]: TEXT }),
  ),
  record("percentile", ["percentile", "p"], { percentile: TEXT, p: NUMBER }),
);
export const INTERVAL: Kind = oneOf("hour", "day", "week", "month", "quarter");

/** What every definition may have. */
export const COMMON: Fields = {
  from: TEXT,
  to: TEXT,
  last: TEXT,
  timeZone: TEXT,
  weekStart: oneOf(...WEEKDAYS),
  quarterStart: NUMBER,
  identity: either(
    'raw, estimated, or {"merges": …}',
    oneOf("raw", "estimated"),
    record("merges", ["merges"], {
      merges: either(
        "a file or a list",
        TEXT,
        listOf({ words: "a merge", fits: isRecord }, "a list of merges"),
      ),
    }),
  ),
  inactive: TEXT_OR_TEXTS,
  segments: {
    words: 'segments by name such as {"Germany": {"filters": [{"property": "country", "value": "Germany"}]}}',
    fits: (value) => isRecord(value) && Object.values(value).every(isSegment),
  },
};

function isSegment(value: unknown): boolean {
  const ids = listOf(NUMBER, "a list of ids");
  return record("a segment", [], { filters: FILTERS, cohort: either("a cohort", TEXT, ids) }).fits(value);
}

/** One of `names`. */
export function oneOf(...names: readonly string[]): Kind {
  const words =
    names.length === 1 ? `"${names[0]}"` : `one of ${names.map((name) => `"${name}"`).join(", ")}`;
  return { words, fits: (value) => names.some((name) => name === value) };
}

function either(words: string, ...kinds: readonly Kind[]): Kind {
  return { words, fits: (value) => kinds.some((kind) => kind.fits(value)) };
}

function listOf({ fits }: Kind, words: string): Kind {
  return { words, fits: (value) => Array.isArray(value) && value.every(fits) };
}

function pairOf({ fits }: Kind): Kind {
  return {
    words: "a pair",
    fits: (value) => Array.isArray(value) && value.length === 2 && value.every(fits),
  };
}

/** An object that has `needed`, and nothing but `fields`. What is undefined is not there. */
function record(words: string, needed: readonly string[], fields: Fields): Kind {
  return {
    words,
    fits: (value) => {
      if (!isRecord(value)) return false;
      const entries = Object.entries(value).filter(([, one]) => one !== undefined);
      return (
        needed.every((name) => entries.some(([has]) => has === name)) &&
        entries.every(([name, one]) => Object.hasOwn(fields, name) && fields[name]?.fits(one))
      );
    },
  };
}

/** True for an object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
