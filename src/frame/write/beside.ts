import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CancelledError, isAmpframeError, UsageError } from "../../errors/index.js";
import { checkPlaceOfFile } from "./place.js";

/** Where a file or folder is written before it is whole. */
export function besideOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.part`);
}

/** Puts a file of `content` at `file`, whole or not at all, in place of one that is there. Throws UsageError. */
export async function putFile(file: string, content: string | Uint8Array): Promise<void> {
  const beside = besideOf(file);
  try {
    await checkPlaceOfFile(file);
    await writeFile(beside, content, { flag: "wx", flush: true });
    await rename(beside, file);
  } catch (thrown) {
    throw writeError(thrown, file, undefined);
  } finally {
    await rm(beside, { force: true });
  }
}

/** What is thrown to the caller for `thrown`. */
export function writeError(
  thrown: unknown,
  file: string | undefined,
  signal: AbortSignal | undefined,
): unknown {
  if (isAmpframeError(thrown)) return thrown;
  if (signal?.aborted) {
    return new CancelledError("Writing was cancelled.", "No file was left behind; write it again.", {
      cause: thrown,
    });
  }
  const code = (thrown as NodeJS.ErrnoException).code;
  if (code === undefined || file === undefined) return thrown;
  return new UsageError(
    `${file} cannot be written (${code}).`,
    "Check the disk's space and your rights there.",
    {
      cause: thrown,
    },
  );
}
