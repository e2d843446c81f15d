import { text } from "node:stream/consumers";
import { type QueryFrame, type RemoteAnswer, UsageError } from "../../index.js";
import { type AnyLake, openAsked } from "../asked-lake.js";
import { bytes, counted, duration } from "../figures.js";
import type { Invocation, RunCommand } from "../invocation.js";
import { coloured } from "../paint.js";
import type { Mode } from "../prompt/session.js";
import { lasting, needsItsSession } from "../prompt/statement-kind.js";
import { allStatements } from "../prompt/statements.js";
import { type RowFormat, writeRows } from "../row-output.js";

const ROWS_ON_TERMINAL = 100;
const MOST_ROWS = 100_000;
/** Wide enough to cut nothing where no terminal sets a width. */
const UNCUT = 100_000;

/**
 * Asks the lake in SQL and writes the rows as a table, as JSON, or in a file format. Without a query, on a terminal,
 * it opens the prompt.
 */
export const run: RunCommand = async (invocation) => {
  const { options } = invocation;
  requireOneForm(invocation);
  if (wantsPrompt(invocation)) {
    const { runPrompt } = await import("../prompt/prompt.js");
    await runPrompt(invocation, (options.format ?? "table") as Mode);
    return 0;
  }
  const query = await queryText(invocation);
  const asked = await openAsked(invocation);
  try {
    await writeAnswer(await lastAnswer(asked.lake, query, invocation), invocation);
  } finally {
    await asked.close();
  }
  return 0;
};

function wantsPrompt({ args, stdin, stdout, options }: Invocation): boolean {
  if (args[0] !== undefined || stdin.isTTY !== true || stdout.isTTY !== true) return false;
  if (options.engine === "spark") return false;
  return !options.json && options.output === undefined && options.format !== "parquet";
}

/** Runs all statements of `text`, each once, and gives the rows of the last one. */
async function lastAnswer(
  lake: AnyLake,
  text: string,
  { signal, options }: Invocation,
): Promise<QueryFrame | RemoteAnswer> {
  const statements = allStatements(text);
  const earlier = statements.slice(0, -1);
  const isDuckDb = options.engine !== "spark";
  if (isDuckDb && earlier.some(needsItsSession)) return lake.query(text, undefined, { signal });
  for (const statement of earlier) {
    await lake.query(isDuckDb ? lasting(statement) : statement, undefined, { signal });
  }
  return lake.query(statements.at(-1) ?? text, undefined, { signal });
}

async function writeAnswer(frame: QueryFrame | RemoteAnswer, invocation: Invocation): Promise<void> {
  const { options, stdout, stderr, env } = invocation;
  const { format, output, json } = options;
  if (output !== undefined || (format !== undefined && format !== "table")) {
    const written = await writeRows(frame, format as RowFormat | undefined, invocation);
    if (json) stdout.write(`${JSON.stringify(written)}\n`);
    else if (written.file !== null) {
      const { rows, file, seconds } = written;
      stderr.write(`${counted(rows, "row")}, ${bytes(written.bytes)} in ${file} (${duration(seconds)})\n`);
    }
    return;
  }
  if (json) {
    const columns = frame.schema.map(({ name }) => name);
    stdout.write(`{"columns":${JSON.stringify(columns)},"rows":`);
    const { rows } = await writeRows(frame, "json", invocation);
    stdout.write(`,"rowCount":${rows}}\n`);
    return;
  }
  const terminal = stdout.isTTY === true;
  const text = await frame.toText({
    rows: terminal ? ROWS_ON_TERMINAL : MOST_ROWS,
    width: terminal ? (stdout.columns ?? 80) : UNCUT,
    colors: coloured(stdout, env),
  });
  stdout.write(`${text}\n`);
}

function requireOneForm({ options: { format, output, json } }: Invocation): void {
  if (format === "table" && output !== undefined) {
    throw new UsageError(
      "A table is for looking at; a file needs another format.",
      "Give -o a name that ends in .parquet, .csv, .ndjson, .json, .xlsx, .duckdb or .sqlite.",
    );
  }
  if (json && format !== undefined && output === undefined) {
    throw new UsageError(
      `--json and --format ${format} both say how stdout should look.`,
      "Give --json for one object with the columns and rows, or --format json for the list of rows alone.",
    );
  }
}

async function queryText({ args, stdin }: Invocation): Promise<string> {
  const [given] = args;
  if (given === undefined && stdin.isTTY) {
    throw new UsageError(
      "No query was given.",
      'Write it in quotes, such as ampframe sql "SELECT count(*) FROM events", or pipe it in: ampframe sql < query.sql. A terminal gets a prompt.',
    );
  }
  const query = given ?? (await text(stdin)).replace(/^\ufeff/, "");
  if (allStatements(query).length === 0)
    throw new UsageError("The query is empty.", "Give one SELECT over the table events.");
  return query;
}
