import type { Param, Params } from "./engine.js";

// Quotes, comments and names as DuckDB's parser has them; within them nothing is a parameter.
const TOKEN = new RegExp(
  [
    "[eE]'(?:[^'\\\\]|\\\\[\\s\\S]|'')*'",
    "'(?:[^']|'')*'",
    '"(?:[^"]|"")*"',
    "--[^\\n]*",
    "\\/\\*",
    "(?<tag>\\$(?:[\\p{L}_][\\p{L}\\p{N}_]*)?\\$)[\\s\\S]*?\\k<tag>",
    "[\\p{L}\\p{N}_][\\p{L}\\p{N}_$]*",
    "\\$(?<name>[\\p{L}\\p{N}_]+)",
    "\\?(?<number>[0-9]*)",
  ].join("|"),
  "gu",
);

/**
 * `sql` with `write(value)` in the place of each parameter (`?`, `?1`, `$1`, `$name`), which is bound to one of `params`. One
 * that has no value stays as it is.
 */
export function withParameters(sql: string, params: Params, write: (value: Param) => string): string {
  const named = new Map<string, Param>(
    Array.isArray(params) ? params.map((value, i) => [String(i + 1), value]) : Object.entries(params),
  );
  let asked = 0;
  let done = "";
  let from = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(sql); found; found = TOKEN.exec(sql)) {
    if (found[0] === "/*") TOKEN.lastIndex = endOfComment(sql, found.index);
    const { name, number } = found.groups ?? {};
    if (name === undefined && number === undefined) continue;
    if (number === "") asked += 1;
    const value = named.get(name ?? (number || String(asked)));
    if (value === undefined) continue;
    done += sql.slice(from, found.index) + write(value);
    from = found.index + found[0].length;
  }
  return done + sql.slice(from);
}

/** Comments nest. */
function endOfComment(sql: string, start: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let found = edge.exec(sql); found; found = edge.exec(sql)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return sql.length;
}
