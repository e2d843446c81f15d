import { type AmpframeError, isAmpframeError, LakeError } from "../errors/index.js";
import { errorCode } from "./files.js";

const WAYS_OUT: Readonly<Record<string, string>> = {
  ENOSPC: "Free some disk space and run the command again; the lake is whole and it goes on from there.",
  EDQUOT: "Free some of your disk quota and run the command again; the lake is whole.",
  EACCES: "Give this user the right to read and write the folder, or name another with --lake.",
  EPERM: "Give this user the right to read and write the folder, or name another with --lake.",
  EROFS: "The disk is mounted for reading only; name a folder on another with --lake.",
  EIO: "The disk reported a fault. Check it, then run the command again; the lake is whole.",
};

/**
 * The error to throw for `error`, which came while `doing` (a phrase such as `reading the log of /lake`):
 * one of ours as it is, any other inside a LakeError that says what to do.
 */
export function lakeFailure(doing: string, error: unknown): AmpframeError {
  if (isAmpframeError(error)) return error;
  const code = errorCode(error);
  const found = error instanceof Error ? error.message : String(error);
  const wayOut = (code && WAYS_OUT[code]) ?? "Run the command again; what was committed before is whole.";
  return new LakeError(`${doing} failed: ${found}.`, wayOut, { cause: error });
}

/** Does `work`; any failure comes out as one of ours (see lakeFailure). */
export async function guarded<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw lakeFailure(doing, error);
  }
}
