import { ArchiveError } from "../errors/index.js";
import { FileInput } from "./file-input.js";
import { createInflater } from "./inflater.js";
import type { Input } from "./input.js";
import type { ArchiveLimits } from "./limits.js";
import { openFile } from "./open-file.js";

/** What is known of a file from where it was opened first, or from what came of it. */
export interface KnownInput {
  readonly path: string;
  readonly format: Input["format"];
  /** Its size; null while more of it comes. */
  readonly bytes: number | null;
}

/**
 * Opens a file of which each member to be read is known: its `members` are none. They are read by the calling thread
 * itself, which is faster in one that does nothing else. Throws UsageError if it cannot be opened, ArchiveError if it has another size.
 */
export async function reopenInput(
  { path, format, bytes }: KnownInput,
  limits: ArchiveLimits,
): Promise<Input> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    const contents = { format, members: [], skipped: [] };
    const input = new FileInput(path, size, file, contents, limits, createInflater, true);
    if (bytes === null || size === bytes) return input;
    throw new ArchiveError(
      `${input.name} had ${bytes} bytes, and then ${size}: something writes to it.`,
      "Load it again when it is complete.",
    );
  } catch (error) {
    await file.close();
    throw error;
  }
}
