import { basename } from "node:path";
import { ArchiveError, CancelledError, isAmpframeError } from "../errors/index.js";
import { type LimitName, raiseLimit } from "../limits.js";
import { printable } from "./first-bytes.js";

/** Makes the error that names the archive, the member if there is one, and the reason, or the limit that was passed. */
export type Refuse = (
  reason: string,
  options?: { wayOut?: string; cause?: unknown; limit?: LimitName },
) => ArchiveError;

const FETCH_AGAIN = "The file is damaged or incomplete: download or copy it again.";

/** The way out where the file is whole, but not as Amplitude makes them. */
export const FOREIGN =
  "Exports are not made like this: find out where the file comes from before you load it.";

/** A `Refuse` for the input at `path`, and for one `member` of it where given. */
export function refuser(path: string, member?: string): Refuse {
  const place =
    member === undefined ? quote(basename(path)) : `${quote(basename(path))}, member ${quote(member)}`;
  return (reason, { wayOut, cause, limit } = {}) => {
    const way = wayOut ?? (limit === undefined ? FETCH_AGAIN : raiseLimit(limit));
    return new ArchiveError(`${place}: ${reason}.`, way, { cause, limit });
  };
}

/** `error` itself if it is one of ours, else an ArchiveError that carries its message and the error as cause. */
export function asRefusal(error: unknown, refuse: Refuse): Error {
  if (isAmpframeError(error)) return error;
  const words = error instanceof Error ? error.message : String(error);
  return refuse(quote(words).replace(/[.?]+$/, ""), { cause: error });
}

/** Throws CancelledError if `signal` was aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new CancelledError("Reading was cancelled.", "Run it again: what was not committed is read anew.", {
    cause: signal.reason,
  });
}

/** A name for a message: control characters never reach the terminal. */
export function quote(name: string): string {
  return printable(Buffer.from(name), 300);
}
