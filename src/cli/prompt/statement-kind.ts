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

/** Settings that DuckDB 1.5 refuses to set globally. */
const OF_A_SESSION =
  /^(VARIABLE|SCHEMA|SEARCH_PATH|(CUSTOM_|ENABLE_)?PROFIL\w*|(ENABLE_)?PROGRESS_BAR\w*|(ENABLE_)?HTTP_LOGGING\w*|STREAMING_BUFFER_SIZE|ENABLE_CACHING_OPERATORS|DEBUG_FORCE_EXTERNAL)$/;
const TOGETHER = new Set("BEGIN START COMMIT END ROLLBACK ABORT USE PREPARE EXECUTE DEALLOCATE".split(" "));

/**
 * `statement` so that what it sets outlives it, since the engine gives each call a session of its own: SET
 * becomes SET GLOBAL, and a temporary table an ordinary one, which lives in memory and ends with the process too.
 */
export function lasting(statement: string): string {
  const start = [...tokensOf(statement)].find(({ kind }) => kind !== "comment")?.start ?? 0;
  const [comments, bare] = [statement.slice(0, start), statement.slice(start)];
  const set = needsItsSession(bare)
    ? bare
    : bare.replace(/^(SET|RESET)\s+(?:(?:SESSION|LOCAL)\s+)?(?!GLOBAL\b)/i, "$1 GLOBAL ");
  return comments + set.replace(/^(CREATE(?:\s+OR\s+REPLACE)?)\s+TEMP(?:ORARY)?\b/i, "$1");
}

/** True if `statement` means something only together with others in its session: variables, transactions. */
export function needsItsSession(statement: string): boolean {
  const [first = "", ...others] = wordsOf(statement);
  const setting = others.find((word) => word !== "SESSION" && word !== "LOCAL") ?? "";
  if (first === "SET" || first === "RESET" || first === "PRAGMA") return OF_A_SESSION.test(setting);
  return TOGETHER.has(first);
}

function wordsOf(statement: string): string[] {
  return [...tokensOf(statement)]
    .filter(({ kind, start }) => kind === "word" || (kind === "mark" && statement[start] === "("))
    .map(({ start, end }) => statement.slice(start, end).toUpperCase());
}
