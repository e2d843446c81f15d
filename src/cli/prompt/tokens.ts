/** A piece of SQL, as far as its end and its quotes matter. */
export interface Token {
  /** `text` is '…', E'…' or $$…$$; `name` is "…"; `mark` is any other single character. */
  readonly kind: "word" | "text" | "name" | "comment" | "semicolon" | "mark";
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
  /** False if the text ends within it. */
  readonly closed: boolean;
}

const SPACE = /\s+/uy;
const LINE_COMMENT = /--[^\n]*/y;
const TEXT = /'(?:[^']|'')*('?)/y;
const ESCAPED_TEXT = /[eE]'(?:[^'\\]|\\[\s\S]?|'')*('?)/y;
const NAME = /"(?:[^"]|"")*("?)/y;
const DOLLAR = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const WORD = /[\p{L}\p{N}_][\p{L}\p{N}_$]*/uy;

/** The tokens of `sql` in order, comments among them, white space not; by DuckDB's rules for quotes. */
export function* tokensOf(sql: string): Generator<Token, void, void> {
  let start = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = start;
    return pattern.exec(sql);
  };
  while (start < sql.length) {
    const space = match(SPACE);
    if (space) {
      start += space[0].length;
      continue;
    }
    const token = tokenAt(sql, start, match);
    yield token;
    start = token.end;
  }
}

function tokenAt(sql: string, start: number, match: (pattern: RegExp) => RegExpExecArray | null): Token {
  const comment = match(LINE_COMMENT);
  if (comment) {
    const end = start + comment[0].length;
    return { kind: "comment", start, end, closed: end < sql.length };
  }
  if (sql.startsWith("/*", start)) return { kind: "comment", start, ...blockComment(sql, start) };
  for (const [kind, pattern] of [
    ["text", ESCAPED_TEXT],
    ["text", TEXT],
    ["name", NAME],
  ] as const) {
    const quoted = match(pattern);
    if (quoted) return { kind, start, end: start + quoted[0].length, closed: quoted[1] !== "" };
  }
  const dollar = match(DOLLAR);
  if (dollar) {
    const tag = dollar[0];
    const close = sql.indexOf(tag, start + tag.length);
    return { kind: "text", start, end: close === -1 ? sql.length : close + tag.length, closed: close !== -1 };
  }
  const word = match(WORD);
  if (word) return { kind: "word", start, end: start + word[0].length, closed: true };
  const end = start + (sql.codePointAt(start)! > 0xffff ? 2 : 1);
  return { kind: sql[start] === ";" ? "semicolon" : "mark", start, end, closed: true };
}

/** Comments nest in DuckDB, as in PostgreSQL. */
function blockComment(sql: string, start: number): Pick<Token, "end" | "closed"> {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let found = edge.exec(sql); found; found = edge.exec(sql)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return { end: edge.lastIndex, closed: true };
  }
  return { end: sql.length, closed: false };
}
