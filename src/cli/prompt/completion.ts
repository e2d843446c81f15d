import { isPropertyColumn, type Names } from "./names.js";
import { type Token, tokensOf } from "./tokens.js";

/** What Tab offers. */
export interface Completion {
  /** Whole replacements of `typed`. */
  readonly offers: readonly string[];
  /** The end of the text that they would replace. */
  readonly typed: string;
}

const KEYWORDS = (
  "ALL AND ANTI ANY AS ASC ASOF BETWEEN BY CASE CAST COPY CREATE CROSS CUBE CURRENT DELETE DESC DESCRIBE DISTINCT " +
  "DROP ELSE END EXCEPT EXCLUDE EXISTS EXPLAIN FALSE FETCH FILTER FIRST FOLLOWING FROM FULL GROUP GROUPING HAVING " +
  "ILIKE IN INNER INSERT INTERSECT INTERVAL INTO IS JOIN LAST LATERAL LEFT LIKE LIMIT MATERIALIZED NATURAL NOT NULL " +
  "NULLS OFFSET ON OR ORDER OUTER OVER PARTITION PIVOT PRECEDING QUALIFY RANGE RECURSIVE REPLACE RIGHT ROLLUP ROWS " +
  "SAMPLE SELECT SEMI SET SHOW SIMILAR SUMMARIZE TABLE TABLES THEN TO TRUE TRY_CAST UNBOUNDED UNION UNNEST UNPIVOT " +
  "UPDATE USING VALUES VIEW WHEN WHERE WINDOW WITH"
).split(" ");
const BEFORE_TABLE = new Set(["FROM", "JOIN", "INTO", "DESCRIBE", "DESC", "SUMMARIZE", "TABLE"]);
const PLAIN_NAME = /^[a-z_][a-z0-9_]*$/i;
/** What stands before a quote in which event types are meant: `event_type = `, `event_type NOT IN ('a', `. */
const EVENT_TYPE_BEFORE =
  /\bevent_type"?\s*(?:=|==|!=|<>|(?:NOT\s+)?I?LIKE|(?:NOT\s+)?IN\s*\((?:\s*'(?:[^']|'')*'\s*,)*)\s*$/i;
/** `event_properties->>`, `json_extract_string(e.event_properties, `. */
const PROPERTY_BEFORE = /\b(\w+)"?\s*(?:->>?|,)\s*$/;

/** What Tab offers behind `text`, the statement up to the cursor, when `after` stands right behind it. */
export function completionOf(text: string, names: Names, after = ""): Completion {
  const tokens = [...tokensOf(text)];
  const last = tokens.at(-1);
  if (last !== undefined && !last.closed) return withinQuote(text, last, names, after);
  const word = last?.kind === "word" && last.end === text.length ? last : undefined;
  const typed = word === undefined ? "" : text.slice(word.start);
  if (/^\d/.test(typed) || last?.kind === "comment") return { offers: [], typed };
  const before = tokens.filter((token) => token !== word && token.kind !== "comment");
  return { offers: bareOffers(text, before, names, typed), typed };
}

function bareOffers(text: string, before: readonly Token[], names: Names, typed: string): string[] {
  const previous = before.at(-1);
  const said = previous === undefined ? "" : text.slice(previous.start, previous.end).toUpperCase();
  if (previous?.kind === "semicolon" || previous === undefined) return keywords(typed);
  if (said === ".") return starting(typed, names.columns.map(asName));
  if (BEFORE_TABLE.has(said)) return starting(typed, names.tables.map(asName));
  const offers = starting(typed, [...names.columns, ...names.tables].map(asName));
  if (typed === "") return offers;
  const functions = starting(typed, names.functions).map((name) => `${name}(`);
  return [...offers, ...keywords(typed), ...functions];
}

function withinQuote(text: string, token: Token, names: Names, after: string): Completion {
  const typed = text.slice(token.start + 1);
  if (token.kind === "name") {
    return closing(typed, starting(typed, [...names.columns, ...names.tables]), '"', after);
  }
  if (token.kind !== "text" || text[token.start] !== "'") return { offers: [], typed: "" };
  const before = text.slice(0, token.start);
  if (EVENT_TYPE_BEFORE.test(before)) {
    const quoted = names.eventTypes.map((name) => name.replaceAll("'", "''"));
    return closing(typed, starting(typed, quoted), "'", after);
  }
  const column = PROPERTY_BEFORE.exec(before)?.[1]?.toLowerCase() ?? "";
  if (!isPropertyColumn(column)) return { offers: [], typed: "" };
  return closing(typed, properties(typed, names.properties[column] ?? []), "'", after);
}

/** Keys that begin with `$` or `/` would be read as a path, so they are written as one. */
function properties(typed: string, keys: readonly string[]): string[] {
  const wanted = typed.replace(/^\$\."?/, "");
  const asPath = typed.startsWith("$.");
  return starting(wanted, keys).map((key) => {
    const quoted = key.replaceAll("'", "''");
    if (!asPath && !/^[$/]/.test(key)) return quoted;
    return PLAIN_NAME.test(key) && !typed.startsWith('$."') ? `$.${quoted}` : `$."${quoted}"`;
  });
}

/** The only offer ends the quote, unless it is ended already. */
function closing(typed: string, offers: readonly string[], quote: string, after: string): Completion {
  const [only] = offers;
  const ends = only !== undefined && offers.length === 1 && !after.startsWith(quote);
  return { offers: ends ? [only + quote] : offers, typed };
}

/** In the case in which they are typed. */
function keywords(typed: string): string[] {
  const lower = typed !== "" && typed === typed.toLowerCase();
  return starting(typed, KEYWORDS).map((word) => (lower ? word.toLowerCase() : word));
}

function asName(name: string): string {
  return PLAIN_NAME.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Those that start with `typed` in its very case, else in any. */
function starting(typed: string, names: readonly string[]): string[] {
  const exact = names.filter((name) => name.startsWith(typed));
  if (exact.length > 0) return exact;
  const low = typed.toLowerCase();
  return names.filter((name) => name.toLowerCase().startsWith(low));
}
