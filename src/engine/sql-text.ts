/** `name` as an identifier in SQL, whatever it holds. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `value` as a text literal in SQL, whatever it holds. */
export function literal(value: string): string {
  const parts = value.split("\0").map((part) => `'${part.replaceAll("'", "''")}'`);
  // DuckDB's parser takes a NUL for the end of the query.
  return parts.length === 1 ? parts[0]! : `(${parts.join(" || chr(0) || ")})`;
}

/** One path or several as the list of literals that `read_parquet` takes. */
export function pathList(paths: string | readonly string[]): string {
  return `[${[paths].flat().map(literal).join(", ")}]`;
}

/** `micros` (microseconds since 1970, UTC, years 1 to 9999) as a TIMESTAMPTZ literal in SQL. */
export function timestampTz(micros: bigint): string {
  return `TIMESTAMPTZ '${utcText(micros)}+00'`;
}

/** `micros` (as above) as a TIMESTAMP literal in SQL that holds UTC. */
export function timestamp(micros: bigint): string {
  return `TIMESTAMP '${utcText(micros)}'`;
}

/** `micros` (microseconds since 1970, UTC) as exports write times: `2026-11-23 05:06:07.123457`. */
export function utcText(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = Number((micros - fraction) / 1_000_000n);
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return micros > 0n ? "infinity" : "-infinity";
  const whole = date.toISOString().replace("T", " ").slice(0, -5);
  return `${whole}.${String(fraction).padStart(6, "0")}`;
}

/**
 * Keys of objects, one inside the other, as DuckDB's JSON functions take them: a JSON pointer (RFC 6901), which may have any
 * key. A key such as `0` in it also means the first item of a list; where one is inside something it is a JSON path instead,
 * in which `"0"` is a key and nothing else. That cannot have all keys: `""`, and in lists of paths `*`.
 */
export function jsonPathOf(path: readonly string[]): string {
  if (path.slice(1).some((key) => /^\d+$/.test(key)) && !path.some((key) => key === "" || key.includes("*")))
    return `$${path.map((key) => `."${key.replace(/["\\]/g, "\\$&")}"`).join("")}`;
  return path.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/**
 * The objects of a column `group_properties`: between a group's type and its properties stands an object for each group, and the
 * first of each type takes its place.
 */
export function firstGroupsSql(json: string): string {
  return `(SELECT json_group_object(t.key, json_extract(t.value, '$.*')[1]) FROM json_each(${json}) AS t)::VARCHAR`;
}

/** How names and values stand in an engine's SQL. */
export interface SqlWords {
  identifier(name: string): string;
  literal(text: string): string;
  /** A time literal of microseconds since 1970, UTC. */
  timestamp(micros: bigint): string;
}

/** DuckDB's. */
export const STANDARD_WORDS: SqlWords = { identifier, literal, timestamp };
