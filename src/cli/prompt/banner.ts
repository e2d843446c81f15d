import { counted } from "../figures.js";
import { paintFor } from "../paint.js";
import { printable } from "../printable.js";
import type { Session } from "./session.js";

const LONGEST_MS = 3000;

/** One line about the session's lake: where it is, how many events it has, and of which upload days. */
export async function lakeLine(session: Session): Promise<string> {
  const { stdout, env } = session.invocation;
  const name = paintFor(stdout, env).bold(printable(session.folder));
  const signal = AbortSignal.any([session.invocation.signal, AbortSignal.timeout(LONGEST_MS)]);
  try {
    const found = await session.lake.query<{ events: bigint; first: string | null; last: string | null }>(
      `SELECT count(*) AS events, min(upload_date)::VARCHAR AS first, max(upload_date)::VARCHAR AS last FROM events`,
      undefined,
      { signal },
    );
    const [row] = await found.head(1);
    if (row?.first == null) return `${name}  no events yet`;
    const days = row.first === row.last ? row.first : `${row.first} to ${row.last}`;
    return `${name}  ${counted(Number(row.events), "event")}, uploaded ${days}`;
  } catch (error) {
    if (signal.aborted && !session.invocation.signal.aborted) return name;
    throw error;
  }
}
