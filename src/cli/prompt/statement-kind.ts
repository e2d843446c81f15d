import { tokensOf } from "./tokens.js";

const READS = new Set([
  ...[
    "SELECT",
    "FROM",
    "WITH",
    "VALUES",
    "TABLE",
    "DESCRIBE",
    "DESC",
    "SHOW",
    "SUMMARIZE",
    "PIVOT",
    "UNPIVOT",
  ],
  "(",
]);
const WRITES = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);

/**
 * True if `statement` only reads, so that it may stand in the brackets of another query and run more than once.
 * A WITH that writes does not; where in doubt the answer is false.
 */
export function onlyReads(statement: string): boolean {
  const [first, ...others] = wordsOf(statement);
  if (first === undefined || !READS.has(first)) return false;
  return first !== "WITH" || !others.some((word) => WRITES.has(word));
}

/**
 * `statement` so that what it sets outlives it, since the engine gives each call a session of its own: SET
 * becomes SET GLOBAL, and a temporary table an ordinary one, which lives in memory and ends with the process too.
 */
export function lasting(statement: string): string {
  return statement
    .replace(
      /^(SET)\s+(?:SESSION\s+|LOCAL\s+)?(?!(?:GLOBAL|VARIABLE|SCHEMA|SEARCH_PATH|SESSION|LOCAL)\b)/i,
      "$1 GLOBAL ",
    )
    .replace(/^(RESET)\s+(?:SESSION\s+)?(?!(?:GLOBAL|VARIABLE|SCHEMA|SEARCH_PATH|SESSION)\b)/i, "$1 GLOBAL ")
    .replace(/^(CREATE(?:\s+OR\s+REPLACE)?)\s+TEMP(?:ORARY)?\b/i, "$1");
}

/** True if `statement` means something only together with others in its session: variables, transactions. */
export function needsItsSession(statement: string): boolean {
  const [first = "", second = ""] = wordsOf(statement);
  if (first === "SET" || first === "RESET") return ["VARIABLE", "SCHEMA", "SEARCH_PATH"].includes(second);
  return [
    "BEGIN",
    "START",
    "COMMIT",
    "ROLLBACK",
    "ABORT",
    "USE",
    "PREPARE",
    "EXECUTE",
    "DEALLOCATE",
  ].includes(first);
}

function wordsOf(statement: string): string[] {
  return [...tokensOf(statement)]
    .filter(({ kind, start }) => kind === "word" || (kind === "mark" && statement[start] === "("))
    .map(({ start, end }) => statement.slice(start, end).toUpperCase());
}
