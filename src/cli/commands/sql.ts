import { openLake, type QueryFrame, UsageError } from "../../index.js";
import { bytes, counted, duration } from "../figures.js";
import type { Invocation, RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { coloured } from "../paint.js";
import { type RowFormat, writeRows } from "../row-output.js";

const ROWS_ON_TERMINAL = 100;
const MOST_ROWS = 100_000;
/** Wide enough to cut nothing where no terminal sets a width. */
const UNCUT = 100_000;

/** Asks the lake in SQL and writes the rows as a table, as JSON, or in a file format. */
export const run: RunCommand = async (invocation) => {
  const { options, signal } = invocation;
  requireOneForm(invocation);
  const query = await queryText(invocation);
  const lake = await openLake(lakeFolder(options, invocation));
  try {
    await writeAnswer(await lake.query(query, undefined, { signal }), invocation);
  } finally {
    await lake.close();
  }
  return 0;
};

async function writeAnswer(frame: QueryFrame<unknown>, invocation: Invocation): Promise<void> {
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
      'Write it in quotes, such as ampframe sql "SELECT count(*) FROM events", or pipe it in: ampframe sql < query.sql.',
    );
  }
  const text = given ?? (await allOf(stdin));
  if (text.trim() === "")
    throw new UsageError("The query is empty.", "Give one SELECT over the table events.");
  return text;
}

async function allOf(stdin: Invocation["stdin"]): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stdin) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces)
    .toString("utf8")
    .replace(/^\ufeff/, "");
}
