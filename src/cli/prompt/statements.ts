import { type Token, tokensOf } from "./tokens.js";

/** A text cut at the semicolons that end statements. */
export interface Split {
  /** Statements without their semicolons and the white space around; none is empty or only comments. */
  readonly statements: readonly string[];
  /** What stands behind the last semicolon, trimmed; empty if there is nothing but white space and comments. */
  readonly rest: string;
  /** What the text ends within: `'`, `"`, `$` for a quote, `*` for a comment, `(` for brackets, else nothing. */
  readonly open: "'" | '"' | "$" | "*" | "(" | undefined;
}

/** Cuts `text` into statements. Semicolons within quotes and comments are none. */
export function splitStatements(text: string): Split {
  const statements: string[] = [];
  let from = 0;
  let some = false;
  let brackets = 0;
  let last: Token | undefined;
  for (const token of tokensOf(text)) {
    last = token;
    if (token.kind === "semicolon") {
      if (some) statements.push(text.slice(from, token.start).trim());
      [from, some, brackets] = [token.end, false, 0];
      continue;
    }
    if (token.kind !== "comment") some = true;
    if (token.kind === "mark") brackets += { "(": 1, ")": -1 }[text[token.start] ?? ""] ?? 0;
  }
  const open = last?.closed === false ? quoteOf(text, last) : undefined;
  const rest = some || open !== undefined ? text.slice(from).trim() : "";
  return { statements, rest, open: open ?? (brackets > 0 ? "(" : undefined) };
}

/** All statements of `text`, the last one with or without a semicolon. */
export function allStatements(text: string): readonly string[] {
  const { statements, rest } = splitStatements(text);
  return rest === "" ? statements : [...statements, rest];
}

/** `statement` with its semicolon, on a line of its own where the last one ends in a comment. */
export function ended(statement: string): string {
  const short = `${statement};`;
  return splitStatements(short).statements.length === 1 ? short : `${statement}\n;`;
}

function quoteOf(text: string, { kind, start }: Token): Split["open"] {
  if (kind === "comment") return text.startsWith("--", start) ? undefined : "*";
  if (kind === "name") return '"';
  return text[start] === "$" ? "$" : "'";
}
