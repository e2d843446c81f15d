import { type QueryFrame, UsageError } from "../../index.js";
import { bytes, count, counted, duration } from "../figures.js";
import { createMovingLine } from "../moving-line.js";
import { coloured, paintFor } from "../paint.js";
import { printable } from "../printable.js";
import { writeRows } from "../row-output.js";
import { linesOf } from "./line-mode.js";
import { printableStream } from "./printable-text.js";
import type { Session } from "./session.js";
import { lasting, onlyReads } from "./statement-kind.js";

/** What a QueryFrame holds, so that it is not asked again. */
const HELD_ROWS = 1000;
/** How long rows beyond those shown are counted. */
const LONGEST_COUNT_MS = 2000;

/**
 * Runs one statement and shows its rows as the session says, or writes them to its file. Throws QueryError,
 * CancelledError after `signal`, UsageError.
 */
export async function answer(session: Session, statement: string, signal: AbortSignal): Promise<void> {
  const { invocation } = session;
  const paint = paintFor(invocation.stdout, invocation.env);
  const start = performance.now();
  const reads = onlyReads(statement);
  const running = createMovingLine({}, invocation, () => {
    return paint.dim(`running for ${duration((performance.now() - start) / 1000)}, Ctrl-C ends it`);
  });
  let frame: QueryFrame;
  try {
    frame = await session.lake.query(lasting(statement), undefined, { signal });
  } finally {
    running.end();
  }
  if (!reads) session.names.forgetCatalogue();
  let seconds = (performance.now() - start) / 1000;
  let shown = "";
  if (session.output !== undefined) await toFile(session, frame, reads, signal);
  else if (!reads && saysOnlyThatItIsDone(frame)) session.say(paint.dim(await doneText(frame)));
  else if (frame.columns[0] === "explain_key") await showPlan(session, frame);
  else if (!reads || session.mode === "table") shown = await showTable(session, frame, reads, signal);
  else {
    shown = await showRows(session, frame, signal);
    seconds = (performance.now() - start) / 1000;
  }
  if (session.timer) shown += `${shown === "" ? "" : "; "}${timeText(seconds)}`;
  if (shown !== "") session.say(paint.dim(shown));
}

/** Milliseconds below a second, which `duration` rounds away. */
function timeText(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : duration(seconds);
}

async function toFile(
  session: Session,
  frame: QueryFrame,
  reads: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { output = "", mode, invocation } = session;
  session.output = undefined;
  if (!reads) throw new UsageError("This statement has no rows for a file.", "Give .output before a SELECT.");
  const named = /\.(parquet|csv|ndjson|jsonl|json|arrow)(\.gz)?$/i.test(output);
  const format = named || mode === "table" || mode === "line" ? undefined : mode;
  const written = await writeRows(frame, format, { ...invocation, signal, options: { output } });
  session.say(`${counted(written.rows, "row")}, ${bytes(written.bytes)} in ${printable(output)}`);
}

/** DuckDB answers what is no query with a number of rows, or with nothing. */
function saysOnlyThatItIsDone({ columns }: QueryFrame): boolean {
  return (
    columns.length === 0 || (columns.length === 1 && (columns[0] === "Count" || columns[0] === "Success"))
  );
}

async function doneText(frame: QueryFrame): Promise<string> {
  const [row] = await frame.head(1);
  return row?.Count === undefined ? "done" : `done, ${counted(Number(row.Count), "row")}`;
}

async function showPlan(session: Session, frame: QueryFrame): Promise<void> {
  for (const row of await frame.head(HELD_ROWS)) session.say(printable(String(row.explain_value).trimEnd()));
}

async function showTable(
  session: Session,
  frame: QueryFrame,
  reads: boolean,
  signal: AbortSignal,
): Promise<string> {
  const { stdout, env } = session.invocation;
  // A statement that writes must not run again for rows that the frame does not hold.
  const limit = reads ? session.limit : Math.min(session.limit ?? HELD_ROWS, HELD_ROWS - 1);
  const more = limit !== undefined && (await excess(frame, limit, reads, signal)) !== undefined;
  const rows = limit ?? (await frame.count({ signal }));
  const text = await frame.toText({
    rows,
    width: stdout.columns || 80,
    colors: coloured(stdout, env),
    signal,
  });
  session.say(text);
  return more ? `${counted(rows, "row")} shown, .limit shows more` : "";
}

async function showRows(session: Session, frame: QueryFrame, signal: AbortSignal): Promise<string> {
  const { invocation, mode, limit } = session;
  const all = limit === undefined ? undefined : await excess(frame, limit, true, signal);
  const shown =
    all === undefined
      ? frame
      : await session.lake.query(`FROM (\n${frame.sql}\n) LIMIT ${limit}`, undefined, { signal });
  if (mode === "line") {
    for await (const line of linesOf(session.lake, shown, signal)) session.say(line);
  } else if (mode !== "table") {
    await shown.write(printableStream(invocation.stdout), { format: mode, signal });
  }
  return all === undefined ? "" : `${counted(limit ?? 0, "row")} of ${all} shown, .limit shows more`;
}

/** Undefined if `frame` has no more than `limit` rows, else how many it has, unless counting takes long. */
async function excess(
  frame: QueryFrame,
  limit: number,
  reads: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  if ((await frame.head(limit + 1, { signal })).length <= limit) return undefined;
  const unknown = `more than ${count(limit)}`;
  if (!reads) return unknown;
  try {
    return count(
      await frame.count({ signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_COUNT_MS)]) }),
    );
  } catch (error) {
    if (signal.aborted || (error as Error).name !== "CancelledError") throw error;
    return unknown;
  }
}
