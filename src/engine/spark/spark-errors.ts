import { isAmpframeError, QueryError } from "../../errors/index.js";
import type { SparkAddress } from "./address.js";

const LONGEST_SQL = 400;
const [UNAUTHENTICATED, PERMISSION_DENIED, UNAVAILABLE, NOT_FOUND] = [16, 7, 14, 5];

/** What a Spark server, or the way to it, threw, as an error of ours: its words without plan and stack, and the query. */
export function sparkError(thrown: unknown, sql: string, { host, port }: SparkAddress): Error {
  if (isAmpframeError(thrown)) return thrown;
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  const details = thrown instanceof Error && "details" in thrown ? String(thrown.details) : String(thrown);
  const cause = { cause: thrown };
  if (code === UNAVAILABLE) {
    return new QueryError(
      `No Spark Connect server answers at ${host}:${port}: ${/Last error: (?:Error: )?(.*?)\. Resolution/s.exec(details)?.[1] ?? oneLine(details)}.`,
      "Check that it runs, as sbin/start-connect-server.sh starts it, and the address in --spark or AMPFRAME_SPARK.",
      cause,
    );
  }
  if (code === UNAUTHENTICATED || code === PERMISSION_DENIED) {
    return new QueryError(
      `The Spark server at ${host}:${port} refused: ${oneLine(details)}.`,
      "Check the token in AMPFRAME_SPARK_TOKEN and its rights.",
      cause,
    );
  }
  const words = wordsOf(details);
  return new QueryError(`${words} In: ${shortened(sql)}`, wayOutOf(words, code), cause);
}

/** What stands before the plan, the stack of Java, or the picture of the SQL. */
function wordsOf(details: string): string {
  const [before = details] = details.split(
    /;?\s*\n(?:'|\s*at |\s*==|\+-|JVM stacktrace)|\nDriver stacktrace/,
  );
  return oneLine(before.replace(/ SQLSTATE: \w+/, "").replace(/ \(line \d+, pos \d+\)[\s\S]*$/, ""));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().replace(/[.;]$/, "");
}

function shortened(sql: string): string {
  const line = oneLine(sql);
  return line.length <= LONGEST_SQL ? line : `${line.slice(0, LONGEST_SQL)} …`;
}

function wayOutOf(words: string, code: unknown): string {
  if (
    /DELTA_(?:TABLE_NOT_FOUND|PATH_DOES_NOT_EXIST|MISSING_DELTA_TABLE)|PATH_NOT_FOUND|is not a Delta table/i.test(
      words,
    )
  ) {
    return "Say with --spark-lake or AMPFRAME_SPARK_LAKE by which path the cluster finds the lake.";
  }
  if (/DATA_SOURCE_NOT_FOUND|ClassNotFound.*delta|UNSUPPORTED_DATASOURCE/i.test(words)) {
    return "Start the server with Delta Lake: docs/spark.md has the settings.";
  }
  if (code === NOT_FOUND || /INVALID_HANDLE/.test(words)) return "The server was started anew; run it again.";
  if (/UNRESOLVED_COLUMN/.test(words)) return "Check the names of columns; DESCRIBE events lists them.";
  if (/TABLE_OR_VIEW_NOT_FOUND/.test(words)) return "Check the names; the lake's table is called events.";
  if (/PARSE_SYNTAX_ERROR|PARSE_EMPTY/.test(words)) return "Check the SQL; its dialect is Spark's.";
  if (/OutOfMemory|exceeded memory|ExecutorLostFailure/i.test(words)) {
    return "Give the cluster more memory or workers, or ask for fewer rows or columns.";
  }
  return "Check the query and its values; the server's log has more.";
}
