import { CancelledError, isAmpframeError, QueryError } from "../errors/index.js";

const LONGEST_SQL = 400;

/** What the engine threw, as an error of ours: its own words and the query, without its stack. */
export function queryError(thrown: unknown, sql: string): Error {
  if (isAmpframeError(thrown)) return thrown;
  const raw = thrown instanceof Error ? thrown.message : String(thrown);
  if (raw.startsWith("INTERRUPT")) {
    return new CancelledError("The query was cancelled.", "Run it again when you want its result.", {
      cause: thrown,
    });
  }
  const words = wordsOf(raw);
  return new QueryError(`${words} In: ${shortened(sql)}`, wayOutOf(words), { cause: thrown });
}

/** The sentences before the engine's `LINE n:` picture, on one line. */
function wordsOf(raw: string): string {
  const before = raw.split(/\n\s*\nLINE |\nLINE /)[0] ?? raw;
  return before.replace(/\s+/g, " ").trim();
}

function shortened(sql: string): string {
  const line = sql.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST_SQL ? line : `${line.slice(0, LONGEST_SQL)} …`;
}

/** DuckDB reads `a AND p->>'x' = 1` as `(a AND p) ->> 'x' = 1`: its `->` binds weaker than AND. */
const UNBRACKETED_PROPERTY = /^Conversion Error: Could not convert string '[{[].* to BOOL\b/;

/** A name that is no column: text in double quotes, a property, or a dot that leads into JSON. */
const NO_COLUMN = /^Binder Error: (Referenced column|Cannot extract field)/;

/** `x IN ($1)` where `$1` is a list. */
const BRACKETED_LIST = /^Conversion Error: .* destination type [A-Z]+\[\]/;

/** What the engine says where the bytes of a Parquet file cannot be what was written: mostly what its libraries threw. */
const DAMAGED_FILE = /^Invalid Error: |^Invalid Input Error: Failed to read file|ZSTD/;

function wayOutOf(words: string): string {
  if (UNBRACKETED_PROPERTY.test(words)) {
    return "Put each property in brackets, as in (event_properties->>'plan') = 'pro': AND binds stronger than ->>.";
  }
  if (words.startsWith("Out of Memory")) return "Raise the memory limit, or ask for fewer rows or columns.";
  if (words.startsWith("Catalog Error"))
    return `Check the names; the lake's table is called events, and promoted once a property is promoted. In lake.sql a frame goes in as a value: FROM \${frame}.`;
  if (DAMAGED_FILE.test(words))
    return "If a file of the lake is damaged, `ampframe verify` names it; one of promoted properties `ampframe promote` makes anew.";
  if (NO_COLUMN.test(words)) {
    return "DESCRIBE events lists the columns. Text stands in single quotes: 'Germany'. A property is (event_properties->>'price'), or a column of a frame whose properties name it.";
  }
  if (words.startsWith("Binder Error")) return "Check the names of columns; DESCRIBE events lists them.";
  if (words.startsWith("Parser Error")) return "Check the SQL; its dialect is DuckDB's.";
  if (words.includes("No space left on device"))
    return "Free some disk space and run it again; nothing of this stays.";
  if (words.startsWith("IO Error")) return "Check that the file is there and can be read and written.";
  if (BRACKETED_LIST.test(words))
    return `Put no brackets around a list that goes in as a value: event_type IN \${types}.`;
  if (words.startsWith("Conversion Error")) return "Use TRY_CAST where a value may not fit its new type.";
  return "Check the query and its values.";
}
