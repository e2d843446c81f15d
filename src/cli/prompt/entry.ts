import { splitStatements } from "./statements.js";

/** Something to do: a statement of SQL without its semicolon, or a command such as `.mode json`. */
export type Entry =
  | { readonly kind: "statement"; readonly text: string }
  | { readonly kind: "dot"; readonly text: string };

/** Words that people type at other prompts. */
const WORDS: Readonly<Record<string, string>> = {
  help: ".help",
  exit: ".quit",
  quit: ".quit",
  "\\q": ".quit",
  "\\?": ".help",
  "\\d": ".schema",
};

/** Takes lines and gives what is complete: commands at once, statements when their semicolon comes. */
export class EntryReader {
  #pending = "";

  /** The lines of the statement that has begun, each with its line break; empty if none has. */
  get pending(): string {
    return this.#pending;
  }

  /** What the statement that has begun is within, if it is; see `splitStatements`. */
  get open(): string | undefined {
    return splitStatements(this.#pending).open;
  }

  /** Forgets what has begun. */
  drop(): void {
    this.#pending = "";
  }

  /** The entries that `line`, which may hold several lines, completes. */
  take(line: string): Entry[] {
    const word = this.#pending === "" ? WORDS[line.trim().replace(/\s*;$/, "").toLowerCase()] : undefined;
    const text = word ?? line;
    if (this.#pending === "" && /^\s*\./.test(text)) {
      const [first = "", ...others] = text.split("\n");
      const entry: Entry = { kind: "dot", text: first.trim() };
      return others.length === 0 ? [entry] : [entry, ...this.take(others.join("\n"))];
    }
    const { statements, rest, open } = splitStatements(`${this.#pending}${text}`);
    this.#pending = rest === "" && open === undefined ? "" : `${rest}\n`;
    return statements.map((statement) => ({ kind: "statement", text: statement }));
  }
}

/** All entries of a text such as a file's, in which the last statement needs no semicolon. */
export function entriesOf(text: string): Entry[] {
  const reader = new EntryReader();
  const entries = text.split("\n").flatMap((line) => reader.take(line.replace(/\r$/, "")));
  return reader.pending === "" ? entries : [...entries, ...reader.take("\n;")];
}
